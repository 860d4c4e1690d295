"""Problems of one item file, at their lines."""

import re

from lxml import etree

from question_bank.importing.markup import Passage, TextReader
from question_bank.importing.problems import Findings
from question_bank.importing.qti.names import line_of
from question_bank.importing.tables import Cell, whole_row

# Tags that stand in a text as text: most often an exporter wrote markup twice.
_TAG = re.compile(r"</?(p|br|b|i|u|div|span|strong|em|img|sub|sup|table|td|li|ul|ol)\b[^<>]*>", re.IGNORECASE)


class Trouble:
    """Reports what an item cannot be imported for. column of its problems: the item's identifier."""

    def __init__(self, findings: Findings, file: str, identifier: str) -> None:
        """Everything goes to the findings."""
        self.findings, self.file, self.identifier = findings, file, identifier
        self.count = 0

    @property
    def wrong(self) -> bool:
        """Whether anything refuses the item."""
        return self.count > 0

    def at(self, element: etree._Element | None) -> Cell:
        """The place of an element, the file without one."""
        return whole_row(line_of(element) if element is not None else 0, self.file)

    def problem(self, code: str, element: etree._Element | None, found: str = "", **values: object) -> None:
        """Something that refuses the item."""
        self.count += 1
        self.findings.problem(code, self.at(element), found, column=self.identifier, **values)

    def warning(self, code: str, element: etree._Element | None, found: str = "", **values: object) -> None:
        """Something a keeper should look at."""
        self.findings.warning(code, self.at(element), found, column=self.identifier, **values)

    def passage(self, texts: TextReader, element: etree._Element) -> Passage:
        """The text in an element; what is wrong in it refuses the item."""
        passage = self.sound(texts.of_element(element, self.at(element), self.identifier))
        if passage.text is not None and (tag := _TAG.search(passage.text)):
            self.warning("markup_as_text", element, tag[0])
        return passage

    def sound(self, passage: Passage) -> Passage:
        """A text read for the item."""
        self.count += not passage.sound
        return passage
