"""The bank key: a file of its own beside the room's keys, made with the first bank."""

import os
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from protocol.files import DiskFiles, Files

KEY_BYTES = 32


class BankKeyDamaged(RuntimeError):
    """The file holds no key of 32 bytes."""


def load_or_make(path: Path, files: Files | None = None) -> bytes:
    """The bank key, made when it is not there; raises :class:`BankKeyDamaged`."""
    files = files or DiskFiles()
    if not files.exists(path):
        part = path.with_suffix(".part")
        if files.exists(part):
            files.unlink(part)
        file = files.create(part)
        file.write(os.urandom(KEY_BYTES))
        file.sync()
        file.close()
        files.replace(part, path)
        files.sync_folder(path.parent)
    key = files.read(path)
    if len(key) != KEY_BYTES:
        raise BankKeyDamaged(f"{path} holds {len(key)} bytes, not {KEY_BYTES}")
    return key


def _bank_key(connection: HTTPConnection) -> bytes:
    key: bytes = connection.app.state.bank_key
    return key


TheBankKey = Annotated[bytes, Depends(_bank_key)]
