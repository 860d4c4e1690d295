"""A station's entries on their way to the ledger: chained, read, and taken, or put aside without stopping the seat.

This is the hot path of the room. A frame's entries are checked against the heads of their streams; what follows is
accepted, what is there already is acknowledged again, and everything else is kept verbatim in quarantine while the
station is told to open a new stream (house.md, decision 4).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from protocol.entry import BadEntry, Entry, Head, follows, parse
from protocol.entry_types import FROM_STATION, STREAM_OPENED, read_body
from protocol.keys import Purpose, verify
from protocol.office_entries import RoomAlarm
from protocol.shapes import Closed
from protocol.station_entries import OrderHeard, StreamOpened
from protocol.to_station import ENTRIES_FULL
from server.attempts.budget import (
    BUDGET,
    QUARANTINE_FULL,
    Budget,
    Volume,
)
from server.attempts.folding import read_order
from server.attempts.rules import Attempts
from server.writer.day import Day
from server.writer.desk import Desk
from server.writer.office import OFFICE_STREAM, session_of_office_stream

_NAMED_STREAM = re.compile(r'"stream":\s*"([A-Za-z0-9_.:\-]{1,64})"')


@dataclass(frozen=True, slots=True)
class Author:
    """The station at the other end of a link: its id and its proven key; ``room_key`` is the room's public one."""

    station: str
    key: str
    room_key: str


