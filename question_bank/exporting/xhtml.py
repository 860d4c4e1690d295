"""Texts of items as XML: plain ones with their line breaks, HTML ones as XHTML with formulas in MathML's namespace."""

import re
from collections.abc import Callable

from lxml import etree

_VOID = re.compile(r"<(br|hr|img|col)((?:\s[^<>]*?)?)>")
_SOURCE = re.compile(r'\bsrc="picture:([0-9a-f]{64})"')
_MATHML = "http://www.w3.org/1998/Math/MathML"


class ExportError(ValueError):
    """An item that cannot be written: a picture is not at hand, or a text holds what no XML can carry."""


def put_text(element: etree._Element, text: str) -> None:
    """Write a plain text into an element, each line break as ``br``. Raises ExportError."""
    try:
        first, *lines = text.split("\n")
        element.text = first
        for line in lines:
            etree.SubElement(element, "br").tail = line
    except ValueError as wrong:
        raise ExportError(str(wrong)) from wrong


def put_html(element: etree._Element, html: str, address: Callable[[str], str]) -> None:
    """Write sanitised HTML into an element. address: where the picture of a name lies. Raises ExportError."""
    xml = _VOID.sub(r"<\1\2/>", html).replace("&nbsp;", "&#160;")
    xml = re.sub(r"<math\b", f'<math xmlns="{_MATHML}"', xml)
    xml = _SOURCE.sub(lambda found: f'src="{address(found[1])}"', xml)
    try:
        content = etree.fromstring(f"<x>{xml}</x>", etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise ExportError(str(wrong)) from wrong
    element.text = content.text
    element.extend(list(content))
