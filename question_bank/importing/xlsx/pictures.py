"""Pictures in a workbook: those that float over a cell, and those the Chinese office suites put into one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from question_bank.importing.xlsx.package import Package, attribute, local

_IN_CELL = re.compile(r"DISPIMG\(\s*\"([^\"]{1,80})\"", re.IGNORECASE)
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture over a cell, row and column from 1; data None when the file lacks it. part: its name in the file."""

    row: int
    column: int
    part: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a sheet shows besides its cells. others: names of drawn things that are no pictures, such as text boxes."""

    pictures: tuple[Placed, ...] = ()
    others: tuple[str, ...] = ()


def drawn_on(package: Package, sheet: str) -> Drawn:
    """The pictures of a sheet in the order they were drawn."""
    pictures: list[Placed] = []
    others: list[str] = []
    for relation in package.relations(sheet).values():
        if relation.kind in ("oleObject", "control"):
            others.append(relation.kind)
        if relation.kind != "drawing" or not package.has(relation.target):
            continue
        targets = package.relations(relation.target)
        for anchor in package.tree(relation.target):
            if local(anchor) in _ANCHORS:
                row, column = _corner(anchor)
                for part in _embedded(anchor, targets):
                    pictures.append(
                        Placed(row, column, part, package.read(part) if package.has(part) else None)
                    )
                others += [
                    name for name in map(local, anchor) if name in ("sp", "graphicFrame", "contentPart")
                ]
    return Drawn(tuple(pictures), tuple(others))


def in_cell_picture(formula: str) -> str:
    """The id of the picture a DISPIMG formula shows, "" for any other formula."""
    found = _IN_CELL.search(formula)
    return found[1] if found is not None else ""


def in_cell_pictures(package: Package) -> dict[str, tuple[str, bytes | None]]:
    """Part and bytes of the pictures DISPIMG formulas show, by id."""
    part = next((each.target for each in package.of_book.values() if each.kind.lower() == "cellimage"), "")
    part = part if part and package.has(part) else "xl/cellimages.xml"
    if not package.has(part):
        return {}
    targets = package.relations(part)
    found: dict[str, tuple[str, bytes | None]] = {}
    for image in package.tree(part):
        name = next((str(each.get("name", "")) for each in image.iter("{*}cNvPr")), "")
        for target in _embedded(image, targets):
            found[name] = (target, package.read(target) if package.has(target) else None)
    return found


def _corner(anchor: Any) -> tuple[int, int]:
    """Row and column of the upper left corner, from 1."""
    start = next((each for each in anchor if local(each) == "from"), ())
    place = {local(each): int(each.text or 0) for each in start if local(each) in ("row", "col")}
    return place.get("row", 0) + 1, place.get("col", 0) + 1


def _embedded(element: Any, targets: Any) -> Iterator[str]:
    """Parts of the pictures below an element; of one kept in two forms the drawing, not the dots."""
    for blip in element.iter("{*}blip"):
        vector = next(blip.iter("{*}svgBlip"), None)
        ids = [attribute(each, "embed") for each in (vector, blip) if each is not None]
        relation = next((targets[each] for each in ids if each in targets), None)
        if relation is not None and relation.target:
            yield relation.target
