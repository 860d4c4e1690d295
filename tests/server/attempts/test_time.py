"""Time binds a seat from where it heard the order; nothing that happens to machines gives or takes a second."""

from protocol import office_entries as office
from protocol import station_entries as station
from server.attempts import actions
from server.attempts.rules import A
from tests.server.attempts.building import MINUTE, Sitting, answer, answers
from tests.server.room import Room, Seat


async def moved(day: Sitting, candidate: str, seat_number: int = 20, *, at: str = "spare") -> Seat:
    """The candidate sits down at another machine, whose stream is opened."""
    old = day[candidate]
    await day.says(
        lambda desk: actions.allow_seat_change(desk, "s1", old.attempt, "proctor1", seat_number, "broken")
    )
    await day.room.records(office.AttemptSeated(attempt=old.attempt, station=at, seat=seat_number))
    new = Seat(day.room, "s1", old.attempt, at, head=old.head)
    await new.opens("machine_change")
    day.seats[candidate] = new
    return new


class TestTheEndTheSeatHeard:
    async def test_counts_to_the_last_instant(self, day: Sitting) -> None:
        await day.later(120)
        await day["c1"].says(answer(1, "A"))
        await day["c1"].says(answer(2, "A"), at=day.room.now + 1)
        assert answers(day.attempt("c1")) == {1: ["A"]}
        assert day.attempt("c1").not_counted == 1

    async def test_an_extension_counts_from_where_it_was_heard(self, day: Sitting) -> None:
        await day.says(lambda desk: actions.extend(desk, "s1", "s1-c1", "proctor1", 5, "broken mouse"))
        await day.later(122)
        await day["c1"].says(answer(1, "A"))
        assert answers(day.attempt("c1")) == {}
        await day.room.hears(day["c1"])
        await day["c1"].says(answer(1, "A"))
        await day["c2"].says(answer(1, "A"))
        assert answers(day.attempt("c1")) == {1: ["A"]}
        assert answers(day.attempt("c2")) == {}

    async def test_an_order_heard_twice_gives_nothing(self, day: Sitting) -> None:
        await day.room.records(office.SessionExtended(by_ms=5 * MINUTE, by="p", note=None))
        said = day.room._heard(day["c1"])
        await day["c1"].says(*said)
        await day["c1"].says(*said)
        await day["c1"].opens("repair")
        await day["c1"].says(*said)
        attempt = day.attempt("c1")
        assert attempt.heard_clock == attempt.clock
        assert attempt.clock.added_ms == 5 * MINUTE

    async def test_orders_heard_out_of_order_all_count(self, day: Sitting) -> None:
        for minutes in (1, 2, 4):
            await day.room.records(office.SessionExtended(by_ms=minutes * MINUTE, by="p", note=None))
        said = day.room._heard(day["c1"])
        await day["c1"].says(said[2])
        assert day.attempt("c1").heard_clock.added_ms == 4 * MINUTE
        assert len(day.room._heard(day["c1"])) == 2
        await day["c1"].says(*said[:2])
        assert day.attempt("c1").heard_clock.added_ms == 7 * MINUTE
        assert day.room._heard(day["c1"]) == []

    async def test_nothing_counts_in_a_pause_that_was_heard(self, day: Sitting) -> None:
        await day.later(10)
        await day.room.records(office.SessionPaused(paused_at=day.room.now, by="p", note=None))
        await day.later(1)
        await day["c1"].says(answer(1, "A"))
        await day.room.hears(day["c1"])
        await day["c1"].says(answer(2, "A"))
        assert answers(day.attempt("c1")) == {1: ["A"]}
        await day.later(9)
        await day.room.records(office.SessionResumed(resumed_at=day.room.now, by="p"))
        await day.room.hears(day["c1"])
        await day["c1"].says(answer(2, "B"))
        assert answers(day.attempt("c1")) == {1: ["A"], 2: ["B"]}
        assert day.attempt("c1").heard_clock.end_at == day.attempt("c2").clock.end_at
        await day.later(110)
        await day["c1"].says(answer(3, "A"))
        await day["c1"].says(answer(4, "A"), at=day.room.now + 1)
        assert answers(day.attempt("c1")) == {1: ["A"], 2: ["B"], 3: ["A"]}

    async def test_a_seat_ahead_of_the_room_is_not_believed(self, day: Sitting) -> None:
        await day["c1"].says(answer(1, "A"), at=day.room.now + MINUTE)
        assert answers(day.attempt("c1")) == {}

    async def test_an_answer_brought_long_after_the_end_is_vouched_for_by_the_seat(
        self, day: Sitting
    ) -> None:
        given_at = day.room.now + 100 * MINUTE
        await day.later(300)
        await day["c1"].says(answer(1, "A"), at=given_at)
        assert day.attempt("c1").answers[1].vouched == "seat"

    async def test_a_clock_in_doubt_is_the_seats_word_until_the_link_is_back(self, day: Sitting) -> None:
        await day["c1"].says(
            station.ClockChanged(by_ms=0, cause="rebooted_offline"),
            answer(1, "A"),
            station.LinkChanged(state="back", offline_ms=5_000),
            answer(2, "A"),
        )
        held = day.attempt("c1").answers
        assert (held[1].vouched, held[2].vouched) == ("seat", "room")


class TestAMachineChange:
    async def test_keeps_time_and_answers_and_hears_every_order_anew(self, day: Sitting) -> None:
        await day["c1"].says(answer(1, "A"))
        await day.room.records(office.SessionExtended(by_ms=3 * MINUTE, by="p", note=None))
        await day.room.hears(day["c1"])
        before = day.attempt("c1").clock
        new = await moved(day, "c1")
        attempt = day.attempt("c1")
        assert (attempt.heard, attempt.told) == (0, [])
        assert attempt.heard_clock.started_at is None
        assert attempt.clock == before
        await new.says(answer(2, "A"))
        assert answers(attempt) == {1: ["A"]}
        await day.room.hears(new)
        await new.says(answer(2, "B"))
        assert attempt.heard_clock == before
        assert answers(attempt) == {1: ["A"], 2: ["B"]}
        assert (attempt.machine_changes, attempt.seat, attempt.station) == (1, 20, "spare")

    async def test_leaves_a_left_page_behind(self, day: Sitting) -> None:
        await day["c1"].says(station.PageLeft(cause="page_lost"))
        assert day.attempt("c1").state is A.AWAY
        await moved(day, "c1")
        assert day.attempt("c1").state is A.RUNNING
        assert day.attempt("c1").away_since is None

    async def test_at_the_same_seat_after_a_restart_hears_nothing_twice(self, day: Sitting) -> None:
        clock = day.attempt("c1").heard_clock
        await day["c1"].opens("restart")
        assert day.attempt("c1").heard_clock == clock
        assert day.room._heard(day["c1"]) == []


async def test_a_late_candidate_keeps_the_common_end(room: Room) -> None:
    one, two = await room.plans(candidates=("c1", "c2"))
    seat = await room.seats(one)
    await room.starts(seats=[seat])
    room.now += 25 * MINUTE
    late = await room.seats(two)
    await room.hears(late)
    assert room.attempt(two).heard_clock == room.attempt(one).heard_clock
    assert room.attempt(two).heard_clock.remaining_ms(room.now) == 95 * MINUTE
