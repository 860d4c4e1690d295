"""Is the picture of any use: dark, covered or blurred? Light enough for the machine at a seat.

Everything is read from one quarter-size grey picture in well under a millisecond. What "dark" or "blurred"
means depends on the seat (its lamp, its wall, its lens), so thresholds are calibrated from a few looks at
check-in, while a person sees that the picture is good. A verdict is an observation: it tells the candidate
and the proctor, it never decides anything.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

CALIBRATION_LOOKS_MIN = 5
"""Pictures needed to calibrate a seat: one could be the moment somebody walked past."""

_SHRINK = 4
_TILES_ACROSS, _TILES_DOWN = 16, 9
_FLAT_SPREAD = 3.0
"""Grey levels (0-255) of standard deviation under which a tile shows nothing but sensor noise."""


class Quality(StrEnum):
    """What a picture is worth; the first that applies, in this order: dark, covered, blurred, clear."""

    CLEAR = "clear"
    DARK = "dark"
    COVERED = "covered"
    BLURRED = "blurred"


class NotCalibratable(ValueError):
    """These looks are no picture of a seat to measure others by; the message says why."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was measured on one picture.

    brightness: mean grey level, 0 to 255. contrast: standard deviation of the tiles' mean grey levels. flat:
    share of tiles (0 to 1) that show nothing. sharpness: energy of the finest detail over all variance,
    without unit and independent of the light.
    """

    brightness: float
    contrast: float
    flat: float
    sharpness: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a seat's pictures stop being good.

    Dark under a brightness; covered when flat reaches a share while contrast is under a value; blurred under
    a sharpness (units as in `Look`).
    """

    dark_below: float
    covered_flat_from: float
    covered_contrast_below: float
    blurred_below: float


UNCALIBRATED = Thresholds(
    dark_below=14, covered_flat_from=0.94, covered_contrast_below=12, blurred_below=0.002
)
"""For a seat nobody has calibrated yet: only what no ordinary seat shows."""


def look(frame: Pixels) -> Look:
    """Measure an 8-bit picture of at least 128 x 72: height x width x 3 (BGR) or height x width (grey)."""
    grey = _quarter_grey(frame)
    # Half of it again for the tiles: averaging takes away the noise that automatic gain adds under a hand.
    values = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
    means = cv2.resize(values, (_TILES_ACROSS, _TILES_DOWN), interpolation=cv2.INTER_AREA)
    squares = cv2.resize(values * values, (_TILES_ACROSS, _TILES_DOWN), interpolation=cv2.INTER_AREA)
    within = np.maximum(squares - means * means, 0)
    contrast = float(means.std())
    variance = float(within.mean()) + contrast**2
    fine = cv2.Laplacian(grey, cv2.CV_16S)
    _, deviation = cv2.meanStdDev(fine)
    return Look(
        brightness=float(means.mean()),
        contrast=contrast,
        flat=float(np.count_nonzero(within < _FLAT_SPREAD**2)) / within.size,
        # One grey level of variance more, so that a uniform picture is not sharp for its last bit of noise.
        sharpness=float(deviation[0, 0]) ** 2 / (variance + 1) / 20,
    )


def judge(seen: Look, thresholds: Thresholds) -> Quality:
    """The first complaint that applies, or clear. A lens taped black and a dark room look the same: dark."""
    if seen.brightness < thresholds.dark_below:
        return Quality.DARK
    if seen.flat >= thresholds.covered_flat_from and seen.contrast < thresholds.covered_contrast_below:
        return Quality.COVERED
    if seen.sharpness < thresholds.blurred_below:
        return Quality.BLURRED
    return Quality.CLEAR


def calibrate(looks: Sequence[Look]) -> Thresholds:
    """A seat's own thresholds from looks taken while its picture was seen to be good.

    Raises `NotCalibratable` for fewer than `CALIBRATION_LOOKS_MIN` looks, and when the seat is dark, covered
    or blurred now.
    """
    if len(looks) < CALIBRATION_LOOKS_MIN:
        raise NotCalibratable(f"{len(looks)} pictures, at least {CALIBRATION_LOOKS_MIN} are needed")
    usual = Look(
        brightness=statistics.median(seen.brightness for seen in looks),
        contrast=statistics.median(seen.contrast for seen in looks),
        flat=statistics.median(seen.flat for seen in looks),
        sharpness=statistics.median(seen.sharpness for seen in looks),
    )
    verdict = judge(usual, UNCALIBRATED)
    if verdict is not Quality.CLEAR:
        raise NotCalibratable(f"the camera's picture is {verdict} now")
    return Thresholds(
        dark_below=max(UNCALIBRATED.dark_below, 0.15 * usual.brightness),
        covered_flat_from=max(0.9, (1 + usual.flat) / 2),
        covered_contrast_below=0.4 * usual.contrast,
        blurred_below=0.3 * usual.sharpness,
    )


def _quarter_grey(frame: Pixels) -> Pixels:
    height, width = frame.shape[:2]
    # Linear reads four of the sixteen pixels: seven times faster than the area mean, and enough for this.
    size = (width // _SHRINK, height // _SHRINK)
    small = cv2.resize(frame, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY) if small.ndim == 3 else small, dtype=np.uint8)
