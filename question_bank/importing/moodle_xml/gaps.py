"""Select missing words and drag into text: words for numbered gaps, [[1]], from lists they share."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from question_bank.importing.drafts import GAP, Draft, plainly
from question_bank.importing.markup import Passage
from question_bank.importing.moodle_xml.elements import (
    Element,
    FormattedText,
    children,
    content,
    formatted,
    word,
)
from question_bank.importing.problems import Findings
from question_bank.items import Kind

_GAP = re.compile(r"\[\[(\d{1,3})\]\]")


@dataclass(frozen=True, slots=True)
class _Choice:
    """A word that may fill gaps of its group."""

    text: Passage
    group: str


def read_gaps(
    element: Element, draft: Draft, findings: Findings, stem: FormattedText, text: Callable[[str], Passage]
) -> bool:
    """Fill a draft: one group of words is a matching of gaps with words, several make a case of single choices.

    False where a gap names a word that is not there.
    """
    boxes = [each for name in ("dragbox", "selectoption") for each in children(element, name)]
    choices = [_choice(box, text) for box in boxes]
    numbers = [int(found) for found in _GAP.findall(stem.value)]
    missing = next((number for number in numbers if not 1 <= number <= len(choices)), None)
    if not numbers or missing is not None:
        found = stem.value if missing is None else f"[[{missing}]]"
        findings.problem("gap_without_word", draft.place, found, column=draft.label)
        return False
    shown = iter(range(1, len(numbers) + 1))
    draft.stem = text(_GAP.sub(lambda _: f"({next(shown)}) {GAP}", stem.value))
    if len({choice.group for choice in choices}) == 1:
        _matching(draft, choices, numbers)
    else:
        _case(draft, choices, numbers)
    return True


def _choice(box: Element, text: Callable[[str], Passage]) -> _Choice:
    said = formatted(box, "html").value or content(box)
    return _Choice(text(said), word(box, "group", "1"))


def _matching(draft: Draft, choices: list[_Choice], numbers: list[int]) -> None:
    draft.kind = Kind.MATCHING
    places: dict[str, int] = {}
    for choice in choices:
        if places.setdefault(choice.text.html, len(places)) == len(draft.options):
            draft.options.append(choice.text)
    draft.premises = [plainly(f"({place})") for place in range(1, len(numbers) + 1)]
    draft.key = [places[choices[number - 1].text.html] for number in numbers]


def _case(draft: Draft, choices: list[_Choice], numbers: list[int]) -> None:
    draft.kind = Kind.CASE
    for place, number in enumerate(numbers, 1):
        right = choices[number - 1]
        offered = [choice for choice in choices if choice.group == right.group]
        draft.parts.append(
            Draft(
                draft.place,
                draft.label,
                Kind.SINGLE,
                plainly(f"({place}) {GAP}"),
                [choice.text for choice in offered],
                key=[offered.index(right)],
            )
        )
