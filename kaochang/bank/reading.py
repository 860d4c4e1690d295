"""A bank file read for a command, with a sign of life where it takes long."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from question_bank.importing import BankReading, read_bank
from question_bank.importing.limits import FILE_BYTES_MAX

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))

# Seconds without a word, and between two.
_SILENCE_S = 1.0


def read_file(path: Path) -> BankReading:
    """The reading of a file of any format. Raises click.ClickException when the file cannot be opened."""
    try:
        with path.open("rb") as opened:
            # One byte more than allowed is enough for the reader to refuse it by name.
            raw = opened.read(FILE_BYTES_MAX + 1)
    except OSError as wrong:
        raise click.ClickException(f"无法读取 {path}：{wrong.strerror} · {path} cannot be read") from wrong
    with sign_of_life(f"读取 reading {path.name}"):
        return read_bank(raw, path.name)


@contextmanager
def sign_of_life(doing: str) -> Iterator[None]:
    """Say on a terminal how long something has been going on, once a second; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    began = time.monotonic()

    def speak() -> None:
        while not done.wait(_SILENCE_S):
            click.echo(f"\r{doing} … {time.monotonic() - began:.0f} s", nl=False, err=True)
        if time.monotonic() - began > _SILENCE_S:
            click.echo("\r\033[K", nl=False, err=True)

    speaker = threading.Thread(target=speak, daemon=True)
    speaker.start()
    try:
        yield
    finally:
        done.set()
        speaker.join()
