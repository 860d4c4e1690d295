"""A camera of this machine, through OpenCV and V4L2."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import cv2

from station.camera.driver import SMALLEST_FRAME, CameraFault, FrameSize, Pixels, checked, not_open, size_of

SIZES = (FrameSize(1280, 720), FrameSize(1920, 1080), FrameSize(1280, 960), FrameSize(2560, 1440))
"""Asked for in this order: the smallest that will do costs the least."""

FRAMES_PER_SECOND = 10
"""Asked of the device: enough for fresh pictures, little to decode."""

READ_WAIT_MS = 3_000
"""Longest wait for one frame before the driver says there is none."""

_WARM_UP_FRAMES = 5
_BUFFERED_FRAMES_MAX = 8
_WAITED_S = 0.004


class Grabber(Protocol):
    """The part of `cv2.VideoCapture` used here."""

    def isOpened(self) -> bool: ...  # noqa: N802 (OpenCV's name)
    def set(self, prop: int, value: float, /) -> bool: ...
    def grab(self) -> bool: ...
    def retrieve(self) -> tuple[bool, Any]: ...
    def release(self) -> None: ...


def open_v4l2(device: str) -> Grabber:
    """Open a device node with OpenCV; whether it worked is asked of the result."""
    return cv2.VideoCapture(device, cv2.CAP_V4L2, [cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_WAIT_MS])


def video_devices(folder: Path = Path("/dev")) -> list[str]:
    """Device nodes /dev/videoN in the order of N; one camera may have several, and not all give pictures."""
    found = [path for path in folder.glob("video*") if re.fullmatch(r"video\d+", path.name)]
    return [str(path) for path in sorted(found, key=lambda path: int(path.name.removeprefix("video")))]


class DeviceCamera:
    """The device named, or with None the first of this machine that gives a large enough picture."""

    def __init__(
        self,
        device: str | None = None,
        smallest: FrameSize = SMALLEST_FRAME,
        *,
        opener: Callable[[str], Grabber] = open_v4l2,
        devices: Callable[[], list[str]] = video_devices,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._device = device
        self._smallest = smallest
        self._opener = opener
        self._devices = devices
        self._monotonic = monotonic
        self._grabber: Grabber | None = None

    def open(self) -> None:
        self.close()
        devices = [self._device] if self._device is not None else self._devices()
        faults = []
        for device in devices:
            try:
                self._grabber = self._open_device(device)
            except CameraFault as fault:
                faults.append(fault)
            else:
                return
        if not faults:
            raise CameraFault(False, "未发现摄像头，请检查连接线。 No camera was found: check its cable.")
        # Worth trying again while any device may still come; then that is also what to say.
        raise next((fault for fault in faults if not fault.permanent), faults[0])

    def read(self) -> Pixels:
        if self._grabber is None:
            raise not_open()
        frame = self._newest(self._grabber)
        if frame is None:
            raise CameraFault(
                False, "摄像头没有画面，请检查连接线。 The camera gives no picture: check its cable."
            )
        return checked(frame, self._smallest)

    def close(self) -> None:
        grabber, self._grabber = self._grabber, None
        if grabber is not None:
            grabber.release()

    def _open_device(self, device: str) -> Grabber:
        if os.path.exists(device) and not os.access(device, os.R_OK | os.W_OK):
            raise CameraFault(
                True,
                f"没有权限打开摄像头 {device}，请把运行用户加入 video 组。"
                f" No permission to open {device}: add the station's user to the group video.",
            )
        grabber = self._opener(device)
        try:
            if not grabber.isOpened():
                raise CameraFault(
                    False,
                    f"无法打开摄像头 {device}，请检查连接线，并关闭占用它的程序。"
                    f" The camera {device} cannot be opened: check its cable and close other programs using it.",
                )
            self._negotiate(grabber, device)
        except CameraFault:
            grabber.release()
            raise
        return grabber

    def _negotiate(self, grabber: Grabber, device: str) -> None:
        """Ask for one size after the other until a decoded frame is large enough."""
        best: FrameSize | None = None
        for asked in self._sizes():
            # MJPG first: uncompressed 720p does not fit through USB 2 at a useful rate.
            grabber.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            grabber.set(cv2.CAP_PROP_FRAME_WIDTH, asked.width)
            grabber.set(cv2.CAP_PROP_FRAME_HEIGHT, asked.height)
            grabber.set(cv2.CAP_PROP_FPS, FRAMES_PER_SECOND)
            grabber.set(cv2.CAP_PROP_BUFFERSIZE, 1)
            frame = _decoded(grabber, skip=_WARM_UP_FRAMES)
            if frame is None:
                continue
            size = size_of(frame)
            if size.holds(self._smallest):
                return
            if best is None or size.width > best.width:
                best = size
        if best is None:
            raise CameraFault(
                False, f"摄像头 {device} 没有画面，请重新插拔。 {device} gives no picture: plug it in again."
            )
        raise CameraFault(
            True,
            f"摄像头 {device} 最大画面为 {best}，低于要求的 {self._smallest}，请更换摄像头。"
            f" {device} gives at most {best}, at least {self._smallest} is required: use another camera.",
        )

    def _sizes(self) -> list[FrameSize]:
        return [
            self._smallest,
            *(size for size in SIZES if size.holds(self._smallest) and size != self._smallest),
        ]

    def _newest(self, grabber: Grabber) -> Pixels | None:
        """Drop what the device buffered since the last read: a grab that had to wait is of now."""
        for _ in range(_BUFFERED_FRAMES_MAX):
            before_s = self._monotonic()
            if not grabber.grab():
                return None
            if self._monotonic() - before_s >= _WAITED_S:
                break
        done, frame = grabber.retrieve()
        return frame if done else None


def _decoded(grabber: Grabber, skip: int) -> Pixels | None:
    """One decoded frame after `skip` others: the first ones of a webcam are dark while it finds its exposure."""
    for _ in range(skip + 1):
        if not grabber.grab():
            return None
    done, frame = grabber.retrieve()
    return frame if done else None
