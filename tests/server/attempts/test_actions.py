"""The verbs of attempts: what each lays down, what a repeat does, and what is refused."""

from collections.abc import Callable

import pytest

from protocol import office_entries as office
from protocol import station_entries as station
from server.attempts import actions
from server.attempts.actions import AttemptNotNow, Barred, Place, RosterFixed, SeatTaken, TooLate
from server.attempts.jobs import COLLECT_GRACE_MS
from server.attempts.models import AttemptRow
from server.attempts.queries import attempts_of_session
from server.attempts.rules import DONE, A
from server.errors import NotFound, Refused
from server.sessions.actions import NotNow, ReasonNeeded
from server.sessions.models import SessionSubject
from server.sessions.rules import SessionFacts, SessionState
from server.writer.desk import Desk
from tests.server.attempts.building import MINUTE, Sitting, answer
from tests.server.room import Room

BY = "proctor1"


def rows(room: Room) -> dict[str, AttemptRow]:
    with room.database.read() as db:
        return {row.id: row for row in attempts_of_session(db, "s1")}


async def refused(room: Room, verb: Callable[[Desk], object], kind: type[Refused]) -> None:
    """The verb is refused so, and leaves nothing on the ledger."""
    n = room.writer.ledger.last_n
    with pytest.raises(kind):
        await room.writer.submit(verb)
    assert room.writer.ledger.last_n == n


def come_in(key: str, reason: str | None = None) -> Callable[[Desk], object]:
    return lambda desk: actions.check_in(desk, "s1", key, BY, reason=reason, barred=False)


def turn_away(reason: str) -> Callable[[Desk], object]:
    return lambda desk: actions.refuse(desk, "s1", "s1-c1", BY, "wrong_person", reason)


def collect_due(desk: Desk) -> list[str]:
    return actions.collect_due(desk, "s1", COLLECT_GRACE_MS)


class TestEnlist:
    async def planned(self, room: Room) -> None:
        await room.plans(candidates=("c0",))

        def back(desk: Desk) -> None:
            desk.day("s1").part(SessionFacts).state = SessionState.PLANNED
            desk.db.add(SessionSubject(session="s1", subject="theory", bank="b", blueprint="p"))

        await room.writer.submit(back)

    async def test_a_line_listed_twice_changes_nothing(self, room: Room) -> None:
        await self.planned(room)
        subject = next(iter(rows(room).values())).subject
        await room.writer.submit(
            lambda desk: desk.db.merge(SessionSubject(session="s1", subject=subject, bank="b", blueprint="p"))
        )
        places = [Place("c1", subject, 2), Place("c2", subject, 3)]
        first = await room.writer.submit(lambda desk: actions.enlist(desk, "s1", places))
        again = await room.writer.submit(lambda desk: actions.enlist(desk, "s1", places))
        assert (first, again) == ({"listed": 2}, {"listed": 0})
        await refused(room, lambda desk: actions.enlist(desk, "s1", [Place("c9", subject, 2)]), SeatTaken)
        await refused(room, lambda desk: actions.enlist(desk, "s1", [Place("c9", "other", 9)]), NotFound)

    async def test_a_seat_given_twice_in_one_list_is_refused_whole(self, room: Room) -> None:
        await self.planned(room)
        places = [Place("c1", "theory", 5), Place("c2", "theory", 5)]
        await refused(room, lambda desk: actions.enlist(desk, "s1", places), SeatTaken)

    async def test_is_over_once_papers_are_sealed(self, room: Room) -> None:
        await room.plans()
        await refused(room, lambda desk: actions.enlist(desk, "s1", []), RosterFixed)


