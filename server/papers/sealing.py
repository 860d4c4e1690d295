"""From drawn papers to sealed ones: values in, values out; no table, no clock.

A session has one secret, which is never revealed. From it come, separately derived: the key of each sealed paper, the
key of each paper's record (slots, items and keys, for scoring), the salt under which the draw's inputs name items, and
the seats' capture secrets. The draw's secret is another one, made of three parts: see server/papers/actions.py.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter

from protocol.keys import decode, encode
from protocol.limits import PAPER_PICTURES_BYTES_MAX
from protocol.paper import SealedPaper, SeatPaper, SeatPicture, SeatSection
from protocol.sealing import derive, open_paper, seal
from question_bank.blueprint import Blueprint
from question_bank.candidate_view import SeenItem, SeenSection, seen_paper
from question_bank.items import Item
from question_bank.papers import DrawnPaper, ItemRef, Slot
from question_bank.pictures import Picture
from server.errors import Refused

SEAL, RECORD, ITEMS, CAPTURE = "seal", "record", "items", "capture"
"""Purposes of the keys derived from a session's secret."""


class PicturesTooLarge(Refused):
    """A paper travels to its seat in one piece."""

    code = "pictures_too_large"
    zh = "组卷方案 {blueprint} 的一份试卷插图共 {bytes} 字节，超过上限 {limit}。请压缩题库中的图片。"
    en = "The pictures of one paper of blueprint {blueprint} take {bytes} bytes, more than {limit}. Make them smaller."


@dataclass(frozen=True)
class PaperRecord:
    """What scoring needs of one paper, and no seat ever gets."""

    blueprint: Blueprint
    slots: tuple[Slot, ...]
    items: tuple[Item, ...]

    def by_ref(self) -> dict[ItemRef, Item]:
        """The items by code and version."""
        return {(item.code, item.version): item for item in self.items}


_RECORD = TypeAdapter(PaperRecord)


@dataclass(frozen=True, slots=True)
class Finished:
    """One paper ready to be kept."""

    paper: SealedPaper
    items: int
    record_nonce: str
    record: str


def spare_id(session: str, subject: str, spare: int) -> str:
    """What a spare is sealed for until an attempt gets it."""
    return "s" + hashlib.sha256(f"{session}\n{subject}\n{spare}".encode()).hexdigest()[:20]


def item_salt(secret: bytes, session: str, subject: str) -> bytes:
    """The salt under which a draw's inputs name what items hold; never revealed, so that no key can be guessed."""
    return derive(secret, ITEMS, f"{session}/{subject}")


def finish(
    drawn: DrawnPaper,
    blueprint: Blueprint,
    items: Mapping[ItemRef, Item],
    secret: bytes,
    subject_title: str,
    duration_ms: int,
    pictures: Mapping[str, Picture] = MappingProxyType({}),
    place: str = "",
) -> Finished:
    """Compose what the seat shows, seal it, and seal apart what scoring needs; a spare is sealed for a place's id."""
    seen = seat_paper(
        drawn.attempt or place, blueprint, drawn.slots, items, subject_title, duration_ms, pictures
    )
    used = tuple({ref: items[ref] for ref in ((slot.item, slot.version) for slot in drawn.slots)}.values())
    return _sealed(seen, PaperRecord(blueprint, drawn.slots, used), secret)


def given(spare: SealedPaper, record: PaperRecord, attempt: str, secret: bytes) -> Finished:
    """A spare paper sealed anew for the attempt that gets it; raises CannotOpen under another secret."""
    seen = open_paper(spare, derive(secret, SEAL, spare.attempt))
    return _sealed(seen.model_copy(update={"attempt": attempt}), record, secret)


def _sealed(seen: SeatPaper, record: PaperRecord, secret: bytes) -> Finished:
    sealed = seal(seen, derive(secret, SEAL, seen.attempt))
    nonce = os.urandom(12)
    kept = AESGCM(derive(secret, RECORD, seen.attempt)).encrypt(
        nonce, _RECORD.dump_json(record), _associated(seen.attempt, sealed.digest)
    )
    return Finished(sealed, len(record.slots), encode(nonce), encode(kept))


def seat_paper(
    attempt: str,
    blueprint: Blueprint,
    slots: Sequence[Slot],
    items: Mapping[ItemRef, Item],
    subject_title: str,
    duration_ms: int,
    pictures: Mapping[str, Picture] = MappingProxyType({}),
) -> SeatPaper:
    """The paper in the protocol's own types, which have no field for a key.

    Raises PicturesTooLarge when its pictures together are more than one frame to the seat may carry, and KeyError
    when one is not at hand.
    """
    seen = seen_paper(blueprint, slots, items)
    size = sum(len(pictures[name].data) for name in seen["pictures"])
    if size > PAPER_PICTURES_BYTES_MAX:
        raise PicturesTooLarge(blueprint=blueprint.code, bytes=size, limit=PAPER_PICTURES_BYTES_MAX)
    return SeatPaper(
        attempt=attempt,
        subject=subject_title,
        max_score=seen["full_score"],
        duration_ms=duration_ms,
        sections=[_seat_section(section) for section in seen["sections"]],
        pictures=[_seat_picture(name, pictures[name]) for name in seen["pictures"]],
    )


def _seat_section(section: SeenSection) -> SeatSection:
    return SeatSection.model_validate(
        {
            "title": section["title"],
            "kind": section["kind"],
            "score_each": section["score_each"],
            "cases": section["cases"],
            "items": [_seat_item(item) for item in section["items"]],
        }
    )


def _seat_item(item: SeenItem) -> dict[str, object]:
    plain: dict[str, object] = dict(item)
    return {"slot": plain.pop("number"), **plain}


def _seat_picture(name: str, picture: Picture) -> SeatPicture:
    return SeatPicture.model_validate(
        {"name": name, "media_type": picture.media_type, "data": encode(picture.data)}
    )


def open_record(attempt: str, digest: str, nonce: str, record: str, secret: bytes) -> PaperRecord:
    """What scoring needs of a paper; raises InvalidTag when the secret or the row is another's."""
    plain = AESGCM(derive(secret, RECORD, attempt)).decrypt(
        decode(nonce), decode(record), _associated(attempt, digest)
    )
    return _RECORD.validate_json(plain)


def wrap(secret: bytes, session: str, wrapping: bytes) -> tuple[str, str]:
    """A session's secret under a key derived from the room's; nonce and text in base64."""
    nonce = os.urandom(12)
    return encode(nonce), encode(
        AESGCM(wrapping).encrypt(nonce, secret, f"kaochang/session/1\n{session}".encode())
    )


def unwrap(nonce: str, wrapped: str, session: str, wrapping: bytes) -> bytes:
    """The session's secret; raises InvalidTag under another room's key."""
    return AESGCM(wrapping).decrypt(decode(nonce), decode(wrapped), f"kaochang/session/1\n{session}".encode())


def _associated(attempt: str, digest: str) -> bytes:
    return f"kaochang/record/1\n{attempt}\n{digest}".encode()
