"""Every door of the room server, and whose it is: a route or socket that stands in no line of the table fails here."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from config.scheme import shipped_schemes
from server.app import RoomServer
from server.people import actions as people
from server.people.access import COOKIE_TLS
from server.people.rules import ON_DUTY, Role
from server.sessions.models import ExamSession
from tests.server.conftest import ADDRESS, ClientOf

R = Role
ANYONE = "anyone"
KNOWN = frozenset(Role)
NOT_THE_BANK = KNOWN - {R.BANK_KEEPER}
CANDIDATES = NOT_THE_BANK - {R.ADMINISTRATOR}
"""Who meets candidates: everybody but the bank and the system's administrator."""
PICTURES = CANDIDATES - {R.ASSESSOR}
FLOOR = frozenset({R.EXAM_OFFICE, R.PROCTOR, R.QUALITY_SUPERVISOR, R.ASSESSOR, R.PATROL})
OFFICE, BODY, PROCTOR = frozenset({R.EXAM_OFFICE}), frozenset({R.CONFIRMING_BODY}), frozenset({R.PROCTOR})
ADMINISTRATOR, KEEPER = frozenset({R.ADMINISTRATOR}), frozenset({R.BANK_KEEPER})
PARTS = KEEPER | OFFICE | BODY
"""Who may hold one part of a package's key."""
STAFFING = OFFICE | ADMINISTRATOR
DOOR = PROCTOR | OFFICE
DRAW_PARTS = OFFICE | BODY | PROCTOR | {R.QUALITY_SUPERVISOR, R.PATROL}
"""Who may witness a draw with a part of its secret."""
ROOM = PROCTOR | {R.QUALITY_SUPERVISOR}
FORM = ROOM | {R.PATROL, R.EXAM_OFFICE}
ASSESSOR = frozenset({R.ASSESSOR})
REVIEW = BODY | {R.REVIEWER}
REVIEW_READ = REVIEW | {R.ARCHIVIST}

ATTEMPT = "/api/sessions/{session}/attempts/{attempt}"

