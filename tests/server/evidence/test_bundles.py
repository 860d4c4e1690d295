"""A bundle of a real day verifies, says what it holds, and taking it is recorded."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from protocol.keys import SigningKey, fingerprint
from protocol.shapes import HeadRef
from protocol.witness import sign_head
from recordings.bundle.verdict import Verdict
from recordings.bundle.verifying import verify
from server.evidence import routes
from server.people.rules import Person, Role
from server.records.actions import sign
from tests.server.after_exam import end, lived
from tests.server.room import Room, Seat, open_room
from tests.server.rooms_people import client, login, plain_app
from tests.server.serving import serving


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


async def taken(room: Room, address: str = "/api/sessions/s1/attempts/s1-c1/bundle") -> httpx.Response:
    app = plain_app(room)
    app.include_router(routes.ROUTER)
    app.state.keys = SimpleNamespace(room=room.key)
    token = await login(room, Role.ARCHIVIST)
    async with serving(app) as port, client(port, token) as asking:
        return await asking.get(address)


def verified(room: Room, data: bytes, trust: SigningKey | None = None) -> Verdict:
    return verify(io.BytesIO(data), fingerprint((trust or room.key).public))


async def witness(room: Room, seat: Seat) -> None:
    """The station signs where its stream stands."""
    assert seat.head is not None
    head, office = HeadRef(**seat.head.to_json()), room.day().office_head
    assert office is not None
    statement, signature = sign_head(seat.key, head, HeadRef(**office.to_json()), room.now)
    await room.writer.submit(lambda desk: desk.ledger.sign_head(head.stream, head.seq, statement, signature))


async def test_of_a_signed_day_is_whole(room: Room) -> None:
    seats = await lived(room)
    await end(room)
    await witness(room, seats["c1"])
    for name in ("proctor1", "proctor2"):
        by = Person(name, name, name, frozenset({Role.PROCTOR}))
        await room.writer.submit(lambda desk, by=by: sign(desk, "s1", by, "finger"))  # type: ignore[misc]
    answer = await taken(room)
    assert answer.status_code == 200
    verdict = verified(room, answer.content)
    assert (verdict.problems, verdict.warnings) == ([], [])
    assert verdict.trusted
    assert (verdict.pictures, verdict.streams) == (4, 2)


async def test_none_is_taken_while_others_still_write(room: Room) -> None:
    await lived(room)
    answer = await taken(room)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_now")


async def test_of_the_first_entry_after_a_restart_being_a_signature_is_whole(tmp_path: Path) -> None:
    """A stream's opening is laid down in the same verb: the signer saw the heads before both."""
    async with open_room(tmp_path) as room:
        await lived(room)
        await end(room)
        key, now = room.key, room.now
    async with open_room(tmp_path, key, now) as room:
        for name in ("proctor1", "proctor2"):
            by = Person(name, name, name, frozenset({Role.PROCTOR}))
            await room.writer.submit(lambda desk, by=by: sign(desk, "s1", by, "finger"))  # type: ignore[misc]
        answer = await taken(room)
        assert verified(room, answer.content).problems == []


async def test_taking_it_is_recorded_first(room: Room) -> None:
    await lived(room)
    await end(room)
    await taken(room)
    with room.database.read_ledger() as ledger:
        centre = [row.text for row in ledger.entries() if row.session is None]
    assert sum('"noun":"evidence"' in text and '"verb":"taken"' in text for text in centre) == 1


async def test_of_an_attempt_of_another_session_is_not_there(room: Room) -> None:
    await lived(room)
    await room.plans("s2", candidates=["c8"])
    assert (await taken(room, "/api/sessions/s2/attempts/s1-c1/bundle")).status_code == 404


async def test_of_who_never_came_holds_the_office_alone(room: Room) -> None:
    await lived(room)
    await end(room)
    verdict = verified(room, (await taken(room, "/api/sessions/s1/attempts/s1-c3/bundle")).content)
    assert verdict.whole
    assert verdict.streams == 1


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.BANK_KEEPER, Role.EXAM_OFFICE, Role.ADMINISTRATOR])
async def test_is_not_for_everybody(room: Room, role: Role) -> None:
    await lived(room)
    app = plain_app(room)
    app.include_router(routes.ROUTER)
    app.state.keys = SimpleNamespace(room=room.key)
    token = await login(room, role)
    async with serving(app) as port, client(port, token) as asking:
        assert (await asking.get("/api/sessions/s1/attempts/s1-c1/bundle")).status_code == 403
