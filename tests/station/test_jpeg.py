"""Pictures are no larger than wanted, decode to what they were, and never share their bytes."""

import cv2
import numpy as np

from station.camera.driver import SMALLEST_FRAME, Pixels, size_of
from station.jpeg import PICTURE_BYTES_WANTED, JpegEncoder, preview, scaled_towards
from station.pictures import SeatPainter

NOON_MS = 1_760_000_000_000


def decoded(data: bytes) -> Pixels:
    frame = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert frame is not None
    return np.asarray(frame, np.uint8)


def busy(width: int = 1280, height: int = 720) -> Pixels:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)


class TestEncode:
    def test_decodes_to_the_same_size_and_nearly_the_same_picture(self) -> None:
        frame = SeatPainter(1, "001").paint(NOON_MS)
        back = decoded(JpegEncoder().encode(frame, "kaochang 1 start"))
        assert back.shape == frame.shape
        assert np.abs(back.astype(int) - frame).mean() < 4

    def test_quality_goes_down_until_it_fits_and_is_remembered(self) -> None:
        frame = SeatPainter(1, "001").paint(NOON_MS)
        encoder = JpegEncoder(bytes_wanted=60_000)
        assert len(encoder.encode(frame, "x")) <= 60_000 + 5
        fresh = JpegEncoder().encode(frame, "x")
        assert 60_000 < len(fresh) <= PICTURE_BYTES_WANTED

    def test_quality_comes_back_when_pictures_get_simpler(self) -> None:
        encoder = JpegEncoder(bytes_wanted=60_000)
        encoder.encode(busy(), "x")
        plain = np.full((720, 1280, 3), 90, np.uint8)
        for _ in range(8):
            encoder.encode(plain, "x")
        assert encoder.encode(plain, "x") == JpegEncoder().encode(plain, "x")

    def test_a_hopeless_frame_is_kept_all_the_same(self) -> None:
        assert size_of(decoded(JpegEncoder().encode(busy(), "x"))) == SMALLEST_FRAME

    def test_the_comment_makes_equal_frames_unequal(self) -> None:
        frame = SeatPainter(1, "001").paint(NOON_MS)
        encoder = JpegEncoder()
        one, other = encoder.encode(frame, "kaochang 1 start"), encoder.encode(frame, "kaochang 2 start")
        assert one != other
        assert b"kaochang 1 start" in one[:64]
        assert np.array_equal(decoded(one), decoded(other))


class TestScaledTowards:
    def test_a_larger_frame_shrinks_and_keeps_its_shape(self) -> None:
        assert scaled_towards(busy(1920, 1080), SMALLEST_FRAME).shape[:2] == (720, 1280)
        assert scaled_towards(busy(2560, 1920), SMALLEST_FRAME).shape[:2] == (960, 1280)

    def test_a_frame_that_just_holds_it_is_untouched(self) -> None:
        frame = busy(1280, 960)
        assert scaled_towards(frame, SMALLEST_FRAME) is frame


class TestPreview:
    def test_is_small(self) -> None:
        data = preview(SeatPainter(1, "001").paint(NOON_MS))
        assert decoded(data).shape == (180, 320, 3)
        assert len(data) < 20_000
