"""Orders on their way to the seats: sent after the commit, resent until the seat's stream says it heard them."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Protocol

from protocol import office_entries as office
from protocol.entry import Head
from protocol.entry_types import ORDERS, STREAM_OPENED
from protocol.keys import encode
from protocol.station_entries import OrderHeard
from server.attempts.rules import Attempts, unheard
from server.db import Database
from server.errors import NotFound
from server.papers.queries import paper_key, session_secret
from server.writer.day import Recorded, read_row
from server.writer.desk import Desk
from server.writer.writer import Committed, Writer

RESEND_S = 2.0
"""An order that was not heard is sent again after this long, to every seat whose link stands."""


class Receiver(Protocol):
    """A link that orders are sent on."""

    attempt: str | None
    session: str | None

    def send_text(self, text: str) -> None:
        """Queue a message."""


@dataclass(slots=True)
class _Seat:
    """What one attempt's seat has not heard yet, in order: the order's hash and the message that carries it."""

    link: Receiver
    session: str
    waiting: dict[str, str] = field(default_factory=dict)


class Orders:
    """Knows which link is which attempt's; see the module."""

    def __init__(self, writer: Writer, database: Database, wrapping: bytes) -> None:
        self._writer = writer
        self._database = database
        self._wrapping = wrapping
        self._seats: dict[str, _Seat] = {}
        self._heads: dict[str, Head] = {}
        self._secrets: dict[str, bytes] = {}
        self._refreshing: set[asyncio.Task[None]] = set()
        writer.subscribe(self._committed)

    def office_head(self, session: str | None) -> Head | None:
        """The newest durable head of the office's stream of a session, for the seats' witness."""
        return None if session is None else self._heads.get(session)

    def attach(self, link: Receiver) -> None:
        """From here the attempt's orders go to this link."""
        assert link.attempt is not None
        assert link.session is not None
        self._seats[link.attempt] = _Seat(link, link.session)

    def detach(self, link: Receiver) -> None:
        """The link ended; a newer one of the same attempt stays."""
        if link.attempt is not None:
            seat = self._seats.get(link.attempt)
            if seat is not None and seat.link is link:
                del self._seats[link.attempt]

    async def resend(self, link: Receiver) -> None:
        """Send everything the attempt has not heard, as the ledger has it now."""
        attempt, session = link.attempt, link.session
        if attempt is None or session is None:
            return
        head, rows, secret, texts = await self._writer.submit(
            lambda desk: self._unheard(desk, session, attempt)
        )
        if head is not None:
            self._heads[session] = head
        if secret is not None:
            self._secrets[session] = secret
        seat = self._seats.get(attempt)
        if seat is None or seat.link is not link:
            return
        seat.waiting = {
            one.entry.hash: self._message(one, attempt, texts.get(one.entry.hash)) for one in rows
        }
        for message in seat.waiting.values():
            link.send_text(message)

    async def keep_resending(self) -> None:
        """Run for the server's life: what was not heard goes out again."""
        while True:
            await asyncio.sleep(RESEND_S)
            for seat in list(self._seats.values()):
                for message in seat.waiting.values():
                    seat.link.send_text(message)

    def _unheard(
        self, desk: Desk, session: str, attempt: str
    ) -> tuple[Head | None, list[Recorded], bytes | None, dict[str, str]]:
        day = desk.day(session)
        found, texts = [], {}
        for ref in unheard(day.part(Attempts).by_id[attempt]):
            row = desk.ledger.entry_at(ref.stream, ref.seq)
            if row is None:
                continue
            one = read_row(row)
            found.append(one)
            text = _text_name(one)
            note = desk.ledger.note_text(text) if text else None
            if note is not None:
                texts[one.entry.hash] = note[1]
        secret = self._secrets.get(session)
        if secret is None:
            try:
                secret = session_secret(desk.db, session, self._wrapping)
            except NotFound:
                secret = None
        return day.office_head, found, secret, texts

    def _committed(self, committed: Committed) -> None:
        for one in committed.entries:
            if one.session is None:
                continue
            if not one.from_station:
                self._heads[one.session] = one.entry.head
            if one.entry.type in ORDERS:
                self._send(one)
            elif one.entry.type == STREAM_OPENED and one.from_station:
                self._refresh(one.attempt)
            elif isinstance(one.body, OrderHeard) and one.attempt in self._seats:
                self._seats[one.attempt].waiting.pop(one.body.order.hash, None)

    def _send(self, one: Recorded) -> None:
        text = self._note(one)
        if one.attempt is not None:
            attempts = [one.attempt] if one.attempt in self._seats else []
        else:
            attempts = [key for key, seat in self._seats.items() if seat.session == one.session]
        for attempt in attempts:
            seat = self._seats[attempt]
            message = self._message(one, attempt, text)
            seat.waiting[one.entry.hash] = message
            seat.link.send_text(message)

    def _refresh(self, attempt: str | None) -> None:
        seat = self._seats.get(attempt or "")
        if seat is not None:
            task = asyncio.get_running_loop().create_task(self.resend(seat.link))
            self._refreshing.add(task)
            task.add_done_callback(self._refreshing.discard)

    def _note(self, one: Recorded) -> str | None:
        name = _text_name(one)
        if name is None:
            return None
        with self._database.read_ledger() as ledger:
            note = ledger.note_text(name)
        return None if note is None else note[1]

    def _message(self, one: Recorded, attempt: str, text: str | None) -> str:
        assert one.signature is not None
        parts = {"type": "order", "attempt": attempt, "entry": one.entry.text, "signature": one.signature}
        if one.entry.type == "session.started" and one.session in self._secrets:
            parts["paper_key"] = encode(paper_key(self._secrets[one.session], attempt))
        if text is not None:
            parts["text"] = text
        return json.dumps(parts, ensure_ascii=False)


def _text_name(one: Recorded) -> str | None:
    return one.body.text if isinstance(one.body, office.MessageSent) else None
