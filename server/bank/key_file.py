"""The bank key on disk: 32 random bytes, wrapped for each keeper under their own bank passphrase (argon2id).

The file alone opens nothing. Whoever admits a keeper has the bank unlocked; whoever is removed can no longer unlock
this file, but an old copy of it still opens with the old passphrase: it is as secret as the room's other keys.
"""

import hashlib
import os
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from protocol.files import DiskFiles, Files
from protocol.keys import decode, encode
from server.bank.sealing import KEY_BYTES, BankSealed, seal, unseal
from server.errors import Refused
from server.settings import Argon2

SALT_BYTES = 16
PASSPHRASE_CHARS_MIN = 12
PASSPHRASE_CHARS_MAX = 200
KEEPERS_MAX = 50
"""Keepers the key is wrapped for; one more is refused."""


class BankKeyDamaged(Refused):
    """The file is there and cannot be read."""

    code = "bank_key_damaged"
    status = 503
    zh = "题库密钥文件 keys/bank_key.json 已损坏，请从副本恢复该文件。"
    en = "The bank key file keys/bank_key.json is damaged. Restore it from a copy."


class NotFounded(Refused):
    """Nobody made a bank key yet."""

    code = "bank_not_founded"
    zh = "题库尚未启用：请由第一位题库管理员设置题库口令。"
    en = "There is no bank key yet: a first bank keeper sets a bank passphrase."


class AlreadyFounded(Refused):
    """There is a bank key; another is never made over it."""

    code = "bank_founded"
    zh = "题库密钥已存在；请由已解锁题库的管理员添加您。"
    en = "There is a bank key already. A keeper who unlocked the bank can admit you."


class NotAdmitted(Refused):
    """The key is not wrapped for this person."""

    code = "not_admitted"
    zh = "您还没有题库口令；请由已解锁题库的管理员添加您。"
    en = "You have no bank passphrase yet. A keeper who unlocked the bank can admit you."


class WrongPassphrase(Refused):
    """The passphrase does not open the key."""

    code = "wrong_passphrase"
    zh = "题库口令不正确。"
    en = "The bank passphrase is wrong."


class PassphraseLength(Refused):
    """Too short to protect a bank, or longer than hashing takes."""

    code = "passphrase_length"
    zh = "题库口令应为 {least} 至 {most} 个字符。"
    en = "A bank passphrase has {least} to {most} characters."


class LastKeeper(Refused):
    """Without any keeper nobody could ever unlock the bank."""

    code = "last_keeper"
    zh = "这是最后一位持有题库口令的管理员，不能移除。"
    en = "This is the last keeper with a bank passphrase; removing them would lock the bank for ever."


class TooManyKeepers(Refused):
    """More keepers than a bank has use for."""

    code = "too_many_keepers"
    zh = "持有题库口令的管理员不能超过 {limit} 人。"
    en = "No more than {limit} keepers hold a bank passphrase."


