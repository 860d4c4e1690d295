"""What is one session's or one attempt's is not reached by the address of another; a void reaches its whole batch."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from server.app import ROUTERS
from server.people import actions as people
from server.people.passwords import Passwords
from server.people.rules import Role
from server.reviews.actions import refuse_recused
from server.reviews.calendars import Calendars
from server.rulings import actions as rulings
from server.rulings.queries import barred
from server.settings import Argon2, Logins
from server.snapshots.thumbnails import Thumbnails
from server.writer.desk import Desk
from tests.server.after_exam import photograph, registers
from tests.server.conftest import command
from tests.server.reviews.test_reviews import Weekdays
from tests.server.room import Room, open_room
from tests.server.rooms_people import client, plain_app, put_on_duty
from tests.server.serving import serving
from tests.server.sessions.test_duty import ATTEMPT_VERBS
from tests.server.test_doors import DOORS

REASON = {"reason": "x"}
REVIEW_VERBS: dict[str, dict[str, Any]] = {
    "seen": {"what": "flag", "key": "x"},
    "dispute": REASON,
    "back": REASON,
    "confirm": {},
    "rescore": REASON,
}
PASSWORD = "correct horse 10"


class Two:
    """Two sessions that run in one room server, and one person who may do everything in both."""

    def __init__(self, room: Room, http: httpx.AsyncClient) -> None:
        self.room, self.http = room, http

    async def says(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return await self.http.post(path, json=body, headers=command())


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with open_room(tmp_path) as room:
        await registers(room, "c1", "c2", "c3")
        for session, candidate, batch in (("s1", "c1", "b1"), ("s2", "c2", "b2")):
            (attempt,) = await room.plans(session, candidates=[candidate], batch=batch, room=session)
            seat = await room.seats(attempt, session)
            await room.starts(session, [seat])
            await photograph(room, seat, attempt.encode() * 50)
        passwords = Passwords(room.database, room.clock, Logins(), Argon2(memory_kib=8, passes=1, lanes=1))
        hashed = await passwords.hash(PASSWORD)
        everything = set(Role) - {Role.BANK_KEEPER}
        person = await room.writer.submit(
            lambda desk: people.add_person(
                desk, login="own", display_name="o", roles=everything, password_hash=hashed, by="test"
            )
        )
        await room.writer.submit(lambda desk: put_on_duty(desk, person))
        token = await room.writer.submit(lambda desk: people.open_login(desk, person.id, 12))
        app = plain_app(room)
        for router in ROUTERS:
            app.include_router(router)
        app.state.passwords, app.state.barred, app.state.refuse_recused = passwords, barred, refuse_recused
        app.state.keys = SimpleNamespace(room=room.key, fingerprint="f")
        app.state.calendars = Calendars([], Weekdays(2100))
        app.state.thumbnails = Thumbnails(room.store, tmp_path / "thumbs")
        async with serving(app) as port, client(port, token) as http:
            yield Two(room, http)
        passwords.close()


def taking_an_attempt() -> list[tuple[str, str, dict[str, Any]]]:
    """Method, address and body of every door that takes an attempt, with the attempt of another session in it."""
    bodies: dict[str, dict[str, Any]] = dict(ATTEMPT_VERBS) | REVIEW_VERBS
    bodies |= {"void/propose": bodies["void/propose"] | {"password": PASSWORD}}
    bodies |= {f"void/{verb}": REASON for verb in ("withdraw", "decide")}
    bodies["void/sign"] = {"login": "own", "password": PASSWORD}
    bodies["void/decide"] = REASON | {"outcome": "upheld"}
    late = {"code": "false_documents", "statement_declined": True, "password": PASSWORD}
    bodies |= {"void-after-exam": REASON | late, "void-after-exam/sign": bodies["void/sign"]}
    bodies["void-after-exam/withdraw"] = REASON
    found = []
    for door in DOORS:
        method, path = door.split(" ")
        if "{attempt}" not in path:
            continue
        verb = path.split("{attempt}/")[-1].replace("{ruling}/", "")
        found.append((method, path, {} if method == "GET" else bodies[verb]))
    return found


async def test_an_attempt_is_reached_in_its_own_session_only(two: Two) -> None:
    n = two.room.writer.ledger.last_n
    doors = taking_an_attempt()
    assert len(doors) > 25
    for method, path, body in doors:
        address = path.format(session="s2", attempt="s1-c1", ruling="none")
        if method == "GET":
            answer = await two.http.get(address)
        else:
            answer = await two.says(address, body)
        assert answer.status_code == 404, f"{method} {address}: {answer.status_code} {answer.text}"
        assert not {"name", "score"} & answer.json().keys()
    assert two.room.writer.ledger.last_n == n, "something was written"


async def test_flags_rulings_and_pictures_are_their_own_sessions_only(two: Two) -> None:
    told = await two.room.writer.submit(
        lambda desk: rulings.raise_flag(desk, "s1", "s1-c1", "p", "materials_at_seat", "minor", [], "x")
    )
    flag = told["flag"]
    closing = {"outcome": "dismissed", "reason": "x"}
    assert (await two.says(f"/api/sessions/s2/flags/{flag}/close", closing)).status_code == 404
    proposal = {"code": "materials_at_seat", "statement_declined": True, "reason": "x", "password": PASSWORD}
    foreign = proposal | {"flags": [flag]}
    assert (await two.says("/api/sessions/s2/attempts/s2-c2/void/propose", foreign)).status_code == 404
    ruling = (await two.says("/api/sessions/s1/attempts/s1-c1/void/propose", proposal)).json()["ruling"]
    for verb, body in (
        ("sign", {"login": "own", "password": PASSWORD}),
        ("withdraw", REASON),
        ("decide", {"outcome": "lifted", **REASON}),
    ):
        address = f"/api/sessions/s2/attempts/s2-c2/void/{ruling}/{verb}"
        assert (await two.says(address, body)).status_code == 404, verb
    pictures = (await two.http.get("/api/sessions/s1/attempts/s1-c1/snapshots")).json()["snapshots"]
    digest = pictures[0]["digest"]
    assert (await two.http.get(f"/api/sessions/s1/snapshots/{digest}")).status_code == 200
    assert (await two.http.get(f"/api/sessions/s2/snapshots/{digest}")).status_code == 404
    for guess in ("../../../etc/passwd", "..%2f..%2froom.sqlite", digest[:-1], digest.upper()):
        assert (await two.http.get(f"/api/sessions/s1/snapshots/{guess}")).status_code in (404, 422), guess


async def on_duty(room: Room, login: str) -> str:
    """A proctor on duty in every session there is, by id."""

    def verb(desk: Desk) -> str:
        person = people.add_person(
            desk, login=login, display_name=login, roles={Role.PROCTOR}, password_hash="-", by="test"
        )
        put_on_duty(desk, person)
        return person.id

    return await room.writer.submit(verb)


async def test_a_void_bars_the_later_session_of_the_batch_at_its_door(two: Two) -> None:
    room = two.room
    proposal = {
        "code": "materials_at_seat",
        "flags": [],
        "statement": None,
        "statement_declined": True,
        "reason": "x",
    }
    first, second = [await on_duty(room, login) for login in ("first", "second")]
    told = await room.writer.submit(
        lambda desk: rulings.propose_void(desk, "s1", "s1-c1", first, **proposal)  # type: ignore[arg-type]
    )
    await room.writer.submit(lambda desk: rulings.sign_void(desk, "s1", "s1-c1", str(told["ruling"]), second))
    for session, batch in (("s3", "b1"), ("s4", "b2")):
        await room.plans(session, candidates=["c1", "c3"], batch=batch, room=session)
    codes = {
        attempt: (await two.says(f"/api/sessions/{attempt[:2]}/attempts/{attempt}/check-in", {})).json()
        for attempt in ("s3-c1", "s3-c3", "s4-c1")
    }
    assert codes["s3-c1"]["code"] == "barred"
    assert codes["s3-c3"] == codes["s4-c1"] == {"state": "checked_in"}
    await room.writer.submit(
        lambda desk: rulings.decide_void(desk, "s1", "s1-c1", str(told["ruling"]), "b", "lifted", "x")
    )
    again = await two.says("/api/sessions/s3/attempts/s3-c1/check-in", {})
    assert again.json() == {"state": "checked_in"}
