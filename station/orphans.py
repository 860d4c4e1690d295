"""Pictures whose entry a power cut took: they lie in the spool, and nothing says what they are but they themselves.

A picture is in the spool before its entry is written; its JPEG carries when and why it was taken. What can be read
again is put on record again, so that no picture is kept in silence.
"""

import re
from typing import Literal

import cv2
import numpy as np

from protocol.station_entries import SnapshotTaken
from station.seat import Seat
from station.spool import PictureDamaged, Spool
from vision.quality import UNCALIBRATED, judge, look

Reason = Literal["schedule", "login", "start", "flag", "hand_in"]

_COMMENT = re.compile(rb"kaochang (?P<at>\d{13}) (?P<reason>schedule|login|start|flag|hand_in)(?: (?P<planned>\d+))?")
_HEADER_BYTES = 512
_REASONS: dict[bytes, Reason] = {
    b"schedule": "schedule",
    b"login": "login",
    b"start": "start",
    b"flag": "flag",
    b"hand_in": "hand_in",
}


def orphans(seat: Seat, spool: Spool) -> list[SnapshotTaken]:
    """The entries missing for pictures of whoever sits here; those of nobody's time here are left alone.

    Reads files: in a thread, before the camera takes the next picture.
    """
    sitting = seat.current
    found = []
    for picture in spool.waiting():
        if sitting is None or seat.attempt_of(picture.digest) is not None:
            continue
        try:
            entry = _read(spool.read(picture.digest), picture.digest)
        except PictureDamaged:
            continue
        if entry is not None and entry.taken_at >= (sitting.began_at or 0):
            found.append(entry)
    return found


def _read(data: bytes, digest: str) -> SnapshotTaken | None:
    found = _COMMENT.search(data[:_HEADER_BYTES])
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if found is None or pixels is None:
        return None
    frame = np.asarray(pixels, dtype=np.uint8)
    return SnapshotTaken(
        digest=digest,
        size=len(data),
        width=frame.shape[1],
        height=frame.shape[0],
        reason=_REASONS[found["reason"]],
        planned_ms=int(found["planned"]) if found["planned"] else None,
        taken_at=int(found["at"]),
        quality=judge(look(frame), UNCALIBRATED).value,
    )
