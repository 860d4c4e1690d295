"""Dark, covered and blurred are told apart on drawn seats, each measured against its own calibration."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.pictures import Pixels, Scene, SeatPainter
from vision.quality import (
    UNCALIBRATED,
    Look,
    NotCalibratable,
    Quality,
    Thresholds,
    calibrate,
    judge,
    look,
)

NOON_MS = 1_760_000_000_000
SEEDS = range(6)


def calibrated(painter: SeatPainter) -> Thresholds:
    return calibrate([look(painter.paint(NOON_MS + 500 * step)) for step in range(5)])


def under_a_hand(gain_noise: float) -> Pixels:
    dice = np.random.default_rng(1)
    grain = dice.normal(0, gain_noise, (720, 1280, 3))
    return np.clip(np.array([40, 48, 92]) + grain, 0, 255).astype(np.uint8)


class TestJudge:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_ordinary_minutes_are_clear(self, seed: int) -> None:
        painter = SeatPainter(seed, "001")
        thresholds = calibrated(painter)
        for minute in range(0, 120, 8):
            for scene in (Scene.SEATED, Scene.AWAY, Scene.SECOND_PERSON):
                seen = look(painter.paint(NOON_MS + 60_000 * minute, scene))
                assert judge(seen, thresholds) is Quality.CLEAR, (minute, scene, seen)

    @pytest.mark.parametrize("seed", SEEDS)
    @pytest.mark.parametrize(("scene", "said"), [(Scene.DARK, "dark"), (Scene.COVERED, "covered")])
    def test_dark_and_covered_are_named(self, seed: int, scene: Scene, said: str) -> None:
        painter = SeatPainter(seed, "001")
        for thresholds in (calibrated(painter), UNCALIBRATED):
            for second in range(0, 60, 7):
                assert judge(look(painter.paint(NOON_MS + 1000 * second, scene)), thresholds) == said

    @pytest.mark.parametrize("noise", [0, 2, 5, 9])
    def test_a_hand_is_covered_however_noisy_the_sensor(self, noise: float) -> None:
        assert judge(look(under_a_hand(noise)), calibrated(SeatPainter(1, "001"))) is Quality.COVERED

    def test_a_white_sheet_is_covered(self) -> None:
        sheet = np.full((720, 1280, 3), 205, np.uint8)
        assert judge(look(sheet), calibrated(SeatPainter(1, "001"))) is Quality.COVERED

    @pytest.mark.parametrize("seed", SEEDS)
    def test_out_of_focus_is_blurred(self, seed: int) -> None:
        painter = SeatPainter(seed, "001")
        picture = cv2.GaussianBlur(painter.paint(NOON_MS), (0, 0), 6)
        assert judge(look(np.asarray(picture, np.uint8)), calibrated(painter)) is Quality.BLURRED

    def test_half_the_light_is_still_clear(self) -> None:
        painter = SeatPainter(2, "001")
        thresholds = calibrated(painter)
        dimmed = (painter.paint(NOON_MS) * 0.5).astype(np.uint8)
        assert judge(look(dimmed), thresholds) is Quality.CLEAR

    def test_real_portraits_are_clear_uncalibrated(self) -> None:
        shared = os.environ.get("KAOCHANG_SHARED")
        if not shared or not (Path(shared) / "data" / "faces").is_dir():
            pytest.skip("KAOCHANG_SHARED does not name a folder with data/faces")
        for path in sorted((Path(shared) / "data" / "faces").glob("*.jpg")):
            portrait = cv2.imread(str(path))
            assert portrait is not None
            picture = np.asarray(cv2.resize(portrait, (1280, 720)), np.uint8)
            assert judge(look(picture), UNCALIBRATED) is Quality.CLEAR, path.name


class TestLook:
    def test_grey_pictures_are_measured_too(self) -> None:
        picture = SeatPainter(1, "001").paint(NOON_MS)
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        assert look(grey).brightness == pytest.approx(look(picture).brightness, abs=1)

    def test_other_sizes_are_measured_alike(self) -> None:
        picture = SeatPainter(1, "001").paint(NOON_MS)
        larger = np.asarray(cv2.resize(picture, (1920, 1080)), np.uint8)
        assert look(larger).brightness == pytest.approx(look(picture).brightness, abs=1)
        assert look(larger).contrast == pytest.approx(look(picture).contrast, rel=0.05)

    def test_a_uniform_picture_is_flat_and_not_sharp(self) -> None:
        seen = look(np.full((720, 1280, 3), 90, np.uint8))
        assert seen == Look(brightness=90, contrast=0, flat=1, sharpness=0)


class TestCalibrate:
    def test_too_few_pictures_are_refused(self) -> None:
        with pytest.raises(NotCalibratable, match="4 pictures, at least 5"):
            calibrate([look(SeatPainter(1, "001").paint(NOON_MS))] * 4)

    @pytest.mark.parametrize("scene", [Scene.DARK, Scene.COVERED])
    def test_a_bad_picture_is_no_measure(self, scene: Scene) -> None:
        with pytest.raises(NotCalibratable, match=scene.value):
            calibrate([look(SeatPainter(1, "001").paint(NOON_MS, scene))] * 5)

    def test_somebody_walking_past_does_not_matter(self) -> None:
        painter = SeatPainter(1, "001")
        looks = [look(painter.paint(NOON_MS + 500 * step)) for step in range(5)]
        disturbed = [*looks[:4], look(painter.paint(NOON_MS, Scene.COVERED))]
        assert calibrate(disturbed).dark_below == pytest.approx(calibrate(looks).dark_below, rel=0.05)
