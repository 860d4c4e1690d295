"""The one door for banks: what a file is, is told by its content; its name only breaks ties."""

import dataclasses
import io
import re
import zipfile

from question_bank.importing import bank_file
from question_bank.importing.aiken import looks_like_aiken, read_aiken
from question_bank.importing.bank_file import BankReading
from question_bank.importing.docx import is_docx, read_docx
from question_bank.importing.gift import looks_like_gift, read_gift
from question_bank.importing.headings import BANK_WORDS, find_heading
from question_bank.importing.limits import FILE_BYTES_MAX
from question_bank.importing.moodle_xml import read_moodle_xml
from question_bank.importing.plain_text import read_plain_text
from question_bank.importing.problems import Findings
from question_bank.importing.qti import is_qti, read_qti
from question_bank.importing.strangers import (
    JSON,
    XML_ROOTS,
    ZIP,
    Stranger,
    stranger_of,
    stranger_xml,
    stranger_zip,
)
from question_bank.importing.tables import Sheet, whole_row
from question_bank.importing.text_file import decoded
from question_bank.importing.text_table import read_text_table
from question_bank.importing.wordings import WORDINGS
from question_bank.importing.written import looks_written

FORMATS = ("xlsx", "csv", "docx", "text", "qti", "moodle_xml", "gift", "aiken")
"""What BankReading.format says."""

_HEADING_BYTES = 65_536
_PROLOGUE = r"(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>|\s)*"
_ROOT = re.compile(_PROLOGUE + r"<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL)
_LOOKED_AT = 1_000_000
# Words that make a row a heading when they stand in it together; anything short of that is a text.
_TEXT_SUFFIXES = ("txt", "text", "md")
_HEADING_FIELDS = (("stem", "answer"), ("stem", "kind"), ("kind", "answer"))


def read_bank(raw: bytes, name: str = "") -> BankReading:
    """The items in the bytes of a file of any format we read; never raises, whatever the bytes are.

    A format that we know and do not read is refused by its name, with what to do.
    """
    if len(raw) > FILE_BYTES_MAX:
        return _refused("file_too_large", str(len(raw)), limit=FILE_BYTES_MAX)
    if not raw.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        return _refused("empty_file") if len(raw) < 4 or raw.strip(b"\0") else _refused("undecodable", "00")
    stranger = stranger_of(raw)
    if stranger is not None:
        return _strange(stranger)
    if raw.startswith(b"PK\x03\x04"):
        return _package(raw, name)
    return _text(raw, name)


def _package(raw: bytes, name: str) -> BankReading:
    """A zip: what it is, its parts tell."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            names = {entry.filename for entry in parts.infolist()}
    # The edge to a reader that raises whatever a broken file makes it stumble over.
    except Exception as wrong:  # noqa: BLE001
        return _refused("broken_workbook", f"{type(wrong).__name__}: {wrong}")
    if is_docx(names):
        return read_docx(raw)
    if any(each.startswith("xl/") for each in names) or "[Content_Types].xml" in names:
        return _named("xlsx", bank_file.read_bank(raw))
    stranger = stranger_zip(names)
    if stranger is None and any(each.lower().endswith(".xml") for each in names):
        return _named("qti", read_qti(raw, name))
    return _strange(stranger or ZIP)


def _text(raw: bytes, name: str) -> BankReading:
    text = decoded(raw, Findings(WORDINGS))
    # XML says its own encoding.
    start = raw[:_LOOKED_AT].decode("latin-1") if text is None else text[:_LOOKED_AT]
    if start.lstrip().startswith("<") and (root := _ROOT.match(start)):
        named = root[1].lower()
        if named == "quiz":
            return read_moodle_xml(raw)
        if is_qti(raw):
            return _named("qti", read_qti(raw, name))
        if start.lstrip().startswith(("<?xml", "<!DOCTYPE")) or named in XML_ROOTS:
            return _strange(stranger_xml(named))
    if text is None:
        return bank_file.read_bank(raw)
    if _is_json(start, name):
        return _strange(JSON)
    return _plain(raw, text, name)


def _plain(raw: bytes, text: str, name: str) -> BankReading:
    """A text: a table when it has a heading, else what its marks make it."""
    suffix = name.lower().rpartition(".")[2]
    if _has_heading(raw):
        return _named("csv", bank_file.read_bank(raw))
    if suffix == "gift" or looks_like_gift(text):
        return read_gift(raw)
    if looks_like_aiken(text):
        return _aiken_or_written(raw, text)
    if looks_written(text):
        return read_plain_text(raw)
    if suffix in _TEXT_SUFFIXES:
        return read_plain_text(raw)
    return _named("csv", bank_file.read_bank(raw))


def _aiken_or_written(raw: bytes, text: str) -> BankReading:
    """Lines ANSWER: are of Aiken, and of banks that have more than it: what leaves fewer problems is what it is."""
    written = read_plain_text(raw) if looks_written(text) else None
    if written is not None and "答案" in text:
        return written
    aiken = read_aiken(raw)
    return aiken if written is None or len(aiken.problems) <= len(written.problems) else written


def _is_json(text: str, name: str) -> bool:
    """Whether a text is JSON: braces of GIFT come behind a question, not first."""
    begins = re.match(r"\s*[\[{]\s*(?:[\[{]\s*)?\"[^\"\n]*\"\s*[:,]", text)
    return begins is not None or name.lower().endswith(".json")


def _has_heading(raw: bytes) -> bool:
    """Whether a table's heading stands within the first rows."""
    ends = raw.find(b"\n", _HEADING_BYTES)
    aside = Findings()
    sheet: Sheet | None = read_text_table(raw if ends < 0 else raw[: ends + 1], aside)
    if sheet is None:
        return False
    return any(find_heading(sheet, BANK_WORDS, fields, aside) is not None for fields in _HEADING_FIELDS)


def _named(file_format: str, reading: BankReading) -> BankReading:
    return dataclasses.replace(reading, format=file_format)


def _refused(code: str, found: str = "", **values: object) -> BankReading:
    findings = Findings(WORDINGS)
    findings.problem(code, whole_row(0), found, column="", **values)
    return BankReading(items=(), rows=0, problems=tuple(findings.problems), warnings=())


def _strange(stranger: Stranger) -> BankReading:
    findings = Findings(WORDINGS)
    values = {"advice": stranger.advice, "advice_en": stranger.advice_en}
    findings.problem(stranger.code, whole_row(0), stranger.name, column="", **values)
    return BankReading(items=(), rows=0, problems=tuple(findings.problems), warnings=())
