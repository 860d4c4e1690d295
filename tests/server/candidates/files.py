"""Rosters and photos as offices make them."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl
from PIL import Image

from server.candidates.rules import check_character

HEADINGS = ["姓名", "证件号码", "准考证号"]


def document(number: int) -> str:
    """A valid identity number of its own."""
    start = f"42010619900101{number:03d}"
    return start + check_character(start)


def csv_roster(
    rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8"
) -> bytes:
    """A csv with these rows."""
    lines = [",".join(headings), *(",".join(row) for row in rows)]
    return "\r\n".join(lines).encode(encoding)


def xlsx_roster(rows: Sequence[Sequence[object]], headings: Sequence[str] = HEADINGS) -> bytes:
    """A workbook with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def jpeg(bytes_min: int = 0, size: tuple[int, int] = (295, 413), form: str = "JPEG") -> bytes:
    """A picture of at least so many bytes: what is missing is said after the picture's end."""
    file = io.BytesIO()
    Image.new("RGB", size, (250, 250, 250)).save(file, form)
    data = file.getvalue()
    return data + b"\0" * max(0, bytes_min - len(data))


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, data in files.items():
            parts.writestr(name, data)
    return file.getvalue()


class _GbkInfo(zipfile.ZipInfo):
    """A member whose name Chinese Windows wrote: in its own code page, not marked as UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def gbk_zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip as Chinese Windows packs it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        for name, data in files.items():
            parts.writestr(_GbkInfo(name), data)
    return file.getvalue()
