"""``kaochang bench``: measured on a real server process, over real sockets, with the seats' own code."""

import asyncio
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from kaochang.bench import answers, draw, handin, restart, start
from kaochang.bench.bare import bare_commit_ratio
from kaochang.bench.compared import beside
from kaochang.bench.room import SEATS_MAX, Bench, prepare
from question_bank.coverage import PAPERS_MAX
from question_bank.draw import CannotDraw

Figures = dict[str, float]

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
"""Where the seats' journals lie: every seat of a room has a disk of its own, here all would share the server's."""


@click.group()
def command() -> None:
    """Measure the room on this machine.

    Every figure comes from this run: a server process of its own, sockets over loopback with TLS, and the code a
    station runs. Seats and server share this machine, so the server's own CPU is the figure to compare.
    """


def _seats(default: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(
        "--seats",
        type=click.IntRange(1, SEATS_MAX),
        default=default,
        show_default=True,
        help="Seats in the room.",
    )


_json = click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")


@command.command("answers")
@_seats(200)
@click.option("--seconds", type=click.FloatRange(1, 3600), default=10, show_default=True)
@click.option(
    "--rate", type=click.FloatRange(1, 10_000), default=1000, show_default=True, help="Saves per second."
)
@_json
def answers_command(seats: int, seconds: float, rate: float, as_json: bool) -> None:
    """Measure durable answer saves.

    Throughput, time to the acknowledgement, server CPU per save, and the bare limit of this machine.
    """

    async def work(folder: Path, bench: Bench) -> Figures:
        figures = await answers.measure(bench, seconds, rate)
        return {**figures, **await bare_commit_ratio(folder)}

    _report(seats, work, as_json)


@command.command("start")
@_seats(200)
@_json
def start_command(seats: int, as_json: bool) -> None:
    """Measure the sign-in and the start.

    The sign-in of everybody, and from the start command to the last opened paper.
    """

    async def work(_folder: Path, bench: Bench) -> Figures:
        return await start.measure(bench)

    _report(seats, work, as_json)


@command.command("handin")
@_seats(200)
@_json
def handin_command(seats: int, as_json: bool) -> None:
    """Measure the end of an exam.

    From the order that collects everybody until all is durable, and until all is scored.
    """

    async def work(_folder: Path, bench: Bench) -> Figures:
        return await handin.measure(bench)

    _report(seats, work, as_json)


@command.command("restart")
@_seats(200)
@_json
def restart_command(seats: int, as_json: bool) -> None:
    """Measure a SIGKILL in mid-exam under load.

    Until the server answers, until all seats are back, and that nothing is lost.
    """

    async def work(_folder: Path, bench: Bench) -> Figures:
        return await restart.measure(bench)

    _report(seats, work, as_json)


@command.command("all")
@_seats(200)
@_json
def all_command(seats: int, as_json: bool) -> None:
    """Measure one room through everything.

    Start, answers, SIGKILL and back, the end; and the bare limit of this machine.
    """

    async def work(folder: Path, bench: Bench) -> Figures:
        figures = await start.measure(bench)
        figures |= await answers.measure(bench, 10, 1000)
        figures |= await bare_commit_ratio(folder)
        figures |= await restart.measure(bench)
        return figures | await handin.measure(bench)

    _report(seats, work, as_json)


@command.command("draw", short_help="Papers of a whole session drawn at once, and how alike they are.")
@click.option("--papers", type=click.IntRange(1, PAPERS_MAX), default=2000, show_default=True)
@click.option(
    "--items",
    type=click.IntRange(10, 1_000),
    default=100,
    show_default=True,
    help="Items of one paper.",
)
@click.option(
    "--bank",
    type=click.IntRange(10, 200_000),
    default=10_000,
    show_default=True,
    help="Items of the bank.",
)
@_json
def draw_command(papers: int, items: int, bank: int, as_json: bool) -> None:
    """Draw the papers of a session from a made-up bank: no room and no seats, one process on one core.

    Prints the seconds from committed inputs to finished papers, the scores expected of the easiest and the hardest
    paper, the items that neighbours and any two papers share at most, and on how many papers the most used item is.
    """
    try:
        figures = draw.measure(papers, items, bank)
    except CannotDraw as error:
        raise click.ClickException("; ".join(error.reasons)) from error
    _print(figures, as_json)


def _report(seats: int, work: Callable[[Path, Bench], Awaitable[Figures]], as_json: bool) -> None:
    _print(asyncio.run(_measured(seats, work, as_json)), as_json)


def _print(figures: Figures, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(figures))
        return
    click.echo(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name, value in figures.items():
        click.echo(f"{name:28} {value:12,.3f} {beside(name, value)}".rstrip())


async def _measured(seats: int, work: Callable[[Path, Bench], Awaitable[Figures]], quiet: bool) -> Figures:
    folder, journals = _folders()
    try:
        bench = await prepare(
            folder, journals, seats, lambda line: click.echo(line, err=True) if not quiet else None
        )
        try:
            return await work(folder, bench)
        finally:
            await bench.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(journals, ignore_errors=True)


def _folders() -> tuple[Path, Path]:
    """Where the room is, and where the seats' journals are."""
    memory = MEMORY if MEMORY.is_dir() else None
    return Path(tempfile.mkdtemp(prefix="kaochang-bench-")), Path(
        tempfile.mkdtemp(prefix="kaochang-seats-", dir=memory)
    )