class TestTheDoor:
    async def test_check_in_until_the_late_cut_off_also_while_running(self, room: Room) -> None:
        one, two, three = await room.plans(candidates=("c1", "c2", "c3"))
        await room.writer.submit(come_in(one))
        assert await room.writer.submit(come_in(one)) == {"state": A.CHECKED_IN}
        await room.starts()
        room.now += 30 * MINUTE
        await room.writer.submit(come_in(two))
        room.now += 1
        await refused(room, come_in(three), TooLate)
        assert [row.state for row in rows(room).values()] == ["checked_in", "checked_in", "expected"]

    async def test_a_barred_candidate_stays_outside(self, room: Room) -> None:
        (one,) = await room.plans(candidates=("c1",))
        await refused(
            room, lambda desk: actions.check_in(desk, "s1", one, BY, reason=None, barred=True), Barred
        )

    async def test_who_was_absent_comes_in_with_a_reason(self, room: Room) -> None:
        (one,) = await room.plans(candidates=("c1",))
        await room.writer.submit(lambda desk: actions.mark_absent(desk, "s1", one, BY))
        await refused(room, come_in("s1-c1", None), ReasonNeeded)
        await refused(room, come_in("s1-c1", "  "), ReasonNeeded)
        await room.writer.submit(come_in("s1-c1", "the bus was late"))
        assert rows(room)[one].state == "checked_in"

    async def test_refused_is_refused(self, room: Room) -> None:
        (one,) = await room.plans(candidates=("c1",))
        await refused(room, turn_away(""), ReasonNeeded)
        await room.writer.submit(turn_away("another face"))
        await refused(
            room, lambda desk: actions.check_in(desk, "s1", one, BY, reason="x", barred=False), AttemptNotNow
        )

    async def test_nobody_is_checked_in_before_the_door_opens_or_after_the_end(self, day: Sitting) -> None:
        await day.says(lambda desk: actions.end(desk, "s1", BY, "ordered", "fire alarm"))
        await refused(
            day.room, lambda desk: actions.refuse(desk, "s1", "s1-c1", BY, "x", "late"), AttemptNotNow
        )


VERBS: dict[str, Callable[[Desk], object]] = {
    "suspend": lambda desk: actions.suspend(desk, "s1", "s1-c1", BY, "talks"),
    "unsuspend": lambda desk: actions.unsuspend(desk, "s1", "s1-c1", BY),
    "collect": lambda desk: actions.collect(desk, "s1", "s1-c1", BY, "ill"),
    "extend": lambda desk: actions.extend(desk, "s1", "s1-c1", BY, 5, "mouse"),
    "seat change": lambda desk: actions.allow_seat_change(desk, "s1", "s1-c1", BY, 20, "broken"),
    "revoke": lambda desk: actions.revoke_hand_in(desk, "s1", "s1-c1", BY, "by mistake"),
    "absent": lambda desk: actions.mark_absent(desk, "s1", "s1-c1", BY),
    "refuse": lambda desk: actions.refuse(desk, "s1", "s1-c1", BY, "x", "y"),
}


