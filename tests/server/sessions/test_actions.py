"""The verbs of a session, over a real writer: gates, repeats, and refusals that leave nothing."""

import functools
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from config.scheme import shipped_schemes
from protocol import office_entries as office
from protocol.entry import parse
from protocol.keys import Purpose, verify
from server.errors import NotFound, Refused
from server.people import actions as people
from server.people.rules import Person, Role
from server.rooms.models import RoomRow, SiteRow
from server.rooms.rules import Numbering
from server.sessions import actions
from server.sessions.actions import (
    EarlyStart,
    NotItsProctor,
    NotNow,
    Plan,
    ReasonNeeded,
    RoomNotApproved,
    RunTypeNotAllowed,
    SecondNeeded,
    SessionExists,
    StartGated,
    SubjectNotOfScheme,
    TooFewProctors,
)
from server.sessions.models import ExamSession
from server.sessions.rules import SessionFacts, SessionState
from server.writer.desk import Desk
from tests.server.room import Room, open_room

SCHEME = shipped_schemes()["s3-a"]
BY = "proctor1"
PLAN = Plan(
    id="s1",
    batch="b1",
    room="r1",
    title="上午场",
    run_type="formal",
    starts_at=1_780_000_000_000,
    subjects={SCHEME.subjects[0].code: ("bank", "blueprint")},
)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


def facts(room: Room) -> SessionFacts:
    return room.day().part(SessionFacts)


def row(room: Room) -> ExamSession:
    with room.database.read() as db:
        found = db.get(ExamSession, "s1")
        assert found is not None
        return found


async def refused(room: Room, verb: Callable[[Desk], object], kind: type[Refused]) -> Refused:
    """The verb is refused so, and leaves nothing on the ledger."""
    n = room.writer.ledger.last_n
    with pytest.raises(kind) as refusal:
        await room.writer.submit(verb)
    assert room.writer.ledger.last_n == n
    assert type(refusal.value) is kind
    return refusal.value


class TestPlan:
    async def test_pins_the_scheme_for_ever(self, room: Room) -> None:
        await room.writer.submit(lambda desk: actions.plan(desk, PLAN, SCHEME, "office"))
        assert row(room).scheme_digest == SCHEME.digest
        assert (facts(room).state, facts(room).batch) == ("planned", "b1")
        assert facts(room).duration_ms == SCHEME.subjects[0].minutes * 60_000

    async def test_refuses_what_the_scheme_does_not_know(self, room: Room) -> None:
        cases = [
            (replace(PLAN, subjects={"astrology": ("b", "p")}), SubjectNotOfScheme),
            (replace(PLAN, run_type="carnival"), RunTypeNotAllowed),
        ]
        for plan, kind in cases:
            await refused(room, lambda desk, plan=plan: actions.plan(desk, plan, SCHEME, "office"), kind)
        await room.writer.submit(lambda desk: actions.plan(desk, PLAN, SCHEME, "office"))
        await refused(room, lambda desk: actions.plan(desk, PLAN, SCHEME, "office"), SessionExists)


class TestMove:
    async def test_only_along_the_table_and_a_repeat_moves_nothing(self, room: Room) -> None:
        await room.writer.submit(lambda desk: actions.plan(desk, PLAN, SCHEME, "office"))
        await refused(room, lambda desk: actions.move(desk, "s1", "approved", "body"), NotNow)
        await room.writer.submit(lambda desk: actions.move(desk, "s1", "applied", "office"))
        n = room.writer.ledger.last_n
        await room.writer.submit(lambda desk: actions.move(desk, "s1", "applied", "office"))
        assert room.writer.ledger.last_n == n
        assert row(room).state == "applied"

    async def test_is_approved_and_opened_only_in_an_approved_room(self, room: Room) -> None:
        await room.writer.submit(lambda desk: actions.plan(desk, PLAN, SCHEME, "office"))
        await room.writer.submit(lambda desk: actions.move(desk, "s1", "applied", "office"))
        await refused(room, lambda desk: actions.move(desk, "s1", "approved", "body"), RoomNotApproved)

        await room.writer.submit(approved_room)
        await room.writer.submit(lambda desk: actions.move(desk, "s1", "approved", "body"))
        assert facts(room).state is SessionState.APPROVED
        loaded = office.SessionLoaded(commitment="0" * 64, papers=1, papers_digest="0" * 64, by="office")
        await room.records(loaded, office.SessionMoved(step="checked", by="p"))

        def take_away(desk: Desk) -> None:
            row = desk.db.get(RoomRow, "r1")
            assert row is not None
            row.approval = None
            desk.db.add(row)

        await room.writer.submit(take_away)
        opens = functools.partial(actions.move, session="s1", verb="check_in", by="p")
        await refused(room, opens, RoomNotApproved)

    async def test_opens_its_door_only_with_two_different_proctors_on_duty(self, room: Room) -> None:
        await room.writer.submit(lambda desk: actions.plan(desk, PLAN, SCHEME, "office"))
        await room.writer.submit(approved_room)
        for step in ("applied", "approved"):
            await room.records(office.SessionMoved(step=step, by="p"))
        loaded = office.SessionLoaded(commitment="0" * 64, papers=1, papers_digest="0" * 64, by="office")
        await room.records(loaded, office.SessionMoved(step="checked", by="p"))
        opens = functools.partial(actions.move, session="s1", verb="check_in", by="p")
        assert "there are 0" in (await refused(room, opens, TooFewProctors)).sentence_en
        first = await on_duty(room, "first", Role.PROCTOR, Role.QUALITY_SUPERVISOR)
        assert "there are 1" in (await refused(room, opens, TooFewProctors)).sentence_en
        second = await on_duty(room, "second", Role.PROCTOR)
        relieve = functools.partial(people.relieve_staff, session="s1", role=Role.PROCTOR, by="office")
        await room.writer.submit(lambda desk: relieve(desk, person_id=first.id))
        assert "there are 1" in (await refused(room, opens, TooFewProctors)).sentence_en
        await on_duty(room, "third", Role.PROCTOR)
        await room.writer.submit(opens)
        assert facts(room).state is SessionState.CHECK_IN
        assert second.id != first.id

    @pytest.mark.parametrize("step", ["cancelled", "aborted"])
    async def test_needs_a_reason_to_stop(self, room: Room, step: actions.Step) -> None:
        await room.plans()
        await refused(room, lambda desk: actions.move(desk, "s1", step, "office"), ReasonNeeded)
        await refused(room, lambda desk: actions.move(desk, "s1", step, "office", "  "), ReasonNeeded)
        await room.writer.submit(lambda desk: actions.move(desk, "s1", step, "office", "a flood"))
        assert row(room).state == step

    async def test_an_unknown_session_is_not_found(self, room: Room) -> None:
        await refused(room, lambda desk: actions.move(desk, "s9", "applied", "office"), NotFound)


