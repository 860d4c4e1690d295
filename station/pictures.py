"""Drawn camera pictures of a seat, for the simulated room: nobody's portrait, everything made from numbers.

A picture is composed of a few layers that all seats share (a room, a torso, a head, sensor noise), placed,
lit and shifted by seed and instant, so that hundreds of seats cost a few milliseconds a picture and little
memory. The same seed and instant always give the same picture.
"""

import hashlib
import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

WIDTH, HEIGHT = 1280, 720
ROOMS = 3
PEOPLE = 8

_NOISE_MARGIN = 64
_SKIN = ((176, 200, 236), (150, 180, 222), (128, 160, 206), (165, 188, 228))
_HAIR = ((22, 22, 26), (30, 32, 44), (40, 44, 60), (28, 26, 24))
_CLOTHES = ((92, 60, 38), (60, 70, 132), (70, 98, 66), (124, 120, 116), (58, 52, 50), (140, 104, 70))


class Scene(StrEnum):
    """What the camera of a simulated seat sees."""

    SEATED = "seated"
    AWAY = "away"
    SECOND_PERSON = "second_person"
    COVERED = "covered"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class _Layer:
    """A cut-out: its colours already weighted by opacity, and what it leaves of the picture behind it."""

    colours: Pixels
    leaves: Pixels


class SeatPainter:
    """Draws one seat. `seed` chooses room, person, clothes and light; `label` is written into the picture."""

    def __init__(self, seed: int, label: str) -> None:
        self._label = label
        dice = _dice("seat", seed)
        self._room = int(dice.integers(ROOMS))
        self._mirrored = bool(dice.integers(2))
        self._person, self._visitor = (int(who) for who in dice.choice(PEOPLE, size=2, replace=False))
        self._phase = float(dice.uniform(0, 2 * math.pi))
        self._light = float(dice.uniform(0.85, 1.05))
        self._place = int(dice.integers(-70, 71))
        self._seed = seed

    def paint(self, at_ms: int, scene: Scene = Scene.SEATED) -> Pixels:
        """The picture at an instant (UTC milliseconds): 720 x 1280 x 3, BGR, 8 bit, the caller's own."""
        second = at_ms / 1000
        if scene is Scene.COVERED:
            picture = _lit(_hand(), 1.1 + 0.1 * math.sin(second / 7 + self._phase))
        else:
            picture = _room(self._room, self._mirrored).copy()
            if scene is Scene.SECOND_PERSON:
                _person(picture, self._visitor, 900 + _sway(second, 11, self._phase, 30), 60, closed=False)
            if scene is not Scene.AWAY:
                self._paint_candidate(picture, second)
            light = self._light + 0.06 * math.sin(second / 97 + self._phase)
            picture = _lit(picture, 0.05 if scene is Scene.DARK else light)
        self._paint_noise(picture, at_ms)
        self._paint_text(picture, at_ms)
        return picture

    def _paint_candidate(self, picture: Pixels, second: float) -> None:
        left = 340 + self._place + _sway(second, 13, self._phase, 24)
        top = 84 + _sway(second, 4, self._phase, 5)
        blinking = (second + self._phase * 3) % 4.3 < 0.25
        _person(picture, self._person, left, top, closed=blinking)

    def _paint_noise(self, picture: Pixels, at_ms: int) -> None:
        dice = _dice("noise", self._seed, at_ms)
        x, y = (int(shift) for shift in dice.integers(_NOISE_MARGIN, size=2))
        more, less = _noise()
        cv2.add(picture, more[y : y + HEIGHT, x : x + WIDTH], dst=picture)
        cv2.subtract(picture, less[y : y + HEIGHT, x : x + WIDTH], dst=picture)

    def _paint_text(self, picture: Pixels, at_ms: int) -> None:
        beijing_s = at_ms // 1000 + 8 * 3600
        clock = f"{beijing_s // 3600 % 24:02}:{beijing_s // 60 % 60:02}:{beijing_s % 60:02}"
        for colour, thickness in (((16, 16, 16), 5), ((236, 236, 236), 2)):
            _write(picture, f"SEAT {self._label}", 28, colour, thickness)
            _write(picture, clock, 1100, colour, thickness)


def _dice(*what: object) -> np.random.Generator:
    name = ":".join(str(part) for part in what).encode()
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name).digest()[:8]))


def _sway(second: float, period_s: float, phase: float, reach: int) -> int:
    return round(reach * math.sin(2 * math.pi * second / period_s + phase))


def _lit(picture: Pixels, light: float) -> Pixels:
    return np.asarray(cv2.convertScaleAbs(picture, alpha=light), dtype=np.uint8)


