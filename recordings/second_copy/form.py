"""What a second copy consists of, and the lines of its tail.

A copy is a folder that holds

* ``base.json``: which generation counts, of which room, and up to which position n its base goes;
* ``base-<generation>.sqlite``: the room's whole database as of one instant;
* ``tail-<generation>.ndjson``: what the ledger was given since, one JSON array a line, its first element the kind:
  ``S`` a stream, ``N`` a note, ``E`` an entry, ``H`` a signed head, ``Q`` what was quarantined, each with its columns;
* ``store/``, ``keys/``, ``schemes/`` and the small files of the room, as they are in its data folder.

Registers (people, candidates, papers, plans) travel with the base, so a new generation begins soon after one changed.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

BASE: Final = "base.json"
FORMAT: Final = 1

SMALL: Final = ("kaochang.toml", "calendar.toml", "calendar.csv", "clock.json")
FOLDERS: Final = ("keys", "schemes")
"""What is copied whole beside database and store; by the clock's anchor a room knows that it stands on another boot."""

READ_BYTES = 4 * 1_048_576
"""How much of a tail is read at once."""

COLUMNS: Final = {
    "S": ("stream", "id, author, station, session, attempt, key, opened_n"),
    "N": ("note", "digest, salt, text"),
    "E": (
        "entry",
        "n, stream, seq, session, attempt, type, at, received_at, hash, text, signature",
    ),
    "H": ("signed_head", "stream, seq, statement, signature"),
    "Q": ("quarantine", "id, stream, station, received_at, reason, text"),
}
"""Table and columns of each kind of line."""


@dataclass(frozen=True, slots=True)
class Base:
    """Which generation counts. ``room`` is the room's public key, ``n`` the last position in the base."""

    generation: int
    room: str
    n: int
    made_at: int
    format: int = FORMAT

    @property
    def database(self) -> str:
        """The file of the base."""
        return f"base-{self.generation}.sqlite"

    @property
    def tail(self) -> str:
        """The file of what came after."""
        return f"tail-{self.generation}.ndjson"

    def to_text(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self), sort_keys=True) + "\n"


class NoCopy(ValueError):
    """The folder holds no second copy that can be used; the message says why."""


def read_base(text: str) -> Base:
    """Which generation counts; raises :class:`NoCopy`."""
    try:
        found = Base(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise NoCopy(f"{BASE} 无法读取。 {BASE} cannot be read: {error}") from error
    if found.format != FORMAT:
        raise NoCopy(f"副本格式版本不支持。 The copy's format {found.format} is not read here, only {FORMAT}")
    return found


def write_line(kind: str, values: tuple[Any, ...]) -> bytes:
    """One line of a tail; bytes (a quarantined text) travel in hexadecimal."""
    told = [value.hex() if isinstance(value, bytes) else value for value in values]
    return json.dumps([kind, *told], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_line(line: bytes) -> tuple[str, tuple[Any, ...]] | None:
    """Kind and values of a line; None when it is none: torn by a power cut, or damaged."""
    try:
        kind, *values = json.loads(line)
    except (ValueError, TypeError):
        return None
    if kind not in COLUMNS or len(values) != COLUMNS[kind][1].count(",") + 1:
        return None
    if kind == "Q":
        try:
            values[-1] = bytes.fromhex(values[-1])
        except (ValueError, TypeError):
            return None
    return kind, tuple(values)
