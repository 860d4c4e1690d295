"""A drawing in the middle of a text as a file of its own."""

import re
import urllib.parse
from html import escape

from lxml import etree

from question_bank.importing.picture_files import SVG, SVG_ELEMENTS
from question_bank.importing.vocabulary import bare, local_name, namespace_of

# The HTML parser writes all names in small letters; SVG does not.
_NAMES = {name.lower(): name for name in SVG_ELEMENTS} | {
    name.lower(): name
    for name in ("viewBox", "preserveAspectRatio", "textLength", "gradientUnits", "gradientTransform", "patternUnits",
                 "markerWidth", "markerHeight", "refX", "refY", "clipPathUnits", "maskUnits", "spreadMethod")
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


def data_uri_of(element: etree._Element) -> str:
    """An ``svg`` element, of whatever parser and namespace, as the address of an SVG file."""
    return "data:image/svg+xml," + urllib.parse.quote(_written(element, f' xmlns="{SVG}"'))


def _written(element: etree._Element, namespace: str = "") -> str:
    name = local_name(element)
    if not _NAME.fullmatch(name) or namespace_of(element) not in ("", SVG):
        return ""
    name = _NAMES.get(name.lower(), name)
    attributes = {
        _NAMES.get(key, key): str(value) for each, value in element.attrib.items() if (key := bare(str(each)))
    }
    said = "".join(
        f' {key}="{escape(value)}"'
        for key, value in attributes.items()
        if _NAME.fullmatch(key) and key != "xmlns"
    )
    inner = escape(element.text or "", quote=False) + "".join(
        _written(child) + escape(child.tail or "", quote=False) for child in element
    )
    return f"<{name}{namespace}{said}>{inner}</{name}>"
