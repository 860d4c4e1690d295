"""A room without a web: a real writer over a real SQLite file, with a session whose seats write real entries.

The room's clock is a number the test moves. Sessions are brought to where a test begins by recording the entries that
lead there; what is under test is then done with the noun's own verbs.
"""

import functools
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.scheme import Scheme, shipped_schemes
from protocol import office_entries as office
from protocol import station_entries as station
from protocol.entry import Entry, Head, compose
from protocol.entry_types import FROM_STATION
from protocol.keys import SigningKey
from protocol.shapes import Closed, HeadRef
from recordings.store import Store
from server.attempts import budget as attempts_budget
from server.attempts import folding as attempts_folding
from server.attempts import projection as attempts_projection
from server.attempts.receiving import Author, Taken, receive
from server.attempts.rules import Attempt, Attempts, unheard
from server.clock import RoomClock
from server.corrections import folding as corrections_folding
from server.db import Database, upgrade
from server.hand_scoring import folding as hand_scoring_folding
from server.records import folding as records_folding
from server.results import projection as results_projection
from server.results import rules as results_rules
from server.reviews import folding as reviews_folding
from server.rulings import folding as rulings_folding
from server.rulings import projection as rulings_projection
from server.sessions import projection as sessions_projection
from server.sessions import rules as sessions_rules
from server.sessions.models import ExamSession
from server.snapshots import folding as snapshots_folding
from server.snapshots import projection as snapshots_projection
from server.writer.day import Day, Folding
from server.writer.desk import Desk
from server.writer.writer import Writer

PARTS = (
    sessions_rules.PART,
    attempts_folding.PART,
    attempts_budget.PART,
    snapshots_folding.PART,
    rulings_folding.PART,
    hand_scoring_folding.PART,
    corrections_folding.PART,
    results_rules.PART,
    records_folding.PART,
    reviews_folding.PART,
)
PROJECTIONS = (
    sessions_projection.PROJECTION,
    attempts_projection.PROJECTION,
    snapshots_projection.PROJECTION,
    rulings_projection.PROJECTION,
    results_projection.PROJECTION,
)

MORNING = 1_780_000_000_000
"""When every test begins, in UTC milliseconds."""

_TYPE = {model: kind for kind, model in FROM_STATION.items()}


