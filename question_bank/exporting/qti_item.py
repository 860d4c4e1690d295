"""One item as a qti-assessment-item of QTI 3.0, for any system that reads them.

The stem stands in a ``div`` of class ``stem``, the interaction behind it; blanks stand in the stem as text entries.
Of a case every part is a ``div`` of class ``part`` with its own stem. The solution is modal feedback, a reference a
rubric for scorers.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape

from lxml import etree

from question_bank.blanks import Blank, decimal_of
from question_bank.exporting.xhtml import ExportError, put_html, put_text
from question_bank.items import CHOICES, LETTERS, Item, Kind

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = f"{QTI} https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"
_MATCH_CORRECT = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"
_TITLE_CHARS = 60
BLANK = "____"

INTERACTIONS = {
    Kind.TRUE_FALSE: "choiceInteraction",
    Kind.SINGLE: "choiceInteraction",
    Kind.MULTIPLE: "choiceInteraction",
    Kind.ORDERING: "orderInteraction",
    Kind.MATCHING: "matchInteraction",
    Kind.FILL_IN: "textEntryInteraction",
    Kind.SHORT_ANSWER: "extendedTextInteraction",
}
"""The interaction each kind is asked by, as metadata names it."""


def qti_item(item: Item, identifier: str, address: Callable[[str], str]) -> bytes:
    """The item as an XML file. address: where a picture lies, seen from the item. Raises ExportError."""
    return _ItemWriter(item, identifier, address).written()


class _ItemWriter:
    def __init__(self, item: Item, identifier: str, address: Callable[[str], str]) -> None:
        self._item, self._address = item, address
        self._root = etree.Element(f"{{{QTI}}}qti-assessment-item", nsmap={None: QTI, "xsi": _XSI})  # type: ignore[dict-item]
        self._root.set(f"{{{_XSI}}}schemaLocation", _SCHEMA)
        said = unescape(re.sub(r"<[^>]*>", " ", item.stem)) if item.markup == "html" else item.stem
        title = " ".join(said.split())[:_TITLE_CHARS] or item.code
        for key, value in (
            ("identifier", identifier),
            ("title", title),
            ("adaptive", "false"),
            ("time-dependent", "false"),
        ):
            self._set(self._root, key, value)
        self._body = etree.Element("qti-item-body")
        self._processing = etree.Element("qti-response-processing")
        self._feedback: list[etree._Element] = []
        self._responses = 0
        # The standard template knows one response, of the name RESPONSE.
        self._templated = item.kind in CHOICES | {Kind.ORDERING, Kind.MATCHING}

    def written(self) -> bytes:
        self._stem(self._body, self._item)
        for number, part in enumerate(self._item.parts, start=1):
            inner = self._sub(self._body, "div", {"class": "part"})
            self._stem(inner, part)
            self._interaction(inner, part)
            self._solution(part, f"SOLUTION-{number}")
        if not self._item.parts:
            self._interaction(self._body, self._item)
        self._solution(self._item, "SOLUTION")
        self._outcomes()
        self._root.append(self._body)
        if self._templated:
            self._processing.set("template", _MATCH_CORRECT)
        if self._templated or len(self._processing):
            self._root.append(self._processing)
        self._root.extend(self._feedback)
        for element in self._root.iter("*"):
            if not str(element.tag).startswith("{"):
                element.tag = f"{{{QTI}}}{element.tag}"
        etree.cleanup_namespaces(self._root, keep_ns_prefixes=["xsi"])
        return etree.tostring(self._root, encoding="utf-8", xml_declaration=True)

    def _set(self, element: etree._Element, key: str, value: str) -> None:
        try:
            element.set(key, value)
        except ValueError as wrong:
            raise ExportError(str(wrong)) from wrong

    def _sub(
        self, parent: etree._Element, tag: str, attributes: dict[str, str] | None = None
    ) -> etree._Element:
        made = etree.SubElement(parent, tag)
        for key, value in (attributes or {}).items():
            self._set(made, key, value)
        return made

    def _text(self, element: etree._Element, item: Item, text: str) -> None:
        if item.markup == "html":
            put_html(element, text, self._address)
        else:
            put_text(element, text)

    def _stem(self, owner: etree._Element, item: Item) -> None:
        stem = self._sub(owner, "div", {"class": "stem"})
        self._text(stem, item, item.stem)
        for blank in item.blanks:
            entry = self._text_entry(blank)
            if not _put_at_mark(stem, entry):
                # A line of text must stand in a block of its own.
                self._sub(owner, "p", {"class": "blanks"}).append(entry)

    def _text_entry(self, blank: Blank) -> etree._Element:
        name = self._declared_blank(blank)
        entry = etree.Element("qti-text-entry-interaction")
        entry.set("response-identifier", name)
        return entry

    def _declared(self, cardinality: str, base: str, correct: list[str]) -> tuple[str, etree._Element]:
        self._responses += 1
        name = "RESPONSE" if self._templated else f"RESPONSE{self._responses}"
        declaration = self._sub(
            self._root,
            "qti-response-declaration",
            {"identifier": name, "cardinality": cardinality, "base-type": base},
        )
        if correct:
            key = self._sub(declaration, "qti-correct-response")
            for value in correct:
                put_text(self._sub(key, "qti-value"), value)
        return name, declaration

    def _declared_blank(self, blank: Blank) -> str:
        """A number alone is compared as one; accepted texts are mapped, and a number among them as text."""
        number = decimal_of(blank.number) if blank.number is not None else None
        if number is not None and not blank.accepted:
            name, _ = self._declared("single", "float", [format(number, "f")])
            equal = {"tolerance-mode": "exact"}
            if (tolerance := decimal_of(blank.tolerance)) and tolerance > 0:
                equal = {"tolerance-mode": "absolute", "tolerance": f"{tolerance:f} {tolerance:f}"}
            self._scored(name, "qti-equal", equal)
            return name
        forms = [
            " ".join(text.split()) for text in (*blank.accepted, *([blank.number] if blank.number else []))
        ]
        name, declaration = self._declared("single", "string", forms[:1])
        mapping = self._sub(declaration, "qti-mapping", {"default-value": "0"})
        for form in dict.fromkeys(forms):
            sensitive = "true" if blank.case_sensitive else "false"
            self._sub(
                mapping, "qti-map-entry", {"map-key": form, "mapped-value": "1", "case-sensitive": sensitive}
            )
        self._scored(name, "")
        return name

    def _scored(self, name: str, operator: str, attributes: dict[str, str] | None = None) -> None:
        """Processing that adds what a response gives: 1 when right, or what its mapping says (operator "")."""
        owner: etree._Element = self._processing
        if operator:
            condition = self._sub(self._sub(owner, "qti-response-condition"), "qti-response-if")
            compared = self._sub(condition, operator, attributes)
            self._sub(compared, "qti-variable", {"identifier": name})
            self._sub(compared, "qti-correct", {"identifier": name})
            owner = condition
        total = self._sub(self._sub(owner, "qti-set-outcome-value", {"identifier": "SCORE"}), "qti-sum")
        self._sub(total, "qti-variable", {"identifier": "SCORE"})
        if operator:
            self._sub(total, "qti-base-value", {"base-type": "float"}).text = "1"
        else:
            self._sub(total, "qti-map-response", {"identifier": name})

    def _interaction(self, owner: etree._Element, item: Item) -> None:
        if item.kind in CHOICES or item.kind is Kind.ORDERING:
            self._choices(owner, item)
        elif item.kind is Kind.MATCHING:
            self._match(owner, item)
        elif item.kind is Kind.SHORT_ANSWER:
            self._essay(owner, item)

    def _choices(self, owner: etree._Element, item: Item) -> None:
        ordering = item.kind is Kind.ORDERING
        several = "multiple" if item.kind is Kind.MULTIPLE else "single"
        correct = [LETTERS[place] for place in item.key]
        name, _ = self._declared("ordered" if ordering else several, "identifier", correct)
        attributes = {"response-identifier": name, "shuffle": "true" if item.shufflable else "false"}
        if not ordering:
            attributes["max-choices"] = "0" if item.kind is Kind.MULTIPLE else "1"
        interaction = self._sub(
            owner, "qti-order-interaction" if ordering else "qti-choice-interaction", attributes
        )
        for letter, option in zip(LETTERS, item.options, strict=False):
            self._text(self._sub(interaction, "qti-simple-choice", {"identifier": letter}), item, option)
        self._matched(name)

    def _match(self, owner: etree._Element, item: Item) -> None:
        correct = [f"P{number} {LETTERS[place]}" for number, place in enumerate(item.key, start=1)]
        name, _ = self._declared("multiple", "directedPair", correct)
        most = str(len(item.premises))
        interaction = self._sub(
            owner,
            "qti-match-interaction",
            {"response-identifier": name, "shuffle": "true", "max-associations": most},
        )
        premises = [(f"P{number}", text) for number, text in enumerate(item.premises, start=1)]
        options = list(zip(LETTERS, item.options, strict=False))
        for choices, limit in ((premises, "1"), (options, most)):
            listed = self._sub(interaction, "qti-simple-match-set")
            for identifier, text in choices:
                choice = {"identifier": identifier, "match-max": limit}
                self._text(self._sub(listed, "qti-simple-associable-choice", choice), item, text)
        self._matched(name)

    def _matched(self, name: str) -> None:
        if not self._templated:
            self._scored(name, "qti-match")

    def _essay(self, owner: etree._Element, item: Item) -> None:
        name, _ = self._declared("single", "string", [])
        self._sub(owner, "qti-extended-text-interaction", {"response-identifier": name})
        if item.reference:
            rubric = self._sub(owner, "qti-rubric-block", {"view": "scorer", "use": "scoring"})
            self._text(self._sub(rubric, "qti-content-body"), item, item.reference)

    def _solution(self, item: Item, identifier: str) -> None:
        if not item.solution:
            return
        feedback = etree.Element("qti-modal-feedback")
        for key, value in (
            ("outcome-identifier", "FEEDBACK"),
            ("identifier", identifier),
            ("show-hide", "show"),
        ):
            feedback.set(key, value)
        self._text(self._sub(feedback, "qti-content-body"), item, item.solution)
        self._feedback.append(feedback)

    def _outcomes(self) -> None:
        hand = any(asked.kind is Kind.SHORT_ANSWER for asked in self._item.asked)
        score = {"identifier": "SCORE", "cardinality": "single", "base-type": "float"}
        if hand:
            score["external-scored"] = "human"
        self._default(score, Decimal(0))
        if self._item.score is not None:
            most = {"identifier": "MAXSCORE", "cardinality": "single", "base-type": "float"}
            self._default(most, Decimal(self._item.score) / 100)
        if self._feedback:
            shown = {"identifier": "FEEDBACK", "cardinality": "multiple", "base-type": "identifier"}
            self._sub(self._root, "qti-outcome-declaration", shown)

    def _default(self, attributes: dict[str, str], value: Decimal) -> None:
        declaration = self._sub(self._root, "qti-outcome-declaration", attributes)
        default = self._sub(declaration, "qti-default-value")
        self._sub(default, "qti-value").text = format(value, "f")


def _put_at_mark(stem: etree._Element, entry: etree._Element) -> bool:
    """Put a text entry in the place of the first blank line of the stem; False when there is none left."""
    for element in stem.iter("*"):
        if element.text and BLANK in element.text:
            element.text, _, entry.tail = element.text.partition(BLANK)
            element.insert(0, entry)
            return True
        if element is not stem and element.tail and BLANK in element.tail:
            element.tail, _, entry.tail = element.tail.partition(BLANK)
            element.addnext(entry)
            return True
    return False
