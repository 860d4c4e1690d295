"""The camera of a simulated seat: pictures drawn for the instant they are asked for."""

from collections.abc import Callable

from station.camera.driver import SMALLEST_FRAME, CameraFault, FrameSize, Pixels, checked, not_open
from station.pictures import Scene, SeatPainter


class SimulatedCamera:
    """Draws the seat as it would look now; `scene` and `unplugged` may be set from any thread at any time.

    `now_ms` gives UTC milliseconds.
    """

    def __init__(
        self, painter: SeatPainter, now_ms: Callable[[], int], smallest: FrameSize = SMALLEST_FRAME
    ) -> None:
        self.scene = Scene.SEATED
        self.unplugged = False
        self._painter = painter
        self._now_ms = now_ms
        self._smallest = smallest
        self._opened = False

    def open(self) -> None:
        self._opened = False
        self._refuse_unplugged()
        self._opened = True

    def read(self) -> Pixels:
        if not self._opened:
            raise not_open()
        self._refuse_unplugged()
        return checked(self._painter.paint(self._now_ms(), self.scene), self._smallest)

    def close(self) -> None:
        self._opened = False

    def _refuse_unplugged(self) -> None:
        if self.unplugged:
            raise CameraFault(False, "模拟摄像头已拔出。 The simulated camera is unplugged.")
