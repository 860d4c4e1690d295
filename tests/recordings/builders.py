"""A ledger that stands alone, with a small real session on it: an office stream, seats' streams, signed heads."""

import sqlite3
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from protocol.entry import Entry, Head, compose
from protocol.entry_types import ORDERS
from protocol.keys import Purpose, SigningKey
from protocol.shapes import HeadRef
from protocol.witness import sign_head
from recordings.bundle.form import heads_digest
from recordings.ledger import Ledger, Row, StreamRow, prepare
from recordings.models import create_statements
from recordings.store import Store

AT = 1_780_000_000_000


@dataclass
class Stream:
    """One author's stream, as it grows."""

    id: str
    author: str
    key: SigningKey
    station: str | None = None
    attempt: str | None = None
    head: Head | None = None


@dataclass
class Book:
    """A ledger, its store and its room key."""

    folder: Path
    key: SigningKey = field(default_factory=SigningKey.generate)
    session: str = "s1"

    def __post_init__(self) -> None:
        self.connection = sqlite3.connect(
            self.folder / "ledger.sqlite", isolation_level=None, check_same_thread=False
        )
        prepare(self.connection)
        for statement in create_statements():
            self.connection.execute(statement)
        self.ledger = Ledger(self.connection)
        self.store = Store(self.folder / "store")
        self.now = AT

    def open(
        self,
        name: str,
        *,
        key: SigningKey | None = None,
        station: str | None = None,
        attempt: str | None = None,
        follows: Head | None = None,
    ) -> Stream:
        """Open the office's stream, or a station's when one is named."""
        author = "server" if station is None else "station"
        stream = Stream(name, author, key or self.key, station, attempt)
        body: dict[str, Any] = {
            "author": author,
            "session": self.session,
            "key": stream.key.public,
            "follows": None if follows is None else follows.to_json(),
        }
        if station is None:
            body["run"] = name
        else:
            body |= {"station": station, "attempt": attempt, "reason": "sign_in"}
        self.ledger.begin()
        self.ledger.open_stream(
            StreamRow(
                name,
                author,
                station,
                self.session,
                attempt,
                stream.key.public,
                self.ledger.last_n + 1,
            )
        )
        self.ledger.commit(self.ledger.last_n)
        self.write(stream, "stream.opened", body)
        return stream

    def write(self, stream: Stream, kind: str, body: dict[str, Any], attempt: str | None = None) -> Entry:
        """The next entry of a stream."""
        self.now += 1000
        entry = compose(stream.head, stream.id, self.now, kind, body)
        stream.head = entry.head
        signature = self.key.sign(Purpose.ORDER, entry.text) if kind in ORDERS else None
        n = self.ledger.last_n + 1
        row = Row(
            n,
            stream.id,
            entry.seq,
            self.session,
            attempt or stream.attempt,
            kind,
            entry.at,
            self.now,
            entry.hash,
            entry.text,
            signature,
        )
        self.ledger.begin()
        self.ledger.append([row])
        self.ledger.commit(n)
        return entry

    def note(self, text: str) -> str:
        """A note's name."""
        self.ledger.begin()
        digest = self.ledger.note(text)
        self.ledger.commit(self.ledger.last_n)
        return digest

    def heard(self, stream: Stream, order: Entry) -> None:
        """The seat says it heard an order."""
        body = {
            "order": order.head.to_json(),
            "text": order.text,
            "signature": self.key.sign(Purpose.ORDER, order.text),
        }
        self.write(stream, "order.heard", body)

    def signs(self, stream: Stream, office: Head | None = None, at: Head | None = None) -> None:
        """The station signs where its stream stands, or stood."""
        head = at or stream.head
        assert head is not None
        heard = None if office is None else HeadRef(**office.to_json())
        statement, signature = sign_head(stream.key, HeadRef(**head.to_json()), heard, self.now)
        self.ledger.begin()
        self.ledger.sign_head(stream.id, head.seq, statement, signature)
        self.ledger.commit(self.ledger.last_n)

    def picture(self, stream: Stream, data: bytes, *, kept: bool = True) -> str:
        """The seat announces a picture; the room keeps it."""
        digest = self.store.put(data) if kept else sha256(data).hexdigest()
        body = {
            "digest": digest,
            "size": len(data),
            "width": 1280,
            "height": 720,
            "reason": "schedule",
            "planned_ms": 1,
            "taken_at": self.now,
            "quality": "clear",
        }
        self.write(stream, "snapshot.taken", body)
        return digest

    def sign_record(self, office: Stream) -> None:
        """Two people sign the record form over the heads as they stand."""
        heads = self.ledger.heads_before(self.session, self.ledger.last_n + 1)
        for by in ("p1", "p2"):
            body = {"by": by, "form_digest": "f" * 64, "heads_digest": heads_digest(heads)}
            self.write(office, "record.signed", body)


PICTURES = [bytes((i * 37 + j) % 251 for j in range(40_000)) for i in range(3)]
PAPER = "a" * 64


def sat(book: Book, attempt: str = "a1", *, signed: bool = True) -> tuple[Stream, Stream]:
    """One attempt as it is lived: seated, orders heard, answers, pictures, a warning, handed in; the record signed."""
    office = book.open("office-1")
    book.write(
        office,
        "attempt.listed",
        {"attempt": attempt, "candidate": "c1", "subject": "theory", "seat": 1, "duration_ms": 7_200_000},
        attempt,
    )
    start = book.write(office, "session.started", {"starts_at": book.now, "by": "p1"})
    seat = book.open(f"{attempt}-1", key=SigningKey.generate(), station="st1", attempt=attempt)
    book.heard(seat, start)
    book.write(seat, "paper.opened", {"digest": PAPER})
    for slot in range(1, 31):
        book.write(seat, "answer.saved", {"slot": slot, "response": ["A"]})
    for data in PICTURES:
        digest = book.picture(seat, data)
        book.write(office, "snapshot.received", {"attempt": attempt, "digest": digest}, attempt)
    warned = book.note("请勿交头接耳")
    order = book.write(
        office,
        "message.sent",
        {"attempt": attempt, "message": "m1", "text": warned, "warning": True, "by": "p1"},
        attempt,
    )
    book.heard(seat, order)
    book.write(seat, "handed_in", {"by": "candidate", "answered": 30, "digest": "b" * 64})
    assert office.head is not None
    book.signs(seat, office.head)
    other = book.note("说的是别人")
    book.write(
        office,
        "attempt.suspended",
        {"attempt": "someone-else", "by": "p1", "note": other},
        "someone-else",
    )
    if signed:
        book.sign_record(office)
    return office, seat
