"""How a simulated candidate behaves: believable, and the same for the same seed.

A plan is a list of steps in exam time, scaled to the length of the exam: reading, answering in order with breaks,
changing one's mind, marking, looking back; a few leave the page, cover the camera, raise a hand or have a visitor; most
hand in before the end, some wait for it.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from protocol.paper import SeatItem, SeatPaper

READING_SHARE = 0.02
"""Share of the exam read before the first answer."""

LEAVES, COVERS, VISITED, RAISES = 0.15, 0.08, 0.05, 0.10
"""Chance that a candidate does this once in an exam (ours: a lively room, not an honest one)."""

WAITS_FOR_THE_END = 0.25
"""Chance that a candidate hands in only when the time is up."""

CHANGES, MARKS = 0.08, 0.07
"""Chance per item to be changed later, and to be marked."""


class Misdeed(StrEnum):
    """What a camera or a browser would see."""

    LEFT_PAGE = "left_page"
    COVERED_CAMERA = "covered_camera"
    SECOND_PERSON = "second_person"


@dataclass(frozen=True, slots=True)
class Choose:
    """A whole response to one item."""

    slot: int
    response: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkItem:
    """Mark for review, or unmark."""

    slot: int
    marked: bool


@dataclass(frozen=True, slots=True)
class Misbehave:
    """Something that lasts for a while."""

    what: Misdeed
    for_ms: int


TIME_TAKEN = {"multiple": 2, "ordering": 2, "matching": 3, "fill_in": 2, "short_answer": 6}
"""How much longer an item of a kind takes than one with a single choice."""

TYPED = ("0.5", "3", "安全带", "先检查再作业，发现隐患立即报告。")
"""What a simulated candidate types."""


@dataclass(frozen=True, slots=True)
class RaiseHand:
    """举手 for a while."""

    for_ms: int


@dataclass(frozen=True, slots=True)
class HandInNow:
    """Hands in."""


Action = Choose | MarkItem | Misbehave | RaiseHand | HandInNow


@dataclass(frozen=True, slots=True)
class Step:
    """One action at a moment of exam time, in milliseconds."""

    at_ms: int
    action: Action


@dataclass(frozen=True, slots=True)
class Manner:
    """How long somebody takes over what is no part of the exam, in seconds."""

    arrives_s: float
    confirms_s: float
    reads_notice_s: float
    reads_rules_s: float
    reads_message_s: float


class Candidate:
    """One simulated candidate; ``hurry`` divides the time taken over what is no part of the exam."""

    def __init__(self, seed: int, hurry: float = 1.0) -> None:
        self._seed = seed
        dice = self._dice("manner")
        self.manner = Manner(
            arrives_s=dice.uniform(0, 8) / hurry,
            confirms_s=dice.uniform(0.5, 3) / hurry,
            reads_notice_s=dice.uniform(1, 5) / hurry,
            reads_rules_s=dice.uniform(1, 6) / hurry,
            reads_message_s=dice.uniform(1.5, 8) / hurry,
        )

    def plan(self, paper: SeatPaper, earliest_hand_in_ms: int) -> list[Step]:
        """Everything this candidate will do, in order of exam time."""
        dice = self._dice("plan")
        duration = paper.duration_ms
        waits = dice.random() < WAITS_FOR_THE_END
        earliest = min(earliest_hand_in_ms / duration, 0.97)
        ends = 1.0 if waits else dice.uniform(max(0.6, earliest), 0.98)
        steps = [*self._work(paper, dice, ends * 0.95), *self._misdeeds(duration, dice)]
        if not waits:
            steps.append(Step(round(max(ends * duration, earliest_hand_in_ms + 1)), HandInNow()))
        return sorted(steps, key=lambda step: step.at_ms)

    def _work(self, paper: SeatPaper, dice: random.Random, until: float) -> Iterator[Step]:
        items = [item for section in paper.sections for item in section.items]
        duration = paper.duration_ms
        skipped = dice.uniform(0, 0.06)
        weights = [dice.lognormvariate(0, 0.6) * TIME_TAKEN.get(item.kind, 1) for item in items]
        scale = (until - READING_SHARE) * 0.85 * duration / sum(weights)
        at = READING_SHARE * duration
        for item, weight in zip(items, weights, strict=True):
            at += weight * scale
            if dice.random() < skipped:
                continue
            yield from self._answer(item, round(at), dice)
            if dice.random() < MARKS:
                yield Step(round(at) + 400, MarkItem(item.slot, True))
                yield Step(round(dice.uniform(at, until * duration)), MarkItem(item.slot, False))
            if dice.random() < CHANGES:
                yield from self._answer(item, round(dice.uniform(at, until * duration)), dice)

    def _answer(self, item: SeatItem, at: int, dice: random.Random) -> Iterator[Step]:
        letters = [option.letter for option in item.options]
        if item.kind in ("fill_in", "short_answer"):
            texts = [dice.choice(TYPED) for _ in range(max(1, item.blanks))]
            yield Step(at, Choose(item.slot, tuple(texts)))
        elif item.kind == "ordering":
            yield Step(at, Choose(item.slot, tuple(dice.sample(letters, len(letters)))))
        elif item.kind == "matching":
            yield Step(at, Choose(item.slot, tuple(dice.choice(letters) for _ in item.premises)))
        elif item.kind != "multiple":
            yield Step(at, Choose(item.slot, (dice.choice(letters),)))
        else:
            # One click after the other, each a whole response.
            chosen = dice.sample(letters, dice.randint(2, max(2, len(letters) - 1)))
            for count in range(1, len(chosen) + 1):
                yield Step(at + 900 * (count - 1), Choose(item.slot, tuple(sorted(chosen[:count]))))

    def _misdeeds(self, duration: int, dice: random.Random) -> Iterator[Step]:
        def once(chance: float) -> int | None:
            return round(dice.uniform(0.05, 0.85) * duration) if dice.random() < chance else None

        chances: Sequence[tuple[float, Action]] = (
            (LEAVES, Misbehave(Misdeed.LEFT_PAGE, round(dice.uniform(2_000, 20_000)))),
            (COVERS, Misbehave(Misdeed.COVERED_CAMERA, round(dice.uniform(10_000, 30_000)))),
            (VISITED, Misbehave(Misdeed.SECOND_PERSON, round(dice.uniform(8_000, 25_000)))),
            (RAISES, RaiseHand(round(dice.uniform(5_000, 20_000)))),
        )
        for chance, action in chances:
            at = once(chance)
            if at is not None:
                yield Step(at, action)

    def _dice(self, what: str) -> random.Random:
        return random.Random(f"kaochang candidate {self._seed} {what}")  # noqa: S311 - behaviour, nothing secret
