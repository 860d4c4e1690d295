"""What a bank version holds, and how it is sealed at rest."""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict

from protocol.keys import decode, encode
from question_bank.items import Item
from question_bank.outline import ContentOutline


class BankContents(BaseModel):
    """Items with their keys, and the outline they are filed under (None: a bank without assessment points)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: str
    outline: ContentOutline | None
    items: tuple[Item, ...]

    @property
    def version(self) -> str:
        """A version's name is what it holds: the digest of outline and items, shortened to 16 characters."""
        digest = hashlib.sha256(b"kaochang bank version 1\n")
        digest.update(b"" if self.outline is None else self.outline.model_dump_json().encode())
        for item in self.items:
            digest.update(item.digest().encode())
        return digest.hexdigest()[:16]


class BankSealed(ValueError):
    """The bank key does not open this version."""


def seal(contents: BankContents, key: bytes) -> tuple[str, str]:
    """Nonce and sealed JSON, both base64."""
    nonce = os.urandom(12)
    plain = contents.model_dump_json().encode()
    return encode(nonce), encode(
        AESGCM(key).encrypt(nonce, plain, _associated(contents.code, contents.version))
    )


def unseal(code: str, version: str, nonce: str, sealed: str, key: bytes) -> BankContents:
    """Open a version; raises :class:`BankSealed`."""
    try:
        plain = AESGCM(key).decrypt(decode(nonce), decode(sealed), _associated(code, version))
    except (InvalidTag, ValueError) as error:
        raise BankSealed(f"bank {code} version {version} does not open with this key") from error
    return BankContents.model_validate_json(plain)


def _associated(code: str, version: str) -> bytes:
    return f"kaochang/bank/1\n{code}\n{version}".encode()
