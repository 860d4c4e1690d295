"""Waiting on a condition instead of on time."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object], timeout_s: float = 20) -> None:
    """Return when the condition holds; fails after ``timeout_s``."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - what is waited for is many things, not one event
            await asyncio.sleep(0.002)
