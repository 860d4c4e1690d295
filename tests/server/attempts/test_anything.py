"""Whatever a seat sends, in whatever order: the room goes on, the seat goes on, and the ledger reads back the same."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol import wire
from protocol.entry import Entry, Head, compose, parse
from protocol.entry_types import FROM_OFFICE, FROM_STATION
from server.writer.day import load_day
from tests.server.attempts.building import Sitting, answer, restart, running, sends_texts
from tests.server.room import Room, open_room

KINDS = sorted({*FROM_STATION, *FROM_OFFICE, "nothing"})
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**54), 2**54),
    st.text(max_size=4),
    st.sampled_from(["s1", "s1-c1", "s1-c2", "s9", "office-0123456789abcdef-s1", "a" * 64, "A", []]),
)
GOOD: dict[str, dict[str, Any]] = {
    "answer.saved": {"slot": 3, "response": ["B"]},
    "page.left": {"cause": "hidden"},
    "page.returned": {"cause": "hidden", "away_ms": 10},
    "handed_in": {"by": "candidate", "answered": 1, "digest": "0" * 64},
    "rules.acknowledged": {},
    "clock.changed": {"by_ms": 5, "cause": "rebooted_offline"},
    "order.heard": {
        "order": {"stream": "o", "seq": 1, "hash": "0" * 64},
        "text": "{}",
        "signature": "x" * 88,
    },
    "stream.opened": {
        "author": "station",
        "station": "station-s1-c1",
        "session": "s1",
        "attempt": "s1-c1",
        "key": "k" * 44,
        "follows": None,
        "reason": "restart",
    },
}


@st.composite
def pieces(draw: st.DrawFn) -> tuple[str, Any]:
    """One thing a seat sends: what it is, and what it needs."""
    what = draw(
        st.sampled_from(["good", "good", "good", "bad body", "bad envelope", "again", "raw", "order", "gap"])
    )
    if what in ("good", "gap"):
        return what, draw(st.sampled_from(sorted(GOOD)))
    if what == "bad body":
        kind = draw(st.sampled_from(sorted(GOOD)))
        body = dict(GOOD[kind])
        for key in draw(st.lists(st.sampled_from([*sorted(body), "extra"]), max_size=2)):
            body[key] = draw(ODD)
        return what, (draw(st.sampled_from([kind, draw(st.sampled_from(KINDS))])), body)
    if what == "bad envelope":
        return what, (draw(st.sampled_from(["at", "body", "prev", "seq", "stream", "type", "v"])), draw(ODD))
    if what == "raw":
        return what, draw(st.text(max_size=30))
    return what, draw(st.integers(0, 8))


FRAMES = st.lists(st.lists(pieces(), min_size=1, max_size=4), min_size=1, max_size=6)


def texts_of(day: Sitting, frame: list[tuple[str, Any]], sent: list[str]) -> list[str]:
    """A frame's exact texts; what was sent before may come again."""
    seat, texts = day["c1"], list[str]()
    opening = Head(seat.stream, 0, "0" * 64) if seat.head is None else seat.head
    for what, given_ in frame:
        head = seat.head or opening
        if what == "good":
            if given_ == "stream.opened":
                seat.stream, head_or_none = f"new-{day.room.next_number()}", None
                body = {**GOOD[given_], "key": seat.key.public}
                entry = compose(head_or_none, seat.stream, day.room.now, given_, body)
            else:
                entry = compose(head, seat.stream, day.room.now, given_, GOOD[given_])
            seat.head = entry.head
            texts.append(entry.text)
        elif what == "gap":
            lost = compose(head, seat.stream, day.room.now, "answer.saved", GOOD["answer.saved"])
            texts.append(compose(lost.head, seat.stream, day.room.now, given_, GOOD[given_]).text)
        elif what == "bad body":
            texts.append(compose(head, seat.stream, day.room.now, given_[0], given_[1]).text)
        elif what == "bad envelope":
            entry = compose(head, seat.stream, day.room.now, "answer.saved", GOOD["answer.saved"])
            envelope = {**wire.read(entry.text, bytes_max=10_000), given_[0]: given_[1]}
            texts.append(wire.write(envelope))
        elif what == "raw":
            texts.append(given_)
        elif what == "again" and sent:
            texts.append(sent[given_ % len(sent)])
        elif what == "order":
            texts.append(_order(day, head, given_).text)
    sent += texts
    return texts or ["{}"]


def _order(day: Sitting, head: Head, number: int) -> Entry:
    """An order heard: a real one, with a field of another now and then."""
    rows = [row for row in day.room.writer.ledger.entries() if row.signature is not None]
    row, other = rows[number % len(rows)], rows[(number + 1) % len(rows)]
    body = {
        "order": row.head.to_json(),
        "text": other.text if number % 3 == 1 else row.text,
        "signature": other.signature if number % 3 == 2 else row.signature,
    }
    entry = compose(head, day["c1"].stream, day.room.now, "order.heard", body)
    day["c1"].head = entry.head
    return entry


async def live_through(folder: Path, frames: list[list[tuple[str, Any]]]) -> None:
    async with open_room(folder) as room:
        day = await running(room, "c1", "c2")
        await room.records(_extension())
        sent: list[str] = []
        for frame in frames:
            before = room.writer.ledger.last_n
            texts = texts_of(day, frame, sent)
            taken = await sends_texts(day["c1"], texts)
            assert not room.writer.failed.is_set()
            assert room.writer.ledger.last_n >= before
            for stream, seq in taken.acks.items():
                assert room.writer.ledger.entry_at(stream, seq) is not None
        await _goes_on(room, day)


async def _goes_on(room: Room, day: Sitting) -> None:
    seat = day["c1"]
    await seat.opens("repair")
    assert (await seat.says(answer(60, "A"))).refused == {}
    assert (await day["c2"].says(answer(60, "B"))).refused == {}
    assert day.attempt("c2").answers[60].response == ["B"]
    live = room.day()
    assert room.writer.folding.equal(load_day(room.writer.ledger, room.writer.folding, "s1"), live)
    await restart(room)
    assert room.writer.folding.equal(room.day(), live)
    for row in room.writer.ledger.entries():
        assert parse(row.text).hash == row.hash


def _extension() -> Any:
    return FROM_OFFICE["session.extended"].model_validate({"by_ms": 60_000, "by": "p", "note": None})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FRAMES)
def test_nothing_a_seat_sends_stops_anyone(frames: list[list[tuple[str, Any]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(live_through(Path(folder), frames))
