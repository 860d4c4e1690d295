"""What a candidate sees of a paper: stems and options in their displayed order. There is no field a key
could be in.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TypedDict

from question_bank.blueprint import Blueprint, Section
from question_bank.items import LETTERS, Item
from question_bank.papers import ItemRef, Slot
from question_bank.pictures import pictures_in


class SeenOption(TypedDict):
    """An option under its natural letter."""

    letter: str
    text: str


class SeenItem(TypedDict):
    """A question as displayed. It carries no item code: codes are one look-up away from keys.

    premises: texts to be matched, each with an option. blanks: how many texts are to be typed. case: index into the
    section's cases, None outside of one. score: hundredths.
    """

    number: int
    kind: str
    markup: str
    stem: str
    options: list[SeenOption]
    premises: list[str]
    blanks: int
    case: int | None
    score: int


class SeenCase(TypedDict):
    """The stem several questions share."""

    markup: str
    stem: str


class SeenSection(TypedDict):
    """A section with its items. score_each and max_score: hundredths."""

    title: str
    kind: str
    rule: str
    score_each: int
    max_score: int
    cases: list[SeenCase]
    items: list[SeenItem]


class SeenPaper(TypedDict):
    """The whole paper as displayed. full_score: hundredths. pictures: names of all it shows."""

    title: str
    full_score: int
    sections: list[SeenSection]
    pictures: list[str]


def seen_paper(blueprint: Blueprint, slots: Collection[Slot], items: Mapping[ItemRef, Item]) -> SeenPaper:
    """The paper as its candidate sees it, letters always A, B, C … whatever the option order.

    Raises KeyError when a slot's item is not at hand.
    """
    sections = [
        _seen_section(section, [slot for slot in slots if slot.section == index], items)
        for index, section in enumerate(blueprint.sections)
    ]
    return {
        "title": blueprint.title,
        "full_score": blueprint.full_score,
        "sections": sections,
        "pictures": _pictures(sections),
    }


def _seen_section(section: Section, slots: Sequence[Slot], items: Mapping[ItemRef, Item]) -> SeenSection:
    cases: dict[ItemRef, int] = {}
    seen: list[SeenItem] = []
    shared: list[SeenCase] = []
    for slot in slots:
        item = items[slot.item, slot.version]
        if slot.part is None:
            seen.append(_seen_item(slot, item, None, section.score_each))
            continue
        place = cases.setdefault((slot.item, slot.version), len(cases))
        if place == len(shared):
            shared.append({"markup": item.markup, "stem": item.stem})
        seen.append(_seen_item(slot, item.parts[slot.part], place, section.part_scores[slot.part]))
    return {
        "title": section.title,
        "kind": section.kind.value,
        "rule": section.rule.value,
        "score_each": section.score_each,
        "max_score": section.score_each * section.count,
        "cases": shared,
        "items": seen,
    }


def _seen_item(slot: Slot, item: Item, case: int | None, score: int) -> SeenItem:
    return {
        "number": slot.number,
        "kind": item.kind.value,
        "markup": item.markup,
        "stem": item.stem,
        "options": [
            {"letter": letter, "text": item.options[index]}
            for letter, index in zip(LETTERS, slot.option_order, strict=False)
        ],
        "premises": list(item.premises),
        "blanks": len(item.blanks),
        "case": case,
        "score": score,
    }


def _pictures(sections: Sequence[SeenSection]) -> list[str]:
    """Names of the pictures shown: those of solutions and references are not among them."""
    texts: list[str] = []
    for section in sections:
        texts += [case["stem"] for case in section["cases"] if case["markup"] == "html"]
        for item in section["items"]:
            if item["markup"] == "html":
                texts += [item["stem"], *(option["text"] for option in item["options"]), *item["premises"]]
    return list(pictures_in(*texts))
