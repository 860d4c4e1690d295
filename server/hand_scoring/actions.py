"""The verbs of scoring by hand: what needs it, the next answer for an assessor, and a score."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from config.shapes import score_text
from protocol import office_entries as office
from server.attempts.actions import attempt_of
from server.attempts.rules import Attempts
from server.errors import NotFound, Refused
from server.hand_scoring.rules import HandScores, ToAssess, blind_key
from server.people.rules import Person
from server.sessions.actions import NotNow, facts_of
from server.sessions.queries import scheme_of, session_row
from server.sessions.rules import SessionState
from server.writer.desk import Desk

SCORED_BY_HAND_IN = frozenset({SessionState.ENDED, SessionState.SIGNED, SessionState.UNDER_REVIEW})
"""States of a session in which assessors work."""

GIVEN_SHOWN_MAX = 50
"""How many of an assessor's last scores can be gone back to."""

WhyRecused = Callable[[Desk, str, str | None, Person], str | None]
"""Why a person has no say in what a candidate (None: anybody of the session) did; reviews know, and stand above."""


class AssessorRecused(Refused):
    """Assessors are never staff of that session nor of the candidate's employer or institution (S3-B)."""

    code = "assessor_recused"
    status = 403
    zh = "您在本场次任职，须回避，不能参加本场次的人工评分。"
    en = "You worked in this session and are recused from scoring it by hand."


class HandScoreSettled(Refused):
    """Enough assessors scored this answer: what stands is not changed any more."""

    code = "hand_score_settled"
    zh = "该答案的评分已经确定，不能再改。"
    en = "The score of this answer is settled; it cannot be changed any more."


