"""A webcam in memory, as V4L2 and OpenCV show one: it buffers, it rounds what it is asked for, it can be pulled."""

import cv2
import numpy as np
import numpy.typing as npt


class Webcam:
    """Holds `frames_buffered` old frames; further grabs wait a thirtieth of a second of the test's clock."""

    def __init__(self, *modes: tuple[int, int]) -> None:
        self.modes = modes or ((640, 480), (1280, 720), (1920, 1080))
        self.pulled = False
        self.opened = True
        self.now_s = 0.0
        self.frames_buffered = 4
        self.grabbed = 0
        self.released = 0
        self._asked = {cv2.CAP_PROP_FRAME_WIDTH: 640.0, cv2.CAP_PROP_FRAME_HEIGHT: 480.0}

    def monotonic(self) -> float:
        return self.now_s

    def isOpened(self) -> bool:  # noqa: N802 (OpenCV's name)
        return self.opened and not self.pulled

    def set(self, prop: int, value: float, /) -> bool:
        self._asked[prop] = value
        return True

    def grab(self) -> bool:
        if self.pulled:
            return False
        self.grabbed += 1
        if self.frames_buffered:
            self.frames_buffered -= 1
        else:
            self.now_s += 1 / 30
        return True

    def retrieve(self) -> tuple[bool, npt.NDArray[np.uint8] | None]:
        if self.pulled:
            return False, None
        width, height = self._mode()
        frame = np.full((height, width, 3), 90, np.uint8)
        frame[:, :, 0] = self.grabbed % 200
        return True, frame

    def release(self) -> None:
        self.released += 1

    def _mode(self) -> tuple[int, int]:
        asked = self._asked[cv2.CAP_PROP_FRAME_WIDTH], self._asked[cv2.CAP_PROP_FRAME_HEIGHT]
        return min(self.modes, key=lambda mode: abs(mode[0] - asked[0]) + abs(mode[1] - asked[1]))
