"""Pictures reach the room behind the answers, once each, and what it will never take stops nothing else."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from station.spool import Spool
from station.uploads import ENTRIES_FIRST, Uploads
from tests.forgetful_files import ForgetfulFiles
from tests.station.scripted_room import ScriptedRoom
from tests.station.seats import identity_in
from tests.station.waiting import until

PICTURES = [bytes([n]) * 500 for n in range(3)]
DIGESTS = [hashlib.sha256(one).hexdigest() for one in PICTURES]


@pytest.fixture
async def room() -> AsyncIterator[ScriptedRoom]:
    async with ScriptedRoom().open() as opened:
        yield opened


@pytest.fixture
def spool() -> Spool:
    kept = Spool(ForgetfulFiles(), Path("/seat/spool"), disk_free_bytes_min=0)
    for one in PICTURES:
        kept.put(one)
    return kept


@asynccontextmanager
async def uploading(room: ScriptedRoom, spool: Spool, unsent: list[int | None]) -> AsyncIterator[Uploads]:
    async with httpx.AsyncClient(trust_env=False) as client:
        uploads = Uploads(identity_in(room), spool, client, lambda digest: "a1", lambda: unsent[0])
        running = asyncio.create_task(uploads.run())
        try:
            yield uploads
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


class TestRun:
    async def test_sends_every_picture_and_forgets_what_was_acknowledged(
        self, room: ScriptedRoom, spool: Spool
    ) -> None:
        async with uploading(room, spool, [0]) as uploads:
            await until(lambda: not spool.waiting())
            assert room.pictures == dict(zip(DIGESTS, PICTURES, strict=True))
            assert uploads.sent == 3

    @pytest.mark.parametrize("unsent", [None, ENTRIES_FIRST + 1])
    async def test_waits_while_answers_wait(self, room: ScriptedRoom, spool: Spool, unsent: int | None) -> None:
        waiting: list[int | None] = [unsent]
        async with uploading(room, spool, waiting) as uploads:
            uploads.wake()
            await asyncio.sleep(0)
            assert room.picture_tries == 0
            waiting[0] = ENTRIES_FIRST
            await until(lambda: not spool.waiting())

    @pytest.mark.parametrize(
        ("status", "code"), [(413, "picture_too_large"), (415, "not_a_jpeg"), (409, ""), (403, "not_its_picture")]
    )
    async def test_what_is_never_taken_is_set_aside_with_its_sentence(
        self, room: ScriptedRoom, spool: Spool, status: int, code: str
    ) -> None:
        room.picture_status, room.picture_code = status, code
        async with uploading(room, spool, [0]) as uploads:
            await until(lambda: len(uploads.refused) == 3)
            assert all(("不收" in said) == bool(code) for said in uploads.refused.values())
            assert len(spool.waiting()) == 3
            room.picture_status, room.picture_code = 204, ""
            uploads.wanted(DIGESTS[:1])
            await until(lambda: [one.digest for one in spool.waiting()] == DIGESTS[1:])
            assert set(room.pictures) == {DIGESTS[0]}

    @pytest.mark.parametrize(
        ("status", "code"), [(503, "busy"), (409, "announce_first"), (403, "not_enrolled"), (500, "")]
    )
    async def test_what_passes_is_tried_again(
        self, room: ScriptedRoom, spool: Spool, status: int, code: str
    ) -> None:
        room.picture_status, room.picture_code = status, code
        async with uploading(room, spool, [0]) as uploads:
            await until(lambda: room.picture_tries >= 2)
            room.picture_status, room.picture_code = 204, ""
            await until(lambda: not spool.waiting())
            assert uploads.refused == {}