DOORS: dict[str, Any] = {
    "GET /api/health": ANYONE,
    "POST /api/login": ANYONE,
    "POST /api/logout": ANYONE,
    "GET /api/me": KNOWN,
    "POST /api/me/password": KNOWN,
    "GET /api/people": STAFFING,
    "POST /api/people": ADMINISTRATOR,
    "PATCH /api/people/{person_id}": ADMINISTRATOR,
    "PUT /api/people/{person_id}/roles": ADMINISTRATOR,
    "PUT /api/people/{person_id}/password": ADMINISTRATOR,
    "GET /api/sessions/{session}/staff": NOT_THE_BANK,
    "POST /api/sessions/{session}/staff": STAFFING,
    "DELETE /api/sessions/{session}/staff/{person_id}/{role}": STAFFING,
    "GET /api/sites": KNOWN,
    "POST /api/sites": OFFICE,
    "PATCH /api/sites/{site}": OFFICE,
    "GET /api/rooms": KNOWN,
    "GET /api/rooms/{room}": KNOWN,
    "POST /api/rooms": OFFICE,
    "PATCH /api/rooms/{room}": OFFICE,
    "PUT /api/rooms/{room}/layout": OFFICE,
    "PUT /api/rooms/{room}/approval": OFFICE | BODY,
    "GET /api/stations": KNOWN,
    "POST /api/rooms/{room}/enrolment": STAFFING,
    "POST /api/rooms/{room}/enrolment-codes": STAFFING,
    # The CA certificate is no secret; a machine compares it with the code that was typed.
    "GET /api/stations/authority": ANYONE,
    "POST /api/stations/enrol-by-code": ANYONE,
    # A machine proves itself by its one-use secret, later by its key.
    "POST /api/stations/enrol": ANYONE,
    "PUT /api/snapshots/{digest}": ANYONE,
    "SOCKET /link": ANYONE,
    "POST /api/stations/{station}/retire": STAFFING,
    "GET /api/candidates": CANDIDATES,
    "GET /api/candidates/export.xlsx": OFFICE,
    "GET /api/candidates/{candidate}": CANDIDATES,
    "GET /api/candidates/{candidate}/photo": CANDIDATES,
    "POST /api/candidates/{candidate}/document": OFFICE | BODY | {R.ARCHIVIST},
    "POST /api/candidates": OFFICE,
    "PATCH /api/candidates/{candidate}": OFFICE,
    "POST /api/candidates/roster": OFFICE,
    "POST /api/candidates/photos": OFFICE,
    "GET /api/bank": OFFICE | KEEPER,
    "GET /api/bank/lock": OFFICE | KEEPER,
    **{f"POST /api/bank/{verb}": KEEPER for verb in ("found", "unlock", "lock", "keepers", "passphrase")},
    "DELETE /api/bank/keepers/{person_id}": KEEPER,
    "POST /api/bank": KEEPER,
    "POST /api/bank/import": KEEPER,
    "GET /api/packages": PARTS,
    "POST /api/packages": KEEPER,
    "POST /api/packages/take": PARTS,
    "GET /api/packages/{package}/file": PARTS,
    "DELETE /api/packages/{package}": PARTS,
    **{f"POST /api/packages/{{package}}/{verb}": PARTS for verb in ("part", "open", "close")},
    "GET /api/bank/{bank}/versions": OFFICE | KEEPER,
    "GET /api/bank/{bank}/items": KEEPER,
    "POST /api/bank/{bank}/items": KEEPER,
    "GET /api/bank/{bank}/waiting": KEEPER,
    "GET /api/bank/templates/{layout}.xlsx": KEEPER,
    "GET /api/bank/{bank}/export.xlsx": KEEPER,
    "GET /api/bank/{bank}/export.qti.zip": KEEPER,
    "POST /api/bank/{bank}/pictures": KEEPER,
    "GET /api/bank/{bank}/pictures/{name}": KEEPER,
    "GET /api/bank/{bank}/outline": KEEPER,
    "GET /api/bank/{bank}/outline.xlsx": KEEPER,
    "GET /api/bank/{bank}/blueprints/{blueprint}/toml": OFFICE | KEEPER,
    "PUT /api/bank/{bank}/outline": KEEPER,
    "GET /api/bank/{bank}/blueprints": OFFICE | KEEPER,
    "GET /api/bank/{bank}/blueprints/{blueprint}": OFFICE | KEEPER,
    "PUT /api/bank/{bank}/blueprints/{blueprint}": KEEPER,
    "DELETE /api/bank/{bank}/blueprints/{blueprint}": KEEPER,
    "POST /api/bank/{bank}/trial-draw": KEEPER,
    "GET /api/bank/{bank}/items/{code:path}": KEEPER,
    "PUT /api/bank/{bank}/items/{code:path}": KEEPER,
    "GET /api/bank/{bank}/items/{code:path}/versions": KEEPER,
    "GET /api/bank/{bank}/items/{code:path}/versions/{version}": KEEPER,
    "POST /api/bank/{bank}/items/tags": KEEPER,
    "POST /api/bank/{bank}/items/{verb}": KEEPER,
    "GET /api/bank/{bank}/coverage/{blueprint}": OFFICE | KEEPER,
    "GET /api/sessions": NOT_THE_BANK,
    "POST /api/sessions": OFFICE,
    "GET /api/sessions/{session}": NOT_THE_BANK,
    **{f"POST /api/sessions/{{session}}/{verb}": OFFICE for verb in ("apply", "cancel", "archive")},
    **{f"POST /api/sessions/{{session}}/{verb}": BODY for verb in ("approve", "return", "confirm")},
    **{f"POST /api/sessions/{{session}}/{verb}": OFFICE for verb in ("roster", "load", "late")},
    "POST /api/sessions/{session}/draw-parts": DRAW_PARTS,
    "GET /api/sessions/{session}/coverage": OFFICE,
    "GET /api/sessions/{session}/spares": DOOR,
    "GET /api/sessions/{session}/scheme": NOT_THE_BANK,
    "GET /api/sessions/{session}/draws": REVIEW_READ | OFFICE,
    **{
        f"POST /api/sessions/{{session}}/{verb}": DOOR
        for verb in ("open-check-in", "check", "journals", "abort")
    },
    **{
        f"POST /api/sessions/{{session}}/{verb}": PROCTOR
        for verb in ("confirm-start", "start", "pause", "resume", "extend", "end")
    },
    "POST /api/sessions/{session}/rules-read": ROOM,
    "POST /api/sessions/{session}/begin-review": REVIEW,
    "POST /api/sessions/{session}/window-events": OFFICE,
    "GET /api/sessions/{session}/attempts": CANDIDATES,
    **{f"POST {ATTEMPT}/{verb}": DOOR for verb in ("check-in", "refuse", "absent")},
    **{
        f"POST {ATTEMPT}/{verb}": PROCTOR
        for verb in (
            "extend",
            "suspend",
            "unsuspend",
            "collect",
            "revoke-hand-in",
            "allow-seat-change",
            "admit-late",
        )
    },
    **{
        f"POST {ATTEMPT}/{verb}": ROOM
        for verb in ("answer-hand", "message", "warn", "picture", "flag", "void/propose")
    },
    **{f"POST {ATTEMPT}/void/{{ruling}}/{verb}": ROOM for verb in ("sign", "withdraw")},
    f"POST {ATTEMPT}/void/{{ruling}}/decide": BODY,
    f"POST {ATTEMPT}/void-after-exam": BODY,
    **{f"POST {ATTEMPT}/void-after-exam/{{ruling}}/{verb}": BODY for verb in ("sign", "withdraw")},
    "POST /api/sessions/{session}/flags/{flag}/close": ROOM | REVIEW,
    "GET /api/voids": BODY,
    f"GET {ATTEMPT}/rulings": PICTURES,
    f"GET {ATTEMPT}/snapshots": PICTURES,
    "GET /api/sessions/{session}/snapshots/{digest}": PICTURES,
    f"GET {ATTEMPT}/timeline": CANDIDATES,
    f"GET {ATTEMPT}/bundle": REVIEW_READ,
    "SOCKET /api/live/{session}": FLOOR,
    "POST /api/sessions/{session}/record/patrol": frozenset({R.PATROL}),
    "GET /api/sessions/{session}/results": OFFICE | REVIEW_READ,
    "GET /api/sessions/{session}/results.xlsx": OFFICE | BODY | {R.ARCHIVIST},
    "GET /api/sessions/{session}/corrections": OFFICE | KEEPER | REVIEW_READ,
    "POST /api/sessions/{session}/corrections": KEEPER | REVIEW,
    "GET /api/sessions/{session}/corrections/{correction}/report": KEEPER | REVIEW,
    "POST /api/sessions/{session}/corrections/{correction}/withdraw": KEEPER | REVIEW,
    **{
        f"POST /api/sessions/{{session}}/corrections/{{correction}}/{verb}": REVIEW
        for verb in ("rule", "sign")
    },
    "GET /api/sessions/{session}/statistics": OFFICE | KEEPER | REVIEW,
    "GET /api/bank/{bank}/statistics": KEEPER,
    "POST /api/bank/{bank}/statistics/difficulties": KEEPER,
    "GET /api/hand-scoring": ASSESSOR,
    "POST /api/hand-scoring/{session}/next": ASSESSOR,
    **{f"{method} /api/hand-scoring/{{session}}/answers/{{key}}": ASSESSOR for method in ("GET", "POST")},
    "GET /api/hand-scoring/{session}/answers/{key}/pictures/{name}": ASSESSOR,
    "GET /api/sessions/{session}/hand-scoring": OFFICE | REVIEW,
    "GET /api/sessions/{session}/record": PICTURES,
    "POST /api/sessions/{session}/record/correct": FORM,
    "POST /api/sessions/{session}/record/sign": FORM,
    "GET /api/reviews": REVIEW_READ,
    "GET /api/reviews/{session}/{attempt}": REVIEW_READ,
    **{f"POST /api/reviews/{{session}}/{{attempt}}/{verb}": REVIEW for verb in ("seen", "dispute", "back")},
    **{f"POST /api/reviews/{{session}}/{{attempt}}/{verb}": BODY for verb in ("confirm", "rescore")},
    "GET /api/clock": KNOWN,
    "POST /api/clock": DOOR,
}
"""Every method and path, and the roles that pass: ANYONE, or those who are logged in with one of these roles."""