@dataclass(slots=True)
class Taken:
    """What became of a frame: up to where each stream is durable, and which streams are to be given up.

    ``full`` are attempts that wrote all they may: nothing more of them was taken. ``alarms`` are what a person should
    know, as (session, attempt, code, detail).
    """

    budget: Budget
    acks: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    full: set[str] = field(default_factory=set)
    alarms: list[tuple[str, str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Standing:
    """Whose a stream is, and where it stands with what was taken of this frame; ``full``: nothing more is."""

    session: str
    attempt: str
    station: str
    head: Head | Entry
    full: bool = False


def receive(
    desk: Desk, author: Author, texts: Sequence[str], *, imported: bool = False, budget: Budget = BUDGET
) -> Taken:
    """Take the entries of one frame; ``imported`` ones come from a journal file and are any station's."""
    taken = Taken(budget)
    streams: dict[str, _Standing] = {}
    for text in texts:
        try:
            entry = parse(text)
        except BadEntry as error:
            _aside(desk, taken, _written_for(desk, author, text), author, str(error), text, streams)
            continue
        problem = _take(desk, author, entry, taken, streams, imported)
        if problem is not None:
            _aside(desk, taken, entry.stream, author, problem, text, streams)
    for session, attempt, code, detail in taken.alarms:
        if not desk.day(session).part(Volume).may_alarm(attempt, code):
            continue
        desk.record(
            RoomAlarm(code=code, attempt=attempt, station=author.station, detail=detail[:200]),
            session=session,
            attempt=attempt,
        )
    return taken


def _take(
    desk: Desk,
    author: Author,
    entry: Entry,
    taken: Taken,
    streams: dict[str, _Standing],
    imported: bool,
) -> str | None:
    """Take one entry; the reason when it cannot be taken."""
    stream = _standing(desk, entry.stream, streams, taken.budget)
    if stream is None:
        if entry.type != STREAM_OPENED or not follows(entry, None):
            return "this stream was never opened here"
        return _open(desk, author, entry, taken, streams, imported)
    session, attempt = stream.session, stream.attempt
    if stream.station != author.station and not imported:
        return "this stream belongs to another station"
    if entry.seq <= stream.head.seq:
        return _repeat(desk, entry, taken, stream.head)
    if stream.full and not imported:
        _tell_full(taken, session, attempt)
        return None
    if not follows(entry, stream.head):
        return f"a gap or another history: the room holds up to {stream.head.seq}"
    if entry.type == STREAM_OPENED:
        return "a stream is opened by its first entry, once"
    try:
        body = read_body(entry, FROM_STATION)
    except BadEntry as error:
        return str(error)
    if isinstance(body, OrderHeard):
        problem = _order_problem(desk.day(session), attempt, body, author.room_key)
        if problem is not None:
            return problem
        _tell_of_lost_order(desk, taken, session, attempt, body)
    desk.accept(entry, body, session=session, attempt=attempt)
    stream.head = entry
    taken.acks[entry.stream] = entry.seq
    return None


def _open(
    desk: Desk,
    author: Author,
    entry: Entry,
    taken: Taken,
    streams: dict[str, _Standing],
    imported: bool,
) -> str | None:
    try:
        body: Closed = read_body(entry, FROM_STATION)
    except BadEntry as error:
        return str(error)
    assert isinstance(body, StreamOpened)
    if not imported and (body.station != author.station or body.key != author.key):
        return "the stream names another station or key than this link proved"
    if entry.stream.startswith(OFFICE_STREAM):
        return "streams of this name are the office's"
    found = desk.day(body.session).part(Attempts).by_id.get(body.attempt)
    if found is None:
        return "no such attempt in this session"
    if not (imported or found.station == author.station or _sat_at(desk, body, author)):
        reason = "the attempt is not seated at this station"
        taken.alarms.append((body.session, body.attempt, "quarantined", reason))
        return reason
    volume = desk.day(body.session).part(Volume)
    if volume.of(body.attempt).streams >= taken.budget.attempt_streams:
        _tell_full(taken, body.session, body.attempt)
        return f"the attempt has opened {taken.budget.attempt_streams} streams"
    # Opened even where nothing more is taken, so that what follows is known to be this attempt's.
    desk.accept(entry, body, session=body.session, attempt=body.attempt)
    streams[entry.stream] = _Standing(
        body.session, body.attempt, body.station, entry, volume.full(body.attempt, taken.budget)
    )
    taken.acks[entry.stream] = entry.seq
    return None


def _tell_full(taken: Taken, session: str, attempt: str) -> None:
    """Neither taken nor put aside: it stays in the seat's journal, and a person is told once."""
    if attempt not in taken.full:
        taken.full.add(attempt)
        taken.alarms.append((session, attempt, ENTRIES_FULL, "bring the seat's journal on a stick"))


def _sat_at(desk: Desk, body: StreamOpened, author: Author) -> bool:
    """Whether the attempt once sat at this machine: rebooted off the line it has more to deliver, all of it late."""
    streams = desk.day(body.session).streams.values()
    return any(one.attempt == body.attempt and one.station == author.station for one in streams)


def _repeat(desk: Desk, entry: Entry, taken: Taken, head: Head | Entry) -> str | None:
    known = head.hash if entry.seq == head.seq else desk.hash_at(entry.stream, entry.seq)
    if known != entry.hash:
        return f"a fork: another entry stands at {entry.seq}"
    taken.acks[entry.stream] = max(taken.acks.get(entry.stream, -1), head.seq)
    return None


def _order_problem(day: Day, attempt: str, body: OrderHeard, room_key: str) -> str | None:
    """Why the order a seat says it heard cannot be one of this room's to this attempt; None when it is."""
    try:
        told = parse(body.text)
        _, _, order = read_order(body)
    except BadEntry as error:
        return f"the order heard cannot be read: {error}"
    if told.head.to_json() != body.order.to_json():
        return "the order heard is not the one its hash names"
    if any(ref.hash == told.hash for ref in day.part(Attempts).by_id[attempt].orders):
        return None
    if not verify(room_key, Purpose.ORDER, body.text, body.signature):
        return "the order heard does not bear this room's signature"
    if session_of_office_stream(told.stream) != day.session or getattr(order, "attempt", attempt) != attempt:
        return "the order heard was given to another"
    return None


def _tell_of_lost_order(desk: Desk, taken: Taken, session: str, attempt: str, body: OrderHeard) -> None:
    """The room lost an order with its disk and has it back from the seat: a person looks what else was lost."""
    if all(ref.hash != body.order.hash for ref in desk.day(session).part(Attempts).by_id[attempt].orders):
        kind, _, _ = read_order(body)
        taken.alarms.append((session, attempt, "order_recovered", kind))


def _standing(desk: Desk, stream: str, streams: dict[str, _Standing], budget: Budget) -> _Standing | None:
    """A station's stream this room holds, kept in ``streams``; its day is in memory from here on."""
    known = streams.get(stream)
    if known is not None:
        return known
    session = desk.session_of(stream)
    if session is None:
        row = desk.ledger.stream(stream)
        session = None if row is None else row.session
    if session is None:
        return None
    state = desk.day(session).streams[stream]
    if state.attempt is None or state.station is None:
        return None
    full = desk.day(session).part(Volume).full(state.attempt, budget)
    found = streams[stream] = _Standing(session, state.attempt, state.station, state.head, full)
    return found


def _written_for(desk: Desk, author: Author, text: str) -> str | None:
    """The author's stream an unreadable text names, so that the seat is told to go on in another."""
    for stream in reversed(_NAMED_STREAM.findall(text)):
        found = _standing(desk, stream, {}, BUDGET)
        if found is not None and found.station == author.station:
            return str(stream)
    return None


def _aside(
    desk: Desk,
    taken: Taken,
    stream: str | None,
    author: Author,
    reason: str,
    text: str,
    streams: dict[str, _Standing],
) -> None:
    kept = not taken.budget.aside_full(*desk.ledger.quarantined_bytes(author.station, desk.now))
    if kept:
        desk.ledger.quarantine(stream, author.station, desk.now, reason, text)
    if stream is None or stream in taken.refused:
        return
    taken.refused[stream] = reason
    found = _standing(desk, stream, streams, taken.budget)
    if found is None:
        return
    taken.alarms.append((found.session, found.attempt, "quarantined" if kept else QUARANTINE_FULL, reason))
    if found.station == author.station:
        # Up to here nothing is to be written again: what is heard or answered twice would count twice.
        taken.acks[stream] = max(taken.acks.get(stream, -1), found.head.seq)
