"""Cloze: questions written into a text, {1:SHORTANSWER:=Paris}, cut out of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from question_bank.importing.weighted import FULL, percent

_BEGINS = re.compile(r"\{\s{0,8}(\d*)\s{0,8}:\s{0,8}([A-Za-z_]{1,20})\s{0,8}:")
_WEIGHT = re.compile(r"%(-?[0-9.,]+)%")
_ESCAPED = re.compile(r"\\([}#~/\"\\=%])")
_BREAKS = re.compile(r"<br\s*/?>\s*$", re.IGNORECASE)

_FORMS = {
    "SHORTANSWER": "short", "SA": "short", "MW": "short",
    "SHORTANSWER_C": "short_case", "SAC": "short_case", "MWC": "short_case",
    "NUMERICAL": "number", "NM": "number",
    "MULTICHOICE": "single", "MC": "single", "MULTICHOICE_V": "single", "MCV": "single",
    "MULTICHOICE_H": "single", "MCH": "single", "MULTICHOICE_S": "single", "MCS": "single",
    "MULTICHOICE_VS": "single", "MCVS": "single", "MULTICHOICE_HS": "single", "MCHS": "single",
    "MULTIRESPONSE": "multiple", "MR": "multiple", "MULTIRESPONSE_H": "multiple", "MRH": "multiple",
    "MULTIRESPONSE_S": "multiple", "MRS": "multiple", "MULTIRESPONSE_HS": "multiple", "MRHS": "multiple",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClozeAnswer:
    """One answer as typed, HTML and all."""

    text: str
    weight: Decimal
    feedback: str


@dataclass(frozen=True, slots=True)
class Gap:
    """One question of the text. form: short, short_case, number, single, multiple, or "" for one nobody knows.

    name: the type as the file calls it. share: its weight among the gaps.
    """

    name: str
    form: str
    share: int
    answers: tuple[ClozeAnswer, ...]


class ClozeError(ValueError):
    """A gap that is not closed or says nothing; the text shows where it begins."""


def cut(text: str) -> tuple[list[str], list[Gap]]:
    """The pieces of text around the gaps, one more than gaps. Raises ClozeError for a gap that cannot be read."""
    pieces, gaps, place = [], [], 0
    while begins := _BEGINS.search(text, place):
        ends = _end(text, begins.end())
        if ends < 0:
            raise ClozeError(text[begins.start() : begins.start() + 60])
        name = begins[2].upper()
        answers = _answers(text[begins.end() : ends])
        if not answers:
            raise ClozeError(text[begins.start() : ends + 1])
        pieces.append(text[place : begins.start()])
        gaps.append(Gap(name, _FORMS.get(name, ""), int(begins[1][:6] or 1), tuple(answers)))
        place = ends + 1
    return [*pieces, text[place:]], gaps


def _end(text: str, place: int) -> int:
    """Where the brace is closed that was opened before; -1 where another gap begins first, or never."""
    while place < len(text):
        if text[place] == "\\":
            place += 1
        elif text[place] == "}":
            return place
        elif _BEGINS.match(text, place):
            return -1
        place += 1
    return -1


def _answers(inside: str) -> list[ClozeAnswer]:
    answers = []
    for piece in _split(inside, "~"):
        said = piece.strip()
        if not said:
            continue
        weight = Decimal(0)
        if said.startswith("="):
            weight, said = FULL, said[1:]
        elif written := _WEIGHT.match(said):
            weight = percent(written[1].replace(",", ".")) or Decimal(0)
            said = said[written.end() :]
        text, *feedback = _split(said, "#", 1)
        answers.append(ClozeAnswer(_meant(text), weight, _meant("".join(feedback))))
    return answers


def _split(text: str, separator: str, times: int = -1) -> Sequence[str]:
    """Split where a separator is not escaped, nor part of an entity such as &#160;."""
    pieces, begins, place = [], 0, 0
    while place < len(text) and times != 0:
        if text[place] == "\\":
            place += 1
        elif text[place] == separator and not (separator == "#" and text[place - 1 : place] == "&"):
            pieces.append(text[begins:place])
            begins = place + 1
            times -= 1
        place += 1
    return [*pieces, text[begins:]]


def _meant(text: str) -> str:
    return _BREAKS.sub("", _ESCAPED.sub(r"\1", text).strip())
