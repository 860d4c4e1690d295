"""A video file played round and round as if it were a camera."""

from pathlib import Path

import cv2

from station.camera.driver import SMALLEST_FRAME, CameraFault, FrameSize, Pixels, checked, not_open


class VideoFileCamera:
    """Each read is the next frame of the file; after the last comes the first."""

    def __init__(self, path: Path, smallest: FrameSize = SMALLEST_FRAME) -> None:
        self._path = path
        self._smallest = smallest
        self._video: cv2.VideoCapture | None = None

    def open(self) -> None:
        self.close()
        if not self._path.is_file():
            raise CameraFault(True, f"找不到视频文件 {self._path}。 There is no video file {self._path}.")
        video = cv2.VideoCapture(str(self._path))
        if not video.isOpened():
            video.release()
            raise self._unreadable()
        self._video = video

    def read(self) -> Pixels:
        if self._video is None:
            raise not_open()
        done, frame = self._video.read()
        if not done:
            self.open()
            done, frame = self._video.read()
        if not done:
            raise self._unreadable()
        return checked(frame, self._smallest)

    def close(self) -> None:
        video, self._video = self._video, None
        if video is not None:
            video.release()

    def _unreadable(self) -> CameraFault:
        return CameraFault(
            True, f"无法播放视频文件 {self._path}。 The video file {self._path} cannot be played."
        )
