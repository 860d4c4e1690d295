"""Whose hands a session is in: where its staff is registered, another room's proctor has none in it."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from config.scheme import shipped_schemes
from server.app import RoomServer
from server.people.rules import Person, Role
from server.sessions.models import ExamSession
from tests.server.conftest import PASSWORD, ClientOf, command

R = Role
REASON = {"reason": "演练"}
VOID = {"code": "x", "statement_declined": True, "reason": "y", "password": PASSWORD}

SESSION_VERBS: list[tuple[str, dict[str, object]]] = [
    ("open-check-in", {}),
    ("check", {}),
    ("rules-read", {}),
    ("confirm-start", {}),
    ("start", {}),
    ("pause", REASON),
    ("resume", {}),
    ("extend", {"minutes": 5, **REASON}),
    ("end", REASON),
    ("abort", REASON),
    ("record/correct", {"field": "remarks", "value": "a", **REASON}),
]
ATTEMPT_VERBS: list[tuple[str, dict[str, object]]] = [
    ("check-in", {}),
    ("refuse", {"code": "no_document", **REASON}),
    ("absent", {}),
    ("answer-hand", {}),
    ("extend", {"minutes": 5, **REASON}),
    ("suspend", REASON),
    ("unsuspend", {}),
    ("collect", REASON),
    ("revoke-hand-in", REASON),
    ("allow-seat-change", {"seat": 2, **REASON}),
    ("admit-late", {"stream": "x", **REASON}),
    ("message", {"text": "a"}),
    ("warn", {"text": "a"}),
    ("picture", {}),
    ("flag", {"code": "x", "severity": "minor", "reason": "y"}),
    ("void/propose", VOID),
    ("void/none/withdraw", REASON),
    ("void/none/sign", {"login": "own", "password": PASSWORD}),
]
VERBS = [*SESSION_VERBS, *((f"attempts/a1/{verb}", body) for verb, body in ATTEMPT_VERBS)]


@pytest.fixture
async def session(room: RoomServer) -> str:
    policy = shipped_schemes()["s3-a"]
    row = ExamSession(
        id="s1",
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
    return "s1"


async def on_duty(as_: ClientOf, login: str) -> httpx.AsyncClient:
    """A proctor who is on duty in the session."""
    office, proctor = await as_(R.EXAM_OFFICE), await as_(R.PROCTOR, login=login)
    asked = {"person": proctor.headers["x-person"], "role": "proctor"}
    answer = await office.post("/api/sessions/s1/staff", json=asked, headers=command())
    assert answer.status_code == 200
    return proctor


async def says(client: httpx.AsyncClient, verb: str, body: dict[str, object]) -> httpx.Response:
    return await client.post(f"/api/sessions/s1/{verb}", json=body, headers=command())


async def test_another_rooms_proctor_is_refused_every_verb(as_: ClientOf, session: str) -> None:
    own, other = await on_duty(as_, "own"), await as_(R.PROCTOR)
    for verb, body in VERBS:
        refused, let_in = await says(other, verb, body), await says(own, verb, body)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_of_the_room"), verb
        assert let_in.status_code in (404, 409), f"{verb}: {let_in.text}"


async def test_the_second_proctor_at_the_console_is_of_the_room_too(
    as_: ClientOf, session: str, person_of: Callable[..., Awaitable[Person]]
) -> None:
    own = await on_duty(as_, "own")
    await person_of(R.PROCTOR, login="outsider")
    await person_of(R.REVIEWER, login="reviewer")
    for login, code in (("outsider", "not_its_proctor"), ("reviewer", "forbidden")):
        answer = await says(own, "confirm-start", {"login": login, "password": PASSWORD})
        assert (answer.status_code, answer.json()["code"]) == (403, code)


async def test_who_was_relieved_has_no_hand_in_it_any_more(as_: ClientOf, session: str) -> None:
    own = await on_duty(as_, "own")
    await on_duty(as_, "colleague")
    office = await as_(R.EXAM_OFFICE)
    path = f"/api/sessions/s1/staff/{own.headers['x-person']}/proctor"
    assert (await office.delete(path, headers=command())).status_code == 200
    assert (await says(own, "start", {})).json()["code"] == "not_of_the_room"
