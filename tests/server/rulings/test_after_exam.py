"""虚假材料: the confirming body voids after the exam, also what it confirmed; two sign, a third may lift."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from server.attempts.rules import A
from server.errors import Refused
from server.people.rules import Person, Role
from server.records.rules import Record
from server.results.queries import results_of
from server.results.rules import ResultState
from server.reviews.rules import acted
from server.rulings import actions, after_exam
from server.rulings.after_exam import NotAfterTheExam, NotOfTheBody
from server.rulings.queries import barred
from server.rulings.rules import Rulings
from server.sessions.actions import NotNow, ReasonNeeded
from server.writer.desk import Desk
from tests.server.after_exam import end, lived
from tests.server.results.test_results import confirm
from tests.server.room import Room, open_room

CODE = "false_application"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


def of_the_body(name: str) -> Person:
    return Person(name, name, name, frozenset({Role.CONFIRMING_BODY}))


FIRST, SECOND, THIRD = (of_the_body(name) for name in ("b1", "b2", "b3"))
PROCTOR = Person("p9", "p9", "p9", frozenset({Role.PROCTOR}))


def proposal(by: Person = FIRST, **changed: object) -> Callable[[Desk], dict[str, object]]:
    given: dict[str, object] = {
        "code": CODE,
        "statement": None,
        "statement_declined": True,
        "reason": "学历证明系伪造",
        **changed,
    }
    return lambda desk: after_exam.propose(desk, "s1", "s1-c1", by, **given)  # type: ignore[arg-type]


def signature(ruling: str, by: Person = SECOND) -> Callable[[Desk], dict[str, object]]:
    return lambda desk: after_exam.sign(desk, "s1", "s1-c1", ruling, by)


async def confirmed(room: Room) -> None:
    await lived(room)
    await end(room)
    await confirm(room)


def result(room: Room) -> tuple[str, bool, int | None]:
    """State, whether it is voided, and the score that leaves, of the first candidate."""
    with room.database.read() as db:
        one = next(each for each in results_of(db, "s1", leaving=True) if each.candidate == "c1")
    (subject,) = one.subjects
    return subject.state, subject.voided, subject.score


async def refused(room: Room, verb: Callable[[Desk], object], refusal: type[Refused]) -> None:
    n = room.writer.ledger.last_n
    with pytest.raises(refusal):
        await room.writer.submit(verb)
    assert room.writer.ledger.last_n == n


class TestAConfirmedResult:
    async def test_is_voided_by_two_of_the_body_and_restored_by_a_third(self, room: Room) -> None:
        await confirmed(room)
        before = result(room)
        assert before[:2] == (ResultState.CONFIRMED, False)

        ruling = str((await room.writer.submit(proposal()))["ruling"])
        assert result(room) == before, "one signature binds nobody"
        await room.writer.submit(signature(ruling))
        assert (room.attempt("s1-c1").state, result(room)[1:]) == (A.VOIDED, (True, None))
        with room.database.read() as db:
            assert barred(db, "c1", "b1")

        for one in (FIRST, SECOND):
            await refused(room, decision(ruling, one), Refused)
        await room.writer.submit(decision(ruling, THIRD))
        assert result(room) == before

    async def test_is_voided_once_whatever_is_repeated(self, room: Room) -> None:
        await confirmed(room)
        first = await room.writer.submit(proposal())
        assert await room.writer.submit(proposal()) == first
        ruling = str(first["ruling"])
        for _ in range(2):
            assert (await room.writer.submit(signature(ruling)))["state"] == "signed"
        await refused(room, proposal(), actions.VoidPending)

    async def test_needs_two_different_people_of_the_body(self, room: Room) -> None:
        await confirmed(room)
        ruling = str((await room.writer.submit(proposal()))["ruling"])
        await refused(room, signature(ruling, FIRST), actions.SecondPersonNeeded)
        await refused(room, signature(ruling, PROCTOR), NotOfTheBody)
        await refused(
            room,
            lambda desk: actions.sign_void(desk, "s1", "s1-c1", ruling, "proctor1"),
            actions.NotOfTheRoom,
        )
        await refused(room, proposal(PROCTOR), NotOfTheBody)

    async def test_needs_a_reason_of_theirs_and_the_candidates_word_or_refusal(self, room: Room) -> None:
        await confirmed(room)
        await refused(room, proposal(code="device_use"), NotAfterTheExam)
        await refused(room, proposal(code="no_such"), actions.UnknownRulingCode)
        await refused(room, proposal(reason=" "), ReasonNeeded)
        await refused(room, proposal(statement_declined=False), actions.StatementNeeded)
        await refused(room, proposal(statement="有误", statement_declined=True), actions.StatementNeeded)

    async def test_may_be_taken_back_by_the_body_before_the_second_signature(self, room: Room) -> None:
        await confirmed(room)
        ruling = str((await room.writer.submit(proposal()))["ruling"])
        room_takes = lambda desk: actions.withdraw_void(desk, "s1", "s1-c1", ruling, "proctor1", "x")  # noqa: E731
        await refused(room, room_takes, actions.NotOfTheRoom)
        await room.writer.submit(
            lambda desk: after_exam.take_back(desk, "s1", "s1-c1", ruling, THIRD, "材料属实")
        )
        await refused(room, signature(ruling), actions.VoidNotNow)

    async def test_makes_nobody_of_the_body_one_of_the_room(self, room: Room) -> None:
        await confirmed(room)
        ruling = str((await room.writer.submit(proposal()))["ruling"])
        await room.writer.submit(signature(ruling))
        day = room.day()
        assert acted(day.part(Record), day.part(Rulings)).isdisjoint({FIRST.id, SECOND.id})


class TestBefore:
    async def test_the_record_form_is_signed_the_room_rules(self, room: Room) -> None:
        await lived(room)
        await refused(room, proposal(), NotNow)
        await end(room)
        await refused(room, proposal(), NotNow)


def decision(ruling: str, by: Person) -> Callable[[Desk], object]:
    return lambda desk: actions.decide_void(desk, "s1", "s1-c1", ruling, by.id, "lifted", "查明材料属实")
