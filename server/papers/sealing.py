"""From drawn papers to sealed ones: values in, values out; no table, no clock.

A session has one secret. From it come, separately derived: the draw's, the key of each sealed paper, the key of each
paper's record (slots, items and keys, for scoring), and the seats' capture secrets. Only the draw's is ever revealed.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter

from protocol.keys import decode, encode
from protocol.paper import SealedPaper, SeatItem, SeatOption, SeatPaper, SeatSection
from protocol.sealing import derive, seal
from question_bank.blueprint import Blueprint
from question_bank.candidate_view import seen_paper
from question_bank.items import Item
from question_bank.papers import DrawnPaper, ItemRef, Slot

SEAL, RECORD, DRAW, CAPTURE = "seal", "record", "draw", "capture"
"""Purposes of the keys derived from a session's secret."""


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


def finish(
    drawn: DrawnPaper,
    blueprint: Blueprint,
    items: Mapping[ItemRef, Item],
    secret: bytes,
    subject_title: str,
    duration_ms: int,
) -> Finished:
    """Compose what the seat shows, seal it, and seal apart what scoring needs. The paper must have an attempt."""
    assert drawn.attempt is not None
    seen = seat_paper(drawn.attempt, blueprint, drawn.slots, items, subject_title, duration_ms)
    sealed = seal(seen, derive(secret, SEAL, drawn.attempt))
    used = tuple(items[slot.item, slot.version] for slot in drawn.slots)
    nonce = os.urandom(12)
    record = AESGCM(derive(secret, RECORD, drawn.attempt)).encrypt(
        nonce,
        _RECORD.dump_json(PaperRecord(blueprint, drawn.slots, used)),
        _associated(drawn.attempt, sealed.digest),
    )
    return Finished(sealed, len(used), encode(nonce), encode(record))


def seat_paper(
    attempt: str,
    blueprint: Blueprint,
    slots: Sequence[Slot],
    items: Mapping[ItemRef, Item],
    subject_title: str,
    duration_ms: int,
) -> SeatPaper:
    """The paper in the protocol's own types, which have no field for a key."""
    seen = seen_paper(blueprint, slots, items)
    return SeatPaper(
        attempt=attempt,
        subject=subject_title,
        max_score=seen["full_score"],
        duration_ms=duration_ms,
        sections=[
            SeatSection.model_validate(
                {
                    "title": section["title"],
                    "kind": section["kind"],
                    "score_each": section["score_each"],
                    "items": [
                        SeatItem(
                            slot=item["number"],
                            stem=item["stem"],
                            options=[
                                SeatOption(letter=option["letter"], text=option["text"])
                                for option in item["options"]
                            ],
                        )
                        for item in section["items"]
                    ],
                }
            )
            for section in seen["sections"]
        ],
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


def draw_secret(secret: bytes, session: str, subject: str) -> bytes:
    """The secret of one subject's draw: the only derivation that is ever revealed, and only after the session."""
    return derive(secret, DRAW, f"{session}/{subject}")
