"""Pictures, formulas and raised figures within a line: one character each, so that lines can be cut like text."""

import html
from collections.abc import Callable
from dataclasses import dataclass

from question_bank.importing.markup import Passage, TextReader
from question_bank.importing.tables import Cell

# The two supplementary private use planes: no text of a bank has characters of them.
_FIRST, _LAST = 0xF0000, 0x10FFFD


@dataclass(frozen=True, slots=True)
class _Object:
    html: str
    text: str


class Objects:
    """The objects of one file, each under a character of its own."""

    def __init__(self, texts: TextReader) -> None:
        """texts: makes the passages, and knows the pictures."""
        self._texts = texts
        self._objects: list[_Object] = []

    def add(self, markup: str, text: str = "") -> str:
        """The character that stands for an object from now on. text: what it says where only text counts."""
        if _FIRST + len(self._objects) >= _LAST:
            return text
        self._objects.append(_Object(markup, text))
        return chr(_FIRST + len(self._objects) - 1)

    def plain(self, text: str) -> str:
        """A text with what its objects say."""
        return self._each(text, lambda found: found.text)

    def passage(self, text: str, place: Cell, label: str) -> Passage:
        """A text as a text of an item."""
        if not any(_FIRST <= ord(character) <= _LAST for character in text):
            return self._texts.of_text(text, place, label)
        escaped = html.escape(text, quote=False).replace("\n", "<br>")
        return self._texts.of_html(self._each(escaped, lambda found: found.html), place, label)

    def markup(self, escaped: str) -> str:
        """Escaped text with the markup of its objects, for an object made of others."""
        return self._each(escaped, lambda found: found.html)

    def _each(self, text: str, said: Callable[[_Object], str]) -> str:
        pieces = []
        for character in text:
            index = ord(character) - _FIRST
            pieces.append(said(self._objects[index]) if 0 <= index < len(self._objects) else character)
        return "".join(pieces)
