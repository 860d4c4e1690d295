"""A change of the camera is told once, and one bad picture is no change."""

from station.camera.keeper import CameraPhase, CameraState
from station.camera.watch import CameraWatch
from vision.quality import Quality


def told(watch: CameraWatch, *qualities: Quality) -> list[str | None]:
    changes = [watch.see_picture(quality) for quality in qualities]
    return [change.state if change else None for change in changes]


class TestPictures:
    def test_two_in_a_row_are_believed_and_told_once(self) -> None:
        covered, clear = Quality.COVERED, Quality.CLEAR
        watch = CameraWatch()
        assert told(watch, clear, covered, covered, covered) == [None, None, "covered", None]
        assert told(watch, clear, clear, clear) == [None, "clear", None]

    def test_one_bad_picture_is_no_change(self) -> None:
        dark, covered, clear = Quality.DARK, Quality.COVERED, Quality.CLEAR
        assert told(CameraWatch(), dark, clear, dark, covered, clear) == [None] * 5

    def test_covered_may_become_dark(self) -> None:
        dark, covered = Quality.DARK, Quality.COVERED
        assert told(CameraWatch(), covered, covered, dark, dark) == [None, "covered", None, "dark"]

    def test_blurred_is_not_told(self) -> None:
        assert told(CameraWatch(), *[Quality.BLURRED] * 4) == [None] * 4


class TestState:
    def test_lost_and_back_are_told_once_each(self) -> None:
        watch = CameraWatch()
        lost = CameraState(CameraPhase.RETRYING, "cable", 1)
        live = CameraState(CameraPhase.LIVE)
        changes = [watch.see_state(state) for state in (live, lost, lost, live, live)]
        assert [change.state if change else None for change in changes] == [None, "lost", None, "back", None]
        assert changes[1] is not None
        assert changes[1].sentence == "cable"

    def test_opening_is_not_lost(self) -> None:
        assert CameraWatch().see_state(CameraState(CameraPhase.OPENING)) is None