class NoSuchScore(Refused):
    """A score is a whole number of steps between nothing and what the answer is worth."""

    code = "no_such_score"
    zh = "评分须在 0 至 {most} 分之间，且为 {step} 分的整数倍。"
    en = "A score lies between 0 and {most}, in steps of {step}."


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer put before an assessor; attempt and slot never leave the server with it.

    text: what the candidate typed. mine: the assessor's own score, where there is one. given, left: how many answers
    of the session the assessor scored, and how many wait. before: names of those scored and not settled, newest first.
    """

    attempt: str
    slot: int
    key: str
    text: str
    max_score: int
    step: int
    mine: int | None
    note: str | None
    given: int
    left: int
    before: list[str]


def need(desk: Desk, session: str, attempt: str, digest: str, worths: Mapping[int, int]) -> None:
    """Say which answers of an attempt (slot and worth in hundredths) wait for assessors; said once for a digest.

    Answers put before assessors earlier that still count stay beside them with their scores.
    """
    before = desk.day(session).part(HandScores).of(attempt)
    if before.answers_digest == digest:
        return
    policy = scheme_of(session_row(desk.db, session)).by_hand
    held = desk.day(session).part(Attempts).by_id[attempt].answers
    kept = {
        slot: one.max_score
        for slot, one in before.answers.items()
        if slot in held and held[slot].n == one.answer
    }
    answers = [
        office.AnswerToScore(
            slot=slot,
            answer=held[slot].n,
            max_score=worth,
            tolerance=worth * policy.tolerance_percent // 100,
            step=policy.step,
        )
        for slot, worth in sorted((kept | dict(worths)).items())
    ]
    needed = office.HandScoresNeeded(attempt=attempt, answers_digest=digest, answers=answers)
    desk.record(needed, session=session, attempt=attempt)


def open_once(desk: Desk, session: str) -> None:
    """Before the first answer of a session is said to need assessors: the seed of their orders, on the ledger."""
    if not desk.day(session).part(HandScores).seed:
        policy = scheme_of(session_row(desk.db, session)).by_hand
        opened = office.HandScoringOpened(seed=secrets.token_hex(32), third=policy.third.value)
        desk.record(opened, session=session)


def take(desk: Desk, session: str, by: Person, why_recused: WhyRecused) -> Shown | None:
    """The next answer for this assessor: the one in hand, or one that waits, in the assessor's own random order.

    None when nothing waits for this person.
    """
    scores = _open_for(desk, session, by, why_recused)
    attempts = desk.day(session).part(Attempts).by_id
    ordered = scores.in_order_of(by.id)
    for attempt, one in ordered:
        if one.held_by(by.id, desk.now) and one.waits_for(by.id, desk.now):
            return _shown(desk, session, attempt, one, by)
    for attempt, one in ordered:
        if not one.waits_for(by.id, desk.now):
            continue
        if why_recused(desk, session, attempts[attempt].candidate, by) is not None:
            continue
        body = office.HandScoreShown(attempt=attempt, slot=one.slot, answer=one.answer, by=by.id)
        desk.record(body, session=session, attempt=attempt)
        return _shown(desk, session, attempt, one, by)
    return None


def again(desk: Desk, session: str, key: str, by: Person, why_recused: WhyRecused) -> Shown:
    """An answer this assessor was shown before; raises NotFound for any other."""
    scores = _open_for(desk, session, by, why_recused)
    attempt, one = _mine(scores, key, by)
    return _shown(desk, session, attempt, one, by)


def give(
    desk: Desk, session: str, key: str, by: Person, score: int, note: str | None, why_recused: WhyRecused
) -> dict[str, object]:
    """Score an answer that was shown, or score it anew while it is not settled; hundredths."""
    scores = _open_for(desk, session, by, why_recused)
    attempt, one = _mine(scores, key, by)
    if not 0 <= score <= one.max_score or (score % one.step and score != one.max_score):
        raise NoSuchScore(most=score_text(one.max_score), step=score_text(one.step))
    before = one.of(by.id)
    if before is not None and before.score == score and not (note or "").strip():
        return {"key": key, "score": score}
    if one.final(scores.third) is not None or (before is None and not one.waits_for(by.id, desk.now)):
        raise HandScoreSettled()
    body = office.HandScoreGiven(
        attempt=attempt, slot=one.slot, answer=one.answer, score=score, by=by.id, note=desk.note(note)
    )
    desk.record(body, session=session, attempt=attempt)
    return {"key": key, "score": score}


def _open_for(desk: Desk, session: str, by: Person, why_recused: WhyRecused) -> HandScores:
    facts = facts_of(desk, session)
    if facts.state not in SCORED_BY_HAND_IN:
        raise NotNow(state=facts.state, verb="hand_scoring")
    if why_recused(desk, session, None, by) is not None:
        raise AssessorRecused()
    return desk.day(session).part(HandScores)


def _mine(scores: HandScores, key: str, by: Person) -> tuple[str, ToAssess]:
    found = scores.find(key)
    if found is None or by.id not in found[1].shown:
        raise NotFound(what=f"answer {key}")
    return found


def _shown(desk: Desk, session: str, attempt: str, one: ToAssess, by: Person) -> Shown:
    scores = desk.day(session).part(HandScores)
    answers = [(key, each) for key, of in scores.by_attempt.items() for each in of.answers.values()]
    own = [(key, each, found) for key, each in answers if (found := each.of(by.id)) is not None]
    open_still = [entry for entry in own if entry[1].final(scores.third) is None]
    mine = one.of(by.id)
    response = attempt_of(desk, session, attempt).answers[one.slot].response
    noted = None if mine is None or mine.note is None else desk.ledger.note_text(mine.note)
    return Shown(
        attempt=attempt,
        slot=one.slot,
        key=blind_key(scores.seed, attempt, one),
        text="".join(response),
        max_score=one.max_score,
        step=one.step,
        mine=None if mine is None else mine.score,
        note=None if noted is None else noted[1],
        given=len(own),
        left=sum(each.waits_for(by.id, desk.now) for _, each in answers),
        before=[
            blind_key(scores.seed, key, each)
            for key, each, _ in sorted(open_still, key=lambda entry: -entry[2].at)[:GIVEN_SHOWN_MAX]
        ],
    )
