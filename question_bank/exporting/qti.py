"""A bank as a QTI 3.0 content package, which imports again to equal items.

What QTI has no word for (version, markup, assessment point, 难度系数, the tolerance of a blank that also takes words)
stands in the manifest, in one element of our own for each item, ``item`` in the namespace OWN:

    <item sha256="…" code="…" version="1" kind="single" markup="text" point="…" difficulty="65" score="200">
      <tag>…</tag>  <blank case-sensitive="true" number="3.14" tolerance="0.01"><accepted>…</accepted></blank>
      <part …>as an item, without sha256</part>
    </item>

difficulty and score are hundredths. sha256 is that of the item's file: where another system has changed the file, ours
reads it as any other's.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping, Sequence

from lxml import etree

from question_bank.exporting.qti_item import INTERACTIONS, qti_item
from question_bank.exporting.xhtml import ExportError, put_text
from question_bank.items import Item
from question_bank.pictures import Picture

OWN = "urn:kaochang:qti:1"
_CP = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_META = "http://www.imsglobal.org/xsd/imsqti_metadata_v3p0"
_SUFFIX = {
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg",
}  # fmt: skip
# LOM 1.0, 5.8 Difficulty, for shares of 85 %, 70 %, 50 % and 30 % upwards (the bounds are ours).
_DIFFICULTIES = ((85, "very easy"), (70, "easy"), (50, "medium"), (30, "difficult"), (0, "very difficult"))
# The same bank is the same file: a zip keeps no instant before this one.
_INSTANT = (1980, 1, 1, 0, 0, 0)


def write_qti(items: Sequence[Item], pictures: Mapping[str, Picture]) -> bytes:
    """The package as a zip. pictures: by name, at least those the items show.

    Raises ExportError where a picture is missing, or a text holds characters XML cannot carry.
    """
    out = io.BytesIO()
    manifest = _Manifest()
    shown = dict.fromkeys(name for item in items for name in item.pictures)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, item in enumerate(items, start=1):
            path, identifier = f"items/{number:05}.xml", _identifier(item.code, number)
            data = qti_item(item, identifier, lambda name: f"../{_path(name, pictures)}")
            _put(archive, path, data)
            manifest.add(item, f"I{number:05}", path, data, [_path(name, pictures) for name in item.pictures])
        for name in shown:
            _put(archive, _path(name, pictures), pictures[name].data)
        _put(archive, "imsmanifest.xml", manifest.written())
    return out.getvalue()


def _put(archive: zipfile.ZipFile, path: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(path, _INSTANT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)


def _identifier(code: str, number: int) -> str:
    """The code where QTI takes it for an identifier."""
    return code if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", code) else f"item-{number}"


def _path(name: str, pictures: Mapping[str, Picture]) -> str:
    if name not in pictures:
        raise ExportError(f"picture {name} is not at hand")
    return f"pictures/{name}.{_SUFFIX[pictures[name].media_type]}"


class _Manifest:
    def __init__(self) -> None:
        spaces = {None: _CP, "lom": _LOM, "imsqti": _META, "kaochang": OWN}
        self._root = etree.Element(f"{{{_CP}}}manifest", nsmap=spaces)  # type: ignore[arg-type]
        self._root.set("identifier", "MANIFEST")
        metadata = self._sub(self._root, _CP, "metadata")
        self._sub(metadata, _CP, "schema").text = "QTI Package"
        self._sub(metadata, _CP, "schemaversion").text = "3.0.0"
        self._sub(self._root, _CP, "organizations")
        self._resources = self._sub(self._root, _CP, "resources")

    def _sub(
        self, parent: etree._Element, space: str, tag: str, attributes: Mapping[str, object] | None = None
    ) -> etree._Element:
        made = etree.SubElement(parent, f"{{{space}}}{tag}")
        for key, value in (attributes or {}).items():
            if value not in (None, ""):
                try:
                    made.set(key, str(value))
                except ValueError as wrong:
                    raise ExportError(str(wrong)) from wrong
        return made

    def add(self, item: Item, identifier: str, path: str, data: bytes, pictures: list[str]) -> None:
        """List an item's file with what is said of it, and the pictures it needs."""
        kind = "imsqti_item_xmlv3p0"
        resource = self._sub(
            self._resources, _CP, "resource", {"identifier": identifier, "type": kind, "href": path}
        )
        metadata = self._sub(resource, _CP, "metadata")
        self._common(metadata, item)
        own = self._own(metadata, "item", item)
        own.set("sha256", hashlib.sha256(data).hexdigest())
        for href in (path, *pictures):
            self._sub(resource, _CP, "file", {"href": href})

    def _common(self, metadata: etree._Element, item: Item) -> None:
        """What every system understands."""
        known = self._sub(metadata, _META, "qtiMetadata")
        for name in dict.fromkeys(INTERACTIONS[asked.kind] for asked in item.asked):
            self._sub(known, _META, "interactionType").text = name
        lom = self._sub(metadata, _LOM, "lom")
        general = self._sub(lom, _LOM, "general")
        put_text(self._sub(self._sub(general, _LOM, "identifier"), _LOM, "entry"), item.code)
        for tag in item.tags:
            put_text(self._sub(self._sub(general, _LOM, "keyword"), _LOM, "string"), tag)
        if item.difficulty is not None:
            difficulty = self._sub(self._sub(lom, _LOM, "educational"), _LOM, "difficulty")
            self._sub(difficulty, _LOM, "source").text = "LOMv1.0"
            said = next(word for bound, word in _DIFFICULTIES if item.difficulty >= bound)
            self._sub(difficulty, _LOM, "value").text = said

    def _own(self, parent: etree._Element, tag: str, item: Item) -> etree._Element:
        """What only we understand."""
        own = self._sub(
            parent,
            OWN,
            tag,
            {
                "code": item.code,
                "version": item.version,
                "kind": item.kind.value,
                "markup": item.markup,
                "point": item.point,
                "difficulty": item.difficulty,
                "score": item.score,
            },
        )
        for word in item.tags:
            self._sub(own, OWN, "tag").text = word
        for blank in item.blanks:
            sensitive = "true" if blank.case_sensitive else "false"
            made = self._sub(own, OWN, "blank", {"case-sensitive": sensitive, "tolerance": blank.tolerance})
            if blank.number is not None:
                made.set("number", blank.number)
            for text in blank.accepted:
                self._sub(made, OWN, "accepted").text = text
        for part in item.parts:
            self._own(own, "part", part)
        return own

    def written(self) -> bytes:
        """The manifest as an XML file."""
        return etree.tostring(self._root, encoding="utf-8", xml_declaration=True, pretty_print=False)
