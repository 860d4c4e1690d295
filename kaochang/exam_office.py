"""An exam office that works over HTTP as its people do, for the demo, the benchmarks and the stories of whole days.

Nothing here reaches into a server: everybody logs in, every verb is a request, every file goes through the import.
"""

import csv
import io
import secrets
import ssl
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any
from uuid import uuid4

import httpx

from kaochang.fictional import Fictional, photo

SAMPLES = resources.files("question_bank") / "samples"

STAFF: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "office": ("考务 Office", ("exam_office",)),
    "keeper": ("题库甲 Keeper A", ("bank_keeper",)),
    "keeper2": ("题库乙 Keeper B", ("bank_keeper",)),
    "proctor1": ("监考甲 Proctor A", ("proctor",)),
    "proctor2": ("监考乙 Proctor B", ("proctor",)),
    "supervisor": ("督导 Supervisor", ("quality_supervisor",)),
    "patrol": ("巡考 Patrol", ("patrol",)),
    "reviewer": ("审核 Reviewer", ("reviewer",)),
    "body": ("评价办公室 Confirming body", ("confirming_body",)),
}
"""Login, display name and roles of everybody a day needs."""


DUTIES: Mapping[str, str] = {
    "proctor1": "proctor",
    "proctor2": "proctor",
    "supervisor": "quality_supervisor",
    "patrol": "patrol",
}
"""Who is on duty in a session that is planned here, and as what."""


APPROVED_AT_ONCE = 1_000
"""Items one command may approve."""


class OfficeRefused(RuntimeError):
    """The server refused; the text is its sentence."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A login and its password."""

    login: str
    password: str


class Desk:
    """One person at one browser: logged in, every command with an id of its own."""

    def __init__(self, address: str, tls: ssl.SSLContext | bool) -> None:
        self._http = httpx.Client(base_url=address, verify=tls, timeout=120, headers={"origin": address})

    def log_in(self, who: Credential) -> None:
        """Log in; raises :class:`OfficeRefused`."""
        self._said(self._http.post("/api/login", json={"login": who.login, "password": who.password}))

    def get(self, path: str) -> Any:
        """Read something."""
        return self._said(self._http.get(path))

    def get_bytes(self, path: str) -> bytes:
        """Read a file."""
        answer = self._http.get(path)
        self._said(answer, json=False)
        return answer.content

    def do(self, path: str, body: Mapping[str, Any] | None = None, **how: Any) -> Any:
        """A command; raises :class:`OfficeRefused` with the server's sentence."""
        if body is not None:
            how["json"] = body
        return self._said(self._http.post(path, headers={"idempotency-key": str(uuid4())}, **how))

    def change(self, path: str, method: str, body: Mapping[str, Any]) -> Any:
        """A change of a register's row by another method than POST."""
        return self._said(
            self._http.request(method, path, json=body, headers={"idempotency-key": str(uuid4())})
        )

    def cookies(self) -> dict[str, str]:
        """The login, for a socket."""
        return dict(self._http.cookies)

    def close(self) -> None:
        """Leave."""
        self._http.close()

    def _said(self, answer: httpx.Response, *, json: bool = True) -> Any:
        if answer.is_success:
            return answer.json() if json and answer.content else None
        try:
            told = answer.json()
        except ValueError:
            raise OfficeRefused(f"{answer.request.url.path}: HTTP {answer.status_code}") from None
        problems = "".join(f"\n  {problem}" for problem in told.get("problems", [])[:20])
        raise OfficeRefused(f"{answer.request.url.path}: {told.get('en', told)}{problems}")


def trusted(ca_pem: str | None) -> ssl.SSLContext | bool:
    """What a connection to a room trusts: its CA, or without one those of the machine."""
    return ssl.create_default_context(cadata=ca_pem) if ca_pem else True


