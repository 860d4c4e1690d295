"""The bare limit of this machine in the same run: the writer fed from memory, beside plain inserts of the same rows."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from protocol import office_entries as office
from protocol.entry import Head, compose
from protocol.keys import SigningKey
from recordings.ledger import Ledger, Row, connect
from recordings.models import create_statements
from server.app import PARTS, PROJECTIONS
from server.attempts.receiving import Author, receive
from server.clock import RoomClock
from server.db import Database, upgrade
from server.writer.day import Folding
from server.writer.desk import Desk
from server.writer.writer import Writer

SEATS = 200
SAVES = 20_000
BATCH = 100
"""Saves in one commit: what arrives within a few milliseconds at real load."""

ROUNDS = 20
"""The two take turns, so that whatever else this machine does meanwhile meets both alike."""


@dataclass
class _Spent:
    """Seconds one side took: by the clock, and of CPU."""

    clock_s: float = 0.0
    cpu_s: float = 0.0

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Add what happens inside."""
        began, cpu = time.perf_counter(), time.process_time()
        yield
        self.clock_s += time.perf_counter() - began
        self.cpu_s += time.process_time() - cpu


async def bare_commit_ratio(folder: Path) -> dict[str, float]:
    """Rows per second of the writer fed from memory (chain, decide, insert, commit, apply) over bare inserts."""
    upgrade(folder / "fed.sqlite")
    database = Database(folder / "fed.sqlite")
    clock = RoomClock(folder / "clock.json")
    writer = Writer(database, clock, SigningKey.generate(), Folding(PARTS), PROJECTIONS)
    writer.start()
    key = SigningKey.generate()
    authors = [Author(f"st{i}", key.public, key.public) for i in range(SEATS)]
    heads = await _seat(writer, authors, key, clock.now_ms())
    frames = _frames(heads, clock.now_ms())
    plain = _plain(folder / "bare.sqlite")
    fed, bare = _Spent(), _Spent()
    gc.collect()
    gc.freeze()  # as the server does
    each = len(frames) // ROUNDS
    for at in range(0, len(frames), each):
        n = writer.ledger.last_n
        with fed.measured():
            await _feed(writer, authors, frames[at : at + each])
        rows = list(writer.ledger.entries(n))
        with bare.measured():
            _insert(plain, rows)
    await writer.stop()
    database.close()
    return {
        "writer_rows_per_s": len(frames) / fed.clock_s,
        "bare_rows_per_s": len(frames) / bare.clock_s,
        "bare_commit_ratio": bare.clock_s / fed.clock_s,
        "writer_cpu_us_per_row": fed.cpu_s / len(frames) * 1e6,
        "bare_cpu_us_per_row": bare.cpu_s / len(frames) * 1e6,
    }


async def _feed(writer: Writer, authors: list[Author], frames: list[tuple[int, str]]) -> None:
    for at in range(0, len(frames), BATCH):
        piece = frames[at : at + BATCH]
        for done in [writer.submit(_receiving(authors[seat], text)) for seat, text in piece]:
            await done


def _plain(path: Path) -> Ledger:
    connection = connect(path)
    for statement in create_statements():
        connection.execute(statement)
    return Ledger(connection)


def _insert(ledger: Ledger, rows: list[Row]) -> None:
    for at in range(0, len(rows), BATCH):
        piece = rows[at : at + BATCH]
        ledger.begin()
        ledger.append(piece)
        ledger.commit(piece[-1].n)


async def _seat(writer: Writer, authors: list[Author], key: SigningKey, now: int) -> list[Head]:
    def plan(desk: Desk) -> None:
        desk.record(
            office.SessionPlanned(
                scheme="bench",
                scheme_version="1",
                scheme_digest="0" * 64,
                batch="bench",
                room="bench",
                starts_at=now,
                duration_ms=7_200_000,
                by="bench",
            ),
            session="bench",
        )
        for seat, author in enumerate(authors):
            attempt = f"a{seat}"
            desk.record(
                office.AttemptListed(
                    attempt=attempt, candidate="c", subject="x", seat=seat + 1, duration_ms=7_200_000
                ),
                session="bench",
                attempt=attempt,
            )
            desk.record(
                office.AttemptSeated(attempt=attempt, station=author.station, seat=seat + 1),
                session="bench",
                attempt=attempt,
            )

    await writer.submit(plan)
    heads = []
    for seat, author in enumerate(authors):
        opened = compose(
            None,
            f"stream-{seat}",
            now,
            "stream.opened",
            {
                "author": "station",
                "station": author.station,
                "session": "bench",
                "attempt": f"a{seat}",
                "key": key.public,
                "follows": None,
                "reason": "sign_in",
            },
        )
        await writer.submit(_receiving(author, opened.text))
        heads.append(opened.head)
    return heads


def _frames(heads: list[Head], now: int) -> list[tuple[int, str]]:
    frames = []
    for number in range(SAVES):
        seat = number % len(heads)
        body = {"slot": number // len(heads) % 60 + 1, "response": ["A"]}
        entry = compose(heads[seat], heads[seat].stream, now, "answer.saved", body)
        heads[seat] = entry.head
        frames.append((seat, entry.text))
    return frames


def _receiving(author: Author, text: str):  # type: ignore[no-untyped-def]
    return lambda desk: receive(desk, author, [text])
