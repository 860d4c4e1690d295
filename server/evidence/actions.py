"""Evidence bundles: built outside the writer, and who took one is recorded before it is handed out."""

import tempfile
from typing import IO

from protocol.keys import SigningKey
from recordings.bundle.writing import Asked, BundleTooLarge, write
from recordings.store import Store
from server.attempts.queries import attempt_row
from server.db import Database
from server.errors import NotFound, Refused
from server.papers.queries import sealed_paper
from server.sessions.actions import NotNow
from server.sessions.queries import session_row
from server.sessions.rules import OPEN
from server.writer.desk import Desk
from server.writer.registers import changed

SPOOL_BYTES = 8 * 1_048_576
"""A bundle stays in memory up to here, then goes to a temporary file."""


class TooLargeForOneFile(Refused):
    """More than a plain zip holds."""

    code = "bundle_too_large"
    zh = "该证据包超过单个文件的上限（{why}）。"
    en = "This bundle is more than one file can hold ({why})."


def build(
    database: Database, store: Store, key: SigningKey, session: str, attempt: str, now: int
) -> IO[bytes]:
    """The bundle as an open temporary file, at its beginning; the caller closes it. Raises NotFound, NotNow."""
    paper = _paper(database, session, attempt)
    # The caller reads it to its end and closes it.
    file = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115
    try:
        with database.read_ledger() as ledger:
            write(file, ledger, store, key, Asked(session, attempt, paper, now))
    except LookupError as error:
        file.close()
        raise NotFound(what=f"证据 evidence of attempt {attempt}") from error
    except BundleTooLarge as error:
        file.close()
        raise TooLargeForOneFile(why=error) from error
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def record_taken(desk: Desk, session: str, attempt: str, by: str) -> None:
    """Who took the bundle of an attempt stands on the centre's stream."""
    changed(desk, "evidence", attempt, "taken", by=by, row={"session": session, "attempt": attempt})


def _paper(database: Database, session: str, attempt: str) -> str | None:
    with database.read() as db:
        if attempt_row(db, attempt).session != session:
            raise NotFound(what=f"attempt {attempt}")
        state = session_row(db, session).state
        if state in OPEN:
            # Answers leave no room in which others still write theirs.
            raise NotNow(state=state, verb="bundle")
        try:
            return sealed_paper(db, attempt).digest
        except NotFound:
            return None
