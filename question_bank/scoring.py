"""What an answer is worth: a pure function of paper, key and responses. All scores are integers of one
hundredth.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from question_bank.blueprint import Blueprint, ScoringRule, Section
from question_bank.items import LETTERS, Item
from question_bank.papers import ItemRef, Slot

# 多选题少选时每个选对的选项得 0.5 分: hundredths, as in the construction licensing exams.
PER_RIGHT_EACH = 50


class ScoringError(ValueError):
    """A paper that does not fit its blueprint or its items: nothing of it is scored."""


@dataclass(frozen=True, slots=True)
class SlotScore:
    """What one slot gave. chosen: indexes into the item's own options, ascending."""

    number: int
    item: str
    version: int
    chosen: tuple[int, ...]
    score: int
    max_score: int


@dataclass(frozen=True, slots=True)
class PaperScore:
    """The score of one paper. unmatched: slot numbers answered that the paper does not have."""

    total: int
    max_score: int
    slots: tuple[SlotScore, ...]
    unmatched: tuple[int, ...] = ()


def score_paper(
    blueprint: Blueprint,
    slots: Collection[Slot],
    items: Mapping[ItemRef, Item],
    responses: Mapping[int, Collection[str]],
) -> PaperScore:
    """The score of the displayed letters chosen per slot number, mapped back through each slot's option
    order.

    A letter the item does not have counts as a wrong choice. Raises ScoringError when a slot's item is
    missing, its kind is not its section's, or the sections do not hold what the blueprint says.
    """
    _check_structure(blueprint, slots)
    scored = tuple(_score_slot(blueprint, slot, items, responses.get(slot.number, ())) for slot in slots)
    numbers = {slot.number for slot in slots}
    return PaperScore(
        total=sum(each.score for each in scored),
        max_score=sum(each.max_score for each in scored),
        slots=scored,
        unmatched=tuple(sorted(number for number in responses if number not in numbers)),
    )


def score_choice(section: Section, key: Collection[int], chosen: Collection[int]) -> int:
    """Hundredths for the options chosen, between 0 and score_each.

    all_or_nothing: exactly the key gives everything. partial: some of the right options and no wrong one
    give half. per_right: some of the right options and no wrong one give 0.5 for each, never more than the
    item. One wrong option always gives 0.
    """
    right, picked = set(key), set(chosen)
    if picked == right:
        return section.score_each
    if not picked or not picked < right:
        return 0
    if section.rule is ScoringRule.PARTIAL:
        return section.score_each // 2
    if section.rule is ScoringRule.PER_RIGHT:
        return min(len(picked) * PER_RIGHT_EACH, section.score_each)
    return 0


def passes(total: int, pass_score: int) -> bool:
    """Whether a total reaches the pass score, both in hundredths: 及格线以上 includes the line, and nothing
    is rounded.
    """
    return total >= pass_score


def _score_slot(
    blueprint: Blueprint, slot: Slot, items: Mapping[ItemRef, Item], letters: Collection[str]
) -> SlotScore:
    section = blueprint.sections[slot.section]
    item = items.get((slot.item, slot.version))
    if item is None:
        raise ScoringError(f"item {slot.item} version {slot.version} is not at hand")
    if item.kind is not section.kind or sorted(slot.option_order) != list(range(len(item.options))):
        raise ScoringError(f"slot {slot.number}: item {slot.item} is not the one that was drawn")
    chosen = [_index(slot, letter) for letter in set(letters)]
    return SlotScore(
        number=slot.number,
        item=slot.item,
        version=slot.version,
        chosen=tuple(sorted(index for index in chosen if index >= 0)),
        score=score_choice(section, item.key, chosen),
        max_score=section.score_each,
    )


def _index(slot: Slot, letter: str) -> int:
    """The option a displayed letter stands for, -1 for a letter that was not displayed."""
    place = LETTERS.find(letter) if len(letter) == 1 else -1
    return slot.option_order[place] if 0 <= place < len(slot.option_order) else -1


def _check_structure(blueprint: Blueprint, slots: Collection[Slot]) -> None:
    counts = [0] * len(blueprint.sections)
    for slot in slots:
        if not 0 <= slot.section < len(counts):
            raise ScoringError(f"slot {slot.number}: {blueprint.code} has no section {slot.section}")
        counts[slot.section] += 1
    expected = [section.count for section in blueprint.sections]
    if counts != expected or len({slot.number for slot in slots}) != len(slots):
        raise ScoringError(f"sections hold {counts} items, blueprint {blueprint.code} says {expected}")
