"""A room that writes until it is killed: 50 people and 20 seats at once; says on stdout what it was told is saved."""

import asyncio
import itertools
import os
import sys
from pathlib import Path

from protocol import office_entries as office
from protocol import station_entries as station
from server.errors import NotFound
from server.writer.desk import Desk
from tests.server.room import Room, Seat

SUBMITTERS = 50
SEATS = 20


def saved(line: str) -> None:
    """One write for one line: what the parent reads was resolved before the kill."""
    os.write(1, f"{line}\n".encode())


async def person(room: Room, number: int) -> None:
    """Alarms under commands' ids, each with a note; every fifth verb is refused after it wrote."""
    for i in itertools.count():
        command = f"person-{number}-{i}"

        def verb(desk: Desk, command: str = command, refuses: bool = i % 5 == 4) -> dict[str, object]:
            note = desk.note(f"{command}{' refused' if refuses else ''}")
            body = office.RoomAlarm(code="test", attempt=None, detail=f"{command} {note}")
            desk.record(body, session="s1" if number % 2 else None)
            if refuses:
                raise NotFound(what=command)
            return {"command": command}

        try:
            await room.writer.submit(verb, command=command)
        except NotFound:
            continue
        saved(f"command {command}")


async def sitter(seat: Seat) -> None:
    """Answers, three to a frame."""
    for i in itertools.count():
        bodies = [station.AnswerSaved(slot=1 + (i + k) % 60, response=["A"]) for k in range(3)]
        taken = await seat.says(*bodies)
        saved(f"entry {seat.stream} {taken.acks[seat.stream]}")


async def main(folder: Path) -> None:
    room = Room(folder)
    room.writer.start()
    attempts = await room.plans(candidates=[f"c{number}" for number in range(SEATS)])
    seats = [await room.seats(attempt) for attempt in attempts]
    await room.starts(seats=seats)
    saved("ready")
    await asyncio.gather(*(person(room, n) for n in range(SUBMITTERS)), *(sitter(seat) for seat in seats))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
