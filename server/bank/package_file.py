"""A session package: a published bank version and its blueprints in one sealed file, for one session, on a stick.

The file, in this order:

* the line ``KAOCHANG-PACKAGE 1``;
* one line of JSON, the header, in plain sight: what it holds, for which session, not before when, and ``digest``, the
  SHA-256 of everything behind that line;
* 12 bytes of nonce and the sealed contents: AES-256-GCM under a random key that is nowhere in the file, with the first
  line and the header without its digest as associated data. Inside: zlib over JSON (:class:`Inside`).

``not_before`` is no time lock: whoever has both parts of the key and a program of their own can open the file at any
hour. The room server refuses before it, and writes down every try.
"""

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from protocol.keys import decode, encode
from protocol.limits import DIGEST_PATTERN, ID_PATTERN
from protocol.wire import INTEGER_MAX
from question_bank.blueprint import Blueprint
from question_bank.items import Item
from question_bank.outline import ContentOutline
from question_bank.pictures import MEDIA_TYPES, Picture
from server.bank.contents import BankContents, version_name
from server.bank.sealing import seal, unseal
from server.errors import Refused

MAGIC = b"KAOCHANG-PACKAGE 1\n"
HEADER_BYTES_MAX = 65_536
PACKAGE_BYTES_MAX = 128 * 1_048_576
"""One package file; a larger one is refused before it is read."""
UNPACKED_BYTES_MAX = 512 * 1_048_576
"""What its contents may come to, unpacked."""

Code = Annotated[str, StringConstraints(pattern=ID_PATTERN)]


class NotAPackage(Refused):
    """The file is none, or not as it was made."""

    code = "not_a_package"
    zh = "该文件不是完整的场次题包（{reason}）。请重新复制后再上传。"
    en = "This file is no session package as it was made ({reason}). Copy it again and upload that."


class PackageTooLarge(Refused):
    """A bank with more pictures than a package carries."""

    code = "package_too_large"
    zh = "题包共 {bytes} 字节，超过上限 {limit}。"
    en = "The package comes to {bytes} bytes, more than {limit}."


class Header(BaseModel):
    """What stands in plain sight. not_before, made_at: UTC milliseconds; intended_for: whom it is meant for."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    package: Code
    bank: Code
    version: Code
    title: Annotated[str, Field(max_length=200)]
    live: bool
    items: Annotated[int, Field(ge=1)]
    blueprints: Annotated[list[Code], Field(min_length=1, max_length=50)]
    session: Code
    intended_for: Annotated[str, Field(max_length=200)] = ""
    not_before: Annotated[int, Field(ge=0, le=INTEGER_MAX)]
    made_at: Annotated[int, Field(ge=0, le=INTEGER_MAX)]
    digest: Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]

    def associated(self) -> str:
        """What the contents are sealed together with: everything here but the digest."""
        plain = self.model_dump(mode="json", exclude={"digest"})
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class InsidePicture(BaseModel):
    """One picture, its bytes in base64."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    media_type: str
    data: str


class Inside(BaseModel):
    """What is sealed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    outline: ContentOutline | None
    items: tuple[Item, ...]
    blueprints: tuple[Blueprint, ...]
    pictures: tuple[InsidePicture, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened package, as papers are drawn from it."""

    header: Header
    contents: BankContents
    blueprints: dict[str, Blueprint]
    pictures: dict[str, Picture]


def pack(header: Header, inside: Inside, key: bytes) -> tuple[Header, bytes]:
    """The file, and its header with the digest; raises PackageTooLarge."""
    packed = zlib.compress(inside.model_dump_json(exclude_defaults=True).encode(), 6)
    if len(packed) > PACKAGE_BYTES_MAX - HEADER_BYTES_MAX:
        raise PackageTooLarge(bytes=len(packed), limit=PACKAGE_BYTES_MAX - HEADER_BYTES_MAX)
    sealed = seal(key, packed, MAGIC.decode(), header.associated())
    header = header.model_copy(update={"digest": hashlib.sha256(sealed).hexdigest()})
    line = json.dumps(header.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
    return header, MAGIC + line.encode() + b"\n" + sealed


def read_header(file: bytes) -> tuple[Header, bytes]:
    """The header and what is sealed; raises NotAPackage for anything that is not as it was made."""
    if not file.startswith(MAGIC):
        raise NotAPackage(reason="KAOCHANG-PACKAGE 1 ?")
    end = file.find(b"\n", len(MAGIC), len(MAGIC) + HEADER_BYTES_MAX)
    try:
        header = Header.model_validate_json(file[len(MAGIC) : max(end, 0)])
    except ValidationError as error:
        raise NotAPackage(reason="header") from error
    sealed = file[end + 1 :]
    if hashlib.sha256(sealed).hexdigest() != header.digest:
        raise NotAPackage(reason="SHA-256")
    return header, sealed


def unpack(file: bytes, key: bytes) -> Opened:
    """What a package holds; raises NotAPackage, BankSealed for another key."""
    header, sealed = read_header(file)
    packed = unseal(key, sealed, MAGIC.decode(), header.associated())
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(packed, UNPACKED_BYTES_MAX)
        inside = Inside.model_validate_json(plain)
        found = [Picture(each.media_type, decode(each.data)) for each in inside.pictures]
    except (zlib.error, ValidationError, ValueError) as error:
        raise NotAPackage(reason="contents") from error
    items = tuple(sorted(inside.items, key=lambda item: (item.code, item.version)))
    name = version_name(inside.outline, (item.digest() for item in items))
    pictures = {picture.name: picture for picture in found if picture.media_type in MEDIA_TYPES}
    missing = {shown for item in items for shown in item.pictures} - pictures.keys()
    if name != header.version or missing or len(items) != header.items:
        raise NotAPackage(reason="version")
    contents = BankContents(header.bank, name, header.title, header.live, inside.outline, items)
    plans = {plan.code: plan for plan in inside.blueprints}
    return Opened(header, contents, plans, pictures)


def inside_of(
    contents: BankContents, blueprints: tuple[Blueprint, ...], pictures: dict[str, Picture]
) -> Inside:
    """What goes into a package."""
    return Inside(
        outline=contents.outline,
        items=contents.items,
        blueprints=blueprints,
        pictures=tuple(
            InsidePicture(media_type=each.media_type, data=encode(each.data)) for each in pictures.values()
        ),
    )
