"""fold(checkpoint, rest) == fold(all), over days in which anything the protocol allows may happen."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol import office_entries as office
from protocol import station_entries as station
from protocol.entry import Entry, Head, compose
from protocol.entry_types import FROM_OFFICE, FROM_STATION, ORDERS
from protocol.keys import Purpose, SigningKey
from protocol.shapes import Closed, HeadRef
from server.attempts.rules import A, Attempt, Attempts
from server.sessions.rules import SessionFacts, step
from server.writer.day import Day, Folding, Recorded, read_row
from tests.server.room import PARTS

KEY = SigningKey.generate()
DIGEST = "a" * 64
START = 1_780_000_000_000
_OFFICE = {model: kind for kind, model in FROM_OFFICE.items()}
_STATION = {model: kind for kind, model in FROM_STATION.items()}


@dataclass
class Author:
    """A day as it is written: the office's stream, and the newest stream of each of two seats."""

    folding: Folding
    recorded: list[Recorded] = field(default_factory=list)
    heads: dict[str, Head] = field(default_factory=dict)
    streams: dict[str, list[str]] = field(default_factory=lambda: {"a1": [], "a2": []})
    heard: dict[str, int] = field(default_factory=lambda: {"a1": 0, "a2": 0})
    orders: list[Entry] = field(default_factory=list)
    at: int = START

    def __post_init__(self) -> None:
        self.day: Day = self.folding.empty("s1")

    def facts(self) -> SessionFacts:
        return self.day.part(SessionFacts)

    def attempt(self, key: str) -> Attempt:
        return self.day.part(Attempts).by_id[key]

    def says(self, body: Closed, attempt: str | None = None) -> None:
        """The office records."""
        if "office" not in self.heads:
            opened = office.StreamOpened(author="server", session="s1", key=KEY.public, follows=None, run="r")
            self._take("office", "stream.opened", opened, None, False)
        # As the room does: what names no attempt is the whole session's.
        concerned = attempt if "attempt" in type(body).model_fields else None
        entry = self._take("office", _OFFICE[type(body)], body, concerned, False)
        if entry.type in ORDERS:
            self.orders.append(entry)

    def seat_says(self, key: str, body: Closed, stream: str | None = None) -> None:
        """A seat writes, on its newest stream or on an older one."""
        if self.streams[key]:
            self._take(stream or self.streams[key][-1], _STATION[type(body)], body, key, True)

    def opens(self, key: str, reason: str) -> None:
        stream = f"{key}.{len(self.streams[key])}"
        self.streams[key].append(stream)
        body = station.StreamOpened.model_validate(
            {
                "author": "station",
                "station": self.attempt(key).station or "nowhere",
                "session": "s1",
                "attempt": key,
                "key": KEY.public,
                "follows": None,
                "reason": reason,
            }
        )
        self._take(stream, "stream.opened", body, key, True)

    def _take(self, stream: str, kind: str, body: Closed, attempt: str | None, seat: bool) -> Entry:
        self.at += 700
        entry = compose(self.heads.get(stream), stream, self.at, kind, body.to_json())
        self.heads[stream] = entry.head
        n = len(self.recorded) + 1
        signature = KEY.sign(Purpose.ORDER, entry.text) if kind in ORDERS and not seat else None
        one = Recorded(n, entry, body, "s1", attempt, self.at, signature, seat)
        self.recorded.append(one)
        self.folding.apply(self.day, one)
        return entry


Move = Callable[[Author, str, int], None]
NOTE = {"by": "p1", "note": None}


def _session(verb: str, make: Callable[[Author], Closed]) -> Move:
    def move(author: Author, _key: str, _number: int) -> None:
        if step(author.facts().state, verb) is not None:
            author.says(make(author))

    return move


def _hears(author: Author, key: str, _number: int) -> None:
    waiting = [order for order in author.orders if order.body.get("attempt", key) == key]
    if author.streams[key] and author.heard[key] < len(waiting):
        order = waiting[author.heard[key]]
        author.heard[key] += 1
        author.seat_says(
            key,
            station.OrderHeard(
                order=HeadRef(**order.head.to_json()),
                text=order.text,
                signature=KEY.sign(Purpose.ORDER, order.text),
            ),
        )


