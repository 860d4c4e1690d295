"""One seat that writes without end: it is told, a person is told once, and nobody else notices."""

from dataclasses import replace

from protocol import station_entries as station
from protocol.entry import Entry, compose
from protocol.to_station import ENTRIES_FULL
from server.attempts.budget import ALARMS_OF_A_KIND_MAX, BUDGET, QUARANTINE_FULL, Budget, Volume
from server.attempts.receiving import Author, Taken, receive
from tests.server.attempts.building import Sitting, alarms, answer, answers, quarantined, restart
from tests.server.room import Seat

KIB = 1_024
SMALL = replace(BUDGET, attempt_bytes=60 * KIB, attempt_share_bytes=20 * KIB, session_bytes=4_096 * KIB)
TYPED = "字" * 2_000


async def sends(seat: Seat, entries: list[Entry], budget: Budget = SMALL, *, imported: bool = False) -> Taken:
    author = Author(seat.station, seat.key.public, seat.room.key.public)
    texts = [entry.text for entry in entries]
    return await seat.room.writer.submit(
        lambda desk: receive(desk, author, texts, imported=imported, budget=budget)
    )


def typing(seat: Seat, times: int) -> list[Entry]:
    """Long typed answers, six thousand bytes each."""
    return [seat.writes(station.AnswerSaved(slot=1, response=[TYPED])) for _ in range(times)]


async def writes_until_full(seat: Seat, budget: Budget = SMALL) -> Entry:
    """Writes long answers until nothing more is taken; returns the last that was."""
    for _ in range(1_000):
        (entry,) = typing(seat, 1)
        if (await sends(seat, [entry], budget)).full:
            previous = seat.room.writer.ledger.entry_at(entry.stream, entry.seq - 1)
            assert previous is not None
            seat.head = previous.head
            return entry
    raise AssertionError("never full")


def codes(day: Sitting) -> list[str]:
    return [alarm.code for alarm in alarms(day.room)]


