"""Foreign texts as texts of items: plain where nothing but words and line breaks is in them, else sanitised HTML.

Every reader of a format that knows markup uses a TextReader. What cannot be shown as it was meant (a missing picture,
a formula nobody can convert, a film) is a problem at the place the reader names; what only acts (scripts, styles,
links) is left out with a warning.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal, TypedDict

from lxml import etree

from question_bank.importing.formulas import FormulaError, formulas_in, mathml_of_tex
from question_bank.importing.limits import MARKUP_DEPTH_MAX, MARKUP_ELEMENTS_MAX, MARKUP_SOURCE_CHARS_MAX
from question_bank.importing.markup_walk import Report, TooMuch, Walk
from question_bank.importing.picture_files import PictureError, data_of_uri, picture_of
from question_bank.importing.problems import Findings
from question_bank.importing.sanitising import PICTURE_ADDRESS, sanitised
from question_bank.importing.tables import Cell, cleaned, control_character
from question_bank.items import HTML_CHARS_MAX, OPTION_CHARS_MAX, SOLUTION_CHARS_MAX, STEM_CHARS_MAX
from question_bank.pictures import Picture

# A page may end before its text does; a tag that is never closed swallows what stands behind it.
_PAGE_ENDS = re.compile(r"</(body|html)\s*>", re.IGNORECASE)
_CUT_OFF = re.compile(r"<[A-Za-z/!][^<>]*$")

Resolver = Callable[[str], bytes | None]
"""The bytes a file holds under a picture's address as written, or None."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of an item. html: sanitised. text: the same in plain text, None where that would lose something.
    sound: whether it was read without a problem.
    """

    html: str = ""
    text: str | None = ""
    sound: bool = True

    @property
    def blank(self) -> bool:
        """Whether nothing is to be seen."""
        return self.text is not None and not self.text.strip()


class ItemTexts(TypedDict):
    """The texts of an item as its fields take them."""

    markup: Literal["text", "html"]
    stem: str
    options: tuple[str, ...]
    premises: tuple[str, ...]
    reference: str
    solution: str


def texts_of(
    stem: Passage,
    options: Sequence[Passage] = (),
    premises: Sequence[Passage] = (),
    reference: Passage = Passage(),
    solution: Passage = Passage(),
) -> ItemTexts:
    """The fields of an item: all plain where all can be, else all HTML; an item has one markup."""
    everything = (stem, *options, *premises, reference, solution)
    plain = all(passage.text is not None for passage in everything) and (
        len(stem.text or "") <= STEM_CHARS_MAX
        and len(solution.text or "") <= SOLUTION_CHARS_MAX
        and all(len(passage.text or "") <= OPTION_CHARS_MAX for passage in (*options, *premises))
    )

    def written(passage: Passage) -> str:
        return (passage.text or "") if plain else passage.html

    return {
        "markup": "text" if plain else "html",
        "stem": written(stem),
        "options": tuple(map(written, options)),
        "premises": tuple(map(written, premises)),
        "reference": written(reference),
        "solution": written(solution),
    }


def joined(passages: Sequence[Passage]) -> Passage:
    """Several texts as one, each on a line of its own; blank ones are left out."""
    said = [passage for passage in passages if not passage.blank]
    if len(said) == 1:
        return said[0]
    texts = [passage.text for passage in said if passage.text is not None]
    return Passage(
        html=sanitised("".join(f"<div>{passage.html}</div>" for passage in said)),
        text="\n".join(texts) if len(texts) == len(said) else None,
        sound=all(passage.sound for passage in passages),
    )


class TextReader:
    """Reads the foreign texts of one file. pictures: those its texts show, by name."""

    def __init__(self, findings: Findings, resolve: Resolver = lambda address: None) -> None:
        """Problems go to the findings; resolve gives the bytes of pictures the file brings along."""
        self._findings = findings
        self._resolve = resolve
        self.pictures: dict[str, Picture] = {}

    def of_html(self, source: str, place: Cell, column: str = "") -> Passage:
        """HTML as text; a fragment or a whole page, however broken."""
        report = Report(self._findings, place, column)
        if len(source) > MARKUP_SOURCE_CHARS_MAX:
            report.problem("markup_too_large", str(len(source)), limit=MARKUP_SOURCE_CHARS_MAX)
            return Passage(sound=False)
        if character := control_character(source.replace("\r", "\n")):
            report.problem("control_character", character=character)
            return Passage(sound=False)
        if not source.strip():
            return Passage()
        if cut := _CUT_OFF.search(source):
            report.problem("unclosed_tag", cut[0])
        source = _PAGE_ENDS.sub("", source)
        parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
        try:
            root = etree.fromstring(f"<body>{source}</body>".encode(), parser)
        except (etree.XMLSyntaxError, ValueError) as wrong:
            report.problem("unsupported_content", str(wrong), name="HTML")
            return Passage(sound=False)
        if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
            report.problem("markup_too_deep", depth=MARKUP_DEPTH_MAX, limit=MARKUP_ELEMENTS_MAX)
            return Passage(sound=False)
        return self._walked(root, report, exact=False)

    def of_element(
        self, element: etree._Element, place: Cell, column: str = "", *, exact: bool = False
    ) -> Passage:
        """The content of an element of XHTML, or of another vocabulary made of its elements.

        exact: texts this product wrote: white space and dollar signs stay as they are.
        """
        return self._walked(element, Report(self._findings, place, column), exact=exact)

    def of_text(self, text: str, place: Cell, column: str = "", *, formulas: bool = True) -> Passage:
        """Plain text, in which TeX becomes MathML unless formulas is false."""
        report = Report(self._findings, place, column)
        text = cleaned(text)
        if character := control_character(text):
            report.problem("control_character", character=character)
        pieces, end = [], 0
        for start, stop, tex, display in formulas_in(text) if formulas else ():
            try:
                formula = mathml_of_tex(tex, display=display)
            except FormulaError as wrong:
                report.problem("bad_formula", text[start:stop], reason=str(wrong))
                continue
            pieces += [_lines(text[end:start]), formula]
            end = stop
        html = sanitised("".join([*pieces, _lines(text[end:])]))
        self._check_length(html, report)
        return Passage(html, None if end else text, report.sound)

    def of_picture(self, data: bytes, place: Cell, column: str = "", alt: str = "") -> Passage:
        """A picture alone, such as one that floats over a cell."""
        report = Report(self._findings, place, column)
        try:
            name = self._taken(picture_of(data))
        except PictureError as wrong:
            report.problem(wrong.code, wrong.found, **wrong.values)
            return Passage(sound=False)
        return Passage(sanitised(f'<img src="picture:{name}" alt="{escape(alt)}">'), None)

    def _walked(self, element: etree._Element, report: Report, *, exact: bool) -> Passage:
        walk = Walk(report, self._named, exact=exact)
        try:
            walk.content(element)
        except TooMuch:
            report.problem("markup_too_deep", depth=MARKUP_DEPTH_MAX, limit=MARKUP_ELEMENTS_MAX)
            return Passage(sound=False)
        html = sanitised(walk.html)
        self._check_length(html, report)
        return Passage(html, None if walk.rich else walk.text, report.sound)

    def _check_length(self, html: str, report: Report) -> None:
        if len(html) > HTML_CHARS_MAX:
            report.problem("text_too_long", str(len(html)), limit=HTML_CHARS_MAX)

    def _named(self, address: str) -> str:
        """The name of the picture at an address. Raises PictureError."""
        address = address.strip()
        lowered = address.lower()
        if lowered.startswith("data:"):
            return self._taken(picture_of(data_of_uri(address)))
        if lowered.startswith(("http:", "https:", "ftp:", "//")):
            raise PictureError("remote_picture", address)
        data = self._resolve(address)
        if data is None:
            raise PictureError("missing_picture", address)
        picture = picture_of(data)
        if PICTURE_ADDRESS.fullmatch(address) and address != f"picture:{picture.name}":
            raise PictureError("missing_picture", address)
        return self._taken(picture)

    def _taken(self, picture: Picture) -> str:
        self.pictures[picture.name] = picture
        return picture.name


def _lines(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")