def _seat(author: Author, key: str, number: int) -> None:
    if author.attempt(key).state in (A.CHECKED_IN, A.WAITING, A.RUNNING, A.AWAY, A.SUSPENDED):
        author.says(office.AttemptSeated(attempt=key, station=f"st{number % 3}", seat=1 + number), key)
        author.heard[key] = 0
        author.opens(key, "sign_in" if number % 2 else "machine_change")


def _reopen(author: Author, key: str, number: int) -> None:
    if author.streams[key]:
        author.opens(key, ("restart", "repair", "full")[number % 3])


def _void(author: Author, key: str, number: int) -> None:
    ruling = f"r{len(author.recorded)}"
    author.says(
        office.VoidProposed(
            ruling=ruling, attempt=key, code="x", scope="subject", statement_declined=True, **NOTE
        ),
        key,
    )
    if author.attempt(key).state is not A.VOIDED:
        author.says(office.VoidSigned(ruling=ruling, attempt=key, by="p2"), key)
        if number % 2:
            author.says(office.VoidDecided(ruling=ruling, attempt=key, outcome="lifted", **NOTE), key)


def _late(author: Author, key: str, number: int) -> None:
    if len(author.streams[key]) > 1:
        older = author.streams[key][number % (len(author.streams[key]) - 1)]
        author.seat_says(key, station.AnswerSaved(slot=1 + number % 4, response=["D"]), older)
        author.seat_says(key, station.PageLeft(cause="hidden"), older)
        if number % 2:
            author.says(office.LateAdmitted(attempt=key, stream=older, **NOTE), key)


def _office(make: Callable[[str, int], Closed]) -> Move:
    return lambda author, key, number: author.says(make(key, number), key)


def _from_seat(make: Callable[[int], Closed]) -> Move:
    return lambda author, key, number: author.seat_says(key, make(number))


def _needed(key: str, number: int) -> Closed:
    answers = [
        office.AnswerToScore(slot=slot, answer=1 + number % 2, max_score=1_000, tolerance=100, step=50)
        for slot in (1, 2)
    ]
    return office.HandScoresNeeded(attempt=key, answers_digest=f"{number % 2:064x}", answers=answers)


def _correct(author: Author, _key: str, number: int) -> None:
    """A key is corrected, as far as ``number`` says."""
    named = {"correction": f"kc{len(author.recorded)}"}
    author.says(
        office.KeyCorrectionProposed.model_validate(
            {
                **named,
                "item": f"Q{number % 3}",
                "version": 1,
                "part": None,
                "remedy": "void",
                "scope": "session",
                "content": DIGEST,
                **NOTE,
            }
        )
    )
    if number % 4:
        author.says(office.KeyCorrectionRuled.model_validate({**named, "report": DIGEST, **NOTE}))
    if number % 4 == 2:
        applied = {**named, "report": DIGEST, "by": "p2"}
        author.says(office.KeyCorrectionApplied.model_validate(applied))
    elif number % 4 == 3:
        author.says(office.KeyCorrectionWithdrawn.model_validate({**named, **NOTE}))


