"""Pictures on their way in: who sends, how much, is it a picture, durable, on record; answers never wait behind."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from protocol import limits
from protocol.keys import Purpose, verify
from protocol.station_entries import SnapshotTaken
from recordings.store import Store
from server.db import Database
from server.errors import Refused
from server.snapshots.actions import Admitted, PicturesFull, admit, receive, tell_full
from server.snapshots.pictures import LengthNeeded, PictureTooLarge, Size, check
from server.snapshots.thumbnails import Thumbnails
from server.stations.queries import station_by_id
from server.writer.writer import Committed, Writer

PICTURES_AT_ONCE_MAX = 16
"""Pictures read and checked at the same time: at most 64 MiB; the next ones wait."""

PICTURES_PER_STATION_MAX = 4
"""Pictures of one station at once: a seat sends one after the other, and none may take every place."""

PICTURES_WAITING_MAX = 512
"""Pictures that may wait; one more is told to come again, and stays in its seat's spool."""

PICTURE_S_MAX = 30.0
"""Seconds one picture may take to come; a link slower than 140 kB/s gives its place to another."""


class NotFromAStation(Refused):
    """The signature is not that of a station enrolled here."""

    code = "not_enrolled"
    status = 403
    zh = "该考试机未在本考场登记，或签名不正确。"
    en = "Not signed by a station enrolled in this room."


class ComeAgain(Refused):
    """Too many pictures at once."""

    code = "busy"
    status = 503
    zh = "考场服务器正在接收大量照片，请稍后重发。"
    en = "The room is taking many pictures. Send it again in a moment."
    headers = {"Retry-After": "2"}


class TooSlow(Refused):
    """The bytes did not come in time."""

    code = "too_slow"
    status = 408
    zh = "照片传输超时，请重发。"
    en = "The picture took too long to come. Send it again."


class NotKept(Refused):
    """The disk did not take it."""

    code = "not_kept"
    status = 507
    zh = "考场服务器磁盘未能保存照片。"
    en = "The room server's disk did not take the picture."


class Intake:
    """Takes pictures from stations; see the module."""

    def __init__(self, writer: Writer, database: Database, store: Store, thumbnails: Thumbnails) -> None:
        self._writer = writer
        self._database = database
        self._store = store
        self._thumbnails = thumbnails
        self._places = asyncio.Semaphore(PICTURES_AT_ONCE_MAX)
        self._waiting = 0
        self._of: Counter[str] = Counter()
        writer.subscribe(self._committed)

    async def take(
        self,
        digest: str,
        station: str,
        attempt: str,
        signature: str,
        length: int | None,
        body: AsyncIterator[bytes],
    ) -> None:
        """One picture, from its first header to its entry; returns when both are durable, refuses otherwise."""
        if length is None:
            raise LengthNeeded()
        if length > limits.PICTURE_BYTES_MAX:
            raise PictureTooLarge()
        if not await asyncio.to_thread(self._proved, digest, station, attempt, signature):
            raise NotFromAStation()
        admitted = await self._admit(digest, station, attempt, length)
        async with self._place(station):
            data = await _read(body)
            await asyncio.to_thread(self._keep, data, digest, admitted.smallest)
        await self._writer.submit(lambda desk: receive(desk, admitted.session, attempt, digest, len(data)))
        self._thumbnails.warm(digest)

    async def _admit(self, digest: str, station: str, attempt: str, length: int) -> Admitted:
        try:
            return await self._writer.submit(lambda desk: admit(desk, station, attempt, digest, length))
        except PicturesFull as full:
            session = full.session
            await self._writer.submit(lambda desk: tell_full(desk, session, attempt, station))
            raise

    @asynccontextmanager
    async def _place(self, station: str) -> AsyncIterator[None]:
        """One of the places in which a picture is read; raises ComeAgain where too many wait already."""
        if self._waiting >= PICTURES_WAITING_MAX or self._of[station] >= PICTURES_PER_STATION_MAX:
            raise ComeAgain()
        self._of[station] += 1
        try:
            self._waiting += 1
            try:
                await self._places.acquire()
            finally:
                self._waiting -= 1
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._of[station] -= 1
            if not self._of[station]:
                del self._of[station]

    def _proved(self, digest: str, station: str, attempt: str, signature: str) -> bool:
        with self._database.read() as db:
            row = station_by_id(db, station)
            key = None if row is None else row.public_key
        statement = f"{digest}\n{attempt}\n{station}"
        return key is not None and verify(key, Purpose.PICTURE, statement, signature)

    def _keep(self, data: bytes, digest: str, smallest: Size) -> None:
        check(data, digest, smallest)
        try:
            self._store.put(data)
        except OSError as error:
            raise NotKept() from error

    def _committed(self, committed: Committed) -> None:
        """Bytes that are here already (the same picture twice, a journal brought by hand) are received at once."""
        for one in committed.entries:
            if not isinstance(one.body, SnapshotTaken) or not self._store.has(one.body.digest):
                continue
            session, attempt, digest = one.session, one.attempt, one.body.digest
            assert session is not None
            assert attempt is not None
            size = self._store.path(digest).stat().st_size
            done = self._writer.submit(
                lambda desk, s=session, a=attempt, d=digest, b=size: receive(desk, s, a, d, b)  # type: ignore[misc]
            )
            done.add_done_callback(lambda each: each.cancelled() or each.exception())


async def _read(body: AsyncIterator[bytes]) -> bytes:
    data = bytearray()
    try:
        async with asyncio.timeout(PICTURE_S_MAX):
            async for piece in body:
                data += piece
                if len(data) > limits.PICTURE_BYTES_MAX:
                    raise PictureTooLarge()
    except TimeoutError as error:
        raise TooSlow() from error
    return bytes(data)
