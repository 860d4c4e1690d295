"""Zip packages from outside, read one file at a time within named limits; nothing is ever unpacked to disk."""

import io
import stat
import zipfile
import zlib

from question_bank.importing.limits import (
    PACKAGE_ENTRIES_MAX,
    PACKAGE_FILE_BYTES_MAX,
    PACKAGE_FREE_BYTES,
    PACKAGE_RATIO_MAX,
    PACKAGE_UNPACKED_BYTES_MAX,
)
from question_bank.importing.problems import Findings
from question_bank.importing.tables import whole_row

_ZIP = b"PK\x03\x04"
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
# What file managers leave behind.
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
)


def looks_like_package(raw: bytes) -> bool:
    """Whether these bytes begin as a zip file."""
    return raw.startswith(_ZIP)


class Package:
    """The files of a zip, by their names with forward slashes. names: in the order of the zip."""

    def __init__(self, archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> None:
        """What open_package found to be safe."""
        self._archive, self._entries = archive, entries
        self.names = tuple(entries)
        self._folded = {name.casefold(): name for name in reversed(self.names)}

    def named(self, name: str) -> str | None:
        """The file meant by a name, letter case forgiven as on other systems; None when there is none."""
        return name if name in self._entries else self._folded.get(name.casefold())

    def read(self, name: str, findings: Findings) -> bytes | None:
        """A file's bytes; None with the problem found when it is damaged or larger than it said."""
        entry = self._entries[name]
        try:
            with self._archive.open(entry) as opened:
                data = opened.read(min(entry.file_size, PACKAGE_FILE_BYTES_MAX) + 1)
        except _UNREADABLE as wrong:
            findings.problem("broken_package", whole_row(0, name), found=f"{type(wrong).__name__}: {wrong}")
            return None
        if len(data) > PACKAGE_FILE_BYTES_MAX or len(data) > entry.file_size:
            findings.problem("package_too_large", whole_row(0, name), limit=f"{PACKAGE_FILE_BYTES_MAX} B")
            return None
        return data


def open_package(raw: bytes, findings: Findings) -> Package | None:
    """The package in the bytes of a zip; None with every problem found when anything in it is not to be trusted."""
    before = len(findings.problems)
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        entries = _checked(archive, findings)
    except _UNREADABLE as wrong:
        findings.problem("broken_package", whole_row(0), found=f"{type(wrong).__name__}: {wrong}")
        return None
    return Package(archive, entries) if len(findings.problems) == before else None


def names_in(raw: bytes) -> tuple[str, ...]:
    """The names a zip lists, whether or not it can be trusted; none when it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return tuple(_name_of(info) for info in archive.infolist()[:PACKAGE_ENTRIES_MAX])
    except _UNREADABLE:
        return ()


def _checked(archive: zipfile.ZipFile, findings: Findings) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > PACKAGE_ENTRIES_MAX:
        findings.problem("package_too_large", whole_row(0), str(len(infos)), limit=PACKAGE_ENTRIES_MAX)
        return {}
    unpacked = sum(info.file_size for info in infos)
    if unpacked > PACKAGE_UNPACKED_BYTES_MAX:
        findings.problem(
            "package_too_large", whole_row(0), str(unpacked), limit=f"{PACKAGE_UNPACKED_BYTES_MAX} B"
        )
        return {}
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = _name_of(info)
        if info.is_dir() or name.endswith("/") or any(part in name for part in _LITTER):
            continue
        fault, limit = _fault(info, name, entries)
        if fault:
            findings.problem(fault, whole_row(0, name), found=name, limit=limit)
        else:
            entries[name] = info
    return entries


def _fault(info: zipfile.ZipInfo, name: str, entries: dict[str, zipfile.ZipInfo]) -> tuple[str, str]:
    """The code of what is wrong with an entry, "" for nothing, and the limit it broke."""
    parts = name.split("/")
    link = stat.S_ISLNK(info.external_attr >> 16)
    if name.startswith("/") or ".." in parts or ":" in parts[0] or "\x00" in name or link:
        return "unsafe_path", ""
    if info.flag_bits & _ENCRYPTED:
        return "encrypted_package", ""
    if name in entries:
        return "duplicate_entry", ""
    if name.lower().endswith((".zip", ".rar", ".7z", ".imscc")):
        return "nested_package", ""
    blown = info.file_size > PACKAGE_FREE_BYTES
    if blown and info.file_size > PACKAGE_RATIO_MAX * max(1, info.compress_size):
        return "package_too_large", f"{PACKAGE_RATIO_MAX} x"
    return "", ""


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: without the flag for UTF-8, zips of Chinese systems hold GBK."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME and not name.isascii():
        written = name.encode("cp437", "replace")
        in_utf8, in_gbk = _decoded(written, "utf-8"), _decoded(written, "gb18030")
        # Two Chinese characters in GBK are often two rare letters in UTF-8 (图 is ͼ), seldom the other way round.
        rare = any("\u0180" <= character <= "\u07ff" for character in in_utf8)
        name = (in_gbk if rare else in_utf8) or in_gbk or in_utf8 or name
    return name.replace("\\", "/").removeprefix("./")


def _decoded(written: bytes, encoding: str) -> str:
    try:
        return written.decode(encoding)
    except UnicodeDecodeError:
        return ""