MOVES: list[Move] = [
    _session("started", lambda author: office.SessionStarted(starts_at=author.at, by="p1")),
    _session("paused", lambda author: office.SessionPaused(paused_at=author.at, **NOTE)),
    _session("resumed", lambda author: office.SessionResumed(resumed_at=author.at, by="p1")),
    _session("ended", lambda author: office.SessionMoved(step="ended", **NOTE)),
    _office(lambda _key, number: office.SessionExtended(by_ms=number * 1_000, **NOTE)),
    _office(lambda key, _number: office.AttemptCheckedIn(attempt=key, **NOTE)),
    _office(lambda key, number: office.AttemptExtended(attempt=key, by_ms=number * 1_000, **NOTE)),
    _office(lambda key, _number: office.AttemptSuspended(attempt=key, **NOTE)),
    _office(lambda key, _number: office.AttemptUnsuspended(attempt=key, **NOTE)),
    _office(lambda key, _number: office.AttemptCollected(attempt=key, cause="ordered", **NOTE)),
    _office(lambda key, _number: office.HandInRevoked(attempt=key, **NOTE)),
    _office(lambda key, number: office.SeatChangeAllowed(attempt=key, seat=1 + number, **NOTE)),
    _office(
        lambda key, number: office.MessageSent(
            attempt=key, message=f"m{number}", text=DIGEST, warning=False, by="p1"
        )
    ),
    _office(lambda key, number: office.RoomAlarm(code=f"c{number}", attempt=key)),
    _office(
        lambda key, number: office.FlagRaised(
            attempt=key, flag=f"f{number}", code="x", severity="major", source="person", by="p1"
        )
    ),
    _office(lambda key, _number: office.SnapshotRequested(attempt=key, flag=None, by="p1")),
    _office(lambda _key, number: office.HandScoringOpened(seed=f"{number:064x}", third="nearest")),
    _office(lambda key, number: _needed(key, number)),
    _office(lambda key, number: office.HandScoreShown(attempt=key, slot=1, answer=1, by=f"p{number % 3}")),
    _office(
        lambda key, number: office.HandScoreGiven(
            attempt=key, slot=1, answer=1 + number % 2, score=100 * number, by=f"p{number % 3}"
        )
    ),
    _office(
        lambda key, number: office.AttemptScored(
            attempt=key, score=number, max_score=99, answers_digest=f"{number % 2:064x}", cause="session_end"
        )
    ),
    _correct,
    _seat,
    _seat,
    _reopen,
    _hears,
    _hears,
    _hears,
    _void,
    _late,
    _from_seat(lambda number: station.AnswerSaved(slot=1 + number % 4, response=["A"] * (number % 3))),
    _from_seat(lambda number: station.AnswerSaved(slot=1 + number % 4, response=["B", "C"])),
    _from_seat(lambda number: station.ItemMarked(slot=1 + number % 4, marked=number % 2 == 0)),
    _from_seat(lambda _number: station.RulesAcknowledged()),
    _from_seat(lambda _number: station.PaperOpened(digest=DIGEST)),
    _from_seat(lambda _number: station.PageLeft(cause="focus_lost")),
    _from_seat(lambda number: station.PageReturned(cause="focus_lost", away_ms=number)),
    _from_seat(lambda number: station.CameraChanged(state="lost" if number % 2 else "back")),
    _from_seat(lambda number: station.LinkChanged(state="lost" if number % 2 else "back", offline_ms=number)),
    _from_seat(lambda _number: station.ClockChanged(by_ms=0, cause="rebooted_offline")),
    _from_seat(lambda number: station.HandRaised(raised=number % 2 == 0)),
    _from_seat(lambda number: station.MessageAcknowledged(message=f"m{number}")),
    _from_seat(lambda number: station.HandedIn(by="candidate", answered=number, digest=DIGEST)),
    _from_seat(
        lambda number: station.SnapshotTaken(
            digest=f"{number:064x}", size=9, width=1280, height=720, reason="schedule", taken_at=START
        )
    ),
    _from_seat(lambda _number: station.SnapshotMissed(reason="schedule", cause="camera")),
]

DAYS = st.lists(
    st.tuples(st.sampled_from(MOVES), st.sampled_from(["a1", "a2"]), st.integers(0, 11)), max_size=60
)


def written(moves: list[tuple[Move, str, int]]) -> Author:
    """A session at check-in with two candidates checked in, and then these moves."""
    author = Author(Folding(PARTS))
    author.says(
        office.SessionPlanned(
            scheme="s3-a",
            scheme_version="1",
            scheme_digest=DIGEST,
            batch="b1",
            room="r1",
            starts_at=START,
            duration_ms=60_000,
            by="p1",
        )
    )
    for moved in ("applied", "approved"):
        author.says(office.SessionMoved(step=moved, **NOTE))
    for seat, key in enumerate(("a1", "a2"), 1):
        author.says(
            office.AttemptListed(
                attempt=key, candidate=f"c{seat}", subject="t", seat=seat, duration_ms=60_000
            ),
            key,
        )
    author.says(office.SessionLoaded(commitment=DIGEST, papers=2, papers_digest=DIGEST, by="p1"))
    for moved in ("checked", "check_in"):
        author.says(office.SessionMoved(step=moved, **NOTE))
    for key in ("a1", "a2"):
        author.says(office.AttemptCheckedIn(attempt=key, **NOTE), key)
        _seat(author, key, 1)
    for move, key, number in moves:
        move(author, key, number)
    return author


