"""How entries change corrections."""

from protocol import office_entries as office
from server.corrections.rules import C, Correction, KeyCorrections
from server.writer.day import Part, Recorded


def _proposed(corrections: KeyCorrections, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.KeyCorrectionProposed)
    corrections.by_id[body.correction] = Correction(
        id=body.correction,
        item=body.item,
        version=body.version,
        part=body.part,
        remedy=body.remedy,
        scope=body.scope,
        content=body.content,
        by=body.by,
        at=one.entry.at,
        note=body.note,
    )


def _ruled(corrections: KeyCorrections, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.KeyCorrectionRuled)
    found = corrections.by_id[body.correction]
    found.state, found.report = C.RULED, body.report
    found.ruled_by, found.ruled_at, found.ruled_note = body.by, one.entry.at, body.note


def _applied(corrections: KeyCorrections, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.KeyCorrectionApplied)
    found = corrections.by_id[body.correction]
    found.state, found.applied_by, found.applied_at = C.APPLIED, body.by, one.entry.at
    corrections.applied.append(body.correction)


def _withdrawn(corrections: KeyCorrections, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.KeyCorrectionWithdrawn)
    found = corrections.by_id[body.correction]
    found.state, found.withdrawn_by, found.withdrawn_note = C.WITHDRAWN, body.by, body.note


PART = Part(
    KeyCorrections,
    {
        "key_correction.proposed": _proposed,
        "key_correction.ruled": _ruled,
        "key_correction.applied": _applied,
        "key_correction.withdrawn": _withdrawn,
    },
)
