"""One candidate at this machine once: journal, folded attempt, delivery, and what lies beside.

Everything here is read back from the sitting's folder, so that a restart without a network goes on where it stood.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from protocol.answers import answered
from protocol.entry import Entry, Head
from protocol.entry_types import STREAM_OPENED
from protocol.files import Files
from protocol.keys import SigningKey, decode
from protocol.page import AnswerState
from protocol.paper import SeatItem, SeatPaper, SeatPicture
from protocol.sealing import CannotOpen, open_paper
from protocol.seat import AttemptFacts
from protocol.shapes import Closed
from protocol.station_entries import PaperOpened
from protocol.to_station import SignedIn
from station.attempt import Attempt, HandIn
from station.disk import Disk
from station.journal import WRITE_RETRY_S, Author, Journal, Rewritten
from station.outbox import Outbox


class Sitting:
    """``where`` names, for each item that was touched, the stream and sequence of its newest entry; ``slot_at`` the
    other way round. ``began_at`` and ``last_at`` are the room times of the first and the latest entry here.

    ``facts`` is None when the sign-in's own record is lost: such a sitting can still be delivered.
    """

    def __init__(self, files: Files, folder: Path, disk: Disk, *, retry_s: float = WRITE_RETRY_S) -> None:
        self.journal = Journal(files, folder, disk, retry_s=retry_s)
        self.outbox = Outbox(self.journal)
        self.signed_in: SignedIn | None = None
        self.attempt = Attempt.begin(0)
        self.paper: SeatPaper | None = None
        self.texts: dict[str, str] = {}
        self.confirmed = self.notice_read = self.closed = self.delivered = False
        self.where: dict[int, tuple[str, int]] = {}
        self.slot_at: dict[tuple[str, int], int] = {}
        self._hand_in_at: tuple[str, int] | None = None
        self._items: dict[int, SeatItem] = {}
        self._pictures: dict[str, SeatPicture] = {}
        self.began_at: int | None = None
        self.last_at = 0
        self._doubtful = False
        self._paper_key: str | None = None
        for record in self.journal.records:
            self._understand(record)
        for entry in self.journal.entries_read:
            self._fold(entry)
        self.journal.entries_read.clear()

    @property
    def facts(self) -> AttemptFacts | None:
        """Who sits here, for what, how long."""
        return self.signed_in.facts if self.signed_in else None

    @property
    def attempt_id(self) -> str | None:
        """The attempt, also when only the streams are left to tell."""
        return self.signed_in.facts.attempt if self.signed_in else self.journal.attempt_id

    def begin(self, signed_in: SignedIn, station: str, key: SigningKey, at: int) -> None:
        """A candidate signed in: keep what the room sent and open the first stream."""
        self.keep({"kind": "signed_in", "message": signed_in.to_json()})
        reason = "sign_in" if signed_in.follows is None else "machine_change"
        follows = Head(**signed_in.follows.to_json()) if signed_in.follows else None
        self._fold(self.journal.open_stream(self._author(station, key), reason, follows, at))

    def go_on(self, station: str, key: SigningKey, at: int) -> None:
        """The station restarted: a new stream follows the last head."""
        if self.signed_in is not None:
            reason = "restart" if self.journal.streams else "sign_in"
            self._fold(self.journal.open_stream(self._author(station, key), reason, self.journal.head, at))

    def write(self, kind: str, body: Closed, at: int) -> Entry:
        """Append an entry and fold it; it is durable when the journal says so."""
        entry = self.journal.append(kind, body, at)
        self._fold(entry)
        return entry

    def rewritten(self, moved: Sequence[Rewritten]) -> None:
        """Entries stand in a new stream now: fold them as a restart would."""
        for one in moved:
            self._fold(one.new)

    def keep(self, record: dict[str, Any]) -> None:
        """Keep a record beside the streams and take it in."""
        self.journal.keep(record)
        self._understand(record)

    def open_paper(self, at: int) -> bool:
        """Open the sealed paper when its key is here; True when it is open. A wrong key leaves it sealed."""
        if self.paper is not None:
            return True
        if self.signed_in is None or self._paper_key is None:
            return False
        try:
            self.paper = open_paper(self.signed_in.paper, decode(self._paper_key))
        except (CannotOpen, ValueError):
            return False
        if not self.attempt.paper_opened:
            self.write("paper.opened", PaperOpened(digest=self.signed_in.paper.digest), at)
        return True

    def all_delivered(self) -> bool:
        """Whether the room said it holds every entry."""
        return self.outbox.ready and self.outbox.unacknowledged() == 0

    @property
    def has_paper_key(self) -> bool:
        """Whether the key of the paper was given."""
        return self._paper_key is not None

    def hand_in_delivered(self) -> bool:
        """Whether the room holds the hand-in, and with it every answer before it."""
        if self.attempt.handed_in is None:
            return False
        return self._hand_in_at is None or self.outbox.holds(*self._hand_in_at)

    def item(self, slot: int) -> SeatItem | None:
        """The item of the opened paper under this number, if there is one."""
        if not self._items and self.paper is not None:
            self._items = {item.slot: item for section in self.paper.sections for item in section.items}
        return self._items.get(slot)

    def picture(self, name: str) -> SeatPicture | None:
        """The picture of the opened paper under this name, if there is one."""
        if not self._pictures and self.paper is not None:
            self._pictures = {picture.name: picture for picture in self.paper.pictures}
        return self._pictures.get(name)

    def answer_state(self, slot: int) -> AnswerState:
        """One item's response and how safe it is; what came with the sign-in is the room's."""
        where = self.where.get(slot)
        return AnswerState(
            slot=slot,
            response=self.attempt.answers.get(slot, []),
            marked=slot in self.attempt.marks,
            saved="room" if where is None or self.outbox.holds(*where) else "seat",
        )

    def answer_states(self) -> list[AnswerState]:
        """All that were touched, in the order of the paper."""
        return [self.answer_state(slot) for slot in sorted(self.attempt.answers.keys() | self.attempt.marks)]

    def _fold(self, entry: Entry) -> None:
        self.attempt.apply(entry)
        self._date(entry)
        place = (entry.stream, entry.seq)
        if entry.type in ("answer.saved", "item.marked"):
            slot = entry.body["slot"]
            self.slot_at.pop(self.where.get(slot, place), None)
            self.where[slot], self.slot_at[place] = place, slot
        elif entry.type == "handed_in":
            self._hand_in_at = place
        elif entry.type == STREAM_OPENED and self.began_at is None:
            self.began_at = entry.at

    def _date(self, entry: Entry) -> None:
        # What was written while only the system clock stood for the room's time dates nothing.
        if entry.type == "clock.changed" and entry.body["cause"] == "rebooted_offline":
            self._doubtful = True
        elif entry.type == "link.changed" and entry.body["state"] == "back":
            self._doubtful = False
        if not self._doubtful and entry.type != STREAM_OPENED:
            self.last_at = max(self.last_at, entry.at)

    def _author(self, station: str, key: SigningKey) -> Author:
        assert self.facts is not None
        return Author(station, self.facts.session, self.facts.attempt, key.public)

    def _understand(self, record: dict[str, Any]) -> None:
        match record.get("kind"):
            case "signed_in":
                self._take_sign_in(record.get("message"))
            case "paper_key":
                self._paper_key = str(record.get("key"))
            case "text":
                self.texts[str(record.get("message"))] = str(record.get("text"))
            case "confirmed":
                self.confirmed = True
            case "notice_read":
                self.notice_read = True
            case "closed":
                self.closed = True
            case "delivered":
                self.delivered = True

    def _take_sign_in(self, message: object) -> None:
        try:
            found = SignedIn.model_validate(message)
        except ValidationError:
            return  # written by a version that said it otherwise: the candidate signs in again
        self.signed_in = found
        self.attempt = Attempt.begin(found.facts.duration_ms, found.held, found.rules_acknowledged)
        if found.handed_in:
            attempt = self.attempt
            count = answered(attempt.answers)
            attempt.handed_in = HandIn(found.facts.starts_at, "candidate", count, attempt.digest())
