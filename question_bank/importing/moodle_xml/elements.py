"""Moodle XML's elements as values: texts with their format and files, numbers, flags."""

import base64
import binascii
import html
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from question_bank.importing.tables import Cell
from question_bank.importing.weighted import percent

Element = etree._Element

TITLE_CHARS_MAX = 60
"""Characters of a question's name shown as its label."""


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text as it stands in the file. files: the pictures it refers to, by name, as base64."""

    value: str
    format: str
    files: dict[str, str]

    def file(self, name: str) -> bytes | None:
        """The bytes of one of its files; None where there is none or it is no base64."""
        encoded = self.files.get(name)
        if encoded is None:
            return None
        try:
            return base64.b64decode("".join(encoded.split()), validate=True)
        except (ValueError, binascii.Error):
            return None


NOTHING = FormattedText("", "", {})


def place_of(element: Element) -> Cell:
    """The line of an element."""
    return Cell("", _line(element), 0)


def _line(element: Element) -> int:
    line: int | None = element.sourceline  # type: ignore[assignment]
    return line or 0


def _name(element: Element) -> str:
    """The tag in small letters; "" for comments and entities, which have none."""
    tag: object = element.tag
    return tag.lower() if isinstance(tag, str) else ""


def children(element: Element, name: str) -> list[Element]:
    """The children of this name, in order."""
    return [child for child in element if _name(child) == name]


def child(element: Element, name: str) -> Element | None:
    """The first child of this name, if any."""
    return next(iter(children(element, name)), None)


def content(element: Element | None) -> str:
    """The text in an element; markup that was not escaped is given back as it stands."""
    if element is None:
        return ""
    inner = [element.text or ""]
    for each in element:
        if _name(each):
            inner.append(etree.tostring(each, encoding="unicode", with_tail=True))
        else:
            inner.append(each.tail or "")
    return "".join(inner).strip()


def word(element: Element, name: str, default: str = "") -> str:
    """The text of a child, whether it stands there or in a <text> of its own."""
    found = child(element, name)
    if found is None:
        return default
    inner = child(found, "text")
    return content(found if inner is None else inner) or default


def flag(element: Element, name: str, *, default: bool) -> bool:
    """Whether a child says true or 1; a child that is there and empty says the default."""
    said = word(element, name).lower()
    return said in ("true", "1") if said else default


def decimal_word(element: Element, name: str) -> Decimal | None:
    """The number in a child, or None."""
    try:
        value = Decimal(word(element, name) or "x")
    except ArithmeticError:
        return None
    return value if value.is_finite() else None


def formatted(element: Element | None, default: str) -> FormattedText:
    """The text of an element such as questiontext. default: the format where it names none."""
    if element is None:
        return NOTHING
    inner = child(element, "text")
    files = {}
    for each in children(element, "file"):
        name, encoding = str(each.get("name", "")), str(each.get("encoding", "base64"))
        if encoding.lower() == "base64":
            path = str(each.get("path", "/")).strip("/")
            files[name] = each.text or ""
            if path:
                files[f"{path}/{name}"] = each.text or ""
    own = (element.text or "").strip() if inner is None else content(inner)
    return FormattedText(own, str(element.get("format") or default), files)


def weight(answer: Element) -> Decimal | None:
    """The weight of an answer in percent: its attribute, or the child that old files have."""
    given = answer.get("fraction")
    if given is None:
        within = decimal_word(answer, "fraction")
        return Decimal(0) if within is None else within * 100
    return percent(str(given))


def plain_words(text: str) -> str:
    """What a typed answer says where the file wrote it as HTML: no tags, no entities."""
    if "<" not in text and "&" not in text:
        return text.strip()
    kept, inside = [], False
    for character in text:
        inside = character == "<" or (inside and character != ">")
        if not inside and character != ">":
            kept.append(character)
    return html.unescape("".join(kept) if text.count("<") == text.count(">") else text).strip()


def questions(root: Element) -> Iterator[Element]:
    """The questions of a file in order."""
    yield from children(root, "question")
