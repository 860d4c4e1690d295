"""Who may watch a seat and what it is told, and who tells the seat how its machine is."""

from collections.abc import Sequence
from typing import Literal, Protocol

from protocol.page import AnswerState, Stage

CameraState = Literal["ok", "lost", "too_small", "covered", "dark"]


class Watcher:
    """What somebody who watches a seat may want to know; each does nothing unless overridden."""

    def view_changed(self) -> None:
        """Anything but answers changed, durably."""

    def stage_changed(self, before: Stage, now: Stage) -> None:
        """The seat stands at another stage."""

    def answers_saved(self, answers: list[AnswerState]) -> None:
        """Answers are safe on this seat, or in the room."""

    def time_changed(self) -> None:
        """The clock was ordered or measured otherwise."""

    def picture_wanted(self, reason: Literal["flag", "hand_in"]) -> None:
        """A forced picture is due."""

    def pictures_wanted(self, digests: Sequence[str]) -> None:
        """The room misses these."""


class Reporter(Protocol):
    """Tells how the machine is; the seat itself knows no camera."""

    def condition(self) -> tuple[CameraState, int, int, int]:
        """Camera, width and height of its picture, and how many pictures wait to be sent."""


class NoCamera:
    """A seat without pictures: benchmarks of other things."""

    def condition(self) -> tuple[CameraState, int, int, int]:
        """Nothing to report."""
        return "ok", 0, 0, 0
