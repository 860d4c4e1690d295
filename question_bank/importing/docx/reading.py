"""A Word document as items: paragraphs as a written bank, tables of one question a row as a workbook's."""

import posixpath

from lxml import etree

from question_bank.importing.bank_file import BankReading, read_sheet_items
from question_bank.importing.collecting import Collected
from question_bank.importing.docx.body import BodyReader, footnotes_of
from question_bank.importing.docx.elements import child, children, each
from question_bank.importing.docx.numbering import Numbering
from question_bank.importing.docx.runs import PICTURE, Inline, Seen
from question_bank.importing.markup import TextReader
from question_bank.importing.packages import Package, open_package
from question_bank.importing.problems import Findings
from question_bank.importing.tables import whole_row
from question_bank.importing.wordings import WORDINGS
from question_bank.importing.written import read_written
from question_bank.importing.written.objects import Objects
from question_bank.importing.xml_files import parse_xml

Element = etree._Element
_MAIN = "word/document.xml"


def read_docx(raw: bytes) -> BankReading:
    """The items of a docx; never raises, whatever the bytes are. Macros and active content are never looked at."""
    findings = Findings(WORDINGS)
    collected = Collected("docx", findings)
    package = open_package(raw, findings)
    document = _Document(package, findings) if package is not None else None
    body = child(document.root, "body") if document is not None and document.root is not None else None
    if document is None or body is None:
        if not findings.problems:
            findings.problem("broken_document", whole_row(0))
        return collected.reading()
    texts = TextReader(findings, document.picture)
    objects = Objects(texts)
    inline = Inline(objects, findings, document.notes(), document.files())
    numbering = Numbering(document.part("numbering"), document.part("styles"))
    read = BodyReader(inline, numbering, objects, findings).read(body)
    _tell(inline.seen, findings)
    if read.sheets:
        collected.add(*read_sheet_items(read.sheets, texts, findings))
    return read_written(read.lines, objects, texts, collected, findings)


class _Document:
    """The parts of a document, found through their relationships."""

    def __init__(self, package: Package, findings: Findings) -> None:
        self._package = package
        self._findings = findings
        self._name = self._main()
        self._targets = self._relations(self._name)
        self.root = self._parsed(self._name)

    def part(self, kind: str) -> Element | None:
        """The part of a kind, such as numbering; None where the document has none."""
        for target, of in self._targets.values():
            if of == kind and (name := self._package.named(target)) is not None:
                return self._parsed(name)
        return None

    def notes(self) -> dict[str, str]:
        """The texts of foot- and endnotes."""
        found: dict[str, str] = {}
        for kind in ("footnote", "endnote"):
            part = self.part(f"{kind}s")
            if part is not None:
                found.update(footnotes_of(part, kind))
        return found

    def files(self) -> dict[str, str]:
        """File names of the parts inside, by their relationship."""
        return {relation: posixpath.basename(target) for relation, (target, _) in self._targets.items()}

    def picture(self, address: str) -> bytes | None:
        """The bytes of a picture by the address Inline gave it."""
        relation = address.removeprefix(PICTURE).partition(":")[0]
        target, _ = self._targets.get(relation, ("", ""))
        name = self._package.named(target) if target else None
        return self._package.read(name, self._findings) if name is not None else None

    def _main(self) -> str:
        root = self._parsed("_rels/.rels") if self._package.named("_rels/.rels") else None
        for relation in children(root, "Relationship"):
            if each(relation, "Type").endswith("/officeDocument"):
                return each(relation, "Target").lstrip("/")
        return _MAIN

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Target and kind of each relationship of a part, by id; those that point outside have no target."""
        folder, name = posixpath.split(part)
        listed = self._package.named(f"{folder}/_rels/{name}.rels")
        root = self._parsed(listed) if listed is not None else None
        found = {}
        for relation in children(root, "Relationship"):
            target = each(relation, "Target")
            inside = each(relation, "TargetMode").lower() != "external"
            path = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
            )
            found[each(relation, "Id")] = (path if inside else "", each(relation, "Type").rpartition("/")[2])
        return found

    def _parsed(self, name: str) -> Element | None:
        known = self._package.named(name)
        raw = self._package.read(known, self._findings) if known is not None else None
        return parse_xml(raw, self._findings, name) if raw is not None else None


def _tell(seen: Seen, findings: Findings) -> None:
    """What a document had besides text, each said once."""
    whole = whole_row(0)
    if seen.insertions or seen.deletions:
        found = f"+{seen.insertions} -{seen.deletions}"
        findings.warning("tracked_changes", whole, found, added=seen.insertions, dropped=seen.deletions)
    if seen.hidden:
        findings.warning("hidden_text", whole, str(seen.hidden), count=seen.hidden)
    for note in sorted(seen.notes):
        findings.warning("text_beside", whole, note or "?")


def is_docx(names: frozenset[str] | set[str]) -> bool:
    """Whether the parts of a zip are those of a Word document."""
    return any(name.startswith("word/") for name in names)
