"""When an answer needs another assessor, and what two or three scores make: pure, knows no table and no clock.

An answer waits for two assessors; where they differ by more than the scheme's tolerance it waits for a third. Nobody
sees another's score, nor whose answer it is. A score may be given anew until the answer is settled, not after.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from config.hand_scoring import ThirdScore

ASSESSORS = 2
HELD_MS = 30 * 60_000
"""How long an answer stays with the assessor it was shown to; then another may have it (ours)."""


@dataclass(slots=True)
class Given:
    """One assessor's score, in hundredths."""

    by: str
    score: int
    at: int
    note: str | None = None


@dataclass(slots=True)
class ToAssess:
    """One answer, by the place n of its entry; scores in the order in which assessors first gave one.

    ``shown``: to whom it was shown last, and when.
    """

    slot: int
    answer: int
    max_score: int
    tolerance: int
    step: int
    scores: list[Given] = field(default_factory=list)
    shown: dict[str, int] = field(default_factory=dict)

    def of(self, person: str) -> Given | None:
        """This person's score of it."""
        return next((one for one in self.scores if one.by == person), None)

    @property
    def agreed(self) -> bool:
        """Whether the first two are close enough."""
        if len(self.scores) < ASSESSORS:
            return False
        return abs(self.scores[0].score - self.scores[1].score) <= self.tolerance

    def final(self, third: str) -> int | None:
        """The score that stands, None while the answer waits for somebody."""
        if self.agreed:
            return _mean(self.scores[0].score, self.scores[1].score)
        if len(self.scores) <= ASSESSORS:
            return None
        last = self.scores[ASSESSORS].score
        if third == ThirdScore.THIRD:
            return last
        # The nearer one; of two equally near the higher.
        nearer = min(
            (one.score for one in self.scores[:ASSESSORS]), key=lambda score: (abs(score - last), -score)
        )
        return _mean(nearer, last)

    @property
    def wanted(self) -> int:
        """How many assessors it needs as things stand."""
        return ASSESSORS + (len(self.scores) >= ASSESSORS and not self.agreed)

    def waits_for(self, person: str, now: int) -> bool:
        """Whether it may be shown to this person: a score is missing, and nobody else has it in hand."""
        if self.of(person) is not None or len(self.scores) >= self.wanted:
            return False
        in_hand = sum(
            now - at < HELD_MS and self.of(by) is None for by, at in self.shown.items() if by != person
        )
        return len(self.scores) + in_hand < self.wanted

    def held_by(self, person: str, now: int) -> bool:
        """Whether this person was shown it and has not scored it yet."""
        at = self.shown.get(person)
        return at is not None and now - at < HELD_MS and self.of(person) is None


@dataclass(slots=True)
class AttemptHandScores:
    """The answers of one attempt that are scored by hand, by slot, under the digest of all its answers."""

    answers_digest: str = ""
    answers: dict[int, ToAssess] = field(default_factory=dict)


@dataclass(slots=True)
class HandScores:
    """What is folded of a session's scoring by hand."""

    seed: str = ""
    third: str = ThirdScore.THIRD.value
    by_attempt: dict[str, AttemptHandScores] = field(default_factory=dict)

    def of(self, attempt: str) -> AttemptHandScores:
        """What is scored by hand of one attempt."""
        return self.by_attempt.get(attempt) or AttemptHandScores()

    def waiting(self, attempt: str) -> int:
        """How many answers of an attempt are not settled."""
        return sum(one.final(self.third) is None for one in self.of(attempt).answers.values())

    def finals(self, attempt: str) -> dict[int, tuple[int, int]]:
        """By slot, the answer scored and its score, of what is settled."""
        found = {}
        for slot, one in self.of(attempt).answers.items():
            score = one.final(self.third)
            if score is not None:
                found[slot] = (one.answer, score)
        return found

    def in_order_of(self, person: str) -> list[tuple[str, ToAssess]]:
        """Every answer of the session in this person's own random order, the same whenever it is asked for."""
        answers = [(key, one) for key, each in self.by_attempt.items() for one in each.answers.values()]
        return sorted(answers, key=lambda one: _place(self.seed, person, one[0], one[1].slot))

    def find(self, key: str) -> tuple[str, ToAssess] | None:
        """The answer of that name, with its attempt."""
        for attempt, each in self.by_attempt.items():
            for one in each.answers.values():
                if blind_key(self.seed, attempt, one) == key:
                    return attempt, one
        return None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the scoring of a session is."""

    answers: int
    settled: int
    third: int
    """Answers on which the first two differed too much."""
    by_person: dict[str, int]


def progress(scores: HandScores) -> Progress:
    """Counted over all answers."""
    answers = [one for each in scores.by_attempt.values() for one in each.answers.values()]
    return Progress(
        answers=len(answers),
        settled=sum(one.final(scores.third) is not None for one in answers),
        third=sum(len(one.scores) >= ASSESSORS and not one.agreed for one in answers),
        by_person=_counts(given.by for one in answers for given in one.scores),
    )


def blind_key(seed: str, attempt: str, one: ToAssess) -> str:
    """A name for an answer that tells nobody whose it is; the seed keeps it from being guessed."""
    return hashlib.sha256(f"{seed}\n{attempt}\n{one.slot}\n{one.answer}".encode()).hexdigest()[:32]


def _counts(people: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for person in people:
        found[person] = found.get(person, 0) + 1
    return found


def _place(seed: str, person: str, attempt: str, slot: int) -> bytes:
    return hashlib.sha256(f"{seed}\n{person}\n{attempt}\n{slot}".encode()).digest()


def _mean(one: int, other: int) -> int:
    return (one + other + 1) // 2