class TestWhileRunning:
    async def test_suspend_and_free_again(self, day: Sitting) -> None:
        await day.says(VERBS["suspend"])
        n = day.room.writer.ledger.last_n
        assert await day.says(VERBS["suspend"]) == {"state": A.SUSPENDED}
        assert day.room.writer.ledger.last_n == n
        await day.says(VERBS["unsuspend"])
        assert day.attempt("c1").state is A.RUNNING
        assert await day.says(VERBS["unsuspend"]) == {"state": A.RUNNING}

    async def test_freed_while_the_page_is_left_is_still_away(self, day: Sitting) -> None:
        await day["c1"].says(station.PageLeft(cause="hidden"))
        await day.says(VERBS["suspend"])
        await day.says(VERBS["unsuspend"])
        assert day.attempt("c1").state is A.AWAY
        await day["c1"].says(station.PageReturned(cause="hidden", away_ms=9_000))
        assert day.attempt("c1").state is A.RUNNING

    async def test_left_in_two_ways_is_away_once_until_both_are_over(self, day: Sitting) -> None:
        attempt, seat, at = day.attempt("c1"), day["c1"], day.room.now
        await seat.says(station.PageLeft(cause="full_screen_left"), at=at)
        await seat.says(station.PageLeft(cause="hidden"), at=at + 1_000)
        await seat.says(station.PageReturned(cause="hidden", away_ms=6_000), at=at + 7_000)
        assert (attempt.state, attempt.away_times) == (A.AWAY, 1)
        await seat.says(station.PageReturned(cause="full_screen_left", away_ms=9_000), at=at + 9_000)
        assert (attempt.state, attempt.away_ms, attempt.away_since) == (A.RUNNING, 9_000, None)

    async def test_freed_before_the_rules_were_read_is_waiting(self, room: Room) -> None:
        (one,) = await room.plans(candidates=("c1",))
        await room.seats(one)
        await room.writer.submit(VERBS["suspend"])
        assert await room.writer.submit(VERBS["unsuspend"]) == {"state": A.WAITING}
        assert room.attempt(one).state is A.WAITING

    @pytest.mark.parametrize("verb", ["revoke", "absent", "refuse"])
    async def test_what_a_running_attempt_refuses(self, day: Sitting, verb: str) -> None:
        await refused(day.room, VERBS[verb], AttemptNotNow)

    @pytest.mark.parametrize("verb", ["suspend", "unsuspend", "extend", "seat change", "absent", "refuse"])
    async def test_what_a_finished_attempt_refuses(self, day: Sitting, verb: str) -> None:
        await day["c1"].says(station.HandedIn(by="candidate", answered=0, digest="0" * 64))
        await refused(day.room, VERBS[verb], AttemptNotNow)

    async def test_the_seat_of_one_who_sits_is_not_given_away(self, day: Sitting) -> None:
        await refused(
            day.room, lambda desk: actions.allow_seat_change(desk, "s1", "s1-c1", BY, 2, "broken"), SeatTaken
        )

    @pytest.mark.parametrize(
        "verb",
        [
            lambda desk: actions.suspend(desk, "s1", "s1-c1", BY, " "),
            lambda desk: actions.collect(desk, "s1", "s1-c1", BY, ""),
            lambda desk: actions.extend(desk, "s1", "s1-c1", BY, 5, ""),
            lambda desk: actions.allow_seat_change(desk, "s1", "s1-c1", BY, 20, ""),
            lambda desk: actions.end(desk, "s1", BY, "ordered", " "),
        ],
    )
    async def test_a_reason_is_needed(self, day: Sitting, verb: Callable[[Desk], object]) -> None:
        await refused(day.room, verb, ReasonNeeded)

    async def test_an_unknown_attempt_is_not_found(self, day: Sitting) -> None:
        await refused(day.room, lambda desk: actions.suspend(desk, "s1", "nobody", BY, "x"), NotFound)
        await refused(day.room, lambda desk: actions.suspend(desk, "s9", "s1-c1", BY, "x"), NotFound)


class TestRevoke:
    async def test_only_while_the_session_goes_on_and_time_is_left(self, day: Sitting) -> None:
        for candidate in ("c1", "c2"):
            await day[candidate].says(station.HandedIn(by="candidate", answered=0, digest="0" * 64))
        await day.says(VERBS["revoke"])
        assert day.attempt("c1").state is A.RUNNING
        assert day.attempt("c1").handed_in_at is None
        await day.says(lambda desk: actions.end(desk, "s1", BY, "ordered", "fire alarm"))
        await refused(
            day.room, lambda desk: actions.revoke_hand_in(desk, "s1", "s1-c2", BY, "by mistake"), NotNow
        )

    async def test_not_when_the_time_is_up(self, day: Sitting) -> None:
        await day["c1"].says(station.HandedIn(by="candidate", answered=0, digest="0" * 64))
        await day.later(120)
        await refused(day.room, VERBS["revoke"], AttemptNotNow)


