"""From a frame to the bytes that are kept: no larger than needed, and each picture its own bytes."""

import cv2
import numpy as np

from station.camera.driver import FrameSize, Pixels, size_of

PICTURE_BYTES_WANTED = 150_000
"""Bytes a 1280x720 picture should not exceed; larger frames in proportion to their area."""

QUALITY_BEST, QUALITY_WORST, QUALITY_STEP = 85, 45, 8
"""JPEG quality: the best used, the worst a face is still judged by, and how far one attempt goes down."""

_USUAL_AREA = 1280 * 720


class JpegEncoder:
    """Encodes one seat's pictures; remembers which quality fitted, because the next picture looks alike."""

    def __init__(self, bytes_wanted: int = PICTURE_BYTES_WANTED) -> None:
        self._bytes_wanted = bytes_wanted
        self._quality = QUALITY_BEST

    def encode(self, frame: Pixels, comment: str) -> bytes:
        """JPEG bytes of a BGR frame with `comment` (ASCII) in its header, so that no two pictures share a digest.

        Even at the worst quality a busy frame may be larger than wanted; it is kept all the same.
        """
        size = size_of(frame)
        wanted = self._bytes_wanted * max(1.0, size.width * size.height / _USUAL_AREA)
        data = _jpeg(frame, self._quality)
        while len(data) > wanted and self._quality > QUALITY_WORST:
            self._quality = max(QUALITY_WORST, self._quality - QUALITY_STEP)
            data = _jpeg(frame, self._quality)
        if len(data) < wanted / 2:
            self._quality = min(QUALITY_BEST, self._quality + QUALITY_STEP)
        return _with_comment(data, comment.encode("ascii"))


def scaled_towards(frame: Pixels, smallest: FrameSize) -> Pixels:
    """Shrink a frame that is larger than asked for, keeping its shape, so that it just holds `smallest`."""
    size = size_of(frame)
    scale = max(smallest.width / size.width, smallest.height / size.height)
    if scale >= 1:
        return frame
    target = max(smallest.width, round(size.width * scale)), max(smallest.height, round(size.height * scale))
    return np.asarray(cv2.resize(frame, target, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def preview(frame: Pixels, width: int = 320, quality: int = 70) -> bytes:
    """A small JPEG for the candidate's own page; never kept, never sent to the room."""
    size = size_of(frame)
    height = round(size.height * width / size.width)
    small = cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)
    return _jpeg(np.asarray(small, dtype=np.uint8), quality)


def _jpeg(frame: Pixels, quality: int) -> bytes:
    done, data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"OpenCV could not encode a frame of {size_of(frame)}")
    return data.tobytes()


def _with_comment(data: bytes, comment: bytes) -> bytes:
    """Put a COM segment (ITU T.81, B.2.4.5) right behind the start marker."""
    return data[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + data[2:]
