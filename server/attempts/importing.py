"""A seat's journal brought on a stick: read without trust, and taken as if the seat had sent it.

What counts is what a station signed: a stream is taken when its key is that of a station enrolled in this room, or one
this room proved over a link before, and up to the newest head signed with that key. The file itself is kept as it came.
Importing the same file twice is harmless: every entry is known by stream, sequence and hash.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from protocol import journal_file, limits
from protocol.entry import Entry
from protocol.journal_file import BadJournalFile, JournalFile, StreamInFile
from protocol.witness import HeadStatement, read_head
from server.attempts.receiving import Author, receive
from server.errors import Refused
from server.sessions.actions import NotNow, facts_of
from server.sessions.rules import SessionState
from server.stations.queries import station_by_id
from server.writer.desk import Arrived, Desk
from server.writer.registers import changed

FAULTS_MAX = 50
"""Faults of one file that are told; more are counted."""

_OVER = frozenset({SessionState.ARCHIVED, SessionState.CANCELLED})


class JournalRefused(Refused):
    """The file is no whole journal; nothing of it was taken."""

    code = "bad_journal"
    zh = "日志文件无法导入：{why}"
    en = "The journal file cannot be imported: {why}"


class NothingOfThisSession(Refused):
    """The file holds other sessions' exams only."""

    code = "journal_of_another_session"
    zh = "文件中没有本场次的记录（考试机 {station}）。"
    en = "The file holds nothing of this session (station {station})."


@dataclass(frozen=True, slots=True)
class Piece:
    """Entries of one stream, at most a frame of them, in order."""

    stream: str
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class Import:
    """One journal file on its way in, and what became of it so far."""

    session: str
    station: str
    pieces: list[Piece] = field(default_factory=list)
    heads: list[tuple[str, int, str, str]] = field(default_factory=list)
    entries: int = 0
    taken: int = 0
    repeated: int = 0
    quarantined: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    """Streams of which an entry was put aside: what follows it could not follow anything."""

    def outcome(self) -> dict[str, object]:
        """What the person at the console reads."""
        return {
            "station": self.station,
            "entries": self.entries,
            "taken": self.taken,
            "repeated": self.repeated,
            "quarantined": self.quarantined,
            "refused": self.refused,
            "faults": self.faults[:FAULTS_MAX],
            "more_faults": max(0, len(self.faults) - FAULTS_MAX),
        }


def read(data: bytes) -> JournalFile:
    """A file's streams and heads, every chain checked; raises :class:`JournalRefused`. Too long for the writer."""
    try:
        return journal_file.read(data)
    except BadJournalFile as error:
        raise JournalRefused(why=error) from error


def prepare(desk: Desk, session: str, found: JournalFile) -> Import:
    """Which entries of the file this session takes, in pieces; raises NotFound, NotNow, NothingOfThisSession."""
    facts = facts_of(desk, session)
    if facts.state in _OVER:
        raise NotNow(state=facts.state, verb="import_journal")
    prepared = Import(session, found.station, faults=list(found.faults))
    mine = [stream for stream in found.streams if stream.opened.session == session]
    if not mine:
        raise NothingOfThisSession(station=found.station)
    for stream in mine:
        name = stream.entries[0].stream
        prepared.entries += len(stream.entries)
        heads = _heads(desk, found, stream)
        fault = _fault(desk, stream, heads)
        witnessed = -1 if fault else max(statement.head.seq for statement, _, _ in heads)
        taken = [entry for entry in stream.entries if entry.seq <= witnessed]
        left = len(stream.entries) - len(taken)
        if left:
            prepared.refused += left
            prepared.faults.append(fault or f"{name}: {left} entries behind the last signed head")
        prepared.pieces += _pieces(name, taken)
        if taken:
            prepared.heads += [(name, one.head.seq, text, signature) for one, text, signature in heads]
    return prepared


def take(desk: Desk, prepared: Import, piece: Piece, room_key: str) -> None:
    """Have one piece taken as if it had come over a link, and count what became of it."""
    author = Author(prepared.station, "", room_key)
    known = sum(desk.hash_at(piece.stream, entry.seq) == entry.hash for entry in piece.entries)
    outcome = receive(desk, author, [entry.text for entry in piece.entries], imported=True)
    new = sum(isinstance(one, Arrived) for one in desk.laid)
    prepared.taken += new
    prepared.repeated += known
    prepared.quarantined += len(piece.entries) - new - known
    for stream, reason in outcome.refused.items():
        prepared.broken.add(stream)
        prepared.faults.append(f"{stream}: {reason}")


def finish(desk: Desk, prepared: Import, digest: str, by: str) -> dict[str, object]:
    """Keep the newest heads the seat signed, and who brought which file."""
    for stream, seq, statement, signature in prepared.heads:
        if desk.hash_at(stream, seq) is not None:
            desk.ledger.sign_head(stream, seq, statement, signature)
    outcome = prepared.outcome()
    changed(desk, "journal", digest, "imported", by=by, row={"session": prepared.session, **outcome})
    return outcome


def _fault(desk: Desk, stream: StreamInFile, heads: Sequence[tuple[HeadStatement, str, str]]) -> str | None:
    """Why nothing of a stream can be taken; None when it can."""
    name, opened = stream.entries[0].stream, stream.opened
    kept = desk.ledger.stream(name)
    station = station_by_id(desk.db, opened.station)
    enrolled = station is not None and station.public_key == opened.key
    if not (enrolled or (kept is not None and kept.key == opened.key)):
        return f"{name}: its key is that of no station of this room"
    return None if heads else f"{name}: no head of it is signed with its key"


def _heads(desk: Desk, found: JournalFile, stream: StreamInFile) -> list[tuple[HeadStatement, str, str]]:
    """The valid signed heads of a stream: those of the file, and the one this room holds."""
    name, key = stream.entries[0].stream, stream.opened.key
    given = [(one.statement, one.signature, one.read) for one in found.heads]
    given += [
        (statement, signature, read_head(key, statement, signature))
        for _, _, statement, signature in desk.ledger.signed_heads([name])
    ]
    valid = []
    for statement, signature, read_as in given:
        if read_as is None or read_as.head.stream != name or read_as.head.seq >= len(stream.entries):
            continue
        if stream.entries[read_as.head.seq].hash == read_as.head.hash:
            valid.append((read_as, statement, signature))
    return valid


def _pieces(name: str, entries: Sequence[Entry]) -> Iterator[Piece]:
    for at in range(0, len(entries), limits.ENTRIES_PER_FRAME_MAX):
        yield Piece(name, tuple(entries[at : at + limits.ENTRIES_PER_FRAME_MAX]))
