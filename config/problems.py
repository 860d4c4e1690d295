"""What is wrong with a policy file: all of it at once, each with place, found and expected."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a policy file, in words an office can act on (Chinese first)."""

    place: str
    """Where: a path such as ``subjects[0].pass_score``, or ``line 12``."""
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.place}: 现为 found {self.found}; 应为 expected {self.expected}"


class PolicyFileError(ValueError):
    """A policy file that cannot be used; ``problems`` holds every fault that could be seen in one reading."""

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        self.name = name
        self.problems = tuple(problems)
        heading = f"{name}: {len(self.problems)} 处问题 problem(s)"
        super().__init__("\n".join([heading, *map(str, self.problems)]))


class SchemeError(PolicyFileError):
    """A scheme file that is malformed or contradicts itself."""


class CalendarFileError(PolicyFileError):
    """A calendar override file that is malformed or contradicts itself."""
