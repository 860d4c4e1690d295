"""The start: everybody signs in, and from the start command until the last seat holds its opened paper."""

from kaochang.bench.room import Bench, begin, pass_gates, sign_in_all


async def measure(bench: Bench) -> dict[str, float]:
    """Seconds of the sign-in of all, and from the command to the last key and the last opened paper."""
    before = bench.room.cpu_s()
    signed_in = await sign_in_all(bench)
    between = bench.room.cpu_s()
    await pass_gates(bench)
    opened = bench.room.cpu_s()
    keys, papers = await begin(bench)
    return {
        "seats": len(bench.seats),
        "sign_in_s": signed_in,
        "keys_s": keys,
        "start_s": papers,
        "server_cpu_ms_per_sign_in": (between - before) / len(bench.seats) * 1000,
        "server_cpu_ms_per_start": (bench.room.cpu_s() - opened) / len(bench.seats) * 1000,
    }
