"""One attempt on one screen: everything that was kept of it, with what must be seen and what was."""

from collections.abc import Collection
from dataclasses import asdict, dataclass

from sqlmodel import Session

from config.calendar import WorkingCalendar
from protocol.answers import answers_digest as receipt_digest
from protocol.console import ScoreLine
from server.attempts.actions import all_of, attempt_of
from server.attempts.rules import A, Attempt
from server.candidates.models import Candidate
from server.candidates.queries import candidate_by_id
from server.candidates.rules import masked_document
from server.corrections.queries import in_force
from server.errors import NotFound
from server.hand_scoring.rules import HandScores
from server.papers.queries import paper_record, session_secret
from server.people.rules import Person
from server.results.actions import ToScore, as_it_counts, score_one
from server.results.rules import Result, Results, answers_digest, responses, sat
from server.reviews.actions import Policy, blocks_of, must_see_of, policy_of, why_recused
from server.reviews.rules import MustSee, Reviews
from server.reviews.schemas import (
    CandidateOnReview,
    Dossier,
    EarlierScoreShown,
    ResultOnReview,
    ReviewedFlag,
    ReviewedSnapshot,
    SittingOnReview,
)
from server.reviews.windows import window_shown, windows_of
from server.rulings.rules import Flag, Rulings, Void
from server.rulings.schemas import VoidShown
from server.sessions.queries import session_row
from server.snapshots.queries import snapshots_of
from server.snapshots.schemas import SnapshotShown
from server.writer.day import Day
from server.writer.desk import Desk

_SEEN_BY_MACHINE = frozenset({"dark", "covered", "blurred"})
"""Qualities of a picture that are observations."""


@dataclass(frozen=True, slots=True)
class Given:
    """What an attempt's score follows from, and who vouches for each answer that it was in time."""

    counts: ToScore
    vouched: dict[int, str]


def compile_dossier(
    desk: Desk, session: str, key: str, by: Person, calendar: WorkingCalendar
) -> tuple[Dossier, Given]:
    """Everything but the scores of single items, which are computed outside the writer; raises NotFound."""
    attempt, day = attempt_of(desk, session, key), desk.day(session)
    row, policy = session_row(desk.db, session), policy_of(desk, session)
    wanted = must_see_of(desk, session, key, policy)
    seen = day.part(Reviews).seen_of(key).keys()
    found = windows_of(desk, session, calendar)
    rulings = day.part(Rulings).of(key)
    pictures = [SnapshotShown.of(one) for one in snapshots_of(desk.db, key)]
    before, after = _neighbours(desk, session, key)
    dossier = Dossier(
        session=session,
        title=row.title,
        session_state=row.state,
        attempt=key,
        subject=attempt.subject,
        subject_title=policy.scheme.subject(attempt.subject).title.zh,
        candidate=_candidate(attempt, candidate_by_id(desk.db, attempt.candidate)),
        sitting=_sitting(day, attempt),
        result=_result(day, attempt, policy),
        answers=[],
        snapshots=[_snapshot(one, wanted, seen) for one in pictures],
        outstanding=sum(one.digest is not None and not one.held for one in pictures),
        missed=sum(one.digest is None for one in pictures),
        flags=[_flag(desk, flag, wanted, seen) for flag in rulings.flags.values()],
        voids=[_void(desk, void) for void in rulings.voids.values()],
        windows=[window_shown(one, calendar, desk.now) for one in found],
        chosen=key in policy.chosen,
        to_see=sorted(wanted.keys() - seen),
        blocks=blocks_of(desk, session, attempt, policy, found),
        recused=why_recused(desk, session, attempt.candidate, by),
        previous=before,
        next=after,
    )
    vouched = {slot: held.vouched for slot, held in attempt.answers.items()}
    given = Given(as_it_counts(desk, session, attempt), vouched)
    return dossier, given


def score_lines(db: Session, session: str, attempt: str, given: Given, wrapping: bytes) -> list[ScoreLine]:
    """What each item of the paper gave, answered or not; empty where there is no paper."""
    try:
        secret = session_secret(db, session, wrapping)
        record = paper_record(db, attempt, secret)
    except NotFound:
        return []
    scored = score_one(record, given.counts, in_force(db, session, given.counts.corrections, secret))
    return [
        ScoreLine(
            slot=one.number,
            response=given.counts.responses.get(one.number, []),
            score=one.score,
            max_score=one.max_score,
            vouched=given.vouched.get(one.number, ""),
        )
        for one in scored.slots
    ]