class Office:
    """Everybody of one room, each at a desk of their own."""

    def __init__(self, address: str, ca_pem: str | None, administrator: Credential) -> None:
        self.address = address
        self.ca_pem = ca_pem
        self._tls = trusted(ca_pem)
        self._desks: dict[str, Desk] = {}
        self.logins: dict[str, Credential] = {"administrator": administrator}
        self.passphrases: dict[str, str] = {}
        """Bank passphrases of the two keepers, once the bank is founded."""

    def desk(self, who: str) -> Desk:
        """The desk of one of :data:`STAFF`, or the administrator's."""
        if who not in self._desks:
            desk = Desk(self.address, self._tls)
            desk.log_in(self.logins[who])
            self._desks[who] = desk
        return self._desks[who]

    def close(self) -> None:
        """Everybody leaves."""
        for desk in self._desks.values():
            desk.close()

    # -- before the day ------------------------------------------------------------------------------------------

    def hire(self) -> None:
        """Register everybody with a random password."""
        for login, (name, roles) in STAFF.items():
            password = secrets.token_urlsafe(9)
            self.desk("administrator").do(
                "/api/people",
                {"login": login, "display_name": name, "roles": list(roles), "password": password},
            )
            self.logins[login] = Credential(login, password)

    def furnish(self, seats: int, columns: int = 8, spare: Sequence[int] = ()) -> str:
        """Register a site with one approved room of so many seats; returns the room's id."""
        desk = self.desk("office")
        site = desk.do("/api/sites", {"name": f"考点 {secrets.token_hex(2)}", "address": "武汉市"})["id"]
        rows = -(-seats // columns)
        gaps = [[rows, column] for column in range(columns - (rows * columns - seats) + 1, columns + 1)]
        room: str = desk.do(
            "/api/rooms",
            {
                "site": site,
                "name": "第一考场",
                "layout": {
                    "rows": rows,
                    "columns": columns,
                    "numbering": "s_rows",
                    "gaps": gaps,
                    "spare": list(spare),
                },
            },
        )["id"]
        self.desk("body").change(f"/api/rooms/{room}/approval", "PUT", {"approval": "评价办〔2026〕1号"})
        return room

    def enrolment(self, room: str, address: str | None = None) -> list[dict[str, Any]]:
        """The enrolment file of all seats of a room."""
        lines: list[dict[str, Any]] = self.desk("office").do(
            f"/api/rooms/{room}/enrolment", {"seats": None, "address": address}
        )
        return lines

    def stock(self, folder: str, title: str, *, live: bool = True) -> str:
        """Import one of the sample banks with all its blueprints, as a live one or for trials; returns its code.

        One keeper imports, the other approves.
        """
        self.unlock_bank()
        place = SAMPLES / folder
        files = [
            ("items", ("items.csv", (place / "items.csv").read_bytes())),
            ("outline", ("outline.csv", (place / "outline.csv").read_bytes())),
        ]
        for each in sorted(place.iterdir(), key=lambda path: path.name):
            if each.name.endswith(".toml"):
                files.append(("blueprints", (each.name, each.read_bytes())))
        self.desk("keeper").do(
            "/api/bank/import", data={"code": folder, "title": title, "live": str(live).lower()}, files=files
        )
        self.approve_all(folder)
        return folder

    def unlock_bank(self) -> None:
        """Have the bank key in the server's memory: made by the first keeper, who admits the second."""
        keeper, second = self.desk("keeper"), self.logins["keeper2"]
        state = keeper.get("/api/bank/lock")
        if not state["founded"]:
            self.passphrases = {login: secrets.token_urlsafe(15) for login in ("keeper", "keeper2")}
            keeper.do("/api/bank/found", {"passphrase": self.passphrases["keeper"]})
            admitted = {"login": second.login, "password": second.password}
            keeper.do("/api/bank/keepers", {**admitted, "passphrase": self.passphrases["keeper2"]})
        elif not state["unlocked"]:
            keeper.do("/api/bank/unlock", {"passphrase": self.passphrases["keeper"]})

    def approve_all(self, bank: str) -> int:
        """The second keeper approves whatever the first proposed; returns how many items."""
        second = self.desk("keeper2")
        waiting = second.get(f"/api/bank/{bank}/waiting")["refs"]
        for at in range(0, len(waiting), APPROVED_AT_ONCE):
            second.do(f"/api/bank/{bank}/items/approve", {"refs": waiting[at : at + APPROVED_AT_ONCE]})
        return len(waiting)

    def register(
        self, people: Sequence[Fictional], scheme: str, *, subjects: str = "", photos: bool = True
    ) -> dict[str, str]:
        """Import candidates by roster and photos by zip; returns candidate ids by ticket.

        ``subjects`` as a roster writes them, where the scheme has several.
        """
        desk = self.desk("office")
        taken = desk.do(f"/api/candidates/roster?scheme={scheme}", content=roster_csv(people, subjects))
        if photos:
            desk.do(f"/api/candidates/photos?scheme={scheme}&profile=P1", content=photos_zip(people))
        return {line["ticket"]: line["candidate"] for line in taken["lines"]}

    # -- the day ---------------------------------------------------------------------------------------------------

    def plan(
        self,
        session: str,
        *,
        room: str,
        batch: str,
        title: str,
        scheme: str,
        subject: str,
        bank: str,
        blueprint: str,
        candidates: Sequence[str],
        run_type: str = "formal",
        starts_in_s: int = 600,
        load: bool = True,
    ) -> None:
        """Plan a session for these candidates at seats 1, 2, …, have it approved, and load the papers."""
        desk = self.desk("office")
        desk.do(
            "/api/sessions",
            {
                "id": session,
                "batch": batch,
                "room": room,
                "title": title,
                "scheme": scheme,
                "run_type": run_type,
                "starts_at": int(time.time() + starts_in_s) * 1000,
                "subjects": [{"subject": subject, "bank": bank, "blueprint": blueprint}],
            },
        )
        places = [
            {"candidate": candidate, "subject": subject, "seat": seat}
            for seat, candidate in enumerate(candidates, start=1)
        ]
        desk.do(f"/api/sessions/{session}/roster", {"places": places})
        for login, role in DUTIES.items():
            on_duty = {"person": self.desk(login).get("/api/me")["id"], "role": role}
            desk.do(f"/api/sessions/{session}/staff", on_duty)
        desk.do(f"/api/sessions/{session}/apply", {})
        self.desk("body").do(f"/api/sessions/{session}/approve", {})
        if load:
            self.enter_parts(session)
            desk.do(f"/api/sessions/{session}/load")

    def enter_parts(self, session: str) -> None:
        """Two people enter a random part each of the draw's secret, the second at the first one's console."""
        second = self.logins["proctor1"]
        path = f"/api/sessions/{session}/draw-parts"
        self.desk("office").do(path, {"part": rolls()})
        self.desk("office").do(path, {"part": rolls(), "login": second.login, "password": second.password})

    def open_door(self, session: str) -> None:
        """Machines are checked, check-in is open."""
        desk = self.desk("proctor1")
        desk.do(f"/api/sessions/{session}/check", {})
        desk.do(f"/api/sessions/{session}/open-check-in", {})

    def check_in(self, session: str, attempts: Sequence[str] | None = None) -> list[str]:
        """A proctor sees everybody (or these) and checks them in."""
        desk = self.desk("proctor1")
        if attempts is None:
            attempts = [row["id"] for row in desk.get(f"/api/sessions/{session}/attempts")]
        for attempt in attempts:
            desk.do(f"/api/sessions/{session}/attempts/{attempt}/check-in", {})
        return list(attempts)

    def begin(self, session: str) -> int:
        """Rules read, both proctors ready, start; returns the start instant."""
        first, second = self.desk("proctor1"), self.logins["proctor2"]
        first.do(f"/api/sessions/{session}/rules-read", {})
        first.do(f"/api/sessions/{session}/confirm-start", {})
        first.do(
            f"/api/sessions/{session}/confirm-start", {"login": second.login, "password": second.password}
        )
        started: int = first.do(f"/api/sessions/{session}/start")["started_at"]
        return started


def rolls(number: int = 20) -> str:
    """What somebody types who rolls a die so often."""
    return " ".join(str(1 + secrets.randbelow(6)) for _ in range(number))


def roster_csv(people: Sequence[Fictional], subjects: str = "") -> bytes:
    """A roster as an institution would send it."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("姓名", "证件类型", "证件号码", "性别", "工作单位", "准考证号", "科目"))
    for person in people:
        rows.writerow(
            (person.name, "居民身份证", person.document, person.sex, person.employer, person.ticket, subjects)
        )
    return text.getvalue().encode("utf-8-sig")


def photos_zip(people: Sequence[Fictional]) -> bytes:
    """Photos named 姓名-身份证号.jpg (profile P1, S0)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for person in people:
            archive.writestr(f"{person.name}-{person.document}.jpg", photo(person))
    return buffer.getvalue()
