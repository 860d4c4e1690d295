"""Statistics at rest: sealed under the session's secret, since they say which option is right."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter
from sqlmodel import Session

from protocol.keys import decode, encode
from protocol.sealing import derive
from server.statistics.computing import Computed
from server.statistics.gathering import Gathered
from server.statistics.models import SubjectStatistics
from server.writer.desk import Desk

PURPOSE = "statistics"
"""Purpose of the key derived from a session's secret."""

_COMPUTED = TypeAdapter(Computed)


def sealed_row(gathered: Gathered, computed: Computed, secret: bytes) -> SubjectStatistics:
    """The row to keep; when it was made is said by the verb."""
    nonce, key = os.urandom(12), derive(secret, PURPOSE, gathered.subject)
    sealed = AESGCM(key).encrypt(
        nonce, _COMPUTED.dump_json(computed), _associated(gathered.session, gathered.subject)
    )
    return SubjectStatistics(
        session=gathered.session,
        subject=gathered.subject,
        bank=gathered.bank,
        basis=gathered.basis,
        made_at=0,
        nonce=encode(nonce),
        sealed=encode(sealed),
    )


def opened(row: SubjectStatistics, secret: bytes) -> Computed:
    """What a kept row says; raises InvalidTag when the secret or the row is another's."""
    key = derive(secret, PURPOSE, row.subject)
    plain = AESGCM(key).decrypt(decode(row.nonce), decode(row.sealed), _associated(row.session, row.subject))
    return _COMPUTED.validate_json(plain)


def keep(desk: Desk, row: SubjectStatistics) -> None:
    """Keep statistics in place of those computed before; they can be computed again at any time."""
    row.made_at = desk.now
    desk.db.merge(row)


def kept(db: Session, session: str, subject: str) -> SubjectStatistics | None:
    """The statistics computed last."""
    return db.get(SubjectStatistics, (session, subject))


def _associated(session: str, subject: str) -> bytes:
    return f"kaochang/statistics/1\n{session}\n{subject}".encode()