def _neighbours(desk: Desk, session: str, key: str) -> tuple[str | None, str | None]:
    order = [one.id for one in all_of(desk, session) if sat(one) or one.id == key]
    place = order.index(key)
    return (order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None)


def _candidate(attempt: Attempt, row: Candidate | None) -> CandidateOnReview:
    return CandidateOnReview(
        id=attempt.candidate,
        name=row.name if row else "",
        ticket=row.ticket if row else "",
        document_masked=masked_document(row.document) if row else "",
        employer=row.employer if row else "",
        institution=row.institution if row else "",
        photo=row.photo if row else None,
    )


def _sitting(day: Day, attempt: Attempt) -> SittingOnReview:
    streams = [one for one in day.streams.values() if one.attempt == attempt.id]
    matches = None
    if attempt.receipt is not None:
        matches = attempt.receipt == receipt_digest(responses(attempt))
    return SittingOnReview(
        state=attempt.state,
        seat=attempt.seat,
        station=attempt.station,
        started_at=attempt.clock.started_at,
        end_at=attempt.clock.end_at,
        handed_in_at=attempt.handed_in_at,
        handed_in_by=attempt.handed_in_by,
        receipt=attempt.receipt,
        receipt_matches=matches,
        away_times=attempt.away_times,
        away_ms=attempt.away_ms,
        link_losses=attempt.link_losses,
        offline_ms=attempt.offline_ms,
        machine_changes=attempt.machine_changes,
        not_counted=attempt.not_counted,
        seat_vouched=sum(held.vouched == "seat" for held in attempt.answers.values()),
        late_streams=sorted({late.stream for late in attempt.late}),
        streams=len(streams),
    )


def _result(day: Day, attempt: Attempt, policy: Policy) -> ResultOnReview:
    result = day.part(Results).by_attempt.get(attempt.id) or Result()
    subject = policy.scheme.subject(attempt.subject)
    scored = result.score is not None
    return ResultOnReview(
        state=result.state,
        score=result.score,
        max_score=result.max_score,
        pass_score=subject.pass_score,
        passed=None if result.score is None else subject.is_passed(result.score),
        voided=attempt.state is A.VOIDED,
        answers_changed=scored and result.answers_digest != answers_digest(responses(attempt)),
        hand_scores_waiting=day.part(HandScores).waiting(attempt.id),
        earlier=[EarlierScoreShown.model_validate(asdict(one)) for one in result.earlier],
        confirmed_by=result.confirmed_by,
        confirmed_at=result.confirmed_at,
    )


def _snapshot(one: SnapshotShown, wanted: MustSee, seen: Collection[str]) -> ReviewedSnapshot:
    return ReviewedSnapshot(
        **one.model_dump(),
        observations=[one.quality] if one.quality in _SEEN_BY_MACHINE else [],
        must_see=one.digest in wanted.snapshots,
        seen=f"snapshot:{one.digest}" in seen,
    )


def _flag(desk: Desk, flag: Flag, wanted: MustSee, seen: Collection[str]) -> ReviewedFlag:
    return ReviewedFlag(
        flag=flag.id,
        code=flag.code,
        severity=flag.severity,
        source=flag.source,
        by=flag.by,
        at=flag.at,
        evidence=list(flag.evidence),
        reason=_text(desk, flag.note),
        duration_ms=flag.duration_ms,
        outcome=flag.outcome,
        closed_by=flag.closed_by,
        closed_at=flag.closed_at,
        must_see=flag.id in wanted.flags,
        seen=f"flag:{flag.id}" in seen,
    )


def _void(desk: Desk, void: Void) -> VoidShown:
    return VoidShown(
        ruling=void.ruling,
        code=void.code,
        scope=void.scope,
        state=void.state,
        flags=list(void.flags),
        statement=_text(desk, void.statement),
        statement_declined=void.statement_declined,
        by=void.by,
        at=void.at,
        reason=_text(desk, void.note),
        signed_by=void.signed_by,
        decided_by=void.decided_by,
        decided_reason=_text(desk, void.decided_note),
    )


def _text(desk: Desk, digest: str | None) -> str | None:
    found = None if digest is None else desk.ledger.note_text(digest)
    return None if found is None else found[1]