class TestTheEnd:
    async def test_leaves_nobody_open(self, room: Room) -> None:
        attempts = await room.plans(candidates=("c1", "c2", "c3", "c4"))
        one, two = await room.seats(attempts[0]), await room.seats(attempts[1])
        await room.records(office.AttemptCheckedIn(attempt=attempts[2], by=BY))
        await room.starts(seats=[one, two])
        await two.says(station.HandedIn(by="candidate", answered=0, digest="0" * 64))
        room.now += 125 * MINUTE
        await room.writer.submit(lambda desk: actions.end(desk, "s1", "room", "time_up"))
        assert [row.state for row in rows(room).values()] == [
            "collected",
            "handed_in",
            "absent",
            "absent",
        ]
        n = room.writer.ledger.last_n
        assert await room.writer.submit(lambda desk: actions.end(desk, "s1", "room", "time_up")) == {
            "state": "ended"
        }
        assert room.writer.ledger.last_n == n

    async def test_time_up_collects_each_at_its_own_end(self, day: Sitting) -> None:
        await day.says(lambda desk: actions.extend(desk, "s1", "s1-c2", BY, 10, "mouse"))
        day.room.now += 120 * MINUTE + COLLECT_GRACE_MS
        assert await day.says(collect_due) == []
        day.room.now += 1
        assert await day.says(collect_due) == ["s1-c1"]
        assert await day.says(collect_due) == []
        day.room.now += 10 * MINUTE
        assert await day.says(collect_due) == ["s1-c2"]

    async def test_nobody_is_collected_in_a_pause(self, day: Sitting) -> None:
        await day.room.records(office.SessionPaused(paused_at=day.room.now, by=BY, note=None))
        await day.later(500)
        assert await day.says(lambda desk: actions.collect_due(desk, "s1", 0)) == []


class TestUnderAVoid:
    @staticmethod
    async def voided(day: Sitting) -> None:
        await day.room.records(
            office.VoidProposed(
                ruling="r1",
                attempt="s1-c1",
                code="phone",
                scope="batch",
                statement_declined=True,
                by="p1",
                note=None,
            ),
            office.VoidSigned(ruling="r1", attempt="s1-c1", by="p2"),
        )
        assert day.attempt("c1").state is A.VOIDED

    @staticmethod
    async def lifted(day: Sitting) -> None:
        await day.room.records(
            office.VoidDecided(ruling="r1", attempt="s1-c1", outcome="lifted", by="body", note=None)
        )

    async def test_lifting_restores_what_was(self, day: Sitting) -> None:
        await day.says(VERBS["suspend"])
        await self.voided(day)
        await self.lifted(day)
        assert day.attempt("c1").state is A.SUSPENDED

    async def test_upholding_restores_nothing(self, day: Sitting) -> None:
        await self.voided(day)
        await day.room.records(
            office.VoidDecided(ruling="r1", attempt="s1-c1", outcome="upheld", by="body", note=None)
        )
        assert day.attempt("c1").state is A.VOIDED

    async def test_lifting_after_the_end_leaves_nobody_running(self, day: Sitting) -> None:
        await day["c1"].says(answer(1, "A"))
        await self.voided(day)
        await day.later(60)
        await day.says(lambda desk: actions.end(desk, "s1", BY, "ordered", "fire alarm"))
        assert day.attempt("c1").state is A.VOIDED
        assert rows(day.room)["s1-c1"].state == "voided"
        await self.lifted(day)
        attempt = day.attempt("c1")
        assert attempt.state in DONE
        assert rows(day.room)["s1-c1"].state == "collected"
        assert attempt.handed_in_at == day.room.now
        assert attempt.answers[1].response == ["A"]

    async def test_a_hand_in_that_was_on_its_way_stands_after_lifting(self, day: Sitting) -> None:
        await self.voided(day)
        await day["c1"].says(station.HandedIn(by="candidate", answered=0, digest="0" * 64))
        assert day.attempt("c1").state is A.VOIDED
        await self.lifted(day)
        assert day.attempt("c1").state is A.HANDED_IN

    async def test_nothing_else_moves_a_voided_attempt(self, day: Sitting) -> None:
        await self.voided(day)
        for verb in (
            "suspend",
            "unsuspend",
            "collect",
            "extend",
            "seat change",
            "revoke",
            "absent",
            "refuse",
        ):
            await refused(day.room, VERBS[verb], AttemptNotNow)


async def test_rows_say_what_was_folded(day: Sitting) -> None:
    await day["c1"].says(station.HandedIn(by="candidate", answered=0, digest="0" * 64))
    row = rows(day.room)["s1-c1"]
    assert (row.state, row.handed_in_by, row.handed_in_at) == ("handed_in", "candidate", day.room.now)
    assert row.station == day["c1"].station
