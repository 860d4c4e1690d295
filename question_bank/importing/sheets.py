"""The sheets of a file, whichever format its bytes turn out to have; its name is not asked."""

from question_bank.importing.limits import FILE_BYTES_MAX
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Sheet, whole_row
from question_bank.importing.text_table import read_text_table
from question_bank.importing.workbook import looks_like_workbook, read_workbook

_OTHERS = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
}
"""How files begin that are picked by mistake, and what people call them."""


def read_sheets(raw: bytes, findings: Findings, *, hidden_too: bool = False) -> list[Sheet]:
    """All sheets that hold anything; none, with the problem found, when the bytes are neither workbook nor
    text. hidden_too: hidden sheets are read like others.
    """
    if len(raw) > FILE_BYTES_MAX:
        findings.problem("file_too_large", whole_row(0), found=str(len(raw)), limit=FILE_BYTES_MAX)
        return []
    other = next((name for begin, name in _OTHERS.items() if raw.startswith(begin)), None)
    if other is not None:
        findings.problem("not_readable", whole_row(0), found=other)
        return []
    if looks_like_workbook(raw):
        return read_workbook(raw, findings, hidden_too=hidden_too)
    sheet = read_text_table(raw, findings)
    return [sheet] if sheet is not None and sheet.rows else []
