"""What every camera is to the station: open, read, close, and a fault that says whether trying again helps.

A driver never waits and tries again by itself and never hides a fault: it raises `CameraFault`, and the
keeper, which alone knows about back-off, decides. Drivers are used from one thread at a time.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from protocol.limits import PICTURE_HEIGHT_MIN, PICTURE_WIDTH_MIN

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class FrameSize:
    """Width and height of a decoded frame in pixels."""

    width: int
    height: int

    def holds(self, other: "FrameSize") -> bool:
        """Whether a frame of this size is at least as wide and as high as `other`."""
        return self.width >= other.width and self.height >= other.height

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


SMALLEST_FRAME = FrameSize(PICTURE_WIDTH_MIN, PICTURE_HEIGHT_MIN)


class CameraFault(Exception):
    """A camera gives no usable picture.

    `permanent`: trying again does not help until a person has done something. `sentence` tells that person
    what is wrong and what to do, Chinese first.
    """

    def __init__(self, permanent: bool, sentence: str) -> None:
        super().__init__(sentence)
        self.permanent = permanent
        self.sentence = sentence


class Camera(Protocol):
    """One source of pictures. Every implementation passes the same contract tests."""

    def open(self) -> None:
        """Make ready to read; opening an open camera opens it anew. Raises `CameraFault`."""

    def read(self) -> Pixels:
        """The newest picture: height x width x 3, BGR, 8 bit, the caller's own, no smaller than asked for.

        May wait for the sensor. Raises `CameraFault`, also when the camera is not open.
        """

    def close(self) -> None:
        """Let the device go; closing again is harmless and nothing is raised."""


def size_of(frame: Pixels) -> FrameSize:
    """The size of a decoded frame."""
    return FrameSize(width=frame.shape[1], height=frame.shape[0])


def checked(frame: object, smallest: FrameSize) -> Pixels:
    """The decoded frame itself, if it is a colour picture of at least `smallest`; else a permanent `CameraFault`.

    What a driver was asked for or claims to deliver says nothing; only the decoded frame does.
    """
    if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3:
        raise CameraFault(
            True, "摄像头输出的不是彩色画面，请更换摄像头。 The camera gives no colour picture."
        )
    if not size_of(frame).holds(smallest):
        raise CameraFault(
            True,
            f"摄像头画面为 {size_of(frame)}，低于要求的 {smallest}，请更换摄像头。"
            f" The camera gives {size_of(frame)}, at least {smallest} is required: use another camera.",
        )
    return np.ascontiguousarray(frame)


def not_open() -> CameraFault:
    """The fault of reading a camera that is not open."""
    return CameraFault(False, "摄像头尚未打开。 The camera is not open.")
