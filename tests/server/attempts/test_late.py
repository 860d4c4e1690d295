"""What an older stream brings late counts only when a person admits it, and only where no later stream spoke."""

import pytest

from protocol import office_entries as office
from protocol import station_entries as station
from protocol.entry import Entry
from server.attempts import actions
from server.attempts.rules import A
from server.errors import NotFound
from server.sessions.actions import ReasonNeeded
from tests.server.attempts.building import MINUTE, Sitting, answer, answers, sends_texts
from tests.server.attempts.test_time import moved
from tests.server.room import Seat


async def admit(day: Sitting, stream: str, reason: str = "the cable was cut") -> None:
    await day.says(lambda desk: actions.admit_late(desk, "s1", "s1-c1", "proctor1", stream, reason))


class TestLateAnswers:
    async def test_wait_for_a_person(self, day: Sitting) -> None:
        old = day["c1"]
        entries = [old.writes(answer(1, "A")), old.writes(answer(2, "A"))]
        new = await moved(day, "c1")
        await day.room.hears(new)
        await new.says(answer(2, "B"))
        taken = await old.sends(entries)
        assert taken.acks == {old.stream: entries[-1].seq}
        assert answers(day.attempt("c1")) == {2: ["B"]}
        with pytest.raises(ReasonNeeded):
            await admit(day, old.stream, " ")
        await admit(day, old.stream)
        assert answers(day.attempt("c1")) == {1: ["A"], 2: ["B"]}
        assert day.attempt("c1").answers[1].vouched == "seat"
        assert day.attempt("c1").late == []
        with pytest.raises(NotFound):
            await admit(day, old.stream)

    async def test_win_over_an_older_stream(self, day: Sitting) -> None:
        seat = day["c1"]
        await seat.says(answer(1, "A"))
        await seat.opens("restart")
        second = seat.stream
        changed = seat.writes(answer(1, "B"))
        await moved(day, "c1")
        await seat.sends([changed])
        await admit(day, second)
        assert answers(day.attempt("c1")) == {1: ["B"]}

    async def test_the_last_word_of_the_stream_counts(self, day: Sitting) -> None:
        old = day["c1"]
        entries = [old.writes(answer(1, letter)) for letter in "ABC"]
        await moved(day, "c1")
        await old.sends(entries)
        await admit(day, old.stream)
        assert answers(day.attempt("c1")) == {1: ["C"]}

    async def test_of_a_left_machine_lose_to_every_stream_of_the_new_one(self, day: Sitting) -> None:
        old = day["c1"]
        new = await moved(day, "c1")
        await day.room.hears(new)
        await new.says(answer(1, "A"))
        await new.opens("restart")
        await old.opens("restart")
        await old.says(answer(1, "D"), answer(2, "D"))
        await new.opens("restart")
        await admit(day, old.stream)
        assert answers(day.attempt("c1")) == {1: ["A"], 2: ["D"]}

    async def test_past_the_end_never_count(self, day: Sitting) -> None:
        old = day["c1"]
        in_time = old.writes(answer(1, "A"), at=day.room.now + 120 * MINUTE)
        too_late = old.writes(answer(2, "A"), at=day.room.now + 120 * MINUTE + 1)
        await moved(day, "c1")
        await day.later(130)
        await old.sends([in_time, too_late])
        await admit(day, old.stream)
        assert answers(day.attempt("c1")) == {1: ["A"]}
        assert day.attempt("c1").not_counted == 1


class TestAnOldStreamOnAStick:
    async def test_never_closes_the_one_at_the_seat(self, day: Sitting) -> None:
        old = day["c1"]
        entries = _restarted_offline(old)
        new = await moved(day, "c1")
        await day.room.hears(new)
        await new.says(answer(1, "B"))
        texts = [entry.text for entry in entries]
        taken = await sends_texts(day["c2"], texts, imported=True)
        assert taken.refused == {}
        await new.says(answer(3, "B"))
        assert answers(day.attempt("c1")) == {1: ["B"], 3: ["B"]}
        assert day.attempt("c1").stream == new.stream
        await admit(day, entries[0].stream)
        assert answers(day.attempt("c1")) == {1: ["B"], 2: ["A"], 3: ["B"]}

    async def test_is_imported_twice_without_harm(self, day: Sitting) -> None:
        entries = _restarted_offline(day["c1"])
        await moved(day, "c1")
        texts = [entry.text for entry in entries]
        first = await sends_texts(day["c2"], texts, imported=True)
        n, late = day.room.writer.ledger.last_n, len(day.attempt("c1").late)
        second = await sends_texts(day["c2"], texts, imported=True)
        assert (second.refused, second.acks) == ({}, first.acks)
        assert (day.room.writer.ledger.last_n, len(day.attempt("c1").late)) == (n, late)


