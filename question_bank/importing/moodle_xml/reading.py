"""A Moodle XML file as items: every question is one, asks nothing, or is a problem at its line."""

from collections import Counter

from lxml import etree

from question_bank.importing.bank_file import BankReading
from question_bank.importing.categories import category_tag
from question_bank.importing.collecting import Collected
from question_bank.importing.drafts import Draft
from question_bank.importing.moodle_xml.elements import (
    TITLE_CHARS_MAX,
    Element,
    children,
    place_of,
    questions,
    word,
)
from question_bank.importing.moodle_xml.question import UNSUPPORTED, QuestionReader
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell, whole_row
from question_bank.importing.wordings import WORDINGS
from question_bank.importing.xml_files import parse_xml
from question_bank.items import Kind


def read_moodle_xml(raw: bytes) -> BankReading:
    """The items of a Moodle XML file; never raises, whatever the bytes are.

    Types of question that have no equivalent are one problem each, with how many there are.
    """
    findings = Findings(WORDINGS)
    collected = Collected("moodle_xml", findings)
    root = parse_xml(raw.lstrip(), findings)
    if root is not None and etree.QName(root).localname.lower() != "quiz":
        findings.problem("not_moodle", place_of(root), etree.QName(root).localname)
    elif root is not None:
        _Quiz(findings, collected).read(root)
    return collected.reading()


class _Quiz:
    """Reads question after question, remembering the category they stand under."""

    def __init__(self, findings: Findings, collected: Collected) -> None:
        self._findings = findings
        self._collected = collected
        self._category = ""
        self._unknown: Counter[str] = Counter()
        self._unknown_at: dict[str, Cell] = {}
        self._unheard = 0
        self._reader = QuestionReader(findings, collected)

    def read(self, root: Element) -> None:
        """All questions of the file, then what was left aside."""
        for element in questions(root):
            self._question(element)
        for name, count in self._unknown.items():
            found = f"{name} x {count}"
            self._findings.problem(
                "unsupported_question", self._unknown_at[name], found, name=name, count=count
            )
        if self._reader.unheard:
            count = self._reader.unheard
            self._findings.warning("feedback_not_kept", whole_row(0), str(count), count=count)

    def _question(self, element: Element) -> None:
        kind = str(element.get("type", "")).strip().lower()
        name = word(element, "name")
        if kind == "category":
            self._category = category_tag(word(element, "category"))
            return
        if kind == "description":
            said = word(element, "questiontext")
            self._findings.warning("description", place_of(element), said, column=name[:TITLE_CHARS_MAX])
            return
        if kind in UNSUPPORTED or kind not in self._reader.kinds:
            self._collected.refused()
            self._unknown[kind or "?"] += 1
            self._unknown_at.setdefault(kind or "?", place_of(element))
            return
        self._collected.named(name)
        tags = [self._category] + [
            word(tag, "text") for tags in children(element, "tags") for tag in children(tags, "tag")
        ]
        draft = Draft(place_of(element), name[:TITLE_CHARS_MAX], Kind.SINGLE, code=word(element, "idnumber"))
        draft.tags = tuple(dict.fromkeys(tag for tag in tags if tag))
        self._collected.take(draft, ready=self._reader.read(kind, element, draft))
