"""Numbers that stand in no text: what Word's automatic numbering shows in front of a paragraph."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from question_bank.importing.docx.elements import child, children, each, value

Element = etree._Element

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_CHINESE = "零一二三四五六七八九"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_NUMBER_MAX = 30_000


@dataclass(frozen=True, slots=True)
class _Level:
    format: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class _List:
    """One list of the document: its levels, and where it starts anew. abstract: the definition it counts with."""

    abstract: str
    levels: dict[int, _Level]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs of a document, in order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        """From the parts numbering.xml and styles.xml, either of which may be missing."""
        self._lists = _lists(numbering) if numbering is not None else {}
        self._of_style = _styles(styles) if styles is not None else {}
        self._counts: dict[str, list[int | None]] = {}
        self._seen: set[str] = set()

    def label(self, properties: Element | None) -> str:
        """What stands in front of the next paragraph, "" for nothing. properties: its pPr."""
        number, level = self._numbered(properties)
        known = self._lists.get(number)
        if known is None:
            return ""
        counts = self._counts.setdefault(known.abstract, [None] * LEVELS)
        if number not in self._seen:
            self._seen.add(number)
            for place, start in known.restarts.items():
                counts[place] = start - 1
        current = counts[level]
        start = known.levels.get(level, _Level()).start
        counts[level] = start if current is None else min(current + 1, _NUMBER_MAX)
        for deeper in range(level + 1, LEVELS):
            counts[deeper] = None
        return self._shown(known, level, counts)

    def _numbered(self, properties: Element | None) -> tuple[str, int]:
        own = child(properties, "numPr")
        style = value(child(properties, "pStyle"))
        number, level = self._of_style.get(style, ("", 0))
        if own is not None:
            number = value(child(own, "numId")) or number
            given = value(child(own, "ilvl"))
            level = int(given) if given.isdigit() else level
        return number, min(level, LEVELS - 1)

    def _shown(self, known: _List, level: int, counts: list[int | None]) -> str:
        shown = known.levels.get(level, _Level(text=f"%{level + 1}."))
        if shown.format == "bullet":
            return "•"
        if shown.format == "none":
            return _PLACE.sub("", shown.text).strip()

        def counted(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            at = known.levels.get(place, _Level())
            count = counts[place]
            return written(at.start if count is None else count, at.format)

        text = _PLACE.sub(counted, shown.text).strip()
        # A letter or number alone is read as one with its full stop.
        return f"{text}." if text.isalnum() and text.isascii() else text


def written(number: int, number_format: str) -> str:
    """A number in one of Word's formats; one that is not known is written in digits."""
    letters = {"upperLetter": "A", "lowerLetter": "a"}.get(number_format)
    if letters is not None and 1 <= number <= 780:
        return chr(ord(letters) + (number - 1) % 26) * ((number - 1) // 26 + 1)
    if number_format in ("upperRoman", "lowerRoman") and 0 < number < 4_000:
        return _roman(number) if number_format == "upperRoman" else _roman(number).lower()
    if (
        number_format.startswith(("chinese", "ideograph", "japanese", "taiwanese", "korean"))
        and 0 < number < 1_000
    ):
        if number_format == "ideographEnclosedCircle":
            return chr(0x3220 + number - 1) if number <= 10 else str(number)
        return _chinese(number)
    if number_format.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if number_format == "decimalEnclosedParen":
        return f"({number})"
    return str(number)


def _roman(number: int) -> str:
    text = ""
    for worth, sign in _ROMAN:
        while number >= worth:
            text, number = text + sign, number - worth
    return text


def _chinese(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_CHINESE[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _CHINESE[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_CHINESE[ones] if ones else "")


def _lists(numbering: Element) -> dict[str, _List]:
    definitions = _with_id(numbering, "abstractNum", "abstractNumId")
    abstract = {number: dict(_levels(found)) for found, number in definitions}
    lists: dict[str, _List] = {}
    for found, number in _with_id(numbering, "num", "numId"):
        of = value(child(found, "abstractNumId"))
        known = _List(of, dict(abstract.get(of, {})))
        for override in children(found, "lvlOverride"):
            place = _level_number(override)
            start = value(child(override, "startOverride"))
            if start.isdigit():
                known.restarts[place] = min(int(start), _NUMBER_MAX)
            own = child(override, "lvl")
            if own is not None:
                known.levels[place] = _level(own)
        lists[number] = known
    return lists


def _with_id(root: Element, name: str, attribute: str) -> Iterator[tuple[Element, str]]:
    for found in children(root, name):
        yield found, each(found, attribute)


def _levels(abstract: Element) -> Iterator[tuple[int, _Level]]:
    for found in children(abstract, "lvl"):
        yield _level_number(found), _level(found)


def _level_number(element: Element) -> int:
    given = each(element, "ilvl")
    return min(int(given), LEVELS - 1) if given.isdigit() else 0


def _level(element: Element) -> _Level:
    start = value(child(element, "start"))
    return _Level(
        format=value(child(element, "numFmt")) or "decimal",
        text=value(child(element, "lvlText")),
        start=min(int(start), _NUMBER_MAX) if start.isdigit() else 1,
    )


def _styles(styles: Element) -> dict[str, tuple[str, int]]:
    """The list and level of each paragraph style, inherited from what it is based on."""
    own: dict[str, tuple[str, int]] = {}
    based: dict[str, str] = {}
    for style in children(styles, "style"):
        name = each(style, "styleId")
        based[name] = value(child(style, "basedOn"))
        numbered = child(child(style, "pPr"), "numPr")
        if numbered is not None:
            level = value(child(numbered, "ilvl"))
            own[name] = (value(child(numbered, "numId")), int(level) if level.isdigit() else 0)
    found: dict[str, tuple[str, int]] = {}
    for name in based:
        at, steps = name, 0
        while at and at not in own and steps < 20:
            at, steps = based.get(at, ""), steps + 1
        if at in own:
            found[name] = own[at]
    return found