def approved_room(desk: Desk) -> None:
    desk.db.add(SiteRow(id="site1", name="考点"))
    desk.db.flush()
    desk.db.add(
        RoomRow(
            id="r1",
            site="site1",
            name="一号考场",
            approval="WH-1",
            rows=5,
            columns=6,
            numbering=next(iter(Numbering)),
        )
    )


async def on_duty(room: Room, login: str, *roles: Role) -> Person:
    """A person on duty in s1, in all their roles."""

    def verb(desk: Desk) -> Person:
        person = people.add_person(
            desk, login=login, display_name=login, roles=set(roles), password_hash="-", by="test"
        )
        for role in roles:
            people.assign_staff(desk, "s1", person.id, role, by="test")
        return person

    return await room.writer.submit(verb)


def waive(reason: str | None) -> Callable[[Desk], object]:
    return lambda desk: actions.read_rules(desk, "s1", BY, waived=True, reason=reason)


class TestStart:
    async def ready(self, room: Room) -> None:
        await room.plans()
        await room.writer.submit(lambda desk: actions.read_rules(desk, "s1", BY, waived=False, reason=None))
        for by in ("proctor1", "proctor2"):
            await room.writer.submit(lambda desk, by=by: actions.confirm_start(desk, "s1", by))

    async def test_waits_for_rules_and_two_different_proctors(self, room: Room) -> None:
        await room.plans()
        start = lambda desk: actions.start(desk, "s1", BY)  # noqa: E731
        assert "rules, proctors" in (await refused(room, start, StartGated)).sentence_en
        await room.writer.submit(lambda desk: actions.read_rules(desk, "s1", BY, waived=False, reason=None))
        for _ in range(2):
            await room.writer.submit(lambda desk: actions.confirm_start(desk, "s1", "proctor1"))
        assert "proctors" in (await refused(room, start, StartGated)).sentence_en
        await room.writer.submit(lambda desk: actions.confirm_start(desk, "s1", "proctor2"))
        await room.writer.submit(start)
        assert (facts(room).state, facts(room).started_at) == ("running", room.now)

    async def test_is_one_instant_whatever_is_repeated(self, room: Room) -> None:
        await self.ready(room)
        first = await room.writer.submit(lambda desk: actions.start(desk, "s1", BY))
        room.now += 5_000
        assert await room.writer.submit(lambda desk: actions.start(desk, "s1", BY)) == first
        orders = [row for row in room.writer.ledger.entries() if row.type == "session.started"]
        assert len(orders) == 1

    async def test_the_order_bears_the_rooms_signature(self, room: Room) -> None:
        await self.ready(room)
        await room.writer.submit(lambda desk: actions.start(desk, "s1", BY))
        rows = list(room.writer.ledger.entries())
        for one in rows:
            assert (one.signature is not None) == (one.type == "session.started")
        order = rows[-1]
        assert order.signature is not None
        assert verify(room.key.public, Purpose.ORDER, order.text, order.signature)

    async def test_rules_are_waived_only_with_a_reason(self, room: Room) -> None:
        await room.plans()
        await refused(room, waive(None), ReasonNeeded)
        await room.writer.submit(waive("read in the yard"))
        assert (facts(room).rules_waived, facts(room).rules_read_by) == (True, BY)

    async def test_nothing_is_read_or_confirmed_before_check_in(self, room: Room) -> None:
        await room.writer.submit(lambda desk: actions.plan(desk, PLAN, SCHEME, "office"))
        await refused(
            room, lambda desk: actions.read_rules(desk, "s1", BY, waived=False, reason=None), NotNow
        )
        await refused(room, lambda desk: actions.confirm_start(desk, "s1", BY), NotNow)
        await refused(room, lambda desk: actions.start(desk, "s1", BY), StartGated)


