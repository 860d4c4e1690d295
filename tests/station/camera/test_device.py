"""Negotiation with a device: only decoded frames count, and old frames are dropped."""

from pathlib import Path

import pytest

from station.camera.device import DeviceCamera, video_devices
from station.camera.driver import CameraFault
from tests.station.camera.webcam import Webcam


def camera_of(webcam: Webcam) -> DeviceCamera:
    return DeviceCamera("webcam", opener=lambda name: webcam, monotonic=webcam.monotonic)


class TestNegotiation:
    def test_takes_the_smallest_size_that_will_do(self) -> None:
        camera = camera_of(Webcam((640, 480), (1280, 720), (1920, 1080)))
        camera.open()
        assert camera.read().shape[:2] == (720, 1280)

    def test_goes_up_when_720p_is_not_offered(self) -> None:
        camera = camera_of(Webcam((640, 480), (1920, 1080)))
        camera.open()
        assert camera.read().shape[:2] == (1080, 1920)

    def test_a_device_that_agrees_but_delivers_less_is_refused_for_good(self) -> None:
        webcam = Webcam((640, 480), (800, 600))
        with pytest.raises(CameraFault) as fault:
            camera_of(webcam).open()
        assert fault.value.permanent
        assert "800x600" in fault.value.sentence
        assert "1280x720" in fault.value.sentence
        assert webcam.released == 1

    def test_the_first_of_several_devices_that_does_is_taken(self) -> None:
        webcams = {"/dev/video90": Webcam((640, 480)), "/dev/video91": Webcam()}
        camera = DeviceCamera(devices=lambda: list(webcams), opener=webcams.__getitem__)
        camera.open()
        assert camera.read().shape[:2] == (720, 1280)
        assert webcams["/dev/video90"].released == 1

    def test_a_fault_that_may_pass_is_said_before_one_that_will_not(self) -> None:
        webcams = {"a": Webcam((640, 480)), "b": Webcam()}
        webcams["b"].pulled = True
        with pytest.raises(CameraFault) as fault:
            DeviceCamera(devices=lambda: list(webcams), opener=webcams.__getitem__).open()
        assert not fault.value.permanent

    def test_a_node_that_is_not_there_may_come_back(self, tmp_path: Path) -> None:
        with pytest.raises(CameraFault) as fault:
            DeviceCamera(str(tmp_path / "video7")).open()
        assert not fault.value.permanent


class TestRead:
    def test_drops_what_was_buffered(self) -> None:
        webcam = Webcam()
        camera = camera_of(webcam)
        camera.open()
        webcam.frames_buffered = 4
        before = webcam.grabbed
        camera.read()
        assert webcam.grabbed == before + 5

    def test_a_pulled_cable_may_be_plugged_in_again(self) -> None:
        webcam = Webcam()
        camera = camera_of(webcam)
        camera.open()
        webcam.pulled = True
        with pytest.raises(CameraFault) as fault:
            camera.read()
        assert not fault.value.permanent
        camera.close()
        webcam.pulled = False
        camera.open()
        camera.read()


class TestVideoDevices:
    def test_are_listed_by_number(self, tmp_path: Path) -> None:
        for name in ("video10", "video2", "video0", "videonew", "vbi0"):
            (tmp_path / name).touch()
        assert [Path(name).name for name in video_devices(tmp_path)] == ["video0", "video2", "video10"]
