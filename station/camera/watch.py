"""Tells a change of the camera once: lost, back, covered, dark, clear."""

from dataclasses import dataclass
from typing import Literal

from station.camera.keeper import CameraState
from vision.quality import Quality

LOOKS_TO_BELIEVE = 2
"""Pictures in a row that must say covered or dark, or clear again, before it is told: about a second."""

ChangeWord = Literal["lost", "back", "covered", "dark", "clear"]

_SENTENCES: dict[str, str] = {
    "back": "摄像头已恢复。 The camera is back.",
    "covered": "摄像头被遮挡，请移开遮挡物。 The camera is covered: take away what covers it.",
    "dark": "摄像头画面过暗，请举手告知监考员。 The camera's picture is too dark: raise your hand.",
    "clear": "摄像头画面已恢复正常。 The camera's picture is clear again.",
}


@dataclass(frozen=True, slots=True)
class CameraChange:
    """What changed, and the sentence for the person who can mend it."""

    state: ChangeWord
    sentence: str


class CameraWatch:
    """Remembers what was told last (`lost` among it). Given states and verdicts, it reads no clock."""

    def __init__(self) -> None:
        self.lost = False
        self._told: Literal["clear", "covered", "dark"] = "clear"
        self._doubt: Literal["clear", "covered", "dark"] = "clear"
        self._looks = 0

    def see_state(self, state: CameraState) -> CameraChange | None:
        """A look at the camera itself; a lost one is told at once."""
        if state.lost == self.lost:
            return None
        self.lost = state.lost
        if state.lost:
            return CameraChange("lost", state.sentence)
        return CameraChange("back", _SENTENCES["back"])

    def see_picture(self, quality: Quality) -> CameraChange | None:
        """A look at a new picture. A blurred one counts as clear here: it is on the picture, not a change."""
        verdict: Literal["clear", "covered", "dark"] = "clear"
        if quality is Quality.COVERED:
            verdict = "covered"
        elif quality is Quality.DARK:
            verdict = "dark"
        self._looks = self._looks + 1 if verdict == self._doubt else 1
        self._doubt = verdict
        if verdict == self._told or self._looks < LOOKS_TO_BELIEVE:
            return None
        self._told = verdict
        return CameraChange(verdict, _SENTENCES[verdict])
