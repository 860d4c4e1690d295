"""Unlocking and locking: who tried and who did is on the ledger, and wrong passphrases are counted."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from protocol.bank_entries import BankLockMoved
from server.bank import queries
from server.bank.key_file import KeyFile, WrongPassphrase
from server.bank.open_banks import OpenBanks
from server.db import Database
from server.errors import Refused
from server.people.passwords import Tries
from server.people.rules import Person
from server.writer.writer import Writer

TRIES_MAX = 5
"""Wrong passphrases of one person within the window; one more is refused unheard."""

TRIES_WINDOW_MS = 300_000

LOOK_S_MAX = 60.0
"""The watch looks at least so often whether the time is over."""

ROOM = "room"
"""Who locked when the time was over."""


class TooManyPassphrases(Refused):
    """Too many wrong passphrases of one person."""

    code = "too_many_passphrases"
    status = 429
    zh = "题库口令错误次数过多，请 {seconds} 秒后再试。"
    en = "Too many wrong bank passphrases. Try again in {seconds} seconds."


class KeyLost(Refused):
    """There are sealed items, and the file that opens them is gone."""

    code = "bank_key_lost"
    zh = "题库中已有封存的试题，但缺少 keys/bank_key.json；请从副本恢复该文件，不能新建。"
    en = "Sealed items are here, but keys/bank_key.json is missing. Restore it from a copy; a new key opens none."


class BankLock:
    """The one door to the bank key of a room."""

    def __init__(self, writer: Writer, banks: OpenBanks, file: KeyFile) -> None:
        self._writer = writer
        self._banks = banks
        self._file = file
        self._tries = Tries(TRIES_MAX, TRIES_WINDOW_MS)
        self._one_at_a_time = asyncio.Lock()
        self._open = False

    @property
    def founded(self) -> bool:
        """Whether there is a bank key."""
        return self._file.founded

    def keepers(self) -> tuple[str, ...]:
        """Ids of the people who have a passphrase."""
        return self._file.keepers()

    async def found(self, person: Person, passphrase: str, database: Database, now: int) -> None:
        """Make the bank key with its first keeper, and unlock; raises AlreadyFounded, KeyLost, PassphraseLength."""
        with database.read() as db:
            if not self._file.founded and queries.any_sealed(db):
                raise KeyLost()
        async with self._one_at_a_time:
            key = await asyncio.to_thread(self._file.found, person.id, passphrase, now)
        await self._record("founded", person.id)
        await self._unlocked(key, person)

    async def unlock(self, person: Person, passphrase: str, now: int) -> None:
        """Bring the key into memory; raises WrongPassphrase, TooManyPassphrases, NotAdmitted, NotFounded."""
        await self._unlocked(await self._key_of(person, passphrase, now), person)

    async def lock(self, person: Person) -> None:
        """Forget the key and everything it opened."""
        await self.noticed()
        self._open = False
        if self._banks.lock():
            await self._record("locked", person.id)

    async def admit(self, keeper: Person, passphrase: str, by: Person, now: int) -> None:
        """Give another keeper a passphrase of their own; the bank must be unlocked."""
        key = self._banks.key
        async with self._one_at_a_time:
            await asyncio.to_thread(self._file.admit, key, keeper.id, passphrase, by.id, now)
        await self._record("admitted", by.id, keeper.id)

    async def remove(self, keeper: str, by: Person) -> None:
        """Take a keeper's passphrase away; the bank must be unlocked. Raises NotAdmitted, LastKeeper."""
        assert self._banks.key
        async with self._one_at_a_time:
            await asyncio.to_thread(self._file.remove, keeper)
        await self._record("removed", by.id, keeper)

    async def change(self, person: Person, old: str, new: str, now: int) -> None:
        """Replace one's own passphrase."""
        key = await self._key_of(person, old, now)
        async with self._one_at_a_time:
            await asyncio.to_thread(self._file.admit, key, person.id, new, person.id, now)
        await self._record("changed", person.id, person.id)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Lock when the time is over, and take the key out of memory at the end."""
        watch = asyncio.create_task(self._watch(), name="bank-lock")
        try:
            yield
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
            self._banks.lock()

    async def noticed(self) -> None:
        """Write down that the time was over, when it was."""
        if self._open and self._banks.unlocked is None:
            self._open = False
            await self._record("timed_out", ROOM)

    async def _watch(self) -> None:
        while True:
            left_s = self._banks.idle_left_ms / 1000 if self._open else LOOK_S_MAX
            await asyncio.sleep(min(max(left_s, 0.1), LOOK_S_MAX))
            with contextlib.suppress(Refused):
                await self.noticed()

    async def _key_of(self, person: Person, passphrase: str, now: int) -> bytes:
        wait_ms = self._tries.begin(person.id, now)
        if wait_ms:
            await self._record("unlock_failed", person.id)
            raise TooManyPassphrases(seconds=-(-wait_ms // 1000))
        try:
            key = await asyncio.to_thread(self._file.open, person.id, passphrase)
        except WrongPassphrase:
            await self._record("unlock_failed", person.id)
            raise
        except Refused:
            self._tries.take_back(person.id)
            raise
        self._tries.passed(person.id)
        return key

    async def _unlocked(self, key: bytes, person: Person) -> None:
        # Written first: nobody works with a key of which the ledger does not know that it is out.
        await self._record("unlocked", person.id)
        self._banks.unlock(key, person.id)
        self._open = True

    async def _record(self, step: str, by: str, keeper: str | None = None) -> None:
        body = BankLockMoved.model_validate({"step": step, "by": by, "keeper": keeper})
        await self._writer.submit(lambda desk: desk.record(body, session=None))


def _bank_lock(connection: HTTPConnection) -> BankLock:
    lock: BankLock = connection.app.state.bank_lock
    return lock


TheBankLock = Annotated[BankLock, Depends(_bank_lock)]
