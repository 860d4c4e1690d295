"""What is unlocked right now: the bank key and the banks it opened, in memory and nowhere else.

A restart locks; so does the time named in the settings when no keeper worked with it. Start, restart, machine change
and scoring of a session never come here: only who works on items, and who loads a session.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session
from starlette.requests import HTTPConnection

from question_bank.blueprint import Blueprint
from question_bank.items import Item
from question_bank.pictures import Picture
from server.bank import queries
from server.bank.contents import BankContents
from server.bank.open_bank import OpenBank
from server.bank.open_packages import OpenPackages
from server.bank.package_file import Opened
from server.bank.sealing import unseal
from server.db import Database
from server.errors import NotFound, Refused


class BankLocked(Refused):
    """The bank key is not in memory."""

    code = "bank_locked"
    zh = "题库已锁定：请题库管理员输入题库口令解锁后重试。"
    en = "The bank is locked. A bank keeper unlocks it with their bank passphrase; then try again."


@dataclass(frozen=True, slots=True)
class Unlocked:
    """Since when the banks are open, and by whom."""

    by: str
    at: int


class OpenBanks:
    """See the module. ``now_ms`` counts milliseconds; ``idle_ms``: unused for so long, everything is locked."""

    def __init__(self, now_ms: Callable[[], int], idle_ms: int) -> None:
        self._now_ms = now_ms
        self._idle_ms = idle_ms
        self._key: bytes | None = None
        self._unlocked: Unlocked | None = None
        self._used_at = 0
        self._banks: dict[str, OpenBank] = {}
        # Two locks: the key's is held for an instant and may be asked for on the loop; the banks' is held for as long
        # as somebody looks into one, seconds when it is opened, and only ever by threads.
        self._key_lock = threading.RLock()
        self._bank_lock = threading.RLock()
        self.packages = OpenPackages(now_ms)
        """Session packages that two people opened; they need no bank key."""
        self.importing = asyncio.Lock()
        """Held while the pieces of an import arrive: one import at a time."""

    def unlock(self, key: bytes, by: str) -> None:
        """Hold the bank key from now on."""
        with self._key_lock:
            if self._key != key:
                self._banks.clear()
            self._key = key
            self._unlocked = Unlocked(by, self._now_ms())
            self._used_at = self._now_ms()

    def lock(self) -> bool:
        """Forget the key and everything it opened; whether there was anything to forget."""
        with self._key_lock:
            was = self._key is not None
            self._key = self._unlocked = None
            self._banks = {}
            return was

    @property
    def unlocked(self) -> Unlocked | None:
        """Since when and by whom the banks are open; None when they are locked."""
        with self._key_lock:
            if self._key is not None and self.idle_left_ms <= 0:
                self.lock()
            return self._unlocked

    @property
    def idle_left_ms(self) -> int:
        """Milliseconds until everything locks itself, unless somebody uses it."""
        return self._used_at + self._idle_ms - self._now_ms()

    @property
    def key(self) -> bytes:
        """The bank key; raises :class:`BankLocked`."""
        with self._key_lock:
            if self.unlocked is None or self._key is None:
                raise BankLocked()
            return self._key

    def used(self) -> None:
        """A keeper works with it: the time until it locks itself begins anew. Raises :class:`BankLocked`."""
        with self._key_lock:
            assert self.key
            self._used_at = self._now_ms()

    @contextmanager
    def bank(self, db: Session, code: str) -> Iterator[OpenBank]:
        """One bank as it is committed, for this thread alone; raises BankLocked, NotFound, BankSealed."""
        with self._bank_lock:
            key = self.key
            opened = self._banks.get(code) or OpenBank(code, key)
            opened.refresh(db)
            with self._key_lock:
                # Locked meanwhile: what was opened is forgotten with this look.
                if self._key == key:
                    self._banks[code] = opened
            yield opened

    def warm(self, database: Database) -> None:
        """Open every bank, so that the first who searches need not wait; takes seconds for tens of thousands.

        What cannot be opened is told to whoever asks for it.
        """
        with database.read() as db, suppress(Refused):
            for row in queries.banks(db):
                with self.bank(db, row.code) as opened:
                    opened.listed(db)

    def contents(self, db: Session, code: str, version: str) -> BankContents:
        """A published version of a bank; raises BankLocked, NotFound, BankSealed."""
        row = queries.version(db, code, version)
        if row is None:
            raise NotFound(what=f"bank {code} version {version}")
        with self.bank(db, code) as opened:
            items = tuple(opened.item(db, ref) for ref in queries.refs_of(db, code, row.number))
            outline = opened.outline_at(db, row.number)
            return BankContents(code, row.version, opened.title, opened.live, outline, items)

    def pictures(self, db: Session, code: str, items: Iterable[Item]) -> Mapping[str, Picture]:
        """The pictures these items show, by name; raises BankLocked, NotFound when one is not at hand."""
        return self.pictures_named(db, code, {name for item in items for name in item.pictures})

    def pictures_named(self, db: Session, code: str, names: Iterable[str]) -> Mapping[str, Picture]:
        """These pictures; raises BankLocked, NotFound, BankSealed."""
        key, wanted = self.key, set(names)
        found = {
            row.name: Picture(row.media_type, unseal(key, row.sealed, "picture", code, row.name))
            for row in queries.pictures(db, code, wanted)
        }
        missing = sorted(wanted - found.keys())
        if missing:
            raise NotFound(what=f"picture {missing[0]} of bank {code}")
        return found

    def drawn_from(self, db: Session, session: str, bank: str, blueprint: str) -> "DrawnFrom":
        """What the papers of a session are drawn from: the package opened for it, else the newest published version.

        Raises BankLocked, NotFound.
        """
        package = self.packages.of(session, bank)
        if package is not None:
            return _from_package(package, blueprint)
        row, plan = queries.newest(db, bank), queries.blueprint(db, bank, blueprint)
        if row is None or plan is None:
            raise NotFound(what=f"bank {bank} with blueprint {blueprint}")
        contents = self.contents(db, bank, row.version)
        return DrawnFrom(contents, plan, lambda items: self.pictures(db, bank, items))


@dataclass(frozen=True, slots=True)
class DrawnFrom:
    """What papers are drawn from: items, blueprint, and how the pictures of some items are had, by name."""

    contents: BankContents
    blueprint: Blueprint
    pictures: Callable[[Iterable[Item]], Mapping[str, Picture]]


def _from_package(package: Opened, blueprint: str) -> DrawnFrom:
    plan = package.blueprints.get(blueprint)
    if plan is None:
        raise NotFound(what=f"blueprint {blueprint} in package {package.header.package}")

    def pictures(items: Iterable[Item]) -> Mapping[str, Picture]:
        return {name: package.pictures[name] for item in items for name in item.pictures}

    return DrawnFrom(package.contents, plan, pictures)


def _open_banks(connection: HTTPConnection) -> OpenBanks:
    banks: OpenBanks = connection.app.state.open_banks
    return banks


TheOpenBanks = Annotated[OpenBanks, Depends(_open_banks)]
