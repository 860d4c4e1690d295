"""Scoring: what counts is read from the day, scored outside the writer, and laid down in bounded pieces."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlmodel import Session

from protocol import office_entries as office
from question_bank.corrections import Corrections
from question_bank.scoring import PaperScore, score_paper
from server.attempts.rules import Attempt, Attempts
from server.corrections.queries import in_force
from server.corrections.rules import KeyCorrections
from server.errors import Refused
from server.hand_scoring.actions import need, open_once
from server.hand_scoring.rules import HandScores
from server.papers.queries import paper_record
from server.papers.sealing import PaperRecord
from server.results.rules import Result, Results, ResultState, answers_digest, responses, sat
from server.sessions.rules import SessionFacts, SessionState
from server.writer.desk import Desk
from server.writer.registers import changed

SCORES_PER_PIECE = 200
"""Scores laid down in one verb, so that nothing waits behind a whole session."""

Cause = Literal["session_end", "late_delivery", "ruling", "hand_scores"]


class NotConfirmed(Refused):
    """Only confirmed results leave; nothing is confirmed by silence."""

    code = "not_confirmed"
    zh = "成绩尚未确认（当前状态 {state}），不能导出。"
    en = "The results are not confirmed yet (the session is {state}); they cannot be exported."


@dataclass(frozen=True, slots=True)
class ToScore:
    """One attempt's answers as they count now, what assessors gave for short answers by slot, and the key corrections
    in force.
    """

    session: str
    attempt: str
    responses: dict[int, list[str]]
    digest: str
    by_hand: dict[int, int] = field(default_factory=dict)
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """What those answers are worth, in hundredths.

    waiting: worth by slot of the short answers that wait for assessors; where there are any there is no score yet.
    by_hand: whether assessors gave a part of it.
    """

    attempt: str
    digest: str
    score: int
    max_score: int
    by_hand: bool = False
    waiting: Mapping[int, int] = field(default_factory=dict)
    corrections: tuple[str, ...] = ()


def to_score(desk: Desk, session: str, attempts: Iterable[str] | None = None) -> list[ToScore]:
    """The answers of these attempts (None: all who sat) whose score is not that of these very answers.

    Who waits for assessors, all of whose answers were put before them, is not among them.
    """
    day = desk.day(session)
    by_id, results = day.part(Attempts).by_id, day.part(Results).by_attempt
    hand_scores = day.part(HandScores)
    found = []
    for key in by_id if attempts is None else attempts:
        attempt = by_id[key]
        if not sat(attempt):
            continue
        answers = responses(attempt)
        digest = answers_digest(answers)
        if results.get(key, Result()).answers_digest == digest:
            continue
        if hand_scores.of(key).answers_digest == digest and hand_scores.waiting(key):
            continue
        found.append(as_it_counts(desk, session, attempt, digest))
    return found


def as_it_counts(desk: Desk, session: str, attempt: Attempt, digest: str | None = None) -> ToScore:
    """Everything an attempt's score follows from, as it is now."""
    answers = responses(attempt)
    applied = desk.day(session).part(KeyCorrections).applied
    return ToScore(
        session,
        attempt.id,
        answers,
        digest or answers_digest(answers),
        scores_by_hand(desk, session, attempt.id),
        tuple(applied),
    )


def still_open(desk: Desk, session: str, attempts: Iterable[str] | None = None) -> list[ToScore]:
    """As :func:`to_score`, by the session's state: once the record form is signed only who has no result at all."""
    state = desk.day(session).part(SessionFacts).state
    if state is SessionState.ENDED:
        return to_score(desk, session, attempts)
    if state not in (SessionState.SIGNED, SessionState.UNDER_REVIEW):
        return []
    results = desk.day(session).part(Results).by_attempt
    wanted = to_score(desk, session, attempts)
    return [one for one in wanted if results.get(one.attempt, Result()).state is ResultState.NONE]


def scores_by_hand(desk: Desk, session: str, attempt: str) -> dict[int, int]:
    """What assessors settled for the answers that count now, by slot; hundredths."""
    day = desk.day(session)
    held = day.part(Attempts).by_id[attempt].answers
    settled = day.part(HandScores).finals(attempt)
    return {slot: score for slot, (n, score) in settled.items() if slot in held and held[slot].n == n}


def score(db: Session, secret: bytes, wanted: Sequence[ToScore]) -> list[Scored]:
    """Score papers from their sealed records; pure but for reading them."""
    scored = []
    corrections: dict[tuple[str, tuple[str, ...]], Corrections] = {}
    for each in wanted:
        named = (each.session, each.corrections)
        if named not in corrections:
            corrections[named] = in_force(db, *named, secret)
        found = score_one(paper_record(db, each.attempt, secret), each, corrections[named])
        waiting = {one.number: one.max_score for one in found.slots if one.score is None}
        scored.append(
            Scored(
                each.attempt,
                each.digest,
                found.total,
                found.max_score,
                bool(each.by_hand),
                waiting,
                each.corrections,
            )
        )
    return scored


def score_one(record: PaperRecord, one: ToScore, corrections: Corrections) -> PaperScore:
    """Score one paper from its record."""
    return score_paper(
        record.blueprint, record.slots, record.by_ref(), one.responses, one.by_hand, corrections
    )


def keep_scores(desk: Desk, session: str, scored: Sequence[Scored], cause: Cause) -> int:
    """Lay down scores whose answers and keys are still the ones scored; the others are scored again by whoever changed
    them.

    What waits for assessors is put before them instead.
    """
    day = desk.day(session)
    by_id, results = day.part(Attempts).by_id, day.part(Results).by_attempt
    kept = 0
    applied = tuple(day.part(KeyCorrections).applied)
    if any(each.waiting for each in scored):
        open_once(desk, session)
    for each in scored:
        now = answers_digest(responses(by_id[each.attempt]))
        if (now, applied) != (each.digest, each.corrections):
            continue
        if results.get(each.attempt, Result()).answers_digest == each.digest:
            continue
        if each.waiting:
            need(desk, session, each.attempt, each.digest, each.waiting)
            continue
        kept += 1
        desk.record(
            office.AttemptScored(
                attempt=each.attempt,
                score=each.score,
                max_score=each.max_score,
                answers_digest=each.digest,
                cause="hand_scores" if each.by_hand and cause != "ruling" else cause,
            ),
            session=session,
            attempt=each.attempt,
        )
    return kept


def record_export(desk: Desk, session: str, by: str, *, documents: bool) -> None:
    """Who took a session's results out of the house stands on the centre's stream."""
    verb = "exported_with_documents" if documents else "exported"
    changed(desk, "results", session, verb, by=by, row={"session": session, "documents": documents})
