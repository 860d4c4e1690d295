"""Markdown as HTML, as far as questions use it: paragraphs, lists, headings, code, emphasis, pictures, raw HTML.

Rules after CommonMark (https://spec.commonmark.org). What is not among them stays as typed, so that nothing is lost.
"""

import html
import re
from collections.abc import Iterator, Sequence

_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_BULLET = re.compile(r"\s{0,3}[-*+]\s+(.*)")
_NUMBERED = re.compile(r"\s{0,3}\d{1,9}[.)]\s+(.*)")
_CODE = re.compile(r"(`{1,3})(.{1,400}?)(?<!`)\1(?!`)", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]\n]*)\]\(\s*<?([^\s)>]+)>?(?:\s+[\"'][^\n]*?[\"'])?\s*\)")
_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\(\s*<?([^\s)>]+)>?(?:\s+[\"'][^\n]*?[\"'])?\s*\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,400}?)(?<=\S)\1", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])(.{1,400}?)(?<=[^\s*_])\1(?![\w*])", re.DOTALL)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BREAK = re.compile(r"(?: {2,}|\\)\n")
_KEPT = "\ufdd8{}\ufdd9"
_KEPT_PLACE = re.compile("\ufdd8(\\d+)\ufdd9")
# A gap of four underscores is a blank, not emphasis.
_GAP = re.compile(r"_{3,}")


def html_of(text: str) -> str:
    """The HTML of a Markdown text; not yet sanitised."""
    blocks = list(_blocks(text.replace("\r\n", "\n").split("\n")))
    if len(blocks) == 1 and blocks[0].startswith("<p>"):
        # A single paragraph is words within a line: an option, a comment.
        return blocks[0][3:-4]
    return "".join(blocks)


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    paragraph: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        fence, heading = _FENCE.match(line), _HEADING.match(line)
        item = _BULLET.match(line) or _NUMBERED.match(line)
        if (not line.strip() or fence or heading or item) and paragraph:
            yield f"<p>{_inline(chr(10).join(paragraph))}</p>"
            paragraph = []
        if fence:
            inside, index = _until_fence(lines, index + 1, fence[1])
            yield f"<pre>{html.escape(inside, quote=False)}</pre>"
        elif heading:
            yield f"<p><strong>{_inline(heading[1])}</strong></p>"
        elif item:
            listed, index = _list(lines, index)
            yield listed
        elif line.strip():
            paragraph.append(line.strip() + "  " * line.endswith("  "))
        index += 1
    if paragraph:
        yield f"<p>{_inline(chr(10).join(paragraph))}</p>"


def _until_fence(lines: Sequence[str], index: int, fence: str) -> tuple[str, int]:
    inside = []
    while index < len(lines) and not lines[index].strip().startswith(fence):
        inside.append(lines[index])
        index += 1
    return "\n".join(inside), index


def _list(lines: Sequence[str], index: int) -> tuple[str, int]:
    """The list that begins here, one level deep, and its last line."""
    marker = _BULLET if _BULLET.match(lines[index]) else _NUMBERED
    items: list[str] = []
    while index < len(lines) and lines[index].strip():
        found = marker.match(lines[index])
        if found:
            items.append(found[1])
        elif items and lines[index].startswith(" "):
            items[-1] += "\n" + lines[index].strip()
        else:
            break
        index += 1
    name = "ul" if marker is _BULLET else "ol"
    return f"<{name}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{name}>", index - 1


def _inline(text: str) -> str:
    """Emphasis, code and pictures; what must stay as it is, is put aside first."""
    kept: list[str] = []

    def aside(piece: str) -> str:
        kept.append(piece)
        return _KEPT.format(len(kept) - 1)

    text = _CODE.sub(lambda found: aside(f"<code>{html.escape(found[2].strip(), quote=False)}</code>"), text)
    text = _ESCAPED.sub(lambda found: aside(html.escape(found[1])), text)
    text = _GAP.sub(lambda found: aside(found[0]), text)
    text = _IMAGE.sub(
        lambda found: aside(f'<img alt="{html.escape(found[1])}" src="{html.escape(found[2])}">'), text
    )
    text = _LINK.sub(lambda found: f'<a href="{html.escape(found[2])}">{found[1]}</a>', text)
    text = _STRONG.sub(r"<strong>\2</strong>", text)
    text = _EMPHASIS.sub(r"<em>\2</em>", text)
    text = _BREAK.sub("<br>", text)
    return _KEPT_PLACE.sub(lambda found: kept[int(found[1])] if int(found[1]) < len(kept) else found[0], text)
