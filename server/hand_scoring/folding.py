"""How entries change scoring by hand."""

from protocol import office_entries as office
from server.hand_scoring.rules import AttemptHandScores, Given, HandScores, ToAssess
from server.writer.day import Part, Recorded


def _opened(scores: HandScores, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.HandScoringOpened)
    scores.seed, scores.third = body.seed, body.third


def _needed(scores: HandScores, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.HandScoresNeeded)
    before = scores.by_attempt.setdefault(body.attempt, AttemptHandScores())
    answers = {}
    for each in body.answers:
        kept = before.answers.get(each.slot)
        same = kept is not None and kept.answer == each.answer
        new = ToAssess(each.slot, each.answer, each.max_score, each.tolerance, each.step)
        answers[each.slot] = kept if kept is not None and same else new
    before.answers_digest, before.answers = body.answers_digest, answers


def _shown(scores: HandScores, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.HandScoreShown)
    answer = _answer(scores, body.attempt, body.slot, body.answer)
    if answer is not None:
        answer.shown[body.by] = one.entry.at


def _given(scores: HandScores, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.HandScoreGiven)
    answer = _answer(scores, body.attempt, body.slot, body.answer)
    if answer is None:
        return
    before = answer.of(body.by)
    if before is None:
        answer.scores.append(Given(body.by, body.score, one.entry.at, body.note))
    else:
        before.score, before.at, before.note = body.score, one.entry.at, body.note


def _scored(scores: HandScores, one: Recorded) -> None:
    """A score of other answers: what still waited among the old ones is not what counts any more."""
    body = one.body
    assert isinstance(body, office.AttemptScored)
    found = scores.by_attempt.get(body.attempt)
    if found is not None and found.answers_digest != body.answers_digest:
        settled = {slot: each for slot, each in found.answers.items() if each.final(scores.third) is not None}
        found.answers_digest, found.answers = body.answers_digest, settled


def _answer(scores: HandScores, attempt: str, slot: int, answer: int) -> ToAssess | None:
    found = scores.of(attempt).answers.get(slot)
    return found if found is not None and found.answer == answer else None


PART = Part(
    HandScores,
    {
        "hand_scoring.opened": _opened,
        "hand_score.needed": _needed,
        "hand_score.shown": _shown,
        "hand_score.given": _given,
        "attempt.scored": _scored,
    },
    by_attempt="by_attempt",
)
