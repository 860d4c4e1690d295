"""What the seat knows of its candidate's attempt: the fold of its own entries, and of nothing else.

``state = fold(apply, entries)`` holds for every journal: a restart reads the entries again and stands where it stood.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from protocol import office_entries as office
from protocol.answers import answers_digest
from protocol.entry import BadEntry, Entry, parse
from protocol.entry_types import FROM_OFFICE, read_body
from protocol.exam_clock import ExamClock
from protocol.shapes import Closed
from protocol.to_station import HeldAnswer


@dataclass(frozen=True, slots=True)
class HandIn:
    """When and by whom the attempt was closed, and the digest of the answers then."""

    at: int
    by: str
    answered: int
    digest: str


@dataclass(frozen=True, slots=True)
class HeardOrder:
    """An order that binds this seat: its place in the office's stream, and its body."""

    stream: str
    seq: int
    hash: str
    type: str
    body: Closed


@dataclass
class Attempt:
    """The folded state. ``answers`` holds what was touched, an empty response included; ``pictures`` the reasons for
    which one was taken or missed; ``left`` since when the page is left, by cause. Instants are room time.
    """

    duration_ms: int
    answers: dict[int, list[str]] = field(default_factory=dict)
    marks: set[int] = field(default_factory=set)
    orders: list[HeardOrder] = field(default_factory=list)
    clock: ExamClock = field(default_factory=lambda: ExamClock(0))
    paper_opened: bool = False
    rules_acknowledged: bool = False
    suspended: bool = False
    voided: bool = False
    collected: bool = False
    handed_in: HandIn | None = None
    hand_raised: bool = False
    unread: list[str] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)
    planned_done: set[int] = field(default_factory=set)
    digests: set[str] = field(default_factory=set)
    left: dict[str, int] = field(default_factory=dict)

    @classmethod
    def begin(cls, duration_ms: int, held: Sequence[HeldAnswer] = (), rules_acknowledged: bool = False) -> "Attempt":
        """Before the first entry: empty, or with what the room held of this attempt from another machine."""
        return cls(
            duration_ms,
            answers={one.slot: list(one.response) for one in held},
            marks={one.slot for one in held if one.marked},
            clock=ExamClock(duration_ms),
            rules_acknowledged=rules_acknowledged,
        )

    @property
    def messages(self) -> list[office.MessageSent]:
        """Every message this seat was sent."""
        return [order.body for order in self.orders if isinstance(order.body, office.MessageSent)]

    def apply(self, entry: Entry) -> None:
        """Take one entry of this station, in the order written; what an entry says twice counts once."""
        body = entry.body
        match entry.type:
            case "answer.saved":
                self.answers[body["slot"]] = list(body["response"])
            case "item.marked":
                (self.marks.add if body["marked"] else self.marks.discard)(body["slot"])
            case "order.heard":
                self._hear(entry)
            case "paper.opened":
                self.paper_opened = True
            case "rules.acknowledged":
                self.rules_acknowledged = True
            case "hand.raised":
                self.hand_raised = body["raised"]
            case "message.acknowledged":
                self.unread = [message for message in self.unread if message != body["message"]]
            case "handed_in":
                self.handed_in = HandIn(entry.at, body["by"], body["answered"], body["digest"])
            case "snapshot.taken" | "snapshot.missed":
                self._photographed(body)
            case "page.left":
                self.left.setdefault(body["cause"], entry.at)
            case "page.returned":
                self.left.pop(body["cause"], None)

    def apply_all(self, entries: Iterable[Entry]) -> None:
        """Fold many entries."""
        for entry in entries:
            self.apply(entry)

    def heard(self, order_hash: str) -> bool:
        """Whether this order already binds the seat."""
        return any(order.hash == order_hash for order in self.orders)

    def digest(self) -> str:
        """The digest of the answers as this seat holds them."""
        return answers_digest(self.answers)

    def _photographed(self, body: dict[str, object]) -> None:
        self.pictures.add(str(body["reason"]))
        planned = body.get("planned_ms")
        if isinstance(planned, int):
            self.planned_done.add(planned)
        if "digest" in body:
            self.digests.add(str(body["digest"]))

    def _hear(self, entry: Entry) -> None:
        order = read_order(entry.body["text"])
        if order is None:
            return
        if not self.heard(order.hash):
            self.orders.append(order)
            self._order_by_office()
            self.clock = tick_all(self.duration_ms, self.orders)
        # What follows is set again when a repair wrote the order again, as is what was written after it.
        match order.body:
            case office.AttemptSuspended():
                self.suspended = True
            case office.AttemptUnsuspended():
                self.suspended = False
            case office.AttemptCollected() | office.SessionCollected():
                self.collected = True
            case office.HandInRevoked():
                self.handed_in, self.collected = None, False
            case office.VoidSigned():
                self.voided = True
            case office.VoidDecided(outcome="lifted"):
                self.voided = False
            case office.MessageSent(message=message):
                self.unread = [*(one for one in self.unread if one != message), message]

    def _order_by_office(self) -> None:
        # An office stream's own order is the order of its clock; another server run's orders stand as first heard.
        streams = list(dict.fromkeys(order.stream for order in self.orders))
        self.orders.sort(key=lambda order: (streams.index(order.stream), order.seq))


def read_order(text: str) -> HeardOrder | None:
    """An order from its exact text; None when it is nothing this version can read."""
    try:
        entry = parse(text)
        body = read_body(entry, FROM_OFFICE)
    except BadEntry:
        return None
    return HeardOrder(entry.stream, entry.seq, entry.hash, entry.type, body)


def tick_all(duration_ms: int, orders: Iterable[HeardOrder]) -> ExamClock:
    """An attempt's clock from every order that binds it, in the office's order."""
    clock = ExamClock(duration_ms)
    for order in orders:
        match order.body:
            case office.SessionStarted(starts_at=at):
                clock = clock.start(at)
            case office.SessionPaused(paused_at=at):
                clock = clock.pause(at)
            case office.SessionResumed(resumed_at=at):
                clock = clock.resume(at)
            case office.SessionExtended(by_ms=by_ms) | office.AttemptExtended(by_ms=by_ms):
                clock = clock.extend(by_ms)
    return clock
