"""How keys are written in one cell of a table: blanks, orders, matches and tags, read and written by the same rules.

A backslash takes the meaning from the sign behind it: ``km\\/h`` is one accepted form with a stroke in it.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext

from question_bank.blanks import Blank, decimal_of
from question_bank.items import LETTERS

Token = tuple[str, bool]
"""A character, and whether a backslash stood before it."""

BETWEEN_BLANKS = ";；|\n"
BETWEEN_FORMS = "/"
BETWEEN_TAGS = ",，、;；|/\n"
CASE_MATTERS = "(Aa)"
"""Before the forms of a blank whose upper and lower case are different answers."""

_SPECIAL = frozenset("\\/;；|±,，、()（）[] \t\n\u3000") | frozenset("①②③④⑤⑥⑦⑧⑨⑩")
# Numbers longer than a blank's are texts; sums of those two hundred digits apart are exact.
NUMBER_CHARS_MAX = 40
_NUMBER_TEXT_MAX = 200
_DECIMAL_DIGITS_MAX = 500
# An order or match of more characters than this is a sentence.
_KEY_CHARS_MAX = 400

_BETWEEN_LETTERS = re.compile(r"[\s,、;/|.。>→\-–—~+]+")
_PAIR = re.compile(r"\(?(\d{1,2}|[A-Z])\)?[\s.、]*(?:-|–|—|→|>|:|=|~)*\s*\(?(\d{1,2}|[A-Z])\)?")
_BETWEEN_PAIRS = re.compile(r"[\s,、;/|.。]*")


# -- separators and backslashes ------------------------------------------------------------------------------------


def tokens(text: str) -> list[Token]:
    """The characters of a cell; a backslash before a sign with a meaning is taken off and remembered."""
    found: list[Token] = []
    escaped = False
    for character in text:
        if escaped:
            meant = character in _SPECIAL or character.isspace()
            found += [(character, True)] if meant else [("\\", False), (character, False)]
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            found.append((character, False))
    return [*found, ("\\", False)] if escaped else found


def split(read: Iterable[Token], separators: str) -> list[list[Token]]:
    """The parts between separators that no backslash takes the meaning from; without unescaped space around."""
    parts: list[list[Token]] = [[]]
    for token in read:
        if not token[1] and token[0] in separators:
            parts.append([])
        else:
            parts[-1].append(token)
    return [_stripped(part) for part in parts]


def said(part: Iterable[Token]) -> str:
    """The text of a part."""
    return "".join(character for character, _ in part)


def escaped(text: str, signs: Iterable[str] = _SPECIAL) -> str:
    """A text with a backslash before every sign of these, so that it is read as it stands."""
    inner = set(signs) - {" ", "\u3000"}
    last = len(text) - 1
    return "".join(
        f"\\{character}"
        if character in inner or character == "\\" or (character.isspace() and place in (0, last))
        else character
        for place, character in enumerate(text)
    )


def _stripped(part: list[Token]) -> list[Token]:
    start, end = 0, len(part)
    while start < end and part[start][0].isspace() and not part[start][1]:
        start += 1
    while end > start and part[end - 1][0].isspace() and not part[end - 1][1]:
        end -= 1
    return part[start:end]


# -- tags ----------------------------------------------------------------------------------------------------------


def tags_of(text: str) -> tuple[str, ...]:
    """The tags of a cell, empty ones left out: 防火、临时用电; 2024."""
    return tuple(tag for tag in map(said, split(tokens(text), BETWEEN_TAGS)) if tag)


def written_tags(tags: Sequence[str]) -> str:
    """Tags as :func:`tags_of` reads them."""
    return "；".join(map(escaped, tags))


# -- blanks --------------------------------------------------------------------------------------------------------


def number_of(text: str) -> tuple[str, str] | None:
    """Number and tolerance of ``3.5±0.1``, ``3.5±2%`` or ``[3.4,3.6]``, as exact decimals; None for anything else."""
    if len(text) > _NUMBER_TEXT_MAX:
        return None
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("\u2212", "-")
    with localcontext(prec=_DECIMAL_DIGITS_MAX):
        found = _between(plain) or _around(plain)
    return found if found is not None and max(map(len, found)) <= NUMBER_CHARS_MAX else None


def _between(plain: str) -> tuple[str, str] | None:
    """[3.4,3.6]: the middle of both ends, and half their distance."""
    ends = re.fullmatch(r"\[([^\[\],~]+)[,~]([^\[\],~]+)\]", plain)
    low, high = (decimal_of(ends[1]), decimal_of(ends[2])) if ends is not None else (None, None)
    if low is None or high is None or low > high:
        return None
    return _exact((low + high) / 2), _exact((high - low) / 2)


def _around(plain: str) -> tuple[str, str] | None:
    """3.5±0.1, or with a share of the number: 3.5±2%."""
    number, sign, tolerance = plain.partition("±")
    value, share = decimal_of(number), decimal_of(tolerance.removesuffix("%"))
    if not sign or value is None or share is None or share < 0:
        return None
    around = _exact(abs(value) * share / 100) if tolerance.endswith("%") else tolerance
    return number.replace(",", ""), around.replace(",", "")


def _exact(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def written_blanks(blanks: Sequence[Blank]) -> str:
    """Blanks as the answer cell of a fill-in item says them, forms between strokes, blanks between semicolons."""
    return "；".join(map(_written_blank, blanks))


def _written_blank(blank: Blank) -> str:
    forms = [] if blank.number is None else [f"{blank.number}±{blank.tolerance}"]
    forms += [escaped(form) for form in blank.accepted]
    return (CASE_MATTERS if blank.case_sensitive else "") + " / ".join(forms)


# -- orders and matches --------------------------------------------------------------------------------------------


def order_of(text: str) -> list[int] | None:
    """Indexes of the options in the order given: CAB, C-A-B, C→A→B, 3、1、2; None when anything else is there."""
    if len(text) > _KEY_CHARS_MAX:
        return None
    plain = unicodedata.normalize("NFKC", text).strip().upper().strip("()[]【】")
    parts = _BETWEEN_LETTERS.sub(" ", plain).split()
    if parts and all(part.isascii() and part.isdigit() for part in parts):
        # 312 without separators is three places; ten options are never listed.
        digits = parts if len(parts) > 1 else list(parts[0])
        return [int(digit) - 1 for digit in digits]
    joined = "".join(parts)
    return [ord(letter) - ord("A") for letter in joined] if re.fullmatch(r"[A-Z]+", joined) else None


def written_order(key: Sequence[int]) -> str:
    """An order as :func:`order_of` reads it."""
    return "-".join(LETTERS[index] for index in key)


def pairs_of(text: str, *, lettered: bool = False) -> list[tuple[int, int]] | None:
    """Premise and option of each pair, from 0: 1-B；2-A, 1B 2A; letters alone (BAC) go to the premises in turn.

    lettered: premises have the letters and options the numbers. None when anything else is there.
    """
    if len(text) > _KEY_CHARS_MAX:
        return None
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    alone = _BETWEEN_LETTERS.sub("", plain)
    if re.fullmatch(r"[A-Z]+", alone) and not lettered:
        return [(premise, ord(letter) - ord("A")) for premise, letter in enumerate(alone)]
    pairs: list[tuple[int, int]] = []
    place = 0
    while place < len(plain):
        found = _PAIR.match(plain, place)
        if found is None or found[1].isdigit() == found[2].isdigit():
            return None
        pairs.append(_pair(found[1], found[2], lettered=lettered))
        gap = _BETWEEN_PAIRS.match(plain, found.end())
        place = gap.end() if gap is not None else found.end()
    return pairs or None


def _pair(first: str, second: str, *, lettered: bool) -> tuple[int, int]:
    digits, letter = (first, second) if first.isdigit() else (second, first)
    number, place = int(digits) - 1, ord(letter) - ord("A")
    return (place, number) if lettered else (number, place)


def written_pairs(key: Sequence[int]) -> str:
    """Matches as :func:`pairs_of` reads them."""
    return "；".join(f"{premise}-{LETTERS[option]}" for premise, option in enumerate(key, start=1))
