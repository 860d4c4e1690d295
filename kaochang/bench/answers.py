"""Durable answer saves: from a seat's own journal over a real socket to the acknowledgement of the room."""

import asyncio
import random
import time

from kaochang.bench.room import Bench, at_work
from station.seat import Seat

WARM_UP_S = 2.0


async def measure(bench: Bench, seconds: float, rate: float) -> dict[str, float]:
    """Save ``rate`` answers per second over all seats for so many seconds; times in milliseconds."""
    await at_work(bench)
    dice = random.Random(7)  # noqa: S311 - which seat answers next
    await save(bench, WARM_UP_S, rate, dice)
    cpu, began = bench.room.cpu_s(), time.perf_counter()
    waits = await save(bench, seconds, rate, dice)
    took = time.perf_counter() - began
    cpu = bench.room.cpu_s() - cpu
    waits.sort()
    return {
        "seats": len(bench.seats),
        "saves": len(waits),
        "saves_per_s": len(waits) / took,
        "ack_ms_p50": _share(waits, 0.50),
        "ack_ms_p99": _share(waits, 0.99),
        "server_cpu_ms_per_save": cpu / len(waits) * 1000,
        "server_cpu_share": cpu / took,
        "server_memory_mb": bench.room.memory_mb(),
    }


async def save(bench: Bench, seconds: float, rate: float, dice: random.Random) -> list[float]:
    """Save so many answers per second; milliseconds each waited for the room's acknowledgement."""
    waits: list[float] = []
    pending: set[asyncio.Task[None]] = set()
    began, sent = time.perf_counter(), 0
    while (now := time.perf_counter() - began) < seconds:
        while sent < now * rate:
            sent += 1
            task = asyncio.create_task(_one(dice.choice(bench.seats), dice, waits))
            pending.add(task)
            task.add_done_callback(pending.discard)
        await asyncio.sleep(0.001)
    while pending:
        await asyncio.gather(*list(pending))
    return waits


async def _one(seat: Seat, dice: random.Random, waits: list[float]) -> None:
    began = time.perf_counter()
    entry = seat.answer(dice.randint(1, 20), [dice.choice("AB")])
    await seat.held(entry)
    waits.append((time.perf_counter() - began) * 1000)


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
