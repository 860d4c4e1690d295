"""A text file as lines that remember their number, whatever encoding and line ends it was kept in."""

import codecs
import re
from dataclasses import dataclass

from question_bank.importing.limits import CELL_CHARS_MAX
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell, control_character, whole_row

LINES_MAX = 200_000
"""Lines of a text file: 20,000 questions of ten lines each."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Bytes looked at for UTF-16 without a mark, which betrays itself by the zero bytes beside its line ends and letters.
_UNMARKED_LOOKED_AT = 4_096
_WESTERN = "cp1252"
_HIGH = re.compile(rb"[\x80-\xff]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u2060"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end, number from 1. Spaces at both ends are kept."""

    number: int
    text: str

    @property
    def place(self) -> Cell:
        """Where a problem of this line is."""
        return Cell(self.text.strip(), self.number, 0)


def read_lines(raw: bytes, findings: Findings) -> list[Line]:
    """The lines of a text in UTF-8, UTF-16 or GB18030; none, with the problem found, when it is no text.

    Characters no screen shows and lines beyond the limits are problems at their line; line ends of several kinds are
    a warning, because a line may have been torn apart or joined where they change.
    """
    text = decoded(raw, findings)
    if text is None:
        return []
    mixed = _mixed_line_ends(text)
    if mixed is not None:
        findings.warning("mixed_line_ends", whole_row(mixed[0]), found=mixed[1])
    lines = [
        Line(number, each) for number, each in enumerate(_LINE_END.split(text.translate(_INVISIBLE)), start=1)
    ]
    if len(lines) > LINES_MAX:
        findings.problem("too_many_lines", whole_row(LINES_MAX + 1), found=str(len(lines)), limit=LINES_MAX)
        return []
    for line_read in lines:
        if character := control_character(line_read.text):
            findings.problem("control_character", line_read.place, character=character)
        if len(line_read.text) > CELL_CHARS_MAX:
            findings.problem("cell_too_long", line_read.place, limit=CELL_CHARS_MAX)
    return lines


def _mixed_line_ends(text: str) -> tuple[int, str] | None:
    """The line at which line ends change first, and the kinds there are; None where all are of one kind."""
    both = text.count("\r\n")
    counts = {"CRLF": both, "LF": text.count("\n") - both, "CR": text.count("\r") - both}
    kinds = " ".join(kind for kind, count in counts.items() if count)
    first = _LINE_END.search(text)
    if first is None or " " not in kinds:
        return None
    ends = enumerate(_LINE_END.finditer(text), start=1)
    return next((line, kinds) for line, end in ends if end[0] != first[0])


def decoded(raw: bytes, findings: Findings) -> str | None:
    """The text of these bytes, or None with the place of the first byte that is none."""
    encodings, body = _encodings(raw)
    furthest = 0
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError as wrong:
            furthest = max(furthest, wrong.start)
            continue
        if "\0" not in text:
            if encoding == _WESTERN:
                findings.warning("western_encoding", whole_row(0), encoding)
            return text
        furthest = max(furthest, body.find(b"\0"))
    found = body[furthest : furthest + 8].hex(" ")
    findings.problem("undecodable", whole_row(body[:furthest].count(b"\n") + 1), found=found)
    return None


def _looks_western(raw: bytes) -> bool:
    """Whether bytes above ASCII stand alone among letters, as accents do; those of Chinese characters come in pairs."""
    runs = _HIGH.findall(raw)
    alone = sum(1 for run in runs if len(run) == 1)
    return alone * 2 > len(runs)


def _encodings(raw: bytes) -> tuple[list[str], bytes]:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return [encoding], raw[len(mark) :]
    start = raw[:_UNMARKED_LOOKED_AT]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) >= 2 and min(even, odd) * 10 < max(even, odd):
        return ["utf-16-le" if odd > even else "utf-16-be"], raw
    return ["utf-8", _WESTERN if _looks_western(raw) else "gb18030"], raw
