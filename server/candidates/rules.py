"""Names and documents of people: how they are kept, compared, checked and masked. Pure, knows no table and no clock.

Names are kept exactly as they came, rare characters and 4-byte ones included; they are compared after NFC and with all
middle dots folded into one (domain.md). The region code of an identity number is never checked: people born in places
that were renamed or dissolved hold valid ones.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum

CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
"""GB 11643: the weighted sum of 17 digits modulo 11 names the eighteenth character."""

BIRTH_YEAR_MIN = 1900

DOCUMENT_CHARS_MIN = 4
DOCUMENT_CHARS_MAX = 40
NAME_CHARS_MAX = 100

# Bullets, hyphenation points, katakana dots, operators, Greek and runic points, and the full stop some keyboards give.
_DOTS = dict.fromkeys(map(ord, "•‧・･∙⋅⸱·᛫．."), "·")
_EIGHTEEN = re.compile(r"^\d{17}[\dX]$")


class DocumentType(StrEnum):
    """What a person shows at the door."""

    RESIDENT_ID = "resident_id"
    """居民身份证"""
    RESIDENCE_PERMIT = "residence_permit"
    """港澳台居民居住证, numbered like an identity card"""
    HK_MACAO_PERMIT = "hk_macao_permit"
    """港澳居民来往内地通行证"""
    TAIWAN_PERMIT = "taiwan_permit"
    """台湾居民来往大陆通行证"""
    FOREIGN_PERMANENT = "foreign_permanent"
    """外国人永久居留身份证"""
    PASSPORT = "passport"
    """护照"""
    OFFICER_CARD = "officer_card"
    """军官证、士兵证"""
    OTHER = "other"
    """其他"""


CHECKED = frozenset({DocumentType.RESIDENT_ID, DocumentType.RESIDENCE_PERMIT})
"""Documents whose number carries a birth date and a check character."""

DOCUMENT_WORDS: dict[str, DocumentType] = {
    "居民身份证": DocumentType.RESIDENT_ID,
    "身份证": DocumentType.RESIDENT_ID,
    "二代身份证": DocumentType.RESIDENT_ID,
    "港澳台居民居住证": DocumentType.RESIDENCE_PERMIT,
    "居住证": DocumentType.RESIDENCE_PERMIT,
    "港澳居民来往内地通行证": DocumentType.HK_MACAO_PERMIT,
    "港澳通行证": DocumentType.HK_MACAO_PERMIT,
    "回乡证": DocumentType.HK_MACAO_PERMIT,
    "台湾居民来往大陆通行证": DocumentType.TAIWAN_PERMIT,
    "台胞证": DocumentType.TAIWAN_PERMIT,
    "外国人永久居留身份证": DocumentType.FOREIGN_PERMANENT,
    "外国人永久居留证": DocumentType.FOREIGN_PERMANENT,
    "护照": DocumentType.PASSPORT,
    "军官证": DocumentType.OFFICER_CARD,
    "士兵证": DocumentType.OFFICER_CARD,
    "其他": DocumentType.OTHER,
    "其它": DocumentType.OTHER,
}


class Sex(StrEnum):
    """As the document says."""

    MALE = "male"
    FEMALE = "female"


class Level(StrEnum):
    """Levels of a skill, the first the highest (domain.md)."""

    FIRST = "一级"
    SECOND = "二级"
    THIRD = "三级"
    FOURTH = "四级"
    FIFTH = "五级"


LEVEL_WORDS: dict[str, Level] = {
    **{level.value: level for level in Level},
    **{str(number): level for number, level in enumerate(Level, start=1)},
    **{f"{number}级": level for number, level in enumerate(Level, start=1)},
    "高级技师": Level.FIRST,
    "技师": Level.SECOND,
    "高级工": Level.THIRD,
    "中级工": Level.FOURTH,
    "初级工": Level.FIFTH,
}


def document_key(document: str) -> str:
    """A document number as compared: half-width, capital, without white space."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", document)).upper()


def same_document(kept: str, typed: str) -> bool:
    """Whether two document numbers are the same, however they were typed (x or X, full-width, spaces)."""
    return bool(kept) and document_key(kept) == document_key(typed)


def name_key(name: str) -> str:
    """A name as compared: NFC, one middle dot, no white space, case aside."""
    composed = unicodedata.normalize("NFC", name).translate(_DOTS)
    return re.sub(r"\s", "", composed).casefold()


def same_name(one: str, other: str) -> bool:
    """Whether two writings are the same name."""
    return name_key(one) == name_key(other)


def masked_document(document: str) -> str:
    """A document number for screens: its first three and last four characters, fewer of a short one."""
    before, after = (3, 4) if len(document) >= 12 else (1, 2)
    if len(document) <= before + after:
        return "*" * len(document)
    return document[:before] + "*" * (len(document) - before - after) + document[-after:]


def document_fault(kind: DocumentType, key: str, today: date) -> str | None:
    """The code of what is wrong with a folded document number, or None.

    ``id_shape``, ``id_check``, ``id_birth`` for numbers with a check character (GB 11643), else ``document_shape``.
    """
    if kind not in CHECKED:
        long_enough = DOCUMENT_CHARS_MIN <= len(key) <= DOCUMENT_CHARS_MAX
        return None if long_enough and key.isprintable() else "document_shape"
    if not (key.isascii() and _EIGHTEEN.match(key)):
        return "id_shape"
    if check_character(key[:17]) != key[17]:
        return "id_check"
    try:
        born = date(int(key[6:10]), int(key[10:12]), int(key[12:14]))
    except ValueError:
        return "id_birth"
    return None if born.year >= BIRTH_YEAR_MIN and born < today else "id_birth"


def check_character(seventeen: str) -> str:
    """The eighteenth character of an identity number."""
    total = sum(weight * int(digit) for weight, digit in zip(CHECK_WEIGHTS, seventeen, strict=True))
    return CHECK_CHARACTERS[total % 11]


def sex_of_id(key: str) -> Sex:
    """What the seventeenth digit of an identity number says."""
    return Sex.MALE if int(key[16]) % 2 else Sex.FEMALE
