"""Who comes after the papers are sealed gets a spare; what a session showed is counted when it is over."""

from collections import Counter

import pytest

from protocol import station_entries as station
from protocol.keys import encode
from protocol.sealing import open_paper
from question_bank.reveal import Verdict, prove
from server.attempts import actions, exposure, late
from server.attempts.actions import ListedTwice, Place, RosterFixed, SeatTaken, TooLate
from server.attempts.late import NoSpareLeft, list_late
from server.attempts.revealing import session_draws
from server.attempts.rules import A, unheard
from server.errors import NotFound
from server.papers.access import wrapping_key
from server.papers.queries import (
    exposure_of,
    paper_key,
    paper_record,
    sealed_paper,
    session_secret,
    spares_left,
)
from server.sessions.actions import NotNow, ReasonNeeded
from tests.server.after_exam import BANK, load_papers, paper_digest
from tests.server.attempts.building import MINUTE, answer, answers, restart
from tests.server.room import Room, Seat


async def _adds(room: Room, candidate: str, seat: int, reason: str | None = "moved here") -> str:
    place = Place(candidate, "theory", seat)
    listed = await room.writer.submit(
        lambda desk: list_late(desk, "s1", place, wrapping_key(room.key), "office", reason)
    )
    attempt: str = str(listed["attempt"])
    return attempt


async def _opens(room: Room, seat: Seat) -> None:
    """The seat opens its paper, hears what it was ordered and shows the paper."""
    await room.hears(seat)
    await seat.says(station.PaperOpened(digest=paper_digest(room, seat.attempt)), station.RulesAcknowledged())


class TestACandidateMoreAtTheDoor:
    async def test_gets_the_first_spare_sealed_for_them_alone(self, room: Room) -> None:
        await room.plans(candidates=("c1", "c2"))
        await load_papers(room)
        attempt = await _adds(room, "c9", 9)
        assert room.attempt(attempt).state is A.EXPECTED
        with room.database.read() as db:
            secret = session_secret(db, "s1", wrapping_key(room.key))
            seen = open_paper(sealed_paper(db, attempt), paper_key(secret, attempt))
            record = paper_record(db, attempt, secret)
            assert spares_left(db, "s1") == {"theory": 1}
        assert seen.attempt == attempt
        assert seen.slots() == len(record.slots)

    async def test_is_bound_by_what_the_session_was_ordered_before(self, room: Room) -> None:
        await room.plans(candidates=("c1", "c2"))
        await load_papers(room)
        first = await room.seats("s1-c1")
        await room.starts(seats=[first])
        started = room.now
        await room.writer.submit(lambda desk: actions.extend(desk, "s1", "s1-c1", "proctor1", 5, "ill"))
        room.now += 10 * MINUTE
        attempt = await _adds(room, "c9", 9)
        assert room.attempt(attempt).clock.started_at == started
        assert room.attempt(attempt).clock.added_ms == 0
        assert [ref.type for ref in unheard(room.attempt(attempt))] == ["session.started"]
        # The day packed in between, or folded anew, knows the same.
        folding = room.writer.folding
        assert folding.equal(folding.load("s1", folding.dump(room.day())), room.day())
        await restart(room)
        seat = await room.seats(attempt)
        await _opens(room, seat)
        await seat.says(answer(1, "A"))
        assert answers(room.attempt(attempt)) == {1: ["A"]}
        assert room.attempt(attempt).heard_clock.end_at == room.attempt("s1-c2").clock.end_at

    async def test_is_refused_for_what_the_roster_refuses(self, room: Room) -> None:
        await room.plans(candidates=("c1", "c2"))
        await load_papers(room)
        with pytest.raises(RosterFixed):
            await room.writer.submit(lambda desk: actions.enlist(desk, "s1", [Place("c9", "theory", 9)]))
        with pytest.raises(SeatTaken):
            await _adds(room, "c9", 2)
        with pytest.raises(ListedTwice):
            await _adds(room, "c1", 9)
        with pytest.raises(ReasonNeeded):
            await _adds(room, "c9", 9, " ")
        place = Place("c9", "practice", 9)
        with pytest.raises(NotFound):
            await room.writer.submit(
                lambda desk: list_late(desk, "s1", place, wrapping_key(room.key), "office", "moved")
            )

    async def test_comes_until_the_late_cut_off_and_while_spares_last(self, room: Room) -> None:
        await room.plans(candidates=("c1", "c2"))
        await load_papers(room)
        one = await _adds(room, "c7", 7)
        assert await _adds(room, "c7", 7) == one
        await _adds(room, "c8", 8)
        with pytest.raises(NoSpareLeft):
            await _adds(room, "c9", 9)
        await room.starts()
        room.now += 30 * MINUTE + 1
        with pytest.raises(TooLate):
            await _adds(room, "c9", 9)
        await room.writer.submit(lambda desk: actions.end(desk, "s1", "proctor1", "ordered", "over"))
        with pytest.raises(NotNow):
            await _adds(room, "c9", 9)

    def test_states_are_those_between_loading_and_the_end(self) -> None:
        assert {str(state) for state in late.SEALED_AND_OPEN} == {
            "loaded", "checked", "check_in", "running", "paused",
        }  # fmt: skip


