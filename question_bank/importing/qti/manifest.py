"""imsmanifest.xml: which files of a package are items, and what it says of them."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from question_bank.importing.qti.item_reader import Facts
from question_bank.importing.tables import plain
from question_bank.importing.vocabulary import local_name
from question_bank.items import TAGS_MAX

MANIFEST = "imsmanifest.xml"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
# LOM 1.0, 5.8 Difficulty, as the share expected to answer rightly (the numbers are ours).
_DIFFICULTIES = {"very easy": 90, "easy": 80, "medium": 60, "difficult": 40, "very difficult": 20}
_TAG_CHARS_MAX = 64


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource. type: as written, lower case. path: of its file in the package. line: in the manifest."""

    identifier: str
    type: str
    path: str
    line: int
    element: etree._Element

    @property
    def is_item(self) -> bool:
        """Whether it says that it is an item of QTI 2 or 3."""
        return self.type.startswith(("imsqti_item_", "imsqti_apipitem_", "imsqti_apip_item"))

    @property
    def is_old(self) -> bool:
        """Whether it says that it is of QTI 1, alone or in a cartridge."""
        return re.search(r"qti\w*xmlv1", self.type) is not None

    def facts(self) -> Facts:
        """Keywords as tags, and the difficulty of LOM."""
        tags: list[str] = []
        for keyword in _named(self.element, "keyword"):
            text = " ".join(plain("".join(map(str, keyword.itertext()))).split())
            if text and len(text) <= _TAG_CHARS_MAX:
                tags.append(text)
        difficulty = next(_named(self.element, "difficulty"), None)
        said = ""
        if difficulty is not None:
            values = list(_named(difficulty, "value")) or [difficulty]
            said = " ".join("".join(map(str, values[-1].itertext())).split()).lower()
        return Facts(_DIFFICULTIES.get(said), tuple(dict.fromkeys(tags))[:TAGS_MAX])


def resources_of(manifest: etree._Element, folder: str) -> list[Resource]:
    """The resources a manifest lists that have a file. folder: where the manifest lies in the package."""
    found: list[Resource] = []
    base = posixpath.join(folder, str(manifest.get(_XML_BASE, "")))
    for listed in _named(manifest, "resources"):
        inner = posixpath.join(base, str(listed.get(_XML_BASE, "")))
        for resource in _named(listed, "resource"):
            own = posixpath.join(inner, str(resource.get(_XML_BASE, "")))
            href = str(resource.get("href", ""))
            if not href:
                href = next((str(file.get("href", "")) for file in _named(resource, "file")), "")
            line: object = resource.sourceline
            found.append(
                Resource(
                    identifier=str(resource.get("identifier", "")),
                    type=str(resource.get("type", "")).lower(),
                    path=path_of(href, own) if href else "",
                    line=line if isinstance(line, int) else 0,
                    element=resource,
                )
            )
    return found


def path_of(address: str, folder: str) -> str:
    """The path in the package an address means, read from a folder; "" when it leads outside."""
    plain_address = unquote(address.partition("#")[0].partition("?")[0]).replace("\\", "/")
    if "\x00" in plain_address:
        return ""
    joined = (
        plain_address.lstrip("/") if plain_address.startswith("/") else posixpath.join(folder, plain_address)
    )
    path = posixpath.normpath(joined)
    return "" if path.startswith(("..", "/")) or path == "." else path


def _named(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (found for found in element.iter("*") if local_name(found) == name)
