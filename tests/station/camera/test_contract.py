"""One contract for every camera: what the keeper may rely on, whichever driver it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.camera.device import DeviceCamera, video_devices
from station.camera.driver import SMALLEST_FRAME, Camera, CameraFault, FrameSize
from station.camera.folder import FolderCamera
from station.camera.room import SimulatedCamera
from station.camera.video import VideoFileCamera
from station.pictures import SeatPainter
from tests.station.camera.webcam import Webcam

NOON_MS = 1_760_000_000_000
HUGE = FrameSize(8000, 6000)


@dataclass
class Bench:
    """How to make one kind of camera: a good one, one asked for too much, one whose source is not there."""

    make: Callable[[FrameSize], Camera]
    missing: Callable[[], Camera]
    missing_is_permanent: bool


def frames(count: int) -> list[np.ndarray]:
    painter = SeatPainter(5, "005")
    return [painter.paint(NOON_MS + 500 * number) for number in range(count)]


def device_bench(folder: Path) -> Bench:
    webcam = Webcam()
    return Bench(
        lambda smallest: DeviceCamera(
            "webcam", smallest, opener=lambda name: webcam, monotonic=webcam.monotonic
        ),
        lambda: DeviceCamera(None, devices=list),
        missing_is_permanent=False,
    )


def video_bench(folder: Path) -> Bench:
    path = folder / "考生.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 5, (1280, 720))
    for frame in frames(4):
        writer.write(frame)
    writer.release()
    return Bench(
        lambda smallest: VideoFileCamera(path, smallest),
        lambda: VideoFileCamera(folder / "no.avi"),
        missing_is_permanent=True,
    )


def folder_bench(folder: Path) -> Bench:
    for number, frame in enumerate(frames(3)):
        done, data = cv2.imencode(".jpg", frame)
        assert done
        (folder / f"照片{number}.JPG").write_bytes(data.tobytes())
    (folder / "notes.txt").write_text("not a picture")
    return Bench(
        lambda smallest: FolderCamera(folder, smallest),
        lambda: FolderCamera(folder / "no"),
        missing_is_permanent=True,
    )


def simulated_bench(folder: Path) -> Bench:
    def unplugged() -> Camera:
        camera = SimulatedCamera(SeatPainter(1, "001"), lambda: NOON_MS)
        camera.unplugged = True
        return camera

    return Bench(
        lambda smallest: SimulatedCamera(SeatPainter(1, "001"), lambda: NOON_MS, smallest),
        unplugged,
        missing_is_permanent=False,
    )


def attached_bench(folder: Path) -> Bench:
    if not video_devices():
        pytest.skip("this machine has no /dev/videoN")
    return Bench(
        lambda smallest: DeviceCamera(None, smallest),
        lambda: DeviceCamera(str(folder / "video9")),
        missing_is_permanent=False,
    )


BENCHES = {
    "device": device_bench,
    "video": video_bench,
    "folder": folder_bench,
    "simulated": simulated_bench,
    "attached": attached_bench,
}


@pytest.fixture(params=list(BENCHES))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    return BENCHES[request.param](tmp_path)


class TestContract:
    def test_gives_whole_colour_pictures_again_and_again(self, bench: Bench) -> None:
        camera = bench.make(SMALLEST_FRAME)
        camera.open()
        for _ in range(12):
            frame = camera.read()
            assert frame.dtype == np.uint8
            assert frame.ndim == 3
            assert frame.shape[0] >= 720
            assert frame.shape[1] >= 1280
            assert frame.shape[2] == 3
            assert frame.flags.c_contiguous
        camera.close()

    def test_a_picture_stays_what_it_was(self, bench: Bench) -> None:
        camera = bench.make(SMALLEST_FRAME)
        camera.open()
        first = camera.read()
        before = first.copy()
        camera.read()
        camera.read()
        assert np.array_equal(first, before)
        first[:] = 0
        camera.close()

    def test_is_not_read_while_closed(self, bench: Bench) -> None:
        camera = bench.make(SMALLEST_FRAME)
        with pytest.raises(CameraFault) as fault:
            camera.read()
        assert not fault.value.permanent
        camera.open()
        camera.close()
        with pytest.raises(CameraFault):
            camera.read()

    def test_opens_again_and_closes_twice(self, bench: Bench) -> None:
        camera = bench.make(SMALLEST_FRAME)
        camera.close()
        for _ in range(2):
            camera.open()
            camera.open()
            camera.read()
            camera.close()
            camera.close()

    def test_too_small_is_permanent_and_names_both_sizes(self, bench: Bench) -> None:
        camera = bench.make(HUGE)
        with pytest.raises(CameraFault) as fault:
            open_and_read(camera)
        assert fault.value.permanent
        assert "8000x6000" in fault.value.sentence
        assert fault.value.sentence.count("x") >= 2
        camera.close()

    def test_a_missing_source_is_a_fault_with_a_sentence(self, bench: Bench) -> None:
        camera = bench.missing()
        with pytest.raises(CameraFault) as fault:
            open_and_read(camera)
        assert fault.value.permanent is bench.missing_is_permanent
        assert len(fault.value.sentence) > 10
        camera.close()


def open_and_read(camera: Camera) -> None:
    camera.open()
    camera.read()
