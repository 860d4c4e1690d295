"""Registration photos (zip): real JPEGs of the profile's size, each for one person of the register, all or nothing.

Every failing file is named with its reason. Nothing of the zip is believed: names are decoded as Chinese systems write
them, sizes are counted while reading, and a picture is decoded before it counts as one.
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from PIL import Image, UnidentifiedImageError

from config.photos import PhotoProfile
from server.candidates.models import Candidate
from server.candidates.rules import document_key, same_name

ZIP_BYTES_MAX = 512 * 1_048_576
"""5,000 photos of 100 KiB."""
ZIP_FILES_MAX = 5_000
ZIP_DIRECTORY_BYTES_MAX = 4 * 1_048_576
"""Several times the directory of so many files; the reader holds all of it in memory before it can be counted."""
PHOTO_PIXELS_MAX = 25_000_000
"""A picture of more pixels is refused by its header: few bytes can unpack to very many."""
PROBLEMS_MAX = 1_000

_IGNORED = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_END_BYTES_MAX = 66_000
"""Where a zip's end can stand: its records and a comment of 64 KiB."""
_ENCRYPTED = 0x1
_UTF8 = 0x800


@dataclass(frozen=True, slots=True)
class PhotoProblem:
    """One file that fails, and what was expected."""

    file: str
    code: str
    zh: str
    en: str


_REASONS: dict[str, tuple[str, str]] = {
    "broken_zip": ("完整的 zip 文件", "an undamaged zip"),
    "too_many_files": ("不超过 {limit} 个文件", "at most {limit} files"),
    "encrypted": ("未加密的文件", "a file without a password"),
    "damaged": ("可以解压的文件", "a file that can be unpacked"),
    "ending": ("扩展名 {endings}", "a name ending in {endings}"),
    "no_hyphen": ("文件名：姓名-证件号", "a name of the form name-document"),
    "unknown_document": ("名单中的证件号", "a document number of the register"),
    "another_name": ("与证件号相符的姓名", "the name that belongs to this document"),
    "twice": ("每人一张（已有 {other}）", "one photo for each person (there is {other})"),
    "too_small": ("不少于 {limit} 字节（现 {size}）", "at least {limit} bytes (it has {size})"),
    "too_large": ("不超过 {limit} 字节（现 {size}）", "at most {limit} bytes (it has {size})"),
    "not_jpeg": ("真正的 JPEG 图片", "a real JPEG picture"),
    "too_many_pixels": ("不超过 {limit} 像素", "at most {limit} pixels"),
}


@dataclass
class PhotosReading:
    """What a zip holds: the file of each person, and every problem; only without problems may it be taken."""

    files: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    problems: list[PhotoProblem] = field(default_factory=list)
    unlisted: int = 0

    def problem(self, file: str, code: str, **values: object) -> None:
        """Note one."""
        if len(self.problems) >= PROBLEMS_MAX:
            self.unlisted += 1
            return
        zh, en = (text.format(**values) for text in _REASONS[code])
        self.problems.append(PhotoProblem(file, code, zh, en))


def read_photos(file: IO[bytes], profile: PhotoProfile, known: Sequence[Candidate]) -> PhotosReading:
    """Check every file of a zip against the profile and the register; nothing is kept yet."""
    reading = PhotosReading()
    if _directory_bytes(file) > ZIP_DIRECTORY_BYTES_MAX:
        reading.problem("", "too_many_files", limit=ZIP_FILES_MAX)
        return reading
    people = {document_key(one.document): one for one in known}
    try:
        with zipfile.ZipFile(file) as parts:
            for name, info in _files(parts, reading):
                person = _person(name, profile, people, reading)
                if person is None or not _is_photo(parts, info, name, profile, reading):
                    continue
                other = reading.files.setdefault(person, info)
                if other is not info:
                    reading.problem(name, "twice", other=shown_name(other))
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        reading.problem("", "broken_zip")
    return reading


def keep_photos(file: IO[bytes], reading: PhotosReading, put: Callable[[bytes], str]) -> dict[str, str]:
    """Store every photo of a reading without problems; the digest of each person's. Raises OSError."""
    with zipfile.ZipFile(file) as parts:
        return {person: put(parts.read(info)) for person, info in reading.files.items()}


def shown_name(info: zipfile.ZipInfo) -> str:
    """A file's name in the zip as its author wrote it: UTF-8 when marked so, else UTF-8 or GB 18030 by its bytes."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _directory_bytes(file: IO[bytes]) -> int:
    """How large the zip's directory claims to be at its end, in its usual or its 64-bit form."""
    file.seek(max(0, file.seek(0, 2) - _END_BYTES_MAX))
    tail = file.read()
    file.seek(0)
    claims = [0]
    for mark, begin, end in ((b"PK\x05\x06", 12, 16), (b"PK\x06\x06", 40, 48)):
        at = tail.find(mark)
        while at >= 0:
            claims.append(int.from_bytes(tail[at + begin : at + end], "little"))
            at = tail.find(mark, at + 1)
    return max(claims)


def _files(parts: zipfile.ZipFile, reading: PhotosReading) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    entries = [info for info in parts.infolist() if not info.is_dir()]
    if len(entries) > ZIP_FILES_MAX:
        reading.problem("", "too_many_files", limit=ZIP_FILES_MAX)
        return
    for info in entries:
        name = shown_name(info)
        if not any(one in name for one in _IGNORED):
            yield name, info


def _person(
    path: str, profile: PhotoProfile, people: dict[str, Candidate], reading: PhotosReading
) -> str | None:
    """Whose photo this is, by its name: 姓名-证件号, split at the last hyphen (S0)."""
    name = path.rsplit("/", 1)[-1]
    stem, dot, ending = name.rpartition(".")
    if not dot or ending.casefold() not in {one.casefold() for one in profile.endings}:
        reading.problem(path, "ending", endings="、".join(profile.endings))
        return None
    person, hyphen, document = stem.rpartition("-")
    if not hyphen:
        reading.problem(path, "no_hyphen")
        return None
    found = people.get(document_key(document))
    if found is None:
        reading.problem(path, "unknown_document")
        return None
    if not same_name(found.name, person):
        reading.problem(path, "another_name")
        return None
    return found.id


def _is_photo(
    parts: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, profile: PhotoProfile, reading: PhotosReading
) -> bool:
    if info.flag_bits & _ENCRYPTED:
        reading.problem(name, "encrypted")
        return False
    try:
        with parts.open(info) as part:
            data = part.read(profile.bytes_max + 1)
    # Deflate raises an error type of its own, and each way of packing another: the edge to a file anyone made.
    except Exception:  # noqa: BLE001
        reading.problem(name, "damaged")
        return False
    if len(data) > profile.bytes_max:
        size = max(info.file_size, len(data))
        reading.problem(name, "too_large", limit=profile.bytes_max, size=size)
        return False
    fault = picture_fault(data)
    if fault is not None:
        reading.problem(name, fault, limit=PHOTO_PIXELS_MAX)
        return False
    if len(data) < profile.bytes_min:
        reading.problem(name, "too_small", limit=profile.bytes_min, size=len(data))
        return False
    return True


def picture_fault(data: bytes) -> str | None:
    """What keeps these bytes from being a photo: ``not_jpeg``, ``too_many_pixels``, or None once decoded whole."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            if picture.width * picture.height > PHOTO_PIXELS_MAX:
                return "too_many_pixels"
            picture.load()
    except Image.DecompressionBombError:
        return "too_many_pixels"
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return "not_jpeg"
    return None
