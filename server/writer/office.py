"""The office's own streams: one for each run of the server and each session, written as verbs return."""

import re
import secrets
from collections.abc import Callable

from protocol.entry import Head, compose, parse
from protocol.entry_types import FROM_OFFICE, ORDERS, STREAM_OPENED, version_of
from protocol.keys import Purpose, SigningKey
from protocol.office_entries import StreamOpened
from protocol.shapes import Closed, HeadRef
from server.writer.day import Recorded
from server.writer.desk import Planned

OFFICE_STREAM = "office-"
"""How the id of every stream of the office begins, and no station's may."""

Heads = dict[str | None, Head]
"""Where the office's streams stand, by session; None is the centre's."""

_OFFICE_STREAM = re.compile(OFFICE_STREAM + r"[0-9a-f]{16}-(.+)")
_NAMES = {model: kind for kind, model in FROM_OFFICE.items()}


class OfficeStreams:
    """One server run's streams. ``head_before`` tells where an earlier run's stream of a session stands."""

    def __init__(
        self, key: SigningKey, run: str, entries_max: int, head_before: Callable[[str | None], Head | None]
    ) -> None:
        self._key, self._run, self._entries_max = key, run, entries_max
        self._head_before = head_before
        self._heads: Heads = {}

    def write(self, one: Planned, ahead: Heads, now: int, n: int) -> list[Recorded]:
        """The entry at place n, and before it the opening of its stream when there is none or it is full.

        ``ahead`` holds where the verb under way has left the streams, and is brought up to date.
        """
        written = []
        head = ahead.get(one.session) or self._heads.get(one.session)
        if head is None or head.seq + 1 >= self._entries_max:
            written.append(self._open(one.session, head, now, n))
            head = written[0].entry.head
        written.append(self._compose(one, head, now, n + len(written)))
        ahead[one.session] = written[-1].entry.head
        return written

    def moved(self, ahead: Heads) -> None:
        """The verb stands: from here the streams go on where it left them."""
        self._heads.update(ahead)

    def _compose(self, one: Planned, after: Head, now: int, n: int) -> Recorded:
        kind = _NAMES[type(one.body)]
        entry = compose(after, after.stream, now, kind, one.body.to_json(), version_of(kind))
        # What could not be read again must never become durable: the room would not open any more.
        parse(entry.text)
        signature = self._key.sign(Purpose.ORDER, entry.text) if kind in ORDERS else None
        return Recorded(n, entry, one.body, one.session, one.attempt, now, signature, False)

    def _open(self, session: str | None, full: Head | None, now: int, n: int) -> Recorded:
        """The run's stream of a session, or the one after it when it is ``full``."""
        follows = full or self._head_before(session)
        run = self._run if full is None else secrets.token_hex(8)
        body: Closed = StreamOpened(
            author="server",
            session=session,
            key=self._key.public,
            follows=HeadRef(**follows.to_json()) if follows else None,
            run=run,
        )
        entry = compose(None, office_stream(run, session), now, STREAM_OPENED, body.to_json())
        parse(entry.text)
        return Recorded(n, entry, body, session, None, now, None, False)


def office_stream(run: str, session: str | None) -> str:
    """The id of the office's stream of one server run for a session (None: the centre)."""
    return f"{OFFICE_STREAM}{run}-{session or 'centre'}"


def session_of_office_stream(stream: str) -> str | None:
    """The session a run's stream is for; None when the id is none of the office's."""
    found = _OFFICE_STREAM.fullmatch(stream)
    return found[1] if found else None
