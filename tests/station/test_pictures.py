"""Drawn seats look like camera pictures: right size, never twice alike, the same again from the same seed."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from station.pictures import HEIGHT, WIDTH, Pixels, Scene, SeatPainter

NOON_MS = 1_760_000_000_000


def brightness(picture: Pixels) -> float:
    return float(picture.mean())


class TestPaint:
    @pytest.mark.parametrize("scene", list(Scene))
    def test_every_scene_is_a_whole_picture(self, scene: Scene) -> None:
        picture = SeatPainter(7, "007").paint(NOON_MS, scene)
        assert picture.shape == (HEIGHT, WIDTH, 3)
        assert picture.dtype == np.uint8

    def test_same_seed_and_instant_is_the_same_picture(self) -> None:
        for scene in Scene:
            one, other = (SeatPainter(7, "007").paint(NOON_MS, scene) for _ in range(2))
            assert np.array_equal(one, other)

    def test_no_two_instants_are_alike(self) -> None:
        painter = SeatPainter(7, "007")
        for before, after in pairwise(painter.paint(NOON_MS + 200 * step) for step in range(6)):
            assert not np.array_equal(before, after)

    def test_the_caller_may_draw_on_a_picture(self) -> None:
        painter = SeatPainter(7, "007")
        painter.paint(NOON_MS)[:] = 0
        assert brightness(painter.paint(NOON_MS)) > 60

    def test_seats_differ(self) -> None:
        small = [
            cv2.resize(SeatPainter(seed, "1").paint(NOON_MS), (64, 36)).astype(int) for seed in range(12)
        ]
        for before, after in pairwise(small):
            assert np.abs(before - after).mean() > 3

    def test_scenes_show_what_their_names_say(self) -> None:
        painter = SeatPainter(3, "003")
        seated, away = painter.paint(NOON_MS), painter.paint(NOON_MS, Scene.AWAY)
        visited = painter.paint(NOON_MS, Scene.SECOND_PERSON)
        assert np.abs(seated[200:700, 400:900].astype(int) - away[200:700, 400:900]).mean() > 20
        assert np.abs(seated[100:700, 1000:1250].astype(int) - visited[100:700, 1000:1250]).mean() > 20
        assert brightness(painter.paint(NOON_MS, Scene.DARK)) < 15 < 60 < brightness(seated)
        assert painter.paint(NOON_MS, Scene.COVERED)[:600].std(axis=(0, 1)).max() < 15

    def test_weighs_what_a_camera_picture_weighs(self) -> None:
        done, data = cv2.imencode(
            ".jpg", SeatPainter(1, "001").paint(NOON_MS), [cv2.IMWRITE_JPEG_QUALITY, 85]
        )
        assert done
        assert 90_000 < len(data) < 220_000
