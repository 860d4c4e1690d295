"""What a candidate sees of a paper: stems and options in their displayed order. There is no field a key
could be in.
"""

from collections.abc import Collection, Mapping
from typing import TypedDict

from question_bank.blueprint import Blueprint
from question_bank.items import LETTERS, Item
from question_bank.papers import ItemRef, Slot


class SeenOption(TypedDict):
    """An option under its natural letter."""

    letter: str
    text: str


class SeenItem(TypedDict):
    """A question as displayed. It carries no item code: codes are one look-up away from keys."""

    number: int
    kind: str
    stem: str
    options: list[SeenOption]


class SeenSection(TypedDict):
    """A section with its items. score_each and max_score: hundredths."""

    title: str
    kind: str
    rule: str
    score_each: int
    max_score: int
    items: list[SeenItem]


class SeenPaper(TypedDict):
    """The whole paper as displayed. full_score: hundredths."""

    title: str
    full_score: int
    sections: list[SeenSection]


def seen_paper(blueprint: Blueprint, slots: Collection[Slot], items: Mapping[ItemRef, Item]) -> SeenPaper:
    """The paper as its candidate sees it, letters always A, B, C … whatever the option order.

    Raises KeyError when a slot's item is not at hand.
    """
    return {
        "title": blueprint.title,
        "full_score": blueprint.full_score,
        "sections": [
            {
                "title": section.title,
                "kind": section.kind.value,
                "rule": section.rule.value,
                "score_each": section.score_each,
                "max_score": section.score_each * section.count,
                "items": [
                    _seen_item(slot, items[slot.item, slot.version])
                    for slot in slots
                    if slot.section == index
                ],
            }
            for index, section in enumerate(blueprint.sections)
        ],
    }


def _seen_item(slot: Slot, item: Item) -> SeenItem:
    return {
        "number": slot.number,
        "kind": item.kind.value,
        "stem": item.stem,
        "options": [
            {"letter": letter, "text": item.options[index]}
            for letter, index in zip(LETTERS, slot.option_order, strict=False)
        ],
    }
