"""A whole exam room for a story: a server process, station processes with their pages, and people at their desks.

Everything is the product's own: processes that can be killed, TLS sockets, journals on the disk, a real browser.
"""

import json
import os
import re
import signal
import sqlite3
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import anyio

from kaochang.exam_office import Office
from kaochang.fictional import Fictional, people
from kaochang.room_process import RoomProcess, free_port
from recordings.ledger import Ledger
from server.app import PARTS
from server.writer.day import Day, Folding, Recorded, load_day, read_row

T = TypeVar("T")
PATIENCE_S = 60.0
SESSION = "story"


async def until(holds: Callable[[], T], what: str, seconds: float = PATIENCE_S) -> T:
    """Wait until a condition holds and give what it gave; fails naming it."""
    deadline = time.monotonic() + seconds
    while True:
        found = await anyio.to_thread.run_sync(holds)
        if found:
            return found
        assert time.monotonic() < deadline, f"after {seconds} s still not: {what}"
        await anyio.sleep(0.05)


def story_scheme(minutes: int) -> str:
    """The demo's policy with another length, as an operator would write a file of their own."""
    text = (resources.files("config") / "schemes" / "demo.toml").read_text()
    for name, value in (("minutes", minutes), ("earliest_hand_in_minutes", 0)):
        text, found = re.subn(rf"^{name} = \d+", f"{name} = {value}", text, flags=re.MULTILINE)
        assert found == 1, name
    return text.replace('code = "demo"', 'code = "story"', 1)


def any_year() -> str:
    """A working-day file that knows this year and the next, so that no story depends on when it is told."""
    year = date.today().year  # noqa: DTZ011 - only the years around now
    return f"complete_years = [{year}, {year + 1}]\n"


@dataclass
class Seat:
    """A station process at one seat, with the candidate who belongs there."""

    folder: Path
    line: dict[str, Any]
    person: Fictional
    attempt: str
    port: int = field(default_factory=free_port)
    camera: str = "drawn:1"
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What the station says."""
        return self.folder.with_name(self.folder.name + ".log")

    def start(self) -> str:
        """Start the station; returns the page's address with a fresh one-use token."""
        enrol = self.folder.with_name(self.folder.name + ".enrol.json")
        enrol.write_text(json.dumps([self.line]))
        options = ["--data", str(self.folder), "--enrol", str(enrol), "--camera", self.camera, "--port", str(self.port)]
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "station", "run", "--no-browser", *options],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and self.process.poll() is None:
            told = self.log.read_bytes()[before:].decode(errors="replace")
            found = re.search(r"http://127\.0\.0\.1:\d+/\S+", told)
            if found:
                return found[0]
            time.sleep(0.05)
        raise AssertionError(self.log.read_text(errors="replace")[-3000:])

    def end(self, sign: signal.Signals = signal.SIGTERM) -> None:
        """End the station."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sign)
            self.process.wait(20)


@dataclass
class ExamDay:
    """One room with one session at check-in: the seats are enrolled when they first start."""

    folder: Path
    room: RoomProcess
    office: Office
    seats: list[Seat]

    @classmethod
    def open(
        cls, folder: Path, *, candidates: int, minutes: int, settings: str = "", scheme: str = ""
    ) -> "ExamDay":
        """Found a room, register everybody, load a session of so many minutes and open the door.

        ``scheme`` is a scheme file's text, with the code ``story``, instead of the story's own.
        """
        room = RoomProcess(folder / "room")
        room.found()
        (room.data / "schemes").mkdir()
        (room.data / "schemes" / "story.toml").write_text(scheme or story_scheme(minutes))
        (room.data / "calendar.toml").write_text(any_year())
        if settings:
            (room.data / "kaochang.toml").write_text(settings)
        room.start()
        office = room.office()
        office.hire()
        place = office.furnish(candidates + 2, columns=4, spare=[candidates + 1, candidates + 2])
        bank = office.stock("sgy-tujian", "施工员（土建施工）")
        who = people(candidates, seed=31, batch="S")
        ids = office.register(who, "story")
        office.plan(
            SESSION,
            room=place,
            batch="story",
            title="故事场次",
            scheme="story",
            subject="theory",
            bank=bank,
            blueprint="s3a",
            candidates=[ids[person.ticket] for person in who],
        )
        office.open_door(SESSION)
        rows = sorted(
            office.desk("proctor1").get(f"/api/sessions/{SESSION}/attempts"), key=lambda row: row["seat"]
        )
        lines = {line["seat"]: line for line in office.enrolment(place, room.address)}
        seats = [
            Seat(folder / f"seat{row['seat']}", lines[row["seat"]], person, row["id"])
            for row, person in zip(rows, who, strict=True)
        ]
        return cls(folder, room, office, seats)

    def attempt(self, seat: Seat) -> dict[str, Any]:
        """The attempt of a seat as the office sees it."""
        rows = self.office.desk("proctor1").get(f"/api/sessions/{SESSION}/attempts")
        found: dict[str, Any] = next(row for row in rows if row["id"] == seat.attempt)
        return found

    def session(self) -> dict[str, Any]:
        """The session as the office sees it."""
        found: dict[str, Any] = self.office.desk("proctor1").get(f"/api/sessions/{SESSION}")
        return found

    def folded(self) -> Day:
        """The session as its ledger says, read from the file beside the running server."""
        with self._ledger() as ledger:
            return load_day(ledger, Folding(PARTS), SESSION)

    def entries(self, *types: str, attempt: str | None = None) -> list[Recorded]:
        """The session's entries in the ledger's order: all, or those of some types or of one attempt."""
        with self._ledger() as ledger:
            rows = list(ledger.entries(0, SESSION, attempt))
        return [read_row(row) for row in rows if not types or row.type in types]

    @contextmanager
    def _ledger(self) -> Iterator[Ledger]:
        connection = sqlite3.connect(
            f"file:{self.room.data / 'room.sqlite'}?mode=ro", uri=True, isolation_level=None
        )
        try:
            yield Ledger(connection)
        finally:
            connection.close()

    def tls(self) -> ssl.SSLContext:
        """Trust in this room's own authority."""
        return ssl.create_default_context(cadata=self.room.ca_pem)

    def close(self) -> None:
        """Everybody goes home."""
        for seat in self.seats:
            seat.end()
        self.office.close()
        self.room.stop()
