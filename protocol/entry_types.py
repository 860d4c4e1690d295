"""The entry types by name, their versions, and how a body of an older version is read as the current one.

Entries are for ever: their bytes are never migrated. A body is validated by the model of its current version, after
the upcasters of :data:`UPCASTERS` have turned an older one into it. Golden files of every released version stay in
the tests.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from protocol import bank_entries as bank
from protocol import office_entries as office
from protocol import station_entries as station
from protocol.entry import BadEntry, Entry
from protocol.shapes import Closed

STREAM_OPENED: Final = "stream.opened"

FROM_STATION: Final[Mapping[str, type[Closed]]] = {
    STREAM_OPENED: station.StreamOpened,
    "order.heard": station.OrderHeard,
    "paper.opened": station.PaperOpened,
    "rules.acknowledged": station.RulesAcknowledged,
    "answer.saved": station.AnswerSaved,
    "item.marked": station.ItemMarked,
    "page.left": station.PageLeft,
    "page.returned": station.PageReturned,
    "clipboard.used": station.ClipboardUsed,
    "camera.changed": station.CameraChanged,
    "link.changed": station.LinkChanged,
    "clock.changed": station.ClockChanged,
    "snapshot.taken": station.SnapshotTaken,
    "snapshot.missed": station.SnapshotMissed,
    "hand.raised": station.HandRaised,
    "message.acknowledged": station.MessageAcknowledged,
    "handed_in": station.HandedIn,
}

FROM_OFFICE: Final[Mapping[str, type[Closed]]] = {
    STREAM_OPENED: office.StreamOpened,
    "register.changed": office.RegisterChanged,
    "session.planned": office.SessionPlanned,
    "session.moved": office.SessionMoved,
    "session.loaded": office.SessionLoaded,
    "session.seconded": office.SessionSeconded,
    "draw.promised": office.DrawPromised,
    "draw.part_entered": office.DrawPartEntered,
    "spare.given": office.SpareGiven,
    "session.rules_read": office.RulesRead,
    "session.start_confirmed": office.StartConfirmed,
    "session.started": office.SessionStarted,
    "session.paused": office.SessionPaused,
    "session.resumed": office.SessionResumed,
    "session.extended": office.SessionExtended,
    "session.collected": office.SessionCollected,
    "attempt.listed": office.AttemptListed,
    "attempt.checked_in": office.AttemptCheckedIn,
    "attempt.refused": office.AttemptRefused,
    "attempt.absent": office.AttemptAbsent,
    "attempt.seated": office.AttemptSeated,
    "attempt.seat_change_allowed": office.SeatChangeAllowed,
    "attempt.extended": office.AttemptExtended,
    "attempt.suspended": office.AttemptSuspended,
    "attempt.unsuspended": office.AttemptUnsuspended,
    "attempt.collected": office.AttemptCollected,
    "attempt.hand_in_revoked": office.HandInRevoked,
    "attempt.late_admitted": office.LateAdmitted,
    "hand.answered": office.HandAnswered,
    "attempt.scored": office.AttemptScored,
    "hand_scoring.opened": office.HandScoringOpened,
    "hand_score.needed": office.HandScoresNeeded,
    "hand_score.shown": office.HandScoreShown,
    "hand_score.given": office.HandScoreGiven,
    "message.sent": office.MessageSent,
    "flag.raised": office.FlagRaised,
    "flag.closed": office.FlagClosed,
    "snapshot.requested": office.SnapshotRequested,
    "snapshot.received": office.SnapshotReceived,
    "void.proposed": office.VoidProposed,
    "void.signed": office.VoidSigned,
    "void.withdrawn": office.VoidWithdrawn,
    "void.decided": office.VoidDecided,
    "key_correction.proposed": office.KeyCorrectionProposed,
    "key_correction.ruled": office.KeyCorrectionRuled,
    "key_correction.applied": office.KeyCorrectionApplied,
    "key_correction.withdrawn": office.KeyCorrectionWithdrawn,
    "record.corrected": office.RecordCorrected,
    "record.signed": office.RecordSigned,
    "review.seen": office.ReviewSeen,
    "review.window_event": office.WindowEventReported,
    "result.moved": office.ResultMoved,
    "room.alarm": office.RoomAlarm,
    "bank.lock_moved": bank.BankLockMoved,
    "bank.items_read": bank.BankItemsRead,
    "bank.items_moved": bank.BankItemsMoved,
    "bank.version_published": bank.BankVersionPublished,
    "bank.package_moved": bank.BankPackageMoved,
}

ORDERS: Final = frozenset(
    {
        "session.started",
        "session.paused",
        "session.resumed",
        "session.extended",
        "session.collected",
        "attempt.extended",
        "attempt.suspended",
        "attempt.unsuspended",
        "attempt.collected",
        "attempt.hand_in_revoked",
        "message.sent",
        "snapshot.requested",
        "void.signed",
        "void.decided",
    }
)
"""Office entries that are signed, sent to the seats they concern, and resent until heard."""

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: Final[Mapping[tuple[str, int], Upcaster]] = {
    ("snapshot.received", 1): lambda body: {**body, "size": 0},
    ("void.proposed", 1): lambda body: {**body, "source": "room"},
    ("session.loaded", 1): lambda body: {**body, "spares": 0},
}
"""From (type, old version) to the body of the next version."""

VERSIONS: Final[Mapping[str, int]] = {"snapshot.received": 2, "void.proposed": 2, "session.loaded": 2}
"""Current version of a type where it is not 1."""


def version_of(kind: str) -> int:
    """The version in which entries of this type are written today."""
    return VERSIONS.get(kind, 1)


def read_body(entry: Entry, types: Mapping[str, type[Closed]]) -> Closed:
    """Check and read an entry's body as its current version; raises :class:`BadEntry`."""
    model = types.get(entry.type)
    if model is None:
        raise BadEntry(f"{entry.type} is no entry type of this author")
    body, version, current = entry.body, entry.version, version_of(entry.type)
    if version > current:
        raise BadEntry(f"{entry.type} version {version} is newer than the {current} known here")
    while version < current:
        body = UPCASTERS[entry.type, version](body)
        version += 1
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        raise BadEntry(f"{entry.type}: {place}: {first['msg']}") from error