PAGES = {"/"}
"""What is mounted: the console's built files, which hold nothing of any room."""


def doors(app: FastAPI) -> Iterator[str]:
    """Every route and socket of the application as a line of the table."""
    waiting: list[Any] = [*app.routes]
    while waiting:
        route = waiting.pop()
        inner = getattr(route, "original_router", None)
        if inner is not None:
            waiting += inner.routes
        elif not hasattr(route, "methods"):
            # A socket, or files that are mounted.
            if route.path.rstrip("/") or not hasattr(route, "app"):
                yield f"SOCKET {route.path}"
        else:
            yield from (f"{method} {route.path}" for method in (route.methods or ()) if method != "HEAD")


def address(door: str) -> tuple[str, str]:
    """Method and an address of the door where nothing is: a pass ends with nothing done."""
    method, path = door.split(" ")
    for name in (
        "session",
        "attempt",
        "candidate",
        "correction",
        "person_id",
        "station",
        "site",
        "room",
        "bank",
        "blueprint",
        "package",
    ):
        path = path.replace(f"{{{name}}}", "nothing-here")
    path = path.replace("{code:path}", "Q1").replace("{version}", "1").replace("{verb}", "propose")
    path = path.replace("{name}", "0" * 64).replace("{key}", "none")
    return method, path.replace("{ruling}", "none").replace("{flag}", "none").replace(
        "{digest}", "0" * 64
    ).replace("{role}", "proctor")


