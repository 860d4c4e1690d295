"""QTI files as a bank: every item of a file or package, or the problems that keep it from being one."""

import posixpath
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from urllib.parse import quote

from lxml import etree

from question_bank.importing.bank_file import BankReading
from question_bank.importing.bank_row import Located
from question_bank.importing.duplicates import report_duplicates
from question_bank.importing.limits import FILE_BYTES_MAX, ROWS_MAX
from question_bank.importing.markup import TextReader
from question_bank.importing.packages import Package, looks_like_package, names_in, open_package
from question_bank.importing.problems import Findings
from question_bank.importing.qti.item_reader import Facts, ItemReader
from question_bank.importing.qti.manifest import MANIFEST, Resource, path_of, resources_of
from question_bank.importing.qti.names import (
    ITEM_ROOTS,
    OLD_ROOTS,
    OTHER_ROOTS,
    TEST_ROOTS,
    line_of,
    normalise,
)
from question_bank.importing.qti.own import own_data, read_own
from question_bank.importing.qti.trouble import Trouble
from question_bank.importing.tables import whole_row
from question_bank.importing.vocabulary import local_name
from question_bank.importing.xml_files import looks_like_xml, parse_html, parse_xml
from question_bank.pictures import Picture

_ROOTS = ITEM_ROOTS | TEST_ROOTS | OLD_ROOTS | (OTHER_ROOTS - {"manifest"})
_HEAD_BYTES = 65_536
# Places of one kind of interaction that its problem names.
_PLACES_MAX = 50


def is_qti(raw: bytes) -> bool:
    """Whether these bytes are QTI of any version, alone or in a package; nothing is parsed that could hurt."""
    if looks_like_package(raw):
        # A manifest says what a package means to be, also one that is refused for its other files.
        if any(posixpath.basename(name).lower() == MANIFEST for name in names_in(raw)):
            return True
        package = open_package(raw, Findings())
        if package is None:
            return False
        files = [name for name in package.names if name.lower().endswith(".xml")]
        heads = (package.read(name, Findings()) for name in files[:50])
        return any(head is not None and _root_name(head) in _ROOTS for head in heads)
    return looks_like_xml(raw) and _root_name(raw) in _ROOTS


def _root_name(raw: bytes) -> str:
    """The name of the first element, as far as it can be told without reading on."""
    parser = etree.XMLPullParser(
        ("start",), resolve_entities=False, load_dtd=False, no_network=True, recover=True
    )
    try:
        parser.feed(raw[:_HEAD_BYTES])
        for _, element in parser.read_events():
            if isinstance(element, etree._Element):
                return local_name(element)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        pass
    return ""


def read_qti(raw: bytes, name: str = "") -> BankReading:
    """The items in the bytes of a QTI file or package; never raises, whatever the bytes are.

    name: of the file, for the places of a single one.
    """
    findings = Findings()
    reading = _Reading(findings)
    if len(raw) > FILE_BYTES_MAX:
        findings.problem("file_too_large", whole_row(0), str(len(raw)), limit=FILE_BYTES_MAX)
    elif looks_like_package(raw):
        package = open_package(raw, findings)
        if package is not None:
            reading.read_package(package)
    else:
        root = parse_xml(raw, findings)
        if root is not None:
            reading.read_root(root, "", Facts(), name)
    return reading.result()


@dataclass(slots=True)
class _Unsupported:
    trouble: Trouble
    element: etree._Element
    places: list[str]


