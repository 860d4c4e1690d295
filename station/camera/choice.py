"""Which camera a command line names."""

import time
from collections.abc import Callable
from pathlib import Path

from station.camera.device import DeviceCamera
from station.camera.driver import Camera
from station.camera.folder import FolderCamera
from station.camera.room import SimulatedCamera
from station.camera.video import VideoFileCamera
from station.pictures import SeatPainter

SPELLINGS = "device | device:N | device:/dev/videoN | video:FILE | folder:DIR | drawn:SEED"


class NoSuchCamera(ValueError):
    """The words name no camera; the message says which do."""


def camera_named(words: str, now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> Camera:
    """The camera of a ``--camera`` option, not opened. Raises NoSuchCamera."""
    kind, _, rest = words.partition(":")
    match kind:
        case "device":
            return DeviceCamera(f"/dev/video{rest}" if rest.isdigit() else rest or None)
        case "video" if rest:
            return VideoFileCamera(Path(rest))
        case "folder" if rest:
            return FolderCamera(Path(rest))
        case "drawn" if rest.isdigit():
            return SimulatedCamera(SeatPainter(int(rest), rest), now_ms)
    raise NoSuchCamera(f"{words}: 摄像头应写作 a camera is written as {SPELLINGS}")
