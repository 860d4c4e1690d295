"""How entries fill the record form."""

from protocol import office_entries as office
from server.records.rules import Correction, Fact, Record, RecordLine, Signature
from server.writer.day import Part, Recorded

_TOLD_APART = frozenset({"attempt", "by", "note", "session"})

LINES = (
    "session.moved",
    "session.seconded",
    "session.rules_read",
    "session.start_confirmed",
    "session.started",
    "session.paused",
    "session.resumed",
    "session.extended",
    "session.collected",
    "attempt.checked_in",
    "attempt.refused",
    "attempt.absent",
    "attempt.seat_change_allowed",
    "attempt.extended",
    "attempt.suspended",
    "attempt.unsuspended",
    "attempt.hand_in_revoked",
    "attempt.late_admitted",
    "void.proposed",
    "void.signed",
    "void.withdrawn",
    "void.decided",
    "room.alarm",
)
"""Entry types that stand on the form as they are."""


def _line(record: Record, one: Recorded) -> None:
    body = one.entry.body
    facts: dict[str, Fact] = {
        name: value
        for name, value in body.items()
        if name not in _TOLD_APART and (value is None or isinstance(value, str | int | bool))
    }
    record.lines.append(
        RecordLine(one.n, one.entry.at, one.entry.type, one.attempt, body.get("by"), body.get("note"), facts)
    )


def _seated(record: Record, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.AttemptSeated)
    before = record.stations.get(body.attempt)
    if before is not None and before != body.station:
        _line(record, one)
    record.stations[body.attempt] = body.station


def _collected(record: Record, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.AttemptCollected)
    if body.cause == "ordered":
        _line(record, one)


def _corrected(record: Record, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.RecordCorrected)
    record.corrections.append(Correction(body.field, body.value, body.by, one.entry.at, body.note))


def _signed(record: Record, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.RecordSigned)
    if (body.form_digest, body.heads_digest) != (record.form_digest, record.heads_digest):
        record.form_digest, record.heads_digest = body.form_digest, body.heads_digest
        record.signatures = []
    if body.by not in [signature.by for signature in record.signatures]:
        record.signatures.append(Signature(body.by, one.entry.at))


PART = Part(
    Record,
    {
        **dict.fromkeys(LINES, _line),
        "attempt.seated": _seated,
        "attempt.collected": _collected,
        "record.corrected": _corrected,
        "record.signed": _signed,
    },
)
