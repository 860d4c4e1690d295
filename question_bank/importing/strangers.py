"""Files that are no bank we read, called by the name people know them by, with what to do about it."""

import re
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stranger:
    """A kind of file. advice, advice_en: what is expected instead. code: of the problem."""

    name: str
    advice: str
    advice_en: str
    code: str = "not_readable"


_READ = (
    "xlsx、csv、docx、txt、QTI 2/3、Moodle XML、GIFT 或 Aiken",
    "xlsx, csv, docx, txt, QTI 2/3, Moodle XML, GIFT or Aiken",
)
_TYPED = ("文字版题库（图片和扫描件须先录入）", "a bank in text (what is only pictured must be typed first)")
_UNPACKED = ("解压后的题库文件", "the bank's files, unpacked")
_QTI_1 = (
    "QTI 2.1 以上版本、Moodle XML 或 xlsx（请在原系统中以其中一种格式导出）",
    "QTI 2.1 or later, Moodle XML or xlsx (export one of them from the other system)",
)
_WORD = ("docx（请用 Word 另存为 .docx）", "docx (save it as .docx in Word)")
_QUIZ = (
    "Moodle XML（请在 Moodle 题库中导出，而非课程备份）",
    "Moodle XML (export it from Moodle's question bank, not as a course backup)",
)

_BEGINNINGS = {
    b"\x89PNG": Stranger("PNG", *_TYPED),
    b"\xff\xd8\xff": Stranger("JPEG", *_TYPED),
    b"GIF87a": Stranger("GIF", *_TYPED),
    b"GIF89a": Stranger("GIF", *_TYPED),
    b"II*\0": Stranger("TIFF", *_TYPED),
    b"MM\0*": Stranger("TIFF", *_TYPED),
    b"%PDF": Stranger("PDF", *_TYPED),
    b"{\\rtf": Stranger("RTF", *_WORD),
    b"Rar!": Stranger("RAR", *_UNPACKED),
    b"7z\xbc\xaf": Stranger("7z", *_UNPACKED),
    b"\x1f\x8b": Stranger("gzip", *_UNPACKED),
    b"SQLite format 3\0": Stranger("SQLite", *_READ),
    b"MZ\x90\0": Stranger("exe", *_READ),
    b"\x7fELF": Stranger("ELF", *_READ),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_POWERPOINT_STREAM = "PowerPoint Document".encode("utf-16-le")
_EXCEL_STREAMS = ("Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le"))

# Of a zip: a part it has, and what that makes it.
_PARTS = (
    (re.compile(r"ppt/presentation\.xml"), Stranger("PowerPoint", *_READ)),
    (re.compile(r"\.bb-package-info|res\d{5}\.dat"), Stranger("Blackboard", *_QTI_1)),
    (re.compile(r"moodle_backup\.xml"), Stranger("Moodle backup", *_QUIZ)),
    (re.compile(r"h5p\.json"), Stranger("H5P", *_READ)),
    (re.compile(r"META-INF/container\.xml"), Stranger("EPUB", *_READ)),
    (re.compile(r"Index/Document\.iwa"), Stranger("Apple iWork", *_READ)),
    (
        re.compile(r"content\.xml"),
        Stranger("OpenDocument", "docx 或 xlsx（请另存）", "docx or xlsx (save it as one)"),
    ),
    (re.compile(r"collection\.anki2\w*"), Stranger("Anki", *_READ)),
)
_ROOTS = {
    "html": Stranger("HTML", *_WORD),
    "pool": Stranger("Blackboard", *_QTI_1),
    "moodle_backup": Stranger("Moodle backup", *_QUIZ),
    "examview": Stranger("ExamView", *_READ),
    "svg": Stranger("SVG", *_TYPED),
}


XML_ROOTS = frozenset(_ROOTS)
"""Roots of XML known by name, which need no declaration to be recognised."""


def stranger_of(raw: bytes) -> Stranger | None:
    """What a file is by how it begins; None where it may be one of ours."""
    if raw.startswith(_OLE) and not any(stream in raw for stream in _EXCEL_STREAMS):
        if _WORD_STREAM in raw:
            return Stranger("Word 97-2003", *_WORD, code="old_word")
        if _POWERPOINT_STREAM in raw:
            return Stranger("PowerPoint 97-2003", *_READ)
    if raw[:4] == b"RIFF" and raw[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return Stranger(raw[8:12].decode().strip(), *_TYPED)
    if raw[4:8] == b"ftyp":
        return Stranger("MP4", *_READ)
    return next((stranger for begin, stranger in _BEGINNINGS.items() if raw.startswith(begin)), None)


def stranger_zip(names: Collection[str]) -> Stranger | None:
    """What a zip is by the names of its parts."""
    for part, stranger in _PARTS:
        if any(part.fullmatch(name) for name in names):
            return stranger
    return None


def stranger_xml(root: str) -> Stranger:
    """What an XML file is by the name of its root, in small letters."""
    return _ROOTS.get(root, Stranger(f"XML <{root}>", *_READ))


JSON = Stranger("JSON", *_READ)
ZIP = Stranger("zip", *_UNPACKED)