class TestHonestUse:
    def test_of_two_hours_typed_without_a_pause_fits(self) -> None:
        changed = 200 * 50 * 500
        typed = 120 * 60 * (2_000 // 2 * 3 + 500)
        left = 120 * 60 * 2 * 350
        assert changed + typed + left < BUDGET.attempt_bytes


class TestAnAttemptPastItsBudget:
    async def test_is_told_and_alarmed_once_while_its_neighbour_goes_on(self, day: Sitting) -> None:
        seat, other = day["c1"], day["c2"]
        refused = await writes_until_full(seat)
        before = day.room.writer.ledger.last_n
        for _ in range(5):
            taken = await sends(seat, [refused])
            assert (taken.full, taken.acks, taken.refused) == ({seat.attempt}, {}, {})
        assert day.room.writer.ledger.last_n == before
        assert codes(day) == [ENTRIES_FULL]
        assert quarantined(day.room) == []
        assert (await sends(other, [other.writes(answer(60, "B"))])).full == set()
        assert answers(day.attempt("c2")) == {60: ["B"]}

    async def test_keeps_what_was_acknowledged_and_is_told_so_again(self, day: Sitting) -> None:
        seat = day["c1"]
        first = seat.writes(answer(7, "C"))
        await sends(seat, [first])
        await writes_until_full(seat)
        assert (await sends(seat, [first])).acks == {
            seat.stream: day.room.day().streams[seat.stream].head.seq
        }
        await restart(day.room)
        assert (await sends(seat, typing(seat, 1))).full == {seat.attempt}
        assert answers(day.attempt("c1"))[7] == ["C"]
        assert codes(day) == [ENTRIES_FULL]

    async def test_is_not_helped_by_a_new_stream(self, day: Sitting) -> None:
        seat = day["c1"]
        await writes_until_full(seat)
        await seat.opens("repair")
        assert (await sends(seat, typing(seat, 3))).full == {seat.attempt}
        assert day.room.day().streams[seat.stream].head.seq == 0

    async def test_is_taken_from_its_journal_which_a_person_brought(self, day: Sitting) -> None:
        seat = day["c1"]
        await writes_until_full(seat)
        waiting = [seat.writes(answer(9, "D"))]
        taken = await sends(seat, waiting, imported=True)
        assert taken.acks == {seat.stream: waiting[0].seq}
        assert answers(day.attempt("c1"))[9] == ["D"]

    async def test_opens_no_streams_without_end(self, day: Sitting) -> None:
        seat = day["c1"]
        few = replace(SMALL, attempt_streams=3)
        bodies = [day.room.writer.ledger.entry_at(seat.stream, 0)]
        assert bodies[0] is not None
        opened = []
        for number in range(4):
            stream = f"{seat.attempt}.again{number}"
            body = {"author": "station", "station": seat.station, "session": "s1", "attempt": seat.attempt}
            body |= {"key": seat.key.public, "follows": None, "reason": "repair"}  # type: ignore[dict-item]
            entry = compose(None, stream, day.room.now, "stream.opened", body)
            opened.append(bool((await sends(seat, [entry], few)).acks))
        assert opened == [True, True, False, False]
        assert codes(day).count(ENTRIES_FULL) == 1


class TestASessionPastItsBudget:
    async def test_refuses_only_who_had_their_share(self, day: Sitting) -> None:
        full = replace(SMALL, attempt_bytes=4_096 * KIB, session_bytes=100 * KIB)
        greedy, honest = day["c1"], day["c2"]
        await writes_until_full(greedy, full)
        assert day.room.day().part(Volume).of(greedy.attempt).bytes < 4_096 * KIB
        taken = await sends(honest, [honest.writes(answer(1, "A")), *typing(honest, 2)], full)
        assert taken.full == set()
        assert taken.acks


class TestWhatIsPutAside:
    async def test_ends_at_the_stations_budget_of_the_day(self, day: Sitting) -> None:
        rogue, other = day["c1"], day["c2"]
        little = replace(SMALL, station_aside_bytes=40 * KIB)
        for number in range(60):
            fork = compose(None, rogue.stream, number, "stream.opened", {})
            assert (await sends(rogue, [fork], little)).refused
        kept = len(quarantined(day.room))
        assert 20 <= kept <= 40
        assert codes(day) == ["quarantined"] * kept + [QUARANTINE_FULL]
        before = day.room.writer.ledger.last_n
        for number in range(20):
            await sends(rogue, [compose(None, rogue.stream, number, "stream.opened", {})], little)
        assert day.room.writer.ledger.last_n == before

        fork = compose(None, other.stream, 0, "stream.opened", {})
        await sends(other, [fork], little)
        assert len(quarantined(day.room)) == kept + 1
        await day.later(24 * 60)
        await sends(rogue, [compose(None, rogue.stream, 0, "stream.opened", {})], little)
        assert len(quarantined(day.room)) == kept + 2

    async def test_counts_what_an_earlier_life_of_the_server_put_aside(self, day: Sitting) -> None:
        rogue = day["c1"]
        little = replace(SMALL, station_aside_bytes=10 * KIB)
        for _ in range(2):
            for number in range(20):
                await sends(rogue, [compose(None, rogue.stream, number, "stream.opened", {})], little)
            kept = len(quarantined(day.room))
            await restart(day.room)
        assert kept == len(quarantined(day.room)) <= 10

    async def test_of_all_together_leaves_every_station_its_share(self, day: Sitting) -> None:
        rogue, other = day["c1"], day["c2"]
        together = replace(SMALL, station_aside_share_bytes=10 * KIB, room_aside_bytes=20 * KIB)
        for number in range(40):
            await sends(rogue, [compose(None, rogue.stream, number, "stream.opened", {})], together)
        kept = len(quarantined(day.room))
        assert kept <= 20
        await sends(other, [compose(None, other.stream, 0, "stream.opened", {})], together)
        assert len(quarantined(day.room)) == kept + 1

    async def test_is_alarmed_so_often_and_no_more(self, day: Sitting) -> None:
        rogue = day["c1"]
        for number in range(ALARMS_OF_A_KIND_MAX + 20):
            await sends(rogue, [compose(None, rogue.stream, number, "stream.opened", {})])
        assert len(quarantined(day.room)) == ALARMS_OF_A_KIND_MAX + 20
        assert codes(day) == ["quarantined"] * ALARMS_OF_A_KIND_MAX
