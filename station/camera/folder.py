"""A folder of pictures shown one after the other as if it were a camera."""

from pathlib import Path

import cv2
import numpy as np

from station.camera.driver import SMALLEST_FRAME, CameraFault, FrameSize, Pixels, checked, not_open

_ENDINGS = frozenset({".jpg", ".jpeg", ".png"})


class FolderCamera:
    """Each read is the next picture in the order of their names; after the last comes the first."""

    def __init__(self, folder: Path, smallest: FrameSize = SMALLEST_FRAME) -> None:
        self._folder = folder
        self._smallest = smallest
        self._paths: list[Path] | None = None
        self._next = 0

    def open(self) -> None:
        self.close()
        if not self._folder.is_dir():
            raise CameraFault(True, f"找不到照片文件夹 {self._folder}。 There is no folder {self._folder}.")
        paths = sorted(path for path in self._folder.iterdir() if path.suffix.lower() in _ENDINGS)
        if not paths:
            raise CameraFault(
                True,
                f"文件夹 {self._folder} 里没有 JPEG 或 PNG 照片。"
                f" The folder {self._folder} holds no JPEG or PNG pictures.",
            )
        self._paths, self._next = paths, 0

    def read(self) -> Pixels:
        if self._paths is None:
            raise not_open()
        path = self._paths[self._next % len(self._paths)]
        self._next += 1
        frame = _decoded(path)
        if frame is None:
            raise CameraFault(True, f"无法读取照片 {path}。 The picture {path} cannot be read.")
        return checked(frame, self._smallest)

    def close(self) -> None:
        self._paths = None


def _decoded(path: Path) -> object | None:
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError:
        return None
    return cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
