"""How a journal's files are read back after anything: a restart, a power cut, a damaged disk.

A line is whole when it ends in a newline and reads as what it should be. What follows the last whole line is a torn
tail: it was never shown as saved and is cut off. An unreadable line with a whole one after it is a damaged middle: it
is reported and left where it is, the rest still counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from protocol import limits, wire
from protocol.entry import BadEntry, Entry, parse
from protocol.files import Files

T = TypeVar("T")

RECORD_BYTES_MAX = 2 * limits.FRAME_BYTES_MAX
"""One line beside the stream, in bytes: a sealed paper and a registered photo fit."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A line nobody can read any more: the file's name, the line counted from 1, and why."""

    file: str
    line: int
    reason: str


def read_entries(files: Files, path: Path, damage: list[Damage]) -> list[Entry]:
    """All whole entries of one stream's file; its torn tail is cut off, unreadable lines are added to ``damage``."""
    return _read_lines(files, path, damage, lambda line: parse(line.decode()))


def read_records(files: Files, path: Path, damage: list[Damage]) -> list[dict[str, Any]]:
    """All whole records of the file beside the streams; handled as a stream's."""
    return _read_lines(files, path, damage, lambda line: wire.read(line, bytes_max=RECORD_BYTES_MAX))


def _read_lines(
    files: Files, path: Path, damage: list[Damage], read: Callable[[bytes], T]
) -> list[T]:
    data = files.read(path)
    found: list[T] = []
    unread: list[Damage] = []
    whole_bytes = at = 0
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        at += len(line) + 1
        try:
            value = read(line)
        except (BadEntry, wire.Malformed, UnicodeDecodeError) as error:
            unread.append(Damage(path.name, number, str(error)))
            continue
        found.append(value)
        damage += unread
        unread.clear()
        whole_bytes = at
    if whole_bytes < len(data):
        files.truncate(path, whole_bytes)
    return found
