"""How anything of a bank is sealed at rest: bytes in, bytes out; the nonce stands first."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.errors import Refused

KEY_BYTES = 32
NONCE_BYTES = 12


class BankSealed(Refused):
    """The key does not open this, or it is not what it is kept as."""

    code = "bank_sealed"
    status = 503
    zh = "{what}无法用当前题库密钥打开：密钥文件或数据库不是同一套，请从同一副本恢复。"
    en = "{what} does not open with this bank key: restore key file and database from one copy."


def seal(key: bytes, plain: bytes, *place: object) -> bytes:
    """Seal under a 32-byte key; ``place`` says what it is and where it belongs, and must be given again to open it."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, _associated(place))


def unseal(key: bytes, sealed: bytes, *place: object) -> bytes:
    """Open what was sealed for this place; raises :class:`BankSealed`."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _associated(place))
    except (InvalidTag, ValueError) as error:
        raise BankSealed(what=" ".join(map(str, place[:3]))) from error


def _associated(place: tuple[object, ...]) -> bytes:
    return "\n".join(("kaochang/bank/2", *map(str, place))).encode()
