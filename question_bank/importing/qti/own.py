"""Items this product wrote, read back to the character: see question_bank.exporting.qti for the shape.

Trusted only where the file still has the digest the manifest says; what another system changed is read like any
other's.
"""

import hashlib

from lxml import etree
from pydantic import ValidationError

from question_bank.blanks import Blank
from question_bank.importing.markup import TextReader
from question_bank.importing.qti.trouble import Trouble
from question_bank.items import LETTERS, TRUE_FALSE_OPTIONS, Item, Kind

OWN = "urn:kaochang:qti:1"
_BLANK = "____"


def own_data(resource: etree._Element | None, data: bytes) -> etree._Element | None:
    """What we wrote of an item into a manifest; None where the file is not the one we wrote."""
    found = next(resource.iter(f"{{{OWN}}}item"), None) if resource is not None else None
    if found is None or found.get("sha256") != hashlib.sha256(data).hexdigest():
        return None
    return found


def read_own(item: etree._Element, own: etree._Element, texts: TextReader, trouble: Trouble) -> Item | None:
    """The item as it was; None where the file does not hold what its digest promised. The element is used up."""
    body = item.find("itemBody")
    if body is None:
        return None
    solutions = {str(each.get("identifier", "")): each for each in item.iterchildren("modalFeedback")}
    reader = _OwnReader(texts, trouble, item, solutions)
    try:
        return reader.read(body, own, "SOLUTION")
    except (ValidationError, ValueError, KeyError, IndexError):
        return None


class _OwnReader:
    def __init__(
        self, texts: TextReader, trouble: Trouble, item: etree._Element, solutions: dict[str, etree._Element]
    ) -> None:
        self._texts, self._trouble, self._item, self._solutions = texts, trouble, item, solutions

    def read(self, owner: etree._Element, own: etree._Element, solution: str) -> Item:
        """The item or part in an element. Raises when something is not where we put it."""
        kind, html = Kind(str(own.get("kind"))), own.get("markup") == "html"
        keys = [str(value.text or "") for value in self._correct(owner)]
        parts = [
            self.read(inner, said, f"SOLUTION-{number}")
            for number, (inner, said) in enumerate(
                zip(owner.findall("div[@class='part']"), own.findall(f"{{{OWN}}}part"), strict=True), start=1
            )
        ]
        stem = owner.find("div[@class='stem']")
        if stem is None:
            raise ValueError("no stem")
        for entry in list(stem.iter("textEntryInteraction")):
            _replaced(entry, _BLANK)
        feedback, rubric = self._solutions.get(solution), owner.find("rubricBlock")
        options, premises = self._offered(owner, kind, html=html)
        return Item.model_validate(
            {
                "code": own.get("code"),
                "version": int(str(own.get("version"))),
                "kind": kind,
                "markup": own.get("markup"),
                "stem": self._text(stem, html=html),
                "options": options,
                "premises": premises,
                "key": _key(kind, keys),
                "blanks": tuple(_blank(each) for each in own.findall(f"{{{OWN}}}blank")),
                "parts": tuple(parts),
                "reference": self._text(rubric, html=html) if rubric is not None else "",
                "solution": self._text(feedback, html=html) if feedback is not None else "",
                "difficulty": _number(own, "difficulty"),
                "score": _number(own, "score"),
                "point": own.get("point", ""),
                "tags": tuple(str(each.text or "") for each in own.findall(f"{{{OWN}}}tag")),
            }
        )

    def _correct(self, owner: etree._Element) -> list[etree._Element]:
        interaction = next(
            owner.iterchildren("choiceInteraction", "orderInteraction", "matchInteraction"), None
        )
        if interaction is None:
            return []
        name = interaction.get("responseIdentifier")
        declared = (
            each for each in self._item.iterchildren("responseDeclaration") if each.get("identifier") == name
        )
        return [value for each in declared for value in each.iterfind("correctResponse/value")]

    def _offered(
        self, owner: etree._Element, kind: Kind, *, html: bool
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Options and premises."""
        if kind is Kind.TRUE_FALSE:
            return TRUE_FALSE_OPTIONS, ()
        if kind is Kind.MATCHING:
            left, right = owner.findall("matchInteraction/simpleMatchSet")
            return self._all(list(right), html=html), self._all(list(left), html=html)
        return self._all(
            [*owner.findall("choiceInteraction/*"), *owner.findall("orderInteraction/*")], html=html
        ), ()

    def _all(self, elements: list[etree._Element], *, html: bool) -> tuple[str, ...]:
        return tuple(self._text(each, html=html) for each in elements)

    def _text(self, element: etree._Element, *, html: bool) -> str:
        place = self._trouble.at(element)
        read = self._trouble.sound(
            self._texts.of_element(element, place, self._trouble.identifier, exact=True)
        )
        if not html and read.text is None:
            raise ValueError("not plain")
        return read.html if html else str(read.text)


def _key(kind: Kind, values: list[str]) -> tuple[int, ...]:
    if kind is Kind.MATCHING:
        return tuple(LETTERS.index(value.split()[1]) for value in values)
    return tuple(LETTERS.index(value) for value in values)


def _blank(own: etree._Element) -> Blank:
    number = own.get("number")
    return Blank(
        accepted=tuple(str(each.text or "") for each in own.findall(f"{{{OWN}}}accepted")),
        number=str(number) if number is not None else None,
        tolerance=str(own.get("tolerance", "0")),
        case_sensitive=own.get("case-sensitive") == "true",
    )


def _number(own: etree._Element, name: str) -> int | None:
    value = own.get(name)
    return int(str(value)) if value is not None else None


def _replaced(element: etree._Element, text: str) -> None:
    """Put a text in the place of an element, leaving no trace of it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    text += element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(element)