class TestTheLaw:
    @settings(max_examples=60, deadline=None)
    @given(DAYS, st.floats(0, 1))
    def test_a_checkpoint_and_the_rest_are_the_whole(
        self, moves: list[tuple[Move, str, int]], share: float
    ) -> None:
        author = written(moves)
        folding, recorded = author.folding, author.recorded
        half = folding.empty("s1")
        place = int(share * len(recorded))
        for one in recorded[:place]:
            folding.apply(half, one)
        again = Folding(PARTS)
        rest = again.load("s1", folding.dump(half))
        assert again.equal(rest, half)
        for one in recorded[place:]:
            again.apply(rest, one)
        assert again.equal(rest, author.day)
        assert again.dump(rest) == folding.dump(author.day)

    @settings(max_examples=60, deadline=None)
    @given(DAYS, st.floats(0, 1), st.integers(0, 5))
    def test_a_day_packed_while_it_goes_on_is_the_day_it_was(
        self, moves: list[tuple[Move, str, int]], share: float, pause: int
    ) -> None:
        author = written(moves)
        folding, recorded = author.folding, author.recorded
        day = folding.empty("s1")
        place = int(share * len(recorded))
        for one in recorded[:place]:
            folding.apply(day, one)
        then, packing = folding.dump(day), folding.pack(day)
        for number, one in enumerate(recorded[place:]):
            if one.attempt is None:
                break
            if number == pause:
                packing.some(1)
            packing.before(one.attempt)
            folding.apply(day, one)
        assert packing.n == folding.load("s1", then).n
        assert folding.equal(folding.load("s1", packing.packed()), folding.load("s1", then))

    @settings(max_examples=20, deadline=None)
    @given(DAYS)
    def test_what_is_read_from_rows_folds_to_the_same(self, moves: list[tuple[Move, str, int]]) -> None:
        author = written(moves)
        day = author.folding.empty("s1")
        for one in author.recorded:
            author.folding.apply(day, read_row(one.row()))
        assert author.folding.equal(day, author.day)

    @settings(max_examples=60, deadline=None)
    @given(DAYS)
    def test_the_seats_clock_is_the_rooms_once_everything_was_heard(
        self, moves: list[tuple[Move, str, int]]
    ) -> None:
        author = written(moves)
        for key in ("a1", "a2"):
            for _ in author.orders:
                _hears(author, key, 0)
            attempt = author.attempt(key)
            if len(attempt.told) == len(attempt.orders):
                assert attempt.heard_clock == attempt.clock
            assert attempt.clock.end_at == _facts_clock(author, key)


def _facts_clock(author: Author, key: str) -> int | None:
    """The end of an attempt by the session's facts and what the attempt alone was given."""
    end = author.facts().end_at()
    if end is None:
        return None
    given = sum(
        one.body.by_ms
        for one in author.recorded
        if isinstance(one.body, office.AttemptExtended) and one.body.attempt == key
    )
    return end + given


class TestShape:
    def test_changes_with_the_parts(self) -> None:
        assert Folding(PARTS).shape == Folding(PARTS).shape
        assert len({Folding(PARTS[:count]).shape for count in range(1, len(PARTS) + 1)}) == len(PARTS)

    def test_what_is_of_another_shape_is_refused(self) -> None:
        author = written([])
        with pytest.raises(ValueError, match="zip"):
            Folding(PARTS[:1]).load("s1", author.folding.dump(author.day))
        for packed in (b"", b"{}", author.folding.dump(author.day)[:-9]):
            with pytest.raises(ValueError, match="no packed day"):
                author.folding.load("s1", packed)
