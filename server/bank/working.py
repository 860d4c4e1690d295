"""How routes change a bank: work out in a thread, write in one verb, and begin anew when somebody else was quicker."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, TypeVar

from fastapi import Depends
from sqlmodel import Session
from starlette.requests import HTTPConnection

from question_bank.papers import ItemRef
from server.bank import actions
from server.bank.actions import BankMoved, Change
from server.bank.open_bank import OpenBank
from server.bank.open_banks import OpenBanks, TheOpenBanks
from server.bank.schemas import Moved, VersionName, outcome
from server.db import Database
from server.web import TheDatabase, TheWriter
from server.writer.desk import Desk
from server.writer.models import CommandOutcome
from server.writer.writer import Writer

TRIES = 3
"""How often a change is worked out anew before the person is told that the bank moved."""

T = TypeVar("T")
Prepare = Callable[[Session, OpenBank, bytes], T]
ExposureOf = Callable[[Session, str], Mapping[str, int]]
"""On how many papers of past sessions each item of a bank was; papers know, and stand above this noun."""


class Working:
    """The room's parts as work on banks needs them."""

    def __init__(self, writer: Writer, database: Database, banks: OpenBanks, exposure_of: ExposureOf) -> None:
        self.writer = writer
        self.database = database
        self.banks = banks
        self.exposure_of = exposure_of

    async def look(self, bank: str, looking: Prepare[T]) -> T:
        """Look into an open bank, in a thread; a keeper's look puts off the hour it locks itself."""
        self.banks.used()

        def work() -> T:
            with self.database.read() as db, self.banks.bank(db, bank) as opened:
                return looking(db, opened, self.banks.key)

        return await asyncio.to_thread(work)

    async def change(
        self, bank: str, prepare: Prepare[Change], by: str, reason: str = "", command: str | None = None
    ) -> dict[str, object]:
        """Have a change of a bank; raises what working it out refuses, and BankMoved when others kept being quicker."""
        first = await self.outcome_of(command)
        if first is not None:
            return first
        for left in reversed(range(TRIES)):
            change = await self.look(bank, prepare)

            def verb(desk: Desk, change: Change = change) -> dict[str, object]:
                actions.move(desk, change, by, reason)
                return moved(change)

            try:
                return await self.writer.submit(verb, command=command)
            except BankMoved:
                if not left:
                    raise
        raise BankMoved()

    async def outcome_of(self, command: str | None) -> dict[str, object] | None:
        """What a command came to the first time: worked out anew, a repeat would find its own change in its way."""

        def look() -> dict[str, object] | None:
            with self.database.read() as db:
                row = None if command is None else db.get(CommandOutcome, command)
                return None if row is None else json.loads(row.outcome)

        return await asyncio.to_thread(look)

    async def read(self, bank: str, purpose: str, refs: Sequence[ItemRef], by: str) -> None:
        """Write down that a person is shown these items, before they are."""
        if refs:
            await self.writer.submit(lambda desk: actions.read(desk, bank, purpose, refs, by))


def moved(change: Change) -> dict[str, object]:
    """The outcome of a change, for the screen."""
    made = change.publication
    published = None if made is None else VersionName(number=made.number, version=made.version)
    return outcome(Moved(items=len(change.named), published=published))


def _working(
    connection: HTTPConnection, writer: TheWriter, database: TheDatabase, banks: TheOpenBanks
) -> Working:
    return Working(writer, database, banks, connection.app.state.exposure_of)


TheWorking = Annotated[Working, Depends(_working)]
