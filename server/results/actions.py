"""Scoring: what counts is read from the day, scored outside the writer, and laid down in bounded pieces."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from protocol import office_entries as office
from question_bank.scoring import score_paper
from server.attempts.rules import Attempts
from server.errors import Refused
from server.papers.queries import paper_record
from server.results.rules import Result, Results, answers_digest, responses, sat
from server.writer.desk import Desk
from server.writer.registers import changed

SCORES_PER_PIECE = 200
"""Scores laid down in one verb, so that nothing waits behind a whole session."""

Cause = Literal["session_end", "late_delivery", "ruling"]


class NotConfirmed(Refused):
    """Only confirmed results leave; nothing is confirmed by silence."""

    code = "not_confirmed"
    zh = "成绩尚未确认（当前状态 {state}），不能导出。"
    en = "The results are not confirmed yet (the session is {state}); they cannot be exported."


@dataclass(frozen=True, slots=True)
class ToScore:
    """One attempt's answers as they count now."""

    attempt: str
    responses: dict[int, list[str]]
    digest: str


@dataclass(frozen=True, slots=True)
class Scored:
    """What those answers are worth, in hundredths."""

    attempt: str
    digest: str
    score: int
    max_score: int


def to_score(desk: Desk, session: str, attempts: Iterable[str] | None = None) -> list[ToScore]:
    """The answers of these attempts (None: all who sat) whose score is not that of these very answers."""
    day = desk.day(session)
    by_id, results = day.part(Attempts).by_id, day.part(Results).by_attempt
    found = []
    for key in by_id if attempts is None else attempts:
        attempt = by_id[key]
        if not sat(attempt):
            continue
        answers = responses(attempt)
        digest = answers_digest(answers)
        if results.get(key, Result()).answers_digest != digest:
            found.append(ToScore(key, answers, digest))
    return found


def score(db: Session, secret: bytes, wanted: Sequence[ToScore]) -> list[Scored]:
    """Score papers from their sealed records; pure but for reading them."""
    scored = []
    for each in wanted:
        record = paper_record(db, each.attempt, secret)
        found = score_paper(record.blueprint, record.slots, record.by_ref(), each.responses)
        if found.pending:
            # Short answers wait for their assessors; whoever gives the last score asks again.
            continue
        scored.append(Scored(each.attempt, each.digest, found.total, found.max_score))
    return scored


def keep_scores(desk: Desk, session: str, scored: Sequence[Scored], cause: Cause) -> int:
    """Lay down scores whose answers are still the ones scored; the others are scored again by whoever changed them."""
    day = desk.day(session)
    by_id, results = day.part(Attempts).by_id, day.part(Results).by_attempt
    kept = 0
    for each in scored:
        now = answers_digest(responses(by_id[each.attempt]))
        if now != each.digest or results.get(each.attempt, Result()).answers_digest == each.digest:
            continue
        kept += 1
        desk.record(
            office.AttemptScored(
                attempt=each.attempt,
                score=each.score,
                max_score=each.max_score,
                answers_digest=each.digest,
                cause=cause,
            ),
            session=session,
            attempt=each.attempt,
        )
    return kept


def record_export(desk: Desk, session: str, by: str, *, documents: bool) -> None:
    """Who took a session's results out of the house stands on the centre's stream."""
    verb = "exported_with_documents" if documents else "exported"
    changed(desk, "results", session, verb, by=by, row={"session": session, "documents": documents})
