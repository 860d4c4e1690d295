"""Texts of a workbook as people see them: raised and lowered digits, underlined blanks, escaped characters."""

import re
from html import escape
from typing import Any, NamedTuple

from question_bank.importing.tables import cleaned
from question_bank.importing.xlsx.package import Package, local

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RAISED = dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_SURROGATES = range(0xD800, 0xE000)
_BLANK = "____"


class CellText(NamedTuple):
    """A text, and as HTML where plain text cannot say it."""

    text: str
    html: str = ""


def shared_texts(package: Package) -> list[CellText]:
    """The texts that cells refer to by number."""
    part = package.related("sharedStrings")
    if not part:
        return []
    found: list[CellText] = []
    for element in package.elements(part, "si"):
        found.append(text_of(element))
        element.clear()
    return found


def text_of(element: Any) -> CellText:
    """The text of a ``si`` or ``is`` element; what only tells the pronunciation is left out."""
    if len(element) == 1 and element[0].tag.endswith("}t"):
        return CellText(decoded(cleaned(element[0].text or "")))
    pieces: list[tuple[str, str]] = []
    for child in element:
        name = local(child)
        if name == "t":
            pieces.append(_plain(child.text or ""))
        elif name == "r":
            pieces.append(_run(child))
    text = decoded(cleaned("".join(piece for piece, _ in pieces)))
    html = "".join(markup for _, markup in pieces)
    return CellText(text, html if "<" in html.replace("<br>", "") else "")


def decoded(text: str) -> str:
    """A text with characters that XML cannot hold, which workbooks write as _x0007_; cleaned before."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if code in _SURROGATES else chr(code)


def _run(run: Any) -> tuple[str, str]:
    """A run of one format as text and as HTML."""
    text = "".join(child.text or "" for child in run if local(child) == "t")
    properties = next((child for child in run if local(child) == "rPr"), ())
    formats = {local(each): str(each.get("val", "")) for each in properties}
    place = formats.get("vertAlign", "")
    if place in ("superscript", "subscript"):
        return _placed(text, place)
    if "u" in formats and formats["u"] != "none":
        if not text.strip():
            return (_BLANK, _BLANK) if text else ("", "")
        return text, f"<u>{_plain(text)[1]}</u>"
    return _plain(text)


def _placed(text: str, place: str) -> tuple[str, str]:
    signs = _RAISED if place == "superscript" else _LOWERED
    if all(sign in signs for sign in text):
        shown = "".join(signs[sign] for sign in text)
        return shown, shown
    name = "sup" if place == "superscript" else "sub"
    return text, f"<{name}>{_plain(text)[1]}</{name}>"


def _plain(text: str) -> tuple[str, str]:
    lines = text.replace("\r\n", "\n").replace("_x000D_", "")
    return text, escape(decoded(lines), quote=False).replace("\n", "<br>")
