"""What stands in a paragraph, as one text: characters as they are, anything else as an object within it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from lxml import etree

from question_bank.importing.docx.elements import child, children, descendants, each, named, on, value
from question_bank.importing.docx.formulas import FormulaRefused, formula_text, mathml
from question_bank.importing.docx.symbols import private_character, symbol
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell
from question_bank.importing.vocabulary import names
from question_bank.importing.written.objects import Objects

Element = etree._Element

GAP = "____"
PICTURE = "word:"
"""How the address of a picture inside the document begins; the id of its relationship and its file name follow."""

_WRAPPERS = names("ins moveTo hyperlink smartTag sdt sdtContent customXml fldSimple dir bdo rubyBase rt")
_DROPPED = frozenset({"del", "moveFrom"})
# A picture's pixels (96 to the inch) from Word's units: 914,400 to the inch.
_EMU_PER_PIXEL = 9_525
# What other programs draw, and what Word draws itself.
_FOREIGN = names("chart relIds control OLEObject inkPart contentPart")
_SHAPES = names("wsp wgp wpc shape group line rect oval polyline")
_UNREADABLE_FIELDS = ("EQ", "SYMBOL", "INCLUDEPICTURE", "EMBED")


@dataclass(slots=True)
class Seen:
    """What a document had besides text, to be told once. texts of footnotes and boxes; counts of tracked changes."""

    insertions: int = 0
    deletions: int = 0
    hidden: int = 0
    notes: set[str] = field(default_factory=set)


class Inline:
    """Reads paragraphs of one document."""

    def __init__(
        self, objects: Objects, findings: Findings, footnotes: dict[str, str], files: Mapping[str, str]
    ) -> None:
        """footnotes: texts of foot- and endnotes by kind and id. files: names of parts by their relationship."""
        self.seen = Seen()
        self._objects = objects
        self._findings = findings
        self._footnotes = footnotes
        self._files = files
        self._place = Cell("", 0, 0)

    def text(self, paragraph: Element, place: Cell) -> str:
        """The text of a paragraph, lines parted by \\n."""
        self._place = place
        return "".join(self._part(part) for part in paragraph)

    def _part(self, element: Element) -> str:
        name = named(element)
        if name == "r":
            return self._run(element)
        if name in _DROPPED:
            self.seen.deletions += 1
            return ""
        if name in ("ins", "moveTo"):
            self.seen.insertions += 1
        if name == "ruby":
            return self._ruby(element)
        if name in _WRAPPERS:
            return "".join(self._part(part) for part in element)
        if name in ("oMath", "oMathPara"):
            return self._formula(element)
        if name == "AlternateContent":
            return self._alternate(element)
        return ""

    def _run(self, run: Element) -> str:
        properties = child(run, "rPr")
        text = "".join(self._piece(piece, properties) for piece in run)
        if not text:
            return ""
        if on(properties, "vanish"):
            self.seen.hidden += 1
        underlined = child(properties, "u")
        if underlined is not None and value(underlined) != "none" and not text.strip() and len(text) > 1:
            return GAP
        raised = value(child(properties, "vertAlign"))
        tag = {"superscript": "sup", "subscript": "sub"}.get(raised)
        if tag is None or not text.strip():
            return text
        inner = escape(text, quote=False)
        if any(ord(character) >= 0xF0000 for character in text):
            return text
        return self._objects.add(f"<{tag}>{inner}</{tag}>", text)

    def _piece(self, piece: Element, properties: Element | None) -> str:
        name = named(piece)
        if name == "t":
            return self._characters(piece.text or "", properties)
        if name in ("tab", "ptab"):
            return "\t"
        if name in ("br", "cr"):
            return "\n" if each(piece, "type") in ("", "textWrapping") else ""
        if name == "noBreakHyphen":
            return "-"
        if name == "sym":
            return self._symbol(each(piece, "font"), each(piece, "char"))
        if name in ("drawing", "pict", "object"):
            return self._drawn(piece)
        if name == "AlternateContent":
            return self._alternate(piece)
        if name in ("footnoteReference", "endnoteReference"):
            self.seen.notes.add(self._footnotes.get(f"{name[:-9]}{each(piece, 'id')}", ""))
            return ""
        if name == "instrText":
            return self._field(piece.text or "")
        if name == "ruby":
            return self._ruby(piece)
        return ""

    def _ruby(self, ruby: Element) -> str:
        """The words below the small print above them."""
        base = child(ruby, "rubyBase")
        return "".join(self._part(part) for part in base) if base is not None else ""

    def _characters(self, text: str, properties: Element | None) -> str:
        if private_character(text) is None:
            return text.replace("\u00ad", "")
        fonts = child(properties, "rFonts")
        font = each(fonts, "ascii") or each(fonts, "hAnsi") or "Symbol"
        shown = []
        for character in text:
            meant = symbol(font, ord(character)) if "\uf000" <= character <= "\uf8ff" else None
            shown.append(meant or character)
        if private := private_character("".join(shown)):
            self._problem("private_character", f"{font} U+{ord(private):04X}")
        return "".join(shown)

    def _symbol(self, font: str, code: str) -> str:
        try:
            shown = symbol(font, int(code, 16))
        except ValueError:
            shown = None
        if shown is None:
            self._problem("private_character", f"{font} {code}")
            return ""
        return shown

    def _field(self, instruction: str) -> str:
        """What a field computes stands beside it; of these it stands nowhere else."""
        word = instruction.strip().split(" ", 1)[0].upper()
        if word in _UNREADABLE_FIELDS and word != "EMBED":
            self._problem("word_field", instruction.strip())
        return ""

    def _formula(self, element: Element) -> str:
        whole = children(element, "oMath") if named(element) == "oMathPara" else [element]
        shown = []
        for formula in whole:
            try:
                shown.append(self._objects.add(mathml(formula), formula_text(formula)))
            except FormulaRefused as wrong:
                self._problem("word_formula", formula_text(formula), reason=str(wrong))
        return "\n".join(shown)

    def _alternate(self, element: Element) -> str:
        """The form that this reader understands: a picture where there is one, else what old programs are shown."""
        for branch in (*children(element, "Choice"), *children(element, "Fallback")):
            text = "".join(self._part(part) if named(part) == "r" else self._drawn(part) for part in branch)
            if text:
                return text
        return ""

    def _drawn(self, element: Element) -> str:
        """Pictures by their relationship; words in a box are told, because nobody knows where they belong."""
        for box in descendants(element, "txbxContent"):
            words = "".join(found.text or "" for found in descendants(box, "t")).strip()
            if words:
                self.seen.notes.add(words)
        shown = []
        size = next(descendants(element, "extent"), None)
        for picture in descendants(element, "blip"):
            shown.append(self._picture(each(picture, "embed") or each(picture, "link"), size))
        for picture in descendants(element, "imagedata"):
            shown.append(self._picture(each(picture, "id") or each(picture, "href"), None))
        if not shown:
            self._unshown(element)
        return "".join(shown)

    def _unshown(self, element: Element) -> None:
        """A chart, a diagram, a control: something was to be seen that no picture stands for."""
        found = next((named(part) for part in element.iter() if named(part) in _FOREIGN), None)
        if found is not None:
            self._problem("word_drawing", found)
        elif next(descendants(element, "txbxContent"), None) is None:
            shape = next((named(part) for part in element.iter() if named(part) in _SHAPES), None)
            if shape is not None:
                self._findings.warning("word_shape", self._place, shape, column="")

    def _picture(self, relation: str, size: Element | None) -> str:
        sized = ""
        for attribute, key in (("cx", "width"), ("cy", "height")):
            given = each(size, attribute)
            if given.isdigit() and int(given) >= _EMU_PER_PIXEL:
                sized += f' {key}="{min(int(given) // _EMU_PER_PIXEL, 4_000)}"'
        address = escape(f"{PICTURE}{relation}:{self._files.get(relation, '')}")
        return self._objects.add(f'<img src="{address}" alt=""{sized}>')

    def _problem(self, code: str, found: str, **values: object) -> None:
        self._findings.problem(code, self._place, found, column="", **values)
