"""A room for every test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.attempts.building import Sitting, running
from tests.server.room import Room, open_room


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


@pytest.fixture
async def day(room: Room) -> Sitting:
    """Two candidates, c1 and c2, running."""
    return await running(room, "c1", "c2")