async def knock(client: httpx.AsyncClient, app: FastAPI, door: str) -> int:
    """What this client is answered; a socket's refusal is told as a status."""
    method, path = address(door)
    if method == "SOCKET":
        return await knock_at_socket(app, path, client.cookies.get(COOKIE_TLS))
    return (await client.request(method, path)).status_code


async def knock_at_socket(app: FastAPI, path: str, token: str | None) -> int:
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.disconnect", "code": 1001} if said else {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        said.append(message)

    headers = [(b"host", b"room.example"), (b"origin", ADDRESS.encode())]
    if token is not None:
        headers.append((b"cookie", f"{COOKIE_TLS}={token}".encode()))
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0"},
        "scheme": "wss",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "subprotocols": [],
        "client": ("127.0.0.1", 1),
        "server": ("room.example", 443),
    }
    await app(scope, receive, send)
    first = said[0]
    return int(first["code"]) - 4000 if first["type"] == "websocket.close" else 101


def test_every_door_stands_in_the_table(app: FastAPI) -> None:
    assert sorted(doors(app)) == sorted(DOORS)


def test_nothing_is_mounted_but_the_console(app: FastAPI) -> None:
    mounted = {one.path or "/" for one in app.routes if hasattr(one, "app") and not hasattr(one, "methods")}
    assert {path for path in mounted if not path.startswith(("/api", "/link"))} <= PAGES


async def test_nobody_passes_without_a_login(anyone: httpx.AsyncClient, app: FastAPI) -> None:
    for door, whose in DOORS.items():
        status = await knock(anyone, app, door)
        assert (status == 401) is (whose != ANYONE), f"{door}: {status}"


@pytest.mark.parametrize("role", sorted(Role))
async def test_a_role_opens_its_own_doors_and_no_other(
    as_: ClientOf, app: FastAPI, room: RoomServer, role: Role
) -> None:
    client = await as_(role)
    await on_duty_there(room, client.headers["x-person"], role)
    wrong = []
    for door, whose in DOORS.items():
        if door == "POST /api/logout":
            continue
        status = await knock(client, app, door)
        passes = whose == ANYONE or role in whose
        if (status == 403) is passes or status == 401 or status >= 500:
            wrong.append(f"{door}: {status}")
    assert wrong == []


async def on_duty_there(room: RoomServer, person: str, role: Role) -> None:
    """An empty session at the address where nothing is, and the person on duty in it: roles alone are knocked with."""
    policy = shipped_schemes()["s3-a"]
    row = ExamSession(
        id="nothing-here",
        batch="b1",
        room="room-1",
        title="一",
        run_type="formal",
        scheme_code=policy.code,
        scheme_version=policy.version,
        scheme_digest=policy.digest,
        scheme=policy.canonical.decode(),
        starts_at=0,
        duration_ms=0,
    )
    await room.writer.submit(lambda desk: desk.db.add(row))
    if role in ON_DUTY:
        await room.writer.submit(
            lambda desk: people.assign_staff(desk, "nothing-here", person, role, by="test")
        )


async def test_who_has_no_role_sees_no_room(as_: ClientOf, app: FastAPI) -> None:
    client = await as_()
    for door, whose in DOORS.items():
        if whose not in (ANYONE, KNOWN):
            assert await knock(client, app, door) == 403, door


class TestDescription:
    @pytest.mark.parametrize(
        "path", ["/openapi.json", "/api/openapi.json", "/docs", "/redoc", "/api/openapi"]
    )
    async def test_is_not_served(self, anyone: httpx.AsyncClient, path: str) -> None:
        answer = await anyone.get(path)
        assert answer.status_code in (200, 404)
        assert "paths" not in answer.text

    async def test_health_tells_nobody_where_files_are(
        self, anyone: httpx.AsyncClient, room: RoomServer
    ) -> None:
        assert str(room.folder.path) not in (await anyone.get("/api/health")).text
