"""Coming back: the server is killed while everybody answers, started again, and nothing is lost."""

import asyncio
import random
import time

from kaochang.bench.answers import save
from kaochang.bench.kept import look
from kaochang.bench.room import SESSION, Bench, at_work, until
from server.data_folder import DataFolder
from station.seat import Seat

RATE = 420.0
"""Saves per second under which the server is killed: ten times what 2,000 candidates do."""

BEFORE_S = 5.0
AFTER_S = 3.0


async def measure(bench: Bench) -> dict[str, float]:
    """Seconds from SIGKILL until the server answers and until every seat is back; then what of the answers is lost."""
    await at_work(bench)
    dice = random.Random(7)  # noqa: S311 - which seat answers next
    rate = min(RATE, 5.0 * len(bench.seats))
    await save(bench, BEFORE_S, rate, dice)
    answering = asyncio.create_task(save(bench, BEFORE_S + AFTER_S, rate, dice))
    await asyncio.sleep(1)
    killed = time.perf_counter()
    await asyncio.to_thread(bench.room.kill)
    starting = asyncio.create_task(asyncio.to_thread(bench.room.start))
    await until(lambda: not any(seat.room.up for seat in bench.seats), "the links are lost", every_s=0.002)
    await starting
    serving = time.perf_counter() - killed
    await until(lambda: all(_back(seat) for seat in bench.seats), "seats back", every_s=0.01)
    back = time.perf_counter() - killed
    waits = await answering
    await until(lambda: not any(seat.unsent() for seat in bench.seats), "everything delivered", every_s=0.01)
    start_cpu = bench.room.cpu_s()
    kept = look(DataFolder(bench.room.data), SESSION, [seat.home for seat in bench.seats])
    return {
        "seats": len(bench.seats),
        "serving_s": serving,
        "all_back_s": back,
        "longest_wait_for_ack_s": max(waits) / 1000,
        "answers": kept.answers,
        "answers_lost": len(kept.answers_lost),
        "server_start_cpu_s": start_cpu,
    }


def _back(seat: Seat) -> bool:
    """Whether the link stands and the room has said what it holds of the seat's journal."""
    return seat.room.up and seat.current is not None and seat.current.outbox.ready