def _write(picture: Pixels, text: str, x: int, colour: tuple[int, int, int], thickness: int) -> None:
    cv2.putText(
        picture, text, (x, HEIGHT - 28), cv2.FONT_HERSHEY_SIMPLEX, 1.0, colour, thickness, cv2.LINE_AA
    )


@cache
def _noise() -> tuple[Pixels, Pixels]:
    """Sensor noise as what it adds and what it takes, larger than a picture so that it can be shifted."""
    shape = (HEIGHT + _NOISE_MARGIN, WIDTH + _NOISE_MARGIN, 3)
    grain = _dice("grain").normal(0, 3.4, shape)
    return grain.clip(0, 16).round().astype(np.uint8), (-grain).clip(0, 16).round().astype(np.uint8)


@cache
def _hand() -> Pixels:
    """What a covered lens sees: a warm, shapeless gradient."""
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    glow = 34 + 20 * np.exp(-(((across - 900) / 700) ** 2 + ((down - 200) / 500) ** 2))
    return np.stack([glow * 0.55, glow * 0.65, glow * 1.25], axis=-1).astype(np.uint8)


@cache
def _room(number: int, mirrored: bool) -> Pixels:
    """A room behind the seat: wall, window, door, desks in rows, a notice; a little out of focus."""
    if mirrored:
        return np.ascontiguousarray(_room(number, False)[:, ::-1])
    dice = _dice("room", number)
    down = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None, None]
    wall = np.array([196, 204, 208], np.float32) + dice.uniform(-18, 12, 3).astype(np.float32)
    picture = np.ascontiguousarray(
        np.broadcast_to(wall * (1.02 - 0.3 * down), (HEIGHT, WIDTH, 3)).astype(np.uint8)
    )
    floor = HEIGHT - int(dice.integers(210, 270))
    picture[floor:] = (120, 132, 142)
    _window(picture, int(dice.integers(40, 200)))
    door = int(dice.integers(960, 1080))
    cv2.rectangle(picture, (door, 150), (door + 150, floor + 30), (88, 118, 150), -1)
    cv2.circle(picture, (door + 22, 360), 8, (180, 190, 196), -1)
    cv2.rectangle(picture, (640, 90), (860, 220), (228, 232, 232), -1)
    for line in range(6):
        end = 660 + int(dice.integers(90, 180))
        cv2.line(picture, (660, 112 + 18 * line), (end, 112 + 18 * line), (96, 90, 84), 3)
    for row in range(3):
        _desks(picture, floor - 20 + 46 * row, 120 + 40 * row, int(dice.integers(60)))
    grain = dice.normal(0, 3, picture.shape)
    rough = np.clip(picture + cv2.GaussianBlur(grain, (0, 0), 1.2) * 2, 0, 255).astype(np.uint8)
    return np.asarray(cv2.GaussianBlur(rough, (0, 0), 1.6), dtype=np.uint8)


def _window(picture: Pixels, left: int) -> None:
    cv2.rectangle(picture, (left, 80), (left + 300, 330), (246, 244, 238), -1)
    for pane in range(3):
        x = left + 100 * pane
        cv2.rectangle(picture, (x, 80), (x + 100, 330), (150, 156, 160), 5)
    cv2.line(picture, (left, 205), (left + 300, 205), (150, 156, 160), 5)


def _desks(picture: Pixels, top: int, height: int, shift: int) -> None:
    for left in range(-60 + shift, WIDTH, 320):
        cv2.rectangle(picture, (left, top), (left + 230, top + 18), (128, 164, 190), -1)
        cv2.rectangle(picture, (left + 70, top - 70), (left + 170, top - 8), (48, 46, 44), -1)
        cv2.rectangle(picture, (left + 10, top + 18), (left + 22, top + height), (96, 100, 104), -1)
        cv2.rectangle(picture, (left + 208, top + 18), (left + 220, top + height), (96, 100, 104), -1)


def _person(picture: Pixels, who: int, left: int, top: int, *, closed: bool) -> None:
    _lay(picture, _torso(who), left, top + 300)
    _lay(picture, _head(who, closed), left + 150, top)


def _lay(picture: Pixels, layer: _Layer, left: int, top: int) -> None:
    """Blend a layer in; what hangs over the edge is cut off."""
    height, width = layer.colours.shape[:2]
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(WIDTH, left + width), min(HEIGHT, top + height)
    if x0 >= x1 or y0 >= y1:
        return
    cut = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    behind = picture[y0:y1, x0:x1]
    cv2.multiply(behind, layer.leaves[cut], dst=behind, scale=1 / 255)
    cv2.add(behind, layer.colours[cut], dst=behind)