class _Share(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    person: str
    salt: str
    memory_kib: int = Field(ge=8, le=4_194_304)
    passes: int = Field(ge=1, le=20)
    lanes: int = Field(ge=1, le=64)
    wrapped: str
    admitted_by: str
    admitted_at: int


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: int = Field(ge=1, le=1)
    key: str
    """A name of the key, to tell it from another: no way back to it."""
    keepers: list[_Share] = Field(max_length=KEEPERS_MAX)


class KeyFile:
    """The bank key of one room. Everything here computes for a while: call it in a thread."""

    def __init__(self, path: Path, argon2: Argon2, files: Files | None = None) -> None:
        self._path = path
        self._argon2 = argon2
        self._files = files or DiskFiles()

    @property
    def founded(self) -> bool:
        """Whether there is a bank key."""
        return self._files.exists(self._path)

    def keepers(self) -> tuple[str, ...]:
        """Ids of the people the key is wrapped for, none before it was made."""
        return tuple(share.person for share in self._read().keepers) if self.founded else ()

    def found(self, person: str, passphrase: str, now: int) -> bytes:
        """Make the bank key for a first keeper; raises :class:`AlreadyFounded`, :class:`PassphraseLength`."""
        if self.founded:
            raise AlreadyFounded()
        key = os.urandom(KEY_BYTES)
        share = self._wrap(key, person, passphrase, person, now)
        self._write(_File(format=1, key=_name_of(key), keepers=[share]))
        return key

    def open(self, person: str, passphrase: str) -> bytes:
        """The bank key, by a keeper's passphrase.

        Raises NotFounded, NotAdmitted, WrongPassphrase, BankKeyDamaged.
        """
        share = next((each for each in self._read().keepers if each.person == person), None)
        if share is None:
            raise NotAdmitted()
        derived = _derive(passphrase, decode(share.salt), share.memory_kib, share.passes, share.lanes)
        try:
            return unseal(derived, decode(share.wrapped), "key", person)
        except BankSealed as error:
            raise WrongPassphrase() from error

    def admit(self, key: bytes, person: str, passphrase: str, by: str, now: int) -> None:
        """Wrap the key for a person under a passphrase of their own, replacing the one they had."""
        kept = self._read()
        if kept.key != _name_of(key):
            raise BankKeyDamaged()
        share = self._wrap(key, person, passphrase, by, now)
        keepers = [*(each for each in kept.keepers if each.person != person), share]
        if len(keepers) > KEEPERS_MAX:
            raise TooManyKeepers(limit=KEEPERS_MAX)
        self._write(kept.model_copy(update={"keepers": keepers}))

    def remove(self, person: str) -> None:
        """Take a person's way to the key away; raises NotAdmitted, LastKeeper."""
        kept = self._read()
        rest = [each for each in kept.keepers if each.person != person]
        if len(rest) == len(kept.keepers):
            raise NotAdmitted()
        if not rest:
            raise LastKeeper()
        self._write(kept.model_copy(update={"keepers": rest}))

    def _wrap(self, key: bytes, person: str, passphrase: str, by: str, now: int) -> _Share:
        if not PASSPHRASE_CHARS_MIN <= len(passphrase) <= PASSPHRASE_CHARS_MAX:
            raise PassphraseLength(least=PASSPHRASE_CHARS_MIN, most=PASSPHRASE_CHARS_MAX)
        salt, cost = os.urandom(SALT_BYTES), self._argon2
        derived = _derive(passphrase, salt, cost.memory_kib, cost.passes, cost.lanes)
        return _Share(
            person=person,
            salt=encode(salt),
            memory_kib=cost.memory_kib,
            passes=cost.passes,
            lanes=cost.lanes,
            wrapped=encode(seal(derived, key, "key", person)),
            admitted_by=by,
            admitted_at=now,
        )

    def _read(self) -> _File:
        try:
            return _File.model_validate_json(self._files.read(self._path))
        except FileNotFoundError as error:
            raise NotFounded() from error
        except ValidationError as error:
            raise BankKeyDamaged() from error

    def _write(self, kept: _File) -> None:
        # A leading dot: the second copy takes finished files only.
        part = self._path.with_name(f".{self._path.name}.part")
        if self._files.exists(part):
            self._files.unlink(part)
        file = self._files.create(part)
        try:
            file.write(kept.model_dump_json(indent=1).encode())
            file.sync()
        finally:
            file.close()
        self._files.replace(part, self._path)
        self._files.sync_folder(self._path.parent)


def _derive(passphrase: str, salt: bytes, memory_kib: int, passes: int, lanes: int) -> bytes:
    return hash_secret_raw(
        passphrase[: PASSPHRASE_CHARS_MAX + 1].encode(errors="surrogatepass"),
        salt,
        time_cost=passes,
        memory_cost=max(memory_kib, 8 * lanes),
        parallelism=lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _name_of(key: bytes) -> str:
    return hashlib.sha256(b"kaochang bank key\n" + key).hexdigest()[:16]