@functools.cache
def _empty_database() -> bytes:
    """An upgraded database file; making one takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "room.sqlite"
        upgrade(path)
        return path.read_bytes()


@dataclass
class Seat:
    """A station that writes for one attempt: its own key, its own stream."""

    room: "Room"
    session: str
    attempt: str
    station: str
    key: SigningKey = field(default_factory=SigningKey.generate)
    stream: str = ""
    head: Head | None = None

    async def opens(self, reason: str = "sign_in") -> Taken:
        """Open a new stream, after the one before."""
        follows = HeadRef(**self.head.to_json()) if self.head else None
        self.stream, self.head = f"{self.attempt}.{self.room.next_number()}", None
        return await self.says(
            station.StreamOpened.model_validate(
                {
                    "author": "station",
                    "station": self.station,
                    "session": self.session,
                    "attempt": self.attempt,
                    "key": self.key.public,
                    "follows": follows,
                    "reason": reason,
                }
            )
        )

    def writes(self, body: Closed, at: int | None = None) -> Entry:
        """The next entry of the stream, not sent yet; ``at`` is the seat's time, by default the room's."""
        when = self.room.now if at is None else at
        entry = compose(self.head, self.stream, when, _TYPE[type(body)], body.to_json())
        self.head = entry.head
        return entry

    async def says(self, *bodies: Closed, at: int | None = None) -> Taken:
        """Write these entries and have the room take them."""
        return await self.sends([self.writes(body, at) for body in bodies])

    async def sends(self, entries: Sequence[Entry]) -> Taken:
        """Have the room take entries as they are."""
        author = Author(self.station, self.key.public, self.room.key.public)
        texts = [entry.text for entry in entries]
        return await self.room.writer.submit(lambda desk: receive(desk, author, texts))


class Room:
    """One open room; see the module."""

    def __init__(self, folder: Path, key: SigningKey | None = None, now: int = MORNING) -> None:
        self.now = now
        self.folder = folder
        self.key = key or SigningKey.generate()
        path = folder / "room.sqlite"
        if not path.exists():
            path.write_bytes(_empty_database())
        self.database = Database(path)
        self.clock = RoomClock(
            folder / "clock.json", monotonic=lambda: self.now, system=lambda: self.now, boot_id="test"
        )
        self.clock.set_to(self.now)
        self.store = Store(folder / "store")
        self.writer = Writer(self.database, self.clock, self.key, Folding(PARTS), PROJECTIONS)
        self._numbers = 0

    def next_number(self) -> int:
        """A number no other call was given."""
        self._numbers += 1
        return self._numbers

    def day(self, session: str = "s1") -> Day:
        """The day as folded; nothing waits for its commit when a test asks."""
        return self.writer.day(session)

    def attempt(self, attempt: str, session: str = "s1") -> Attempt:
        """One attempt as folded."""
        return self.day(session).part(Attempts).by_id[attempt]

    async def records(self, *bodies: Closed, session: str = "s1") -> None:
        """Lay down office entries as they are."""

        def verb(desk: Desk) -> None:
            for body in bodies:
                desk.record(body, session=session, attempt=getattr(body, "attempt", None))

        await self.writer.submit(verb)

    async def plans(
        self,
        session: str = "s1",
        *,
        candidates: Sequence[str] = ("c1", "c2"),
        batch: str = "b1",
        scheme: str = "s3-a",
        room: str = "r1",
    ) -> list[str]:
        """A session at check-in, with these candidates expected from seat 1 on; returns their attempts' ids."""
        policy = shipped_schemes()[scheme]
        subject = policy.subjects[0]
        duration_ms = subject.minutes * 60_000
        await self.writer.submit(
            lambda desk: desk.db.add(_planned_row(session, batch, room, policy, self.now, duration_ms))
        )
        attempts = [f"{session}-{candidate}" for candidate in candidates]
        await self.records(
            office.SessionPlanned(
                scheme=policy.code,
                scheme_version=policy.version,
                scheme_digest=policy.digest,
                batch=batch,
                room=room,
                starts_at=self.now,
                duration_ms=duration_ms,
                by="office",
            ),
            office.SessionMoved(step="applied", by="office"),
            office.SessionMoved(step="approved", by="office"),
            *[
                office.AttemptListed(
                    attempt=attempt,
                    candidate=candidate,
                    subject=subject.code,
                    seat=number,
                    duration_ms=duration_ms,
                )
                for number, (attempt, candidate) in enumerate(zip(attempts, candidates, strict=True), 1)
            ],
            office.SessionLoaded(
                commitment="0" * 64, papers=len(attempts), papers_digest="0" * 64, by="office"
            ),
            office.SessionMoved(step="checked", by="office"),
            office.SessionMoved(step="check_in", by="office"),
            session=session,
        )
        return attempts

    async def seats(self, attempt: str, session: str = "s1", station: str | None = None) -> Seat:
        """Check a candidate in and seat them at a station of their own, its stream opened."""
        seat = Seat(self, session, attempt, station or f"station-{attempt}")
        number = self.attempt(attempt, session).seat
        await self.records(
            office.AttemptCheckedIn(attempt=attempt, by="proctor1"),
            office.AttemptSeated(attempt=attempt, station=seat.station, seat=number),
            session=session,
        )
        await seat.opens()
        return seat

    async def starts(self, session: str = "s1", seats: Sequence[Seat] = ()) -> None:
        """Start the session now; these seats acknowledge the rules."""
        await self.records(
            office.RulesRead(by="proctor1"),
            office.StartConfirmed(by="proctor1"),
            office.StartConfirmed(by="proctor2"),
            office.SessionStarted(starts_at=self.now, by="proctor1"),
            session=session,
        )
        for seat in seats:
            await seat.says(*self._heard(seat), station.RulesAcknowledged())

    def _heard(self, seat: Seat) -> list[Closed]:
        """What a seat says of every order it has not heard, in order."""
        attempt = self.attempt(seat.attempt, seat.session)
        said: list[Closed] = []
        with self.database.read_ledger() as ledger:
            for ref in unheard(attempt):
                row = ledger.entry_at(ref.stream, ref.seq)
                assert row is not None
                assert row.signature is not None
                said.append(
                    station.OrderHeard(
                        order=HeadRef(stream=ref.stream, seq=ref.seq, hash=ref.hash),
                        text=row.text,
                        signature=row.signature,
                    )
                )
        return said

    async def hears(self, seat: Seat) -> None:
        """The seat says it heard everything it was ordered."""
        said = self._heard(seat)
        if said:
            await seat.says(*said)


def _planned_row(
    session: str, batch: str, room: str, policy: Scheme, starts_at: int, duration_ms: int
) -> ExamSession:
    return ExamSession(
        id=session,
        batch=batch,
        room=room,
        title=f"Session {session}",
        run_type="formal",
        scheme_code=policy.code,
        scheme_version=policy.version,
        scheme_digest=policy.digest,
        scheme=policy.canonical.decode(),
        starts_at=starts_at,
        duration_ms=duration_ms,
    )


@asynccontextmanager
async def open_room(folder: Path, key: SigningKey | None = None, now: int = MORNING) -> AsyncIterator[Room]:
    """A room at work until the block ends; a folder that holds one is opened again, with its key."""
    room = Room(folder, key, now)
    room.writer.start()
    try:
        yield room
    finally:
        await room.writer.stop()
        room.database.close()
