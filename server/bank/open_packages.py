"""Session packages between people: parts of a key not shown yet, parts entered, and what was opened.

In memory and nowhere else: a restart forgets all of it. A key whose parts were not both shown is lost, and the package
is made anew; what was opened is opened again by the same two people.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from server.bank.package_file import Opened
from server.bank.package_key import joined, written
from server.errors import Refused

PART_WAITS_MS = 30 * 60_000
"""A part that was entered waits so long for the other one."""

OPEN_MS_MAX = 12 * 3_600_000
"""An opened package is forgotten after so long."""


class PartsGone(Refused):
    """Both parts were shown, or the server restarted before they were."""

    code = "parts_gone"
    zh = "该题包密钥的两段均已显示过，或服务器已重启；不能再次显示，请重新制作题包。"
    en = "Both parts of this key were shown, or the server restarted. Make the package anew."


class AnotherPerson(Refused):
    """The two parts belong to two people."""

    code = "another_person"
    zh = "两段密钥须由两位不同的人员分别持有和输入。"
    en = "The two parts belong to two different people."


@dataclass(slots=True)
class _Unshown:
    parts: tuple[bytes, bytes]
    shown_to: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Entered:
    number: int
    part: bytes
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Entering:
    """What entering a part came to: the whole key when it was the second, else None."""

    key: bytes | None
    number: int


class OpenPackages:
    """See the module. ``now_ms`` counts milliseconds."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._unshown: dict[str, _Unshown] = {}
        self._entered: dict[str, _Entered] = {}
        self._opened: dict[tuple[str, str], tuple[int, Opened]] = {}
        self._one_at_a_time = threading.Lock()

    def made(self, package: str, parts: tuple[bytes, bytes]) -> None:
        """Parts of a new key, to be shown to two people."""
        with self._one_at_a_time:
            self._unshown[package] = _Unshown(parts)

    def shown(self, package: str) -> int:
        """How many parts were shown of a key that still has one to show; 2 when there is none left."""
        found = self._unshown.get(package)
        return 2 if found is None else len(found.shown_to)

    def show(self, package: str, person: str) -> tuple[int, str]:
        """The next part, for this person alone, and its number; raises PartsGone, AnotherPerson."""
        with self._one_at_a_time:
            found = self._unshown.get(package)
            if found is None:
                raise PartsGone()
            if person in found.shown_to:
                raise AnotherPerson()
            number = len(found.shown_to) + 1
            found.shown_to.append(person)
            if number == 2:
                del self._unshown[package]
            return number, written(found.parts[number - 1], number, package)

    def entered(self, package: str) -> int:
        """How many parts wait for the other."""
        waiting = self._entered.get(package)
        return int(waiting is not None and self._now_ms() - waiting.at < PART_WAITS_MS)

    def enter(self, package: str, number: int, part: bytes, person: str) -> Entering:
        """A part as typed; raises AnotherPerson when one person brings both."""
        with self._one_at_a_time:
            waiting = self._entered.get(package)
            fresh = waiting is not None and self._now_ms() - waiting.at < PART_WAITS_MS
            if waiting is None or not fresh or waiting.number == number:
                self._entered[package] = _Entered(number, part, person, self._now_ms())
                return Entering(None, number)
            if waiting.by == person:
                raise AnotherPerson()
            del self._entered[package]
            return Entering(joined(waiting.part, part), number)

    def opened(self, package: Opened) -> None:
        """Hold what was opened for its session."""
        with self._one_at_a_time:
            header = package.header
            self._opened[header.session, header.bank] = (self._now_ms(), package)

    def of(self, session: str, bank: str) -> Opened | None:
        """What is open for this session and bank."""
        with self._one_at_a_time:
            found = self._opened.get((session, bank))
            if found is not None and self._now_ms() - found[0] >= OPEN_MS_MAX:
                del self._opened[session, bank]
                return None
            return None if found is None else found[1]

    def is_open(self, session: str, bank: str, package: str) -> bool:
        """Whether it is this package that is open."""
        found = self.of(session, bank)
        return found is not None and found.header.package == package

    def close(self, session: str, bank: str) -> bool:
        """Forget what was opened; whether there was anything."""
        with self._one_at_a_time:
            return self._opened.pop((session, bank), None) is not None


def _open_packages(connection: HTTPConnection) -> OpenPackages:
    packages: OpenPackages = connection.app.state.open_banks.packages
    return packages


TheOpenPackages = Annotated[OpenPackages, Depends(_open_packages)]