class TestWhatAnOlderStreamSays:
    async def test_is_history(self, day: Sitting) -> None:
        old = day["c1"]
        entries = [
            old.writes(body)
            for body in (
                station.PageLeft(cause="hidden"),
                station.CameraChanged(state="lost"),
                station.HandRaised(raised=True),
                station.ItemMarked(slot=1, marked=True),
                station.ClockChanged(by_ms=0, cause="rebooted_offline"),
                station.HandedIn(by="candidate", answered=0, digest="0" * 64),
            )
        ]
        await moved(day, "c1")
        await old.sends(entries)
        attempt = day.attempt("c1")
        assert attempt.state is A.RUNNING
        assert (attempt.camera, attempt.hand_raised_at, attempt.marks) == ("clear", None, [])
        assert (attempt.clock_doubt, attempt.handed_in_at, attempt.away_since) == (False, None, None)


class TestAfterTheEnd:
    async def test_what_was_given_in_time_counts_when_the_room_collected(self, day: Sitting) -> None:
        seat = day["c1"]
        given = seat.writes(answer(1, "A"), at=day.room.now + 90 * MINUTE)
        await day.later(121)
        assert await day.says(lambda desk: actions.collect_due(desk, "s1", 5_000)) == ["s1-c1", "s1-c2"]
        assert day.attempt("c1").state is A.COLLECTED
        await seat.sends([given])
        assert answers(day.attempt("c1")) == {1: ["A"]}
        await seat.says(station.HandedIn(by="time_up", answered=1, digest="a" * 64), at=day.room.now)
        attempt = day.attempt("c1")
        assert (attempt.state, attempt.handed_in_by, attempt.receipt) == (A.COLLECTED, "time_up", "a" * 64)

    async def test_nothing_counts_after_the_candidate_handed_in(self, day: Sitting) -> None:
        await day["c1"].says(
            answer(1, "A"), station.HandedIn(by="candidate", answered=1, digest="a" * 64), answer(1, "B")
        )
        assert answers(day.attempt("c1")) == {1: ["A"]}
        assert day.attempt("c1").state is A.HANDED_IN

    async def test_a_revoked_hand_in_lets_answers_count_again(self, day: Sitting) -> None:
        await day["c1"].says(answer(1, "A"), station.HandedIn(by="candidate", answered=1, digest="a" * 64))
        clock = day.attempt("c1").clock
        await day.later(5)
        await day.says(lambda desk: actions.revoke_hand_in(desk, "s1", "s1-c1", "proctor1", "by mistake"))
        await day.room.hears(day["c1"])
        await day["c1"].says(answer(1, "B"))
        assert answers(day.attempt("c1")) == {1: ["B"]}
        assert day.attempt("c1").clock == clock


def _restarted_offline(seat: Seat) -> list[Entry]:
    """A stream the station wrote after a restart without a link; nobody in the room has heard of it."""
    before = seat.stream, seat.head
    seat.stream, seat.head = f"{seat.attempt}.offline", None
    entries = [
        seat.writes(
            station.StreamOpened.model_validate(
                {
                    "author": "station",
                    "station": seat.station,
                    "session": seat.session,
                    "attempt": seat.attempt,
                    "key": seat.key.public,
                    "follows": None,
                    "reason": "restart",
                }
            )
        ),
        seat.writes(answer(1, "A")),
        seat.writes(answer(2, "A")),
    ]
    seat.stream, seat.head = before
    return entries


async def test_an_order_heard_on_an_old_stream_tells_nothing_of_the_new_machine(day: Sitting) -> None:
    old = day["c1"]
    await day.room.records(office.SessionExtended(by_ms=MINUTE, by="p", note=None))
    said = [old.writes(body) for body in day.room._heard(old)]
    new = await moved(day, "c1")
    await old.sends(said)
    assert day.attempt("c1").told == []
    await day.room.hears(new)
    assert day.attempt("c1").heard_clock == day.attempt("c1").clock