def _cut_out(drawing: Pixels, mask: Pixels) -> _Layer:
    """Turn a drawing and its mask into a layer with soft edges."""
    opacity = cv2.GaussianBlur(mask, (0, 0), 2.2).astype(np.float32)[:, :, None] / 255
    soft = cv2.GaussianBlur(drawing, (0, 0), 1.1).astype(np.float32)
    colours = (soft * opacity).round().astype(np.uint8)
    leaves = np.repeat((255 * (1 - opacity)).round().astype(np.uint8), 3, axis=2)
    return _Layer(colours, leaves)


@cache
def _torso(who: int) -> _Layer:
    """Shoulders and chest, 620 x 460, lit from one side."""
    dice = _dice("torso", who)
    colour = np.array(_CLOTHES[who % len(_CLOTHES)], np.float32)
    mask = np.zeros((460, 620), np.uint8)
    cv2.ellipse(mask, (310, 300), (285, 235), 0, 180, 360, 255, -1)
    cv2.rectangle(mask, (25, 300), (595, 460), 255, -1)
    across = np.linspace(1.2, 0.75, 620, dtype=np.float32)[None, :, None]
    weave = dice.normal(0, 5, (460, 620, 1)).astype(np.float32)
    drawing = np.clip(colour * across + weave, 0, 255).astype(np.uint8)
    for fold in range(7):
        x = 80 + 75 * fold + int(dice.integers(-15, 15))
        bend = int(dice.integers(-40, 40))
        cv2.line(drawing, (x, 200), (x + bend, 460), tuple((colour * 0.7).tolist()), 4, cv2.LINE_AA)
    cv2.ellipse(drawing, (310, 70), (92, 48), 0, 0, 180, tuple((colour * 0.55).tolist()), 12, cv2.LINE_AA)
    return _cut_out(drawing, mask)


@cache
def _head(who: int, closed: bool) -> _Layer:
    """Neck, head, hair and a plain face, 320 x 400."""
    dice = _dice("head", who)
    skin = np.array(_SKIN[who % len(_SKIN)], np.float32)
    hair = _HAIR[who // 2 % len(_HAIR)]
    width, height = int(dice.integers(88, 100)), int(dice.integers(122, 136))
    mask = np.zeros((400, 320), np.uint8)
    across = np.linspace(1.08, 0.84, 320, dtype=np.float32)[None, :, None]
    drawing = np.clip(np.broadcast_to(skin, (400, 320, 3)) * across, 0, 255).astype(np.uint8)
    cv2.rectangle(mask, (118, 260), (202, 390), 255, -1)
    cv2.ellipse(drawing, (160, 318), (70, 40), 0, 0, 180, tuple((skin * 0.7).tolist()), -1, cv2.LINE_AA)
    for centre in (160 - width, 160 + width):
        cv2.ellipse(mask, (centre, 205), (14, 28), 0, 0, 360, 255, -1)
    cv2.ellipse(mask, (160, 195), (width, height), 0, 0, 360, 255, -1)
    cv2.ellipse(mask, (160, 150), (width + 12, height - 14), 0, 180, 360, 255, -1)
    cv2.ellipse(drawing, (160, 150), (width + 14, height - 10), 0, 180, 360, hair, -1, cv2.LINE_AA)
    cv2.ellipse(drawing, (160, 178), (width - 16, 62), 0, 180, 360, tuple(skin.tolist()), -1, cv2.LINE_AA)
    _face(drawing, skin, hair, closed)
    return _cut_out(drawing, mask)


def _face(drawing: Pixels, skin: npt.NDArray[np.float32], hair: tuple[int, int, int], closed: bool) -> None:
    shade = tuple((skin * 0.72).tolist())
    for x in (122, 198):
        cv2.ellipse(drawing, (x, 164), (24, 8), 0, 190, 350, hair, 5, cv2.LINE_AA)
        if closed:
            cv2.ellipse(drawing, (x, 186), (17, 5), 0, 0, 180, (40, 44, 60), 3, cv2.LINE_AA)
        else:
            cv2.ellipse(drawing, (x, 188), (18, 9), 0, 0, 360, (228, 232, 236), -1, cv2.LINE_AA)
            cv2.circle(drawing, (x, 188), 8, (34, 38, 52), -1, cv2.LINE_AA)
            cv2.ellipse(drawing, (x, 186), (19, 10), 0, 180, 360, (44, 48, 64), 3, cv2.LINE_AA)
    cv2.line(drawing, (160, 192), (152, 232), shade, 4, cv2.LINE_AA)
    cv2.ellipse(drawing, (160, 236), (16, 7), 0, 0, 180, shade, 4, cv2.LINE_AA)
    cv2.ellipse(drawing, (160, 272), (32, 9), 0, 0, 180, (104, 108, 176), 6, cv2.LINE_AA)
