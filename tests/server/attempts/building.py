"""What the tests of attempts need beyond a room: verbs said by people, answers, and a second life of the same room."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from protocol import office_entries as office
from protocol import station_entries as station
from protocol.entry import Entry, Head, compose, parse
from protocol.entry_types import FROM_OFFICE
from protocol.keys import Purpose, SigningKey
from protocol.shapes import Closed, HeadRef
from server.attempts.receiving import Author, Taken, receive
from server.attempts.rules import Attempt
from server.writer.day import Folding
from server.writer.desk import Desk
from server.writer.office import office_stream
from server.writer.writer import Writer
from tests.server.room import PARTS, PROJECTIONS, Room, Seat

T = TypeVar("T")
MINUTE = 60_000
_KIND = {model: kind for kind, model in FROM_OFFICE.items()}


@dataclass
class Sitting:
    """A room whose session runs, and its seats by candidate."""

    room: Room
    seats: dict[str, Seat]

    def __getitem__(self, candidate: str) -> Seat:
        return self.seats[candidate]

    def attempt(self, candidate: str) -> Attempt:
        """The attempt as folded."""
        return self.room.attempt(self.seats[candidate].attempt)

    async def says(self, verb: Callable[[Desk], T]) -> T:
        """Have the writer do a verb."""
        return await self.room.writer.submit(verb)

    async def later(self, minutes: float) -> None:
        """Move the room's time on."""
        self.room.now += int(minutes * MINUTE)


async def running(room: Room, *candidates: str) -> Sitting:
    """A session of these candidates, all seated, all running from now."""
    attempts = await room.plans(candidates=candidates)
    seats = {
        candidate: await room.seats(attempt) for candidate, attempt in zip(candidates, attempts, strict=True)
    }
    await room.starts(seats=list(seats.values()))
    return Sitting(room, seats)


def answer(slot: int, *letters: str) -> station.AnswerSaved:
    """A response to one item."""
    return station.AnswerSaved(slot=slot, response=list(letters))


def answers(attempt: Attempt) -> dict[int, list[str]]:
    """What counts, by slot."""
    return {slot: held.response for slot, held in sorted(attempt.answers.items())}


def heard(order: Entry, signature: str) -> station.OrderHeard:
    """What a seat says of an order."""
    return station.OrderHeard(order=HeadRef(**order.head.to_json()), text=order.text, signature=signature)


def quarantined(room: Room) -> list[tuple[str | None, str, str]]:
    """Stream, reason and exact text of everything put aside, in order."""
    rows = room.writer.connection.execute(
        "SELECT stream, reason, text FROM quarantine ORDER BY id"
    ).fetchall()
    return [(stream, reason, text.decode("utf-8", "surrogatepass")) for stream, reason, text in rows]


def alarms(room: Room) -> list[office.RoomAlarm]:
    """Every alarm on the ledger, in order."""
    rows = [row for row in room.writer.ledger.entries() if row.type == "room.alarm"]
    return [office.RoomAlarm.model_validate(parse(row.text).body) for row in rows]


async def sends_texts(seat: Seat, texts: list[str], *, imported: bool = False) -> Taken:
    """Have the room take texts as they are."""
    author = Author(seat.station, seat.key.public, seat.room.key.public)
    return await seat.room.writer.submit(lambda desk: receive(desk, author, texts, imported=imported))


async def restart(room: Room) -> None:
    """Stop the server and start another over the same files."""
    await room.writer.stop()
    room.writer = Writer(room.database, room.clock, room.key, Folding(PARTS), PROJECTIONS)
    room.writer.start()


def lost_order(
    room: Room, body: Closed, *, session: str = "s1", key: SigningKey | None = None
) -> station.OrderHeard:
    """An order of an earlier run of this room, which its ledger does not have: only the seat still knows it."""
    stream = office_stream("0" * 16, session)
    order = compose(Head(stream, 4, "1" * 64), stream, room.now, _KIND[type(body)], body.to_json())
    return heard(order, (key or room.key).sign(Purpose.ORDER, order.text))
