"""What an answer is worth: a pure function of paper, key and responses. All scores are integers of one
hundredth.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from question_bank.blueprint import Blueprint, ScoringRule, Section
from question_bank.corrections import NO_CORRECTIONS, Corrections, alternatives
from question_bank.items import CHOICES, LETTERED, LETTERS, Item, Kind
from question_bank.papers import ItemRef, Slot

# 多选题少选时每个选对的选项得 0.5 分: hundredths, as in the construction licensing exams.
PER_RIGHT_EACH = 50


class ScoringError(ValueError):
    """A paper that does not fit its blueprint or its items: nothing of it is scored."""


@dataclass(frozen=True, slots=True)
class SlotScore:
    """What one slot gave.

    chosen: what counted: for choices indexes into the item's own options, ascending; for ordering the indexes in
    the given order; for matching one index for each premise, -1 for none; () for typed kinds. score: None while a
    short answer waits for its assessors.
    """

    number: int
    item: str
    version: int
    chosen: tuple[int, ...]
    score: int | None
    max_score: int


@dataclass(frozen=True, slots=True)
class PaperScore:
    """The score of one paper.

    total: of what is scored. pending: slot numbers that wait for a score by hand; without them the total is final.
    unmatched: slot numbers answered that the paper does not have.
    """

    total: int
    max_score: int
    slots: tuple[SlotScore, ...]
    unmatched: tuple[int, ...] = ()
    pending: tuple[int, ...] = ()


def score_paper(
    blueprint: Blueprint,
    slots: Collection[Slot],
    items: Mapping[ItemRef, Item],
    responses: Mapping[int, Sequence[str]],
    by_hand: Mapping[int, int] = MappingProxyType({}),
    corrections: Corrections = NO_CORRECTIONS,
) -> PaperScore:
    """The score of the responses given per slot number, letters mapped back through each slot's option order.

    by_hand: hundredths assessors gave for short answers, held between 0 and the slot's worth; an empty short answer
    needs none and gives 0. corrections: keys that count instead of the items' own; of several accepted the one that
    gives most. A letter the item does not have counts as a wrong choice. Raises ScoringError when a
    slot's item is missing, its kind is not its section's, or the sections do not hold what the blueprint says.
    """
    _check_structure(blueprint, slots)
    scored = tuple(_score_slot(blueprint, slot, items, responses, by_hand, corrections) for slot in slots)
    numbers = {slot.number for slot in slots}
    return PaperScore(
        total=sum(each.score or 0 for each in scored),
        max_score=sum(each.max_score for each in scored),
        slots=scored,
        unmatched=tuple(sorted(number for number in responses if number not in numbers)),
        pending=tuple(each.number for each in scored if each.score is None),
    )


def score_choice(
    section: Section, key: Collection[int], chosen: Collection[int], worth: int | None = None
) -> int:
    """Hundredths for the options chosen, between 0 and what the slot is worth (score_each unless given).

    all_or_nothing: exactly the key gives everything. Some of the right options and no wrong one give: half (partial),
    0.5 for each (per_right), or fixed_score (fixed); never more than the slot is worth. One wrong option always
    gives 0.
    """
    full = section.score_each if worth is None else worth
    right, picked = set(key), set(chosen)
    if picked == right:
        return full
    if not picked or not picked < right:
        return 0
    if section.rule is ScoringRule.PARTIAL:
        return full // 2
    if section.rule is ScoringRule.PER_RIGHT:
        return min(len(picked) * PER_RIGHT_EACH, full)
    return _fixed(section, full)


def score_parts(section: Section, right: int, asked: int, worth: int) -> int:
    """Hundredths where so many of several blanks, places or premises are right.

    all_or_nothing: all of them give everything. partial: each gives its equal share, a rest below one hundredth is
    not given. fixed: fixed_score when some are right. per_right speaks of options and gives nothing here but for all.
    """
    if right >= asked:
        return worth
    if right and section.rule is ScoringRule.PARTIAL:
        return worth * right // asked
    return _fixed(section, worth) if right else 0


def passes(total: int, pass_score: int) -> bool:
    """Whether a total reaches the pass score, both in hundredths: 及格线以上 includes the line, and nothing
    is rounded.
    """
    return total >= pass_score


def _fixed(section: Section, worth: int) -> int:
    return min(section.fixed_score or 0, worth) if section.rule is ScoringRule.FIXED else 0


def _score_slot(
    blueprint: Blueprint,
    slot: Slot,
    items: Mapping[ItemRef, Item],
    responses: Mapping[int, Sequence[str]],
    by_hand: Mapping[int, int],
    corrections: Corrections,
) -> SlotScore:
    section = blueprint.sections[slot.section]
    whole = items.get((slot.item, slot.version))
    if whole is None:
        raise ScoringError(f"item {slot.item} version {slot.version} is not at hand")
    if whole.kind is not section.kind or (slot.part is None) == bool(whole.parts):
        raise ScoringError(f"slot {slot.number}: item {slot.item} is not the one that was drawn")
    if slot.part is not None and not 0 <= slot.part < len(whole.parts) == len(section.part_scores):
        raise ScoringError(f"slot {slot.number}: item {slot.item} has no part {slot.part} in this section")
    item = whole if slot.part is None else whole.parts[slot.part]
    if sorted(slot.option_order) != list(range(len(item.options))):
        raise ScoringError(f"slot {slot.number}: item {slot.item} is not the one that was drawn")
    worth = section.score_each if slot.part is None else section.part_scores[slot.part]
    response = responses.get(slot.number, ())
    chosen = _chosen(item, slot, response)
    correction = corrections.of(slot.item, slot.version, slot.part)
    score: int | None
    if correction is not None and correction.for_everybody:
        score = worth
    elif item.kind is Kind.SHORT_ANSWER:
        score = max(0, min(by_hand[slot.number], worth)) if slot.number in by_hand else None
        if not any(text.strip() for text in response):
            score = 0
    else:
        accepted = (item,) if correction is None else alternatives(item, correction)
        score = max(_worth(section, one, chosen, response, worth) for one in accepted)
    return SlotScore(slot.number, slot.item, slot.version, _known(item, chosen), score, worth)


def _worth(section: Section, item: Item, chosen: Sequence[int], response: Sequence[str], worth: int) -> int:
    if item.kind in CHOICES:
        return score_choice(section, item.key, chosen, worth)
    if item.kind is Kind.FILL_IN:
        right = sum(blank.takes(text) for blank, text in zip(item.blanks, response, strict=False))
        return score_parts(section, right, len(item.blanks), worth)
    right = sum(_alike(item, given, expected) for given, expected in zip(chosen, item.key, strict=False))
    # What was given beyond the places asked for is never right.
    return score_parts(section, right if len(chosen) <= len(item.key) else 0, len(item.key), worth)


def _alike(item: Item, given: int, expected: int) -> bool:
    """Whether what was put into one place is right there: options that read the same cannot be told apart."""
    return given == expected or (given >= 0 and item.options[given] == item.options[expected])


def _chosen(item: Item, slot: Slot, response: Sequence[str]) -> list[int]:
    if item.kind in CHOICES:
        return [_index(slot, letter) for letter in set(response)]
    return [_index(slot, letter) for letter in response] if item.kind in LETTERED else []


def _known(item: Item, chosen: Sequence[int]) -> tuple[int, ...]:
    if item.kind in CHOICES:
        return tuple(sorted(index for index in chosen if index >= 0))
    return tuple(chosen)


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
    expected = [section.count * section.parts for section in blueprint.sections]
    if counts != expected or len({slot.number for slot in slots}) != len(slots):
        raise ScoringError(f"sections hold {counts} items, blueprint {blueprint.code} says {expected}")