class _Reading:
    """One file or package as it is read."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._located: list[Located] = []
        self._pictures: dict[str, Picture] = {}
        self._unsupported: dict[str, _Unsupported] = {}
        self._rows = self._tests = self._sections = 0
        self._package: Package | None = None
        self._base = ""
        self._own: etree._Element | None = None

    def result(self) -> BankReading:
        """Everything read, with what was counted said."""
        for name, found in self._unsupported.items():
            count, places = len(found.places), ", ".join(found.places[:_PLACES_MAX])
            places += ", …" if count > _PLACES_MAX else ""
            found.trouble.problem(
                "unsupported_interaction", found.element, f"{name} x {count}", count=count, places=places
            )
        if self._tests or self._sections:
            self._findings.warning(
                "tests_not_taken", whole_row(0), tests=self._tests, sections=self._sections
            )
        if not self._rows and not self._findings.problems:
            self._findings.problem("no_qti", whole_row(0))
        report_duplicates(self._located, self._findings)
        items = tuple(each.item for each in self._located)
        shown = {name for item in items for name in item.pictures}
        return BankReading(
            items=items,
            rows=self._rows,
            problems=tuple(self._findings.problems),
            warnings=tuple(self._findings.warnings),
            unlisted=self._findings.unlisted,
            pictures={name: picture for name, picture in self._pictures.items() if name in shown},
            format="qti",
        )

    def read_package(self, package: Package) -> None:
        """Every item of a package: those its manifest lists, and those it forgot."""
        self._package = package
        manifests = [name for name in package.names if posixpath.basename(name).lower() == MANIFEST]
        listed: dict[str, Resource] = {}
        if manifests:
            first = min(manifests, key=lambda name: (name.count("/"), name))
            self._base = posixpath.dirname(first)
            listed = self._listed(first)
        else:
            self._findings.warning("no_manifest", whole_row(0))
        for path, resource in listed.items():
            self._read_file(path, resource)
        others = [name for name in package.names if name not in listed and name.lower().endswith(".xml")]
        for name in others:
            if posixpath.basename(name).lower() != MANIFEST:
                self._read_unlisted(name, forgotten=bool(manifests))

    def _listed(self, manifest: str) -> dict[str, Resource]:
        """The items of the manifest by their file."""
        root = self._parsed(manifest)
        found: dict[str, Resource] = {}
        for resource in resources_of(root, self._base) if root is not None else ():
            place = whole_row(resource.line, manifest)
            if resource.is_old:
                self._rows += 1
                self._findings.problem("old_qti", place, resource.type, column=resource.identifier)
            elif resource.is_item:
                path = self._package.named(resource.path) if self._package and resource.path else None
                if path is None:
                    self._rows += 1
                    self._findings.problem("missing_file", place, resource.path, column=resource.identifier)
                else:
                    found.setdefault(path, resource)
        return found

    def _parsed(self, name: str) -> etree._Element | None:
        raw = self._package.read(name, self._findings) if self._package else None
        return parse_xml(raw, self._findings, name) if raw is not None else None

    def _read_file(self, name: str, resource: Resource) -> None:
        raw = self._package.read(name, self._findings) if self._package else None
        root = parse_xml(raw, self._findings, name) if raw is not None else None
        if raw is None or root is None:
            self._rows += 1
            return
        self._own = own_data(resource.element, raw)
        before = self._rows, len(self._findings.problems)
        self.read_root(root, name, resource.facts(), name)
        self._own = None
        if before == (self._rows, len(self._findings.problems)):
            self._rows += 1
            self._findings.problem("no_qti", whole_row(line_of(root), name), local_name(root))

    def _read_unlisted(self, name: str, *, forgotten: bool) -> None:
        """A file the manifest does not call an item: taken when it is one, said when it cannot be read."""
        raw = self._package.read(name, self._findings) if self._package else None
        if raw is None or not looks_like_xml(raw):
            return
        root_name = _root_name(raw)
        if root_name not in _ROOTS:
            return
        root = parse_xml(raw, self._findings, name)
        if root is None:
            self._rows += root_name in ITEM_ROOTS
            return
        if forgotten and root_name in ITEM_ROOTS:
            self._findings.warning("unlisted_item", whole_row(0, name), found=name)
        self.read_root(root, name, Facts(), name)

    def read_root(self, root: etree._Element, file: str, facts: Facts, name: str) -> None:
        """Every item in a file; its tests and sections are counted."""
        before = self._rows
        for element in root.iter("*"):
            kind = local_name(element)
            self._tests += kind in ("assessmentTest", "qti-assessment-test")
            self._sections += kind in ("assessmentSection", "qti-assessment-section")
            if kind in OLD_ROOTS:
                self._rows += 1
                self._findings.problem("old_qti", whole_row(line_of(element), file), kind)
        for item in [each for each in root.iter("*") if local_name(each) in ITEM_ROOTS]:
            self._rows += 1
            if self._rows > ROWS_MAX:
                self._findings.problem("too_many_items", whole_row(line_of(item), file), limit=ROWS_MAX)
                return
            self._read_item(item, file, facts)
        if self._rows == before and local_name(root) not in _ROOTS:
            self._findings.problem("no_qti", whole_row(line_of(root), file), local_name(root) or name)

    def _read_item(self, item: etree._Element, file: str, facts: Facts) -> None:
        normalise(item)
        folder = posixpath.dirname(file)
        texts = TextReader(self._findings, self._resolver(folder))
        reader = ItemReader(texts, self._count, self._stimulus(folder), self._page(folder))
        trouble = Trouble(self._findings, file, " ".join(str(item.get("identifier", "")).split()))
        located: Located | None = None
        if self._own is not None:
            ours = read_own(deepcopy(item), self._own, texts, trouble)
            place = trouble.at(item)
            located = Located(ours, place, "", place, "") if ours is not None and not trouble.wrong else None
        if located is None and not trouble.wrong:
            located = reader.read(item, trouble, facts)
        if located is not None:
            self._located.append(located)
            self._pictures.update(texts.pictures)

    def _count(self, name: str, trouble: Trouble, element: etree._Element) -> None:
        found = self._unsupported.setdefault(name, _Unsupported(trouble, element, []))
        found.places.append(f"{trouble.file or trouble.identifier}:{line_of(element)}")

    def _resolver(self, folder: str) -> Callable[[str], bytes | None]:
        def resolve(address: str) -> bytes | None:
            name = self._found(address, folder)
            return self._package.read(name, self._findings) if self._package and name else None

        return resolve

    def _found(self, address: str, folder: str) -> str | None:
        """The file an address means: from the item's folder, else from the manifest's."""
        if self._package is None:
            return None
        candidates: Iterable[str] = (path_of(address, folder), path_of(address, self._base))
        return next((name for path in candidates if path and (name := self._package.named(path))), None)

    def _anchor(self, root: etree._Element, folder: str) -> None:
        """Write addresses read from one folder so that they mean the same from any other."""
        for element, key in ((each, key) for each in root.iter("img", "object") for key in ("src", "data")):
            found = self._found(str(element.get(key, "")), folder) if element.get(key) else None
            if found:
                element.set(key, "/" + quote(found))

    def _page(self, folder: str) -> Callable[[str], etree._Element | None]:
        def find(address: str) -> etree._Element | None:
            name = self._found(address, folder)
            raw = self._package.read(name, self._findings) if self._package and name else None
            root = parse_html(raw) if raw else None
            body = root.find("body") if root is not None else None
            if body is not None:
                self._anchor(body, posixpath.dirname(name or ""))
            return body

        return find

    def _stimulus(self, folder: str) -> Callable[[str], etree._Element | None]:
        def find(address: str) -> etree._Element | None:
            name = self._found(address, folder)
            root = self._parsed(name) if name else None
            if root is None:
                return None
            normalise(root)
            self._anchor(root, posixpath.dirname(name or ""))
            return root.find("stimulusBody")

        return find