class TestAfterwards:
    async def _over(self, room: Room) -> str:
        """c1 sat, c2 stayed away, c9 came late and sat the first spare; the session is over."""
        await room.plans(candidates=("c1", "c2"))
        await load_papers(room)
        first = await room.seats("s1-c1")
        await room.starts()
        await _opens(room, first)
        attempt = await _adds(room, "c9", 9)
        late_seat = await room.seats(attempt)
        await _opens(room, late_seat)
        await room.writer.submit(lambda desk: actions.end(desk, "s1", "proctor1", "ordered", "over"))
        return attempt

    async def test_only_papers_that_were_sat_count_as_seen(self, room: Room) -> None:
        attempt = await self._over(room)
        wrapping = wrapping_key(room.key)
        with room.database.read() as db:
            counted = exposure.count_past(db, wrapping)
            secret = session_secret(db, "s1", wrapping)
            sat = [paper_record(db, key, secret) for key in ("s1-c1", attempt)]
        expected = Counter(code for record in sat for code in {slot.item for slot in record.slots})
        assert [(one.session, one.bank, one.uses) for one in counted] == [("s1", BANK, expected)]
        await room.writer.submit(lambda desk: exposure.keep_counts(desk, counted))
        await room.writer.submit(lambda desk: exposure.keep_counts(desk, counted))
        with room.database.read() as db:
            assert exposure_of(db, BANK) == expected
            assert exposure.count_past(db, wrapping) == []

    async def test_nothing_is_counted_before_a_session_is_over(self, room: Room) -> None:
        await room.plans(candidates=("c1", "c2"))
        await load_papers(room)
        await room.starts()
        with room.database.read() as db:
            assert exposure.count_past(db, wrapping_key(room.key)) == []

    async def test_the_reveal_says_of_each_paper_what_became_of_it(self, room: Room) -> None:
        attempt = await self._over(room)
        with room.database.read() as db, room.database.read_ledger() as ledger:
            reveal = session_draws(db, ledger, "s1", wrapping_key(room.key))
        proof = prove(reveal)
        # The builder laid down a loading of its own making, so its digests are not those of these papers.
        assert len(proof.faults) == 2
        found = {(paper.attempt, paper.spare): paper.verdict for paper in proof.papers}
        assert found == {
            ("s1-c1", 0): Verdict.SAME,
            ("s1-c2", 0): Verdict.UNOPENED,
            (None, 1): Verdict.SAME,
            (None, 2): Verdict.UNOPENED,
        }
        assert [line.given_to for line in reveal.draws[0].papers if line.given_to] == [attempt]
        assert encode(wrapping_key(room.key)) not in reveal.model_dump_json()