class TestAnEarlyStart:
    """The approved time is the time: long before it, two of the room decide, with a reason on record."""

    async def ready(self, room: Room, minutes_before: int) -> tuple[Person, Person]:
        await room.plans()
        first, second = [await on_duty(room, login, Role.PROCTOR) for login in ("first", "second")]
        room.now -= minutes_before * 60_000
        await room.writer.submit(
            lambda desk: actions.read_rules(desk, "s1", first.id, waived=False, reason=None)
        )
        for one in (first, second):
            await room.writer.submit(lambda desk, by=one.id: actions.confirm_start(desk, "s1", by))  # type: ignore[misc]
        return first, second

    async def test_a_little_before_its_time_needs_nobody_else(self, room: Room) -> None:
        first, _ = await self.ready(room, SCHEME.opening.early_start_minutes)
        await room.writer.submit(lambda desk: actions.start(desk, "s1", first.id))
        assert facts(room).started_at == room.now

    async def test_long_before_it_needs_a_reason_and_a_second_proctor(self, room: Room) -> None:
        first, second = await self.ready(room, 25)
        supervisor = await on_duty(room, "supervisor", Role.QUALITY_SUPERVISOR)

        def start(second: str | None, reason: str | None) -> Callable[[Desk], object]:
            return lambda desk: actions.start(desk, "s1", first.id, second=second, reason=reason)

        told = await refused(room, start(None, None), EarlyStart)
        assert "25" in told.sentence_zh
        await refused(room, start(None, "storm"), EarlyStart)
        await refused(room, start(second.id, " "), EarlyStart)
        await refused(room, start(first.id, "storm"), SecondNeeded)
        await refused(room, start(supervisor.id, "storm"), NotItsProctor)
        assert facts(room).started_at is None
        await room.writer.submit(start(second.id, "storm"))
        assert facts(room).started_at == room.now
        kinds = [row for row in room.writer.ledger.entries() if row.type == "session.seconded"]
        assert [(parse(row.text).body["by"], parse(row.text).body["second"]) for row in kinds] == [
            (first.id, second.id)
        ]


class TestWhileRunning:
    async def test_pause_and_resume_move_the_end_by_the_pause(self, room: Room) -> None:
        await room.plans()
        await room.starts()
        end = facts(room).end_at()
        assert end is not None
        room.now += 600_000
        pause = lambda desk: actions.pause(desk, "s1", BY, "power cut")  # noqa: E731
        first = await room.writer.submit(pause)
        room.now += 60_000
        assert await room.writer.submit(pause) == first
        assert facts(room).end_at() is None
        await room.writer.submit(lambda desk: actions.resume(desk, "s1", BY))
        await room.writer.submit(lambda desk: actions.resume(desk, "s1", BY))
        assert facts(room).end_at() == end + 60_000
        await room.writer.submit(lambda desk: actions.extend(desk, "s1", BY, 5, "noise"))
        assert facts(room).end_at() == end + 360_000

    async def test_facts_and_clocks_say_the_same_end(self, room: Room) -> None:
        await room.plans()
        await room.starts()
        for verb in (
            lambda desk: actions.pause(desk, "s1", BY, "noise"),
            lambda desk: actions.extend(desk, "s1", BY, 3, "noise"),
            lambda desk: actions.resume(desk, "s1", BY),
            lambda desk: actions.pause(desk, "s1", BY, "noise"),
            lambda desk: actions.resume(desk, "s1", BY),
        ):
            await room.writer.submit(verb)
            room.now += 12_345
            assert {room.attempt(each).clock.end_at for each in ("s1-c1", "s1-c2")} == {facts(room).end_at()}

    async def test_needs_reasons_and_the_right_state(self, room: Room) -> None:
        await room.plans()
        verbs: list[Callable[[Desk], object]] = [
            lambda desk: actions.pause(desk, "s1", BY, "x"),
            lambda desk: actions.resume(desk, "s1", BY),
            lambda desk: actions.extend(desk, "s1", BY, 5, "x"),
        ]
        for verb in verbs:
            await refused(room, verb, NotNow)
        await room.starts()
        await refused(room, lambda desk: actions.pause(desk, "s1", BY, ""), ReasonNeeded)
        await refused(room, lambda desk: actions.extend(desk, "s1", BY, 5, " "), ReasonNeeded)


async def test_signed_twice_is_signed(room: Room) -> None:
    await room.plans()
    await room.starts()
    await room.records(office.SessionMoved(step="ended", by=BY))
    form = office.RecordSigned(by="p1", form_digest="0" * 64, heads_digest="1" * 64)
    await room.records(form)
    assert facts(room).state is SessionState.ENDED
    await room.records(form.model_copy(update={"by": "p2"}))
    assert facts(room).state is SessionState.SIGNED
