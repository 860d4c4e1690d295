"""What every register's verbs share: ids of new rows, and the audit entry beside each change."""

import json
import secrets
from collections.abc import Mapping

from protocol.office_entries import RegisterChanged
from server.writer.desk import Desk

COMMAND_LINE = "command-line"
"""Who changed a register when it was done at the machine itself, by whoever holds its disk."""


def new_id(kind: str) -> str:
    """A random id: a short word for its kind, and 64 bits."""
    return f"{kind}-{secrets.token_hex(8)}"


def changed(desk: Desk, noun: str, key: str, verb: str, *, by: str, row: Mapping[str, object]) -> None:
    """Lay down the audit entry of a register's change on the centre's stream.

    The row as it is from now on is kept as a note under a salted digest, so that the entry names nobody and deleting
    the note leaves the chain whole. ``row`` must hold no password and no secret.
    """
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str)
    digest = desk.note(text)
    assert digest is not None
    desk.record(RegisterChanged(noun=noun, key=key, verb=verb, by=by, digest=digest), session=None)
