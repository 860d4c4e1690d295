"""Filling a record form from the day: everything on it stands on the ledger, names come from the registers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from config.scheme import Scheme
from server.attempts.rules import A, Attempt, Attempts
from server.candidates.models import Candidate
from server.hand_scoring.rules import HandScores
from server.people.rules import OnDuty
from server.records.rules import Fact, Record, RecordLine
from server.records.schemas import (
    AttemptOnForm,
    CorrectionOnForm,
    EventOnForm,
    PersonOnForm,
    RecordForm,
    RulesOnForm,
    SubjectOnForm,
    ViolationOnForm,
)
from server.rulings.rules import STANDING, Rulings, Void
from server.sessions.models import ExamSession
from server.sessions.rules import SessionFacts
from server.snapshots.rules import Snapshots
from server.writer.day import Day

NEVER_CAME = frozenset({A.ABSENT, A.REFUSED, A.EXPECTED})
"""缺考: refused at the door counts as absent."""

_OWN_PLACE = frozenset(
    {
        "session.rules_read",
        "session.start_confirmed",
        "session.moved",
        "attempt.checked_in",
        "void.proposed",
        "void.signed",
        "void.withdrawn",
        "void.decided",
    }
)
"""Entry types the form tells at a place of their own, not among the events."""


@dataclass(frozen=True)
class Registers:
    """The names the form needs: candidates by id, a person's name by id, and a note's text by its digest."""

    row: ExamSession
    scheme: Scheme
    room_name: str
    staff: list[OnDuty]
    candidates: Mapping[str, Candidate]
    name_of: Callable[[str | None], str | None]
    text_of: Callable[[str | None], str | None]
    fingerprint: str


def fill(day: Day, registers: Registers) -> RecordForm:
    """The form as the ledger has it now."""
    facts, record = day.part(SessionFacts), day.part(Record)
    attempts = sorted(day.part(Attempts).by_id.values(), key=lambda one: one.seat)
    row, scheme = registers.row, registers.scheme
    subjects = [scheme.subject(code) for code in sorted({one.subject for one in attempts})]
    late = [
        line
        for line in record.lines_of("attempt.checked_in")
        if facts.started_at is not None and line.at > facts.started_at
    ]
    return RecordForm(
        session=row.id,
        title=row.title,
        batch=row.batch,
        room=row.room,
        room_name=registers.room_name,
        scheme=scheme.code,
        scheme_title=scheme.title.zh,
        scheme_version=scheme.version,
        scheme_digest=scheme.digest,
        run_type=row.run_type,
        subjects=[SubjectOnForm(code=one.code, title=one.title.zh, minutes=one.minutes) for one in subjects],
        planned_at=facts.starts_at,
        started_at=facts.started_at,
        ended_at=facts.ended_at,
        paused_ms=facts.paused_ms,
        added_ms=facts.added_ms,
        rules=_rules(record, registers),
        start_confirmed_by=[registers.name_of(one) or one for one in facts.start_confirmed_by],
        staff=[
            PersonOnForm(name=one.person.display_name, role=one.role.value, relieved_at=one.relieved_at)
            for one in registers.staff
        ],
        counts=_counts(day, attempts, len(late)),
        attempts=[_attempt(one, registers) for one in attempts],
        late=[_event(line, day, registers) for line in late],
        events=[_event(line, day, registers) for line in record.lines if line.type not in _OWN_PLACE],
        violations=list(_violations(day, registers)),
        corrections=[
            CorrectionOnForm(
                field=one.field,
                value=registers.text_of(one.value),
                by=registers.name_of(one.by) or one.by,
                at=one.at,
                reason=registers.text_of(one.note),
            )
            for one in record.corrections
        ],
        room_key=registers.fingerprint,
    )


def _rules(record: Record, registers: Registers) -> RulesOnForm | None:
    line = next(iter(record.lines_of("session.rules_read")), None)
    if line is None:
        return None
    return RulesOnForm(
        at=line.at,
        by=registers.name_of(line.by) or "",
        waived=bool(line.facts.get("waived")),
        reason=registers.text_of(line.note),
    )


def _counts(day: Day, attempts: list[Attempt], late: int) -> dict[str, int]:
    rulings, record = day.part(Rulings), day.part(Record)
    pictures = [day.part(Snapshots).of(one.id) for one in attempts]
    flags = [flag for one in attempts for flag in rulings.of(one.id).flags.values()]
    away = sum(one.standing in NEVER_CAME for one in attempts)
    alarms = [line.facts.get("code") for line in record.lines_of("room.alarm")]
    return {
        "expected": len(attempts),
        "attended": len(attempts) - away,
        "absent": away,
        "refused": sum(one.standing is A.REFUSED for one in attempts),
        "late": late,
        "handed_in": sum(one.standing is A.HANDED_IN for one in attempts),
        "collected": sum(one.standing is A.COLLECTED for one in attempts),
        "voided": sum(any(_stands(void) for void in rulings.of(one.id).voids.values()) for one in attempts),
        "machine_changes": sum(one.machine_changes for one in attempts),
        "extended": sum(1 for _ in record.lines_of("session.extended", "attempt.extended")),
        "suspended": sum(1 for _ in record.lines_of("attempt.suspended")),
        "revoked": sum(1 for _ in record.lines_of("attempt.hand_in_revoked")),
        "late_admitted": sum(1 for _ in record.lines_of("attempt.late_admitted")),
        "late_waiting": sum(len({late.stream for late in one.late}) for one in attempts),
        "not_counted": sum(one.not_counted for one in attempts),
        "quarantined": sum(code == "quarantined" for code in alarms),
        "link_losses": sum(one.link_losses for one in attempts),
        "flags": len(flags),
        "flags_open": sum(flag.open for flag in flags),
        "pictures": sum(one.received for one in pictures),
        "pictures_outstanding": sum(len(one.outstanding) for one in pictures),
        "pictures_missed": sum(one.missed for one in pictures),
        "scored_by_hand": sum(bool(day.part(HandScores).of(one.id).answers) for one in attempts),
    }


def _stands(void: Void) -> bool:
    return void.state in STANDING


def _attempt(one: Attempt, registers: Registers) -> AttemptOnForm:
    candidate = registers.candidates.get(one.candidate)
    return AttemptOnForm(
        seat=one.seat,
        ticket=candidate.ticket if candidate else "",
        name=candidate.name if candidate else "",
        subject=one.subject,
        state=one.state,
        handed_in_at=one.handed_in_at,
        handed_in_by=one.handed_in_by,
        answered=one.answered(),
        receipt=one.receipt,
        link_losses=one.link_losses,
        offline_ms=one.offline_ms,
        machine_changes=one.machine_changes,
    )


def _event(line: RecordLine, day: Day, registers: Registers) -> EventOnForm:
    attempt = None if line.attempt is None else day.part(Attempts).by_id.get(line.attempt)
    candidate = registers.candidates.get(attempt.candidate) if attempt else None
    return EventOnForm(
        type=line.type,
        at=line.at,
        seat=attempt.seat if attempt else None,
        ticket=candidate.ticket if candidate else None,
        name=candidate.name if candidate else None,
        by=registers.name_of(line.by),
        reason=registers.text_of(line.note),
        facts=_named(line, registers),
    )


def _named(line: RecordLine, registers: Registers) -> dict[str, Fact]:
    """The facts of a line; the second of two people by name, as the first one is."""
    second = line.facts.get("second")
    if line.type != "session.seconded" or not isinstance(second, str):
        return line.facts
    return {**line.facts, "second": registers.name_of(second)}


def _violations(day: Day, registers: Registers) -> Iterable[ViolationOnForm]:
    titles = {one.code: one.title.zh for one in registers.scheme.ruling_codes}
    for attempt in sorted(day.part(Attempts).by_id.values(), key=lambda one: one.seat):
        candidate = registers.candidates.get(attempt.candidate)
        for void in day.part(Rulings).of(attempt.id).voids.values():
            yield ViolationOnForm(
                seat=attempt.seat,
                ticket=candidate.ticket if candidate else "",
                name=candidate.name if candidate else "",
                code=void.code,
                title=titles.get(void.code, void.code),
                scope=void.scope,
                state=void.state,
                at=void.at,
                by=registers.name_of(void.by) or void.by,
                signed_by=registers.name_of(void.signed_by),
                reason=registers.text_of(void.note),
                statement=registers.text_of(void.statement),
                statement_declined=void.statement_declined,
            )
