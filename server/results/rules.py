"""A result's lifecycle and the theory verdict: pure, knows no table and no clock.

``none → scored → under_review ⇄ disputed → confirmed → corrected``; ``voided`` from any, also after confirmation, and
lifting a void restores what was: voiding is the attempt's (a voided score reads 成绩取消, never 0).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from protocol import office_entries as office
from protocol import wire
from server.attempts.rules import A, Attempt
from server.writer.day import Part, Recorded


class ResultState(StrEnum):
    """The words of domain.md; ``voided`` is read from the attempt."""

    NONE = "none"
    SCORED = "scored"
    UNDER_REVIEW = "under_review"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


class Verdict(StrEnum):
    """Over all theory subjects of a candidate."""

    PASSED = "passed"
    NOT_PASSED = "not_passed"
    VOIDED = "voided"
    PENDING = "pending"


R = ResultState

TRANSITIONS: dict[tuple[ResultState, str], ResultState] = {
    (R.NONE, "scored"): R.SCORED,
    (R.SCORED, "scored"): R.SCORED,
    (R.UNDER_REVIEW, "scored"): R.UNDER_REVIEW,
    (R.DISPUTED, "scored"): R.DISPUTED,
    (R.CONFIRMED, "scored"): R.CORRECTED,
    (R.CORRECTED, "scored"): R.CORRECTED,
    (R.SCORED, "under_review"): R.UNDER_REVIEW,
    (R.DISPUTED, "under_review"): R.UNDER_REVIEW,
    (R.UNDER_REVIEW, "disputed"): R.DISPUTED,
    (R.UNDER_REVIEW, "confirmed"): R.CONFIRMED,
    (R.CONFIRMED, "corrected"): R.CORRECTED,
}


LEAVES = frozenset({R.CONFIRMED, R.CORRECTED})
"""Only confirmed results leave the house."""

VOIDED_ZH = "成绩取消"
ABSENT_ZH = "缺考"

VERDICTS_ZH: Mapping["Verdict", str] = {
    Verdict.PASSED: "合格",
    Verdict.NOT_PASSED: "不合格",
    Verdict.VOIDED: VOIDED_ZH,
    Verdict.PENDING: "待定",
}


@dataclass(slots=True)
class EarlierScore:
    """A score that was replaced: kept for ever, shown beside what counts. Hundredths."""

    score: int
    max_score: int
    cause: str
    scored_at: int


@dataclass(slots=True)
class Result:
    """What is folded of one attempt's result; scores in hundredths. ``earlier``: oldest first."""

    state: ResultState = ResultState.NONE
    score: int | None = None
    max_score: int | None = None
    answers_digest: str = ""
    cause: str = ""
    scored_at: int | None = None
    confirmed_by: str | None = None
    confirmed_at: int | None = None
    earlier: list[EarlierScore] = field(default_factory=list)

    def steps(self) -> Iterator[tuple[int, int, int, int]]:
        """Every change of the score: before, after, the full score and when."""
        now = EarlierScore(self.score or 0, self.max_score or 0, self.cause, self.scored_at or 0)
        for before, after in pairwise([*self.earlier, now]):
            yield before.score, after.score, after.max_score, after.scored_at


@dataclass(slots=True)
class Results:
    """All results of a session, by attempt."""

    by_attempt: dict[str, Result] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SubjectOutcome:
    """One subject of a candidate, for the verdict: ``score`` None while there is none."""

    score: int | None
    pass_score: int
    voided: bool = False
    absent: bool = False


@dataclass(frozen=True, slots=True)
class SubjectResult:
    """One theory subject of one candidate; without an ``attempt`` the batch does not hold it for this candidate."""

    subject: str
    title: str
    pass_score: int
    session: str | None = None
    attempt: str | None = None
    seat: int | None = None
    attempt_state: str | None = None
    state: ResultState = ResultState.NONE
    score: int | None = None
    max_score: int | None = None
    voided: bool = False
    absent: bool = False

    @property
    def text(self) -> str:
        """What a list says: the score as people write it, 成绩取消, 缺考, or nothing yet."""
        if self.voided:
            return VOIDED_ZH
        if self.absent:
            return ABSENT_ZH
        return "" if self.score is None else written(self.score)


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """One candidate over all theory subjects."""

    candidate: str
    name: str
    ticket: str
    document: str
    employer: str
    institution: str
    subjects: Sequence[SubjectResult]
    verdict: Verdict


def written(score: int) -> str:
    """A score in hundredths as people write it: 59.5, 60, 33.25."""
    whole, rest = divmod(score, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def step(state: ResultState, verb: str) -> ResultState | None:
    """Where a verb leads, or None when it is not allowed."""
    return TRANSITIONS.get((state, verb))


def verdict(subjects: Sequence[SubjectOutcome]) -> Verdict:
    """Every theory subject needs its own pass score (S3-B); any void voids, absent is not passed."""
    if any(each.voided for each in subjects):
        return Verdict.VOIDED
    if any(each.absent or (each.score is not None and each.score < each.pass_score) for each in subjects):
        return Verdict.NOT_PASSED
    if not subjects or any(each.score is None for each in subjects):
        return Verdict.PENDING
    return Verdict.PASSED


def sat(attempt: Attempt) -> bool:
    """Whether there is anything to score: the candidate sat at a seat, whatever was ruled since."""
    return attempt.seated_at is not None and attempt.state not in (A.REFUSED, A.ABSENT, A.EXPECTED)


def responses(attempt: Attempt) -> dict[int, list[str]]:
    """The answers that count, by slot."""
    return {slot: list(held.response) for slot, held in sorted(attempt.answers.items()) if held.response}


def answers_digest(found: Mapping[int, Sequence[str]]) -> str:
    """One name for a set of answers: who scores twice the same answers gets the same."""
    plain = {str(slot): list(response) for slot, response in found.items()}
    return hashlib.sha256(wire.write(plain).encode()).hexdigest()


def _scored(results: Results, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.AttemptScored)
    result = results.by_attempt.setdefault(body.attempt, Result())
    result.state = TRANSITIONS[result.state, "scored"]
    if result.score is not None and result.max_score is not None and result.scored_at is not None:
        result.earlier.append(EarlierScore(result.score, result.max_score, result.cause, result.scored_at))
    result.score, result.max_score = body.score, body.max_score
    result.answers_digest, result.cause, result.scored_at = body.answers_digest, body.cause, one.entry.at


def _moved(results: Results, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.ResultMoved)
    result = results.by_attempt.setdefault(body.attempt, Result())
    result.state = TRANSITIONS[result.state, body.step]
    if body.step == "confirmed":
        result.confirmed_by, result.confirmed_at = body.by, one.entry.at


PART = Part(Results, {"attempt.scored": _scored, "result.moved": _moved}, by_attempt="by_attempt")
