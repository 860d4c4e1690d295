"""Where the blocking half of a write happens: in a thread, so that the page stays alive while the disk is slow.

Several answers arriving while one sync is under way share the next one; that is all the grouping there is.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Protocol

THREADS = 4
"""Syncs of one process that run side by side; one seat never has more than one, simulated seats share these."""


class Disk(Protocol):
    """Runs a piece of blocking file work and returns when it is done; an `OSError` of it is passed on."""

    async def run(self, work: Callable[[], None]) -> None:
        """Do the work."""


class ThreadedDisk:
    """Every piece in one of a few threads: a seat's own machine."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads: Executor = ThreadPoolExecutor(threads, thread_name_prefix="journal")

    async def run(self, work: Callable[[], None]) -> None:
        """Do the work in a thread."""
        await asyncio.get_running_loop().run_in_executor(self._threads, work)


class InlineDisk:
    """Every piece at once in the loop's own thread: for journals in memory, where a thread costs more than a write."""

    async def run(self, work: Callable[[], None]) -> None:
        """Do the work here."""
        work()
