"""The one way to a session's figures: kept ones while its scores are the same, else computed anew and kept."""

import asyncio

from server.db import Database
from server.papers.queries import session_secret
from server.statistics.computing import Computed, compute
from server.statistics.gathering import Gathered, gather
from server.statistics.keeping import keep, kept, opened, sealed_row
from server.statistics.models import SubjectStatistics
from server.writer.writer import Writer

Found = list[tuple[Gathered, Computed]]
"""Each subject of a session with its figures."""


class Figures:
    """See the module. Computing happens in a thread; only reading the day and keeping the row are verbs."""

    def __init__(self, writer: Writer, database: Database, wrapping: bytes) -> None:
        self._writer, self._database, self._wrapping = writer, database, wrapping

    async def of_session(self, session: str) -> Found:
        """Every subject of a session; raises NotFound and NotNow."""
        found: Found = []
        for one in await self._writer.submit(lambda desk: gather(desk, session)):
            before = await asyncio.to_thread(self._kept, one)
            found.append((one, before or await self._anew(one)))
        return found

    async def kept_of(self, session: str) -> Found | None:
        """The kept figures of a session while they are those of its scores now, else None."""
        found: Found = []
        for one in await self._writer.submit(lambda desk: gather(desk, session)):
            computed = await asyncio.to_thread(self._kept, one)
            if computed is None:
                return None
            found.append((one, computed))
        return found

    async def _anew(self, one: Gathered) -> Computed:
        computed, row = await asyncio.to_thread(self._compute, one)
        await self._writer.submit(lambda desk: keep(desk, row))
        return computed

    def _kept(self, gathered: Gathered) -> Computed | None:
        with self._database.read() as db:
            row = kept(db, gathered.session, gathered.subject)
            if row is None or row.basis != gathered.basis:
                return None
            return opened(row, session_secret(db, gathered.session, self._wrapping))

    def _compute(self, gathered: Gathered) -> tuple[Computed, SubjectStatistics]:
        with self._database.read() as db, self._database.read_ledger() as ledger:
            secret = session_secret(db, gathered.session, self._wrapping)
            computed = compute(db, ledger, gathered, secret)
        return computed, sealed_row(gathered, computed, secret)
