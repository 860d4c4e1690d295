"""A workbook as a package of parts that point at each other."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

_WORKBOOK = "officeDocument"


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a part points: kind is the last word of its type; target a part, "" for something outside."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet as the workbook lists it."""

    name: str
    part: str
    hidden: bool


class Package:
    """The parts of a workbook whose sizes were looked at before. Raises what zipfile and lxml raise."""

    def __init__(self, raw: bytes) -> None:
        """raw: the bytes of the file."""
        self._zip = zipfile.ZipFile(io.BytesIO(raw))
        self._names = {name.lower(): name for name in self._zip.namelist()}
        start = self.relations("")
        self.book = next(
            (each.target for each in start.values() if each.kind == _WORKBOOK), "xl/workbook.xml"
        )
        self.of_book = self.relations(self.book)

    def has(self, part: str) -> bool:
        """Whether there is such a part; names differ in case between writers."""
        return part.lower() in self._names

    def read(self, part: str) -> bytes:
        """The bytes of a part."""
        return self._zip.read(self._names[part.lower()])

    def tree(self, part: str) -> Any:
        """The root element of a small part."""
        return etree.fromstring(self.read(part), parser())

    def elements(self, part: str, *names: str) -> Iterator[Any]:
        """The elements of these names as each ends, whatever their namespace; the caller clears them."""
        with self._zip.open(self._names[part.lower()]) as opened:
            tags = [f"{{*}}{name}" for name in names]
            for _, element in etree.iterparse(
                opened, events=("end",), tag=tags, resolve_entities=False, no_network=True, huge_tree=False
            ):
                yield element

    def relations(self, part: str) -> dict[str, Relation]:
        """The relations of a part by their id; none where it has none."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(rels):
            return {}
        found: dict[str, Relation] = {}
        for each in self.tree(rels):
            outside = str(each.get("TargetMode", "")).lower() == "external"
            target = str(each.get("Target", ""))
            whole = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
            )
            kind = str(each.get("Type", "")).rpartition("/")[2]
            found[str(each.get("Id", ""))] = Relation(kind, "" if outside else whole)
        return found

    def related(self, kind: str) -> str:
        """The part of the workbook of a kind, "" where there is none."""
        part = next((each.target for each in self.of_book.values() if each.kind == kind), "")
        return part if part and self.has(part) else ""

    def sheets(self) -> list[SheetPart]:
        """The sheets with cells, in the order of their tabs."""
        found = []
        for each in self.tree(self.book).iter("{*}sheet"):
            relation = self.of_book.get(str(attribute(each, "id")))
            if relation is not None and relation.kind == "worksheet":
                hidden = str(each.get("state", "visible")) != "visible"
                found.append(SheetPart(str(each.get("name", "")), relation.target, hidden))
        return found

    def counts_from_1904(self) -> bool:
        """Whether dates are counted as old Macintoshes did."""
        properties = next(self.tree(self.book).iter("{*}workbookPr"), None)
        return properties is not None and str(properties.get("date1904", "0")).lower() in ("1", "true")

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()


def parser() -> Any:
    """A parser that resolves nothing and fetches nothing."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def attribute(element: Any, name: str) -> str:
    """An attribute by its local name, as relations' ids stand in a namespace of two spellings."""
    own = element.get(name)
    if own is not None:
        return str(own)
    return next((str(value) for key, value in element.attrib.items() if key.endswith(f"}}{name}")), "")


def local(element: Any) -> str:
    """An element's name without its namespace; "" for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
