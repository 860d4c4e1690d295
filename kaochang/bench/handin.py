"""The end: everybody hands in within the same second, until all are durable, and until all are scored."""

import asyncio
import random
import time

from kaochang.bench.kept import scored
from kaochang.bench.room import SESSION, Bench, at_once, at_work, until
from server.data_folder import DataFolder
from station.seat import Seat

ANSWERS_EACH = 20


async def measure(bench: Bench) -> dict[str, float]:
    """Seconds from the order that collects everyone until every seat's hand-in is durable and every paper scored."""
    await at_work(bench)
    dice = random.Random(7)  # noqa: S311 - what is answered
    await at_once([_answer(seat, dice) for seat in bench.seats])
    cpu, began = bench.room.cpu_s(), time.perf_counter()
    proctor = bench.office.desk("proctor1")
    await asyncio.to_thread(proctor.do, f"/api/sessions/{SESSION}/end", {"reason": "bench"})
    await until(lambda: all(_delivered(seat) for seat in bench.seats), "hand-ins durable", every_s=0.005)
    durable = time.perf_counter() - began
    room = DataFolder(bench.room.data)
    await until(lambda: scored(room, SESSION) >= len(bench.seats), "everybody scored", every_s=0.02)
    took = time.perf_counter() - began
    return {
        "seats": len(bench.seats),
        "durable_s": durable,
        "scored_s": took,
        "server_cpu_ms_per_hand_in": (bench.room.cpu_s() - cpu) / len(bench.seats) * 1000,
    }


async def _answer(seat: Seat, dice: random.Random) -> None:
    entry = None
    for slot in range(1, ANSWERS_EACH + 1):
        entry = seat.answer(slot, [dice.choice("AB")])
    assert entry is not None
    await seat.held(entry)


def _delivered(seat: Seat) -> bool:
    sitting = seat.current or (seat.sittings[-1] if seat.sittings else None)
    return sitting is not None and sitting.hand_in_delivered()
