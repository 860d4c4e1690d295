"""What the ledger promises over every connection it can stand on."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from protocol.entry import Head
from recordings.ledger import Connection, Ledger, Row, StreamRow, connect, note_digest, prepare
from recordings.models import create_statements
from tests.recordings.forgetful_vfs import ForgetfulVFS

_numbers = itertools.count()


def _sqlite3(path: Path) -> Connection:
    return connect(path)


def _apsw(path: Path) -> Connection:
    return apsw.Connection(str(path))


def _forgetful(_path: Path) -> Connection:
    return ForgetfulVFS(f"contract-{next(_numbers)}").connect()


@pytest.fixture(params=[_sqlite3, _apsw, _forgetful], ids=["sqlite3", "apsw", "forgetful"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    make: Callable[[Path], Connection] = request.param
    made = make(tmp_path / "ledger.sqlite")
    prepare(made)
    for statement in create_statements():
        made.execute(statement)
    yield made
    made.close()


@pytest.fixture
def ledger(connection: Connection) -> Ledger:
    return Ledger(connection)


def row(n: int, stream: str = "st", seq: int | None = None, **given: str | None) -> Row:
    seq = n - 1 if seq is None else seq
    session, attempt = given.get("session", "s1"), given.get("attempt")
    return Row(
        n,
        stream,
        seq,
        session,
        attempt,
        "answer.saved",
        n,
        n + 1,
        f"{n:064x}",
        f'{{"考":{n}}}',
        given.get("signature"),
    )


def save(ledger: Ledger, *rows: Row) -> None:
    ledger.begin()
    ledger.append(rows)
    ledger.commit(rows[-1].n)


class TestAppend:
    def test_gives_back_exactly_what_was_kept(self, ledger: Ledger) -> None:
        rows = [row(1, session=None), row(2, attempt="a1", signature="s" * 88), row(3, "other", 0)]
        save(ledger, *rows)
        assert list(ledger.entries()) == rows
        assert ledger.entry_at("st", 1) == rows[1]
        assert ledger.entry_at("st", 2) is None

    def test_is_seen_inside_the_transaction_and_gone_after_a_rollback(
        self, ledger: Ledger, connection: Connection
    ) -> None:
        ledger.begin()
        ledger.append([row(1)])
        assert ledger.entry_at("st", 0) == row(1)
        ledger.rollback()
        assert list(ledger.entries()) == []
        assert (ledger.last_n, Ledger(connection).last_n) == (0, 0)
        save(ledger, row(1))

    @pytest.mark.parametrize("second", [row(1, "other"), row(2, "st", 0)])
    def test_takes_no_position_and_no_place_twice(self, ledger: Ledger, second: Row) -> None:
        save(ledger, row(1))
        ledger.begin()
        with pytest.raises((sqlite3.IntegrityError, apsw.ConstraintError)):
            ledger.append([second])
        ledger.rollback()
        assert list(ledger.entries()) == [row(1)]

    def test_knows_its_last_position_when_opened_again(self, ledger: Ledger, connection: Connection) -> None:
        save(ledger, row(1), row(2))
        assert Ledger(connection).last_n == ledger.last_n == 2

    def test_a_rollback_of_nothing_is_harmless(self, ledger: Ledger) -> None:
        ledger.rollback()


class TestEntries:
    def test_are_in_order_after_a_position_and_of_one_session_or_attempt(self, ledger: Ledger) -> None:
        rows = [
            row(n, f"st{n % 3}", n, session=f"s{n % 2}", attempt=f"a{n % 4}" if n % 5 else None)
            for n in range(1, 41)
        ]
        save(ledger, *rows)
        assert list(ledger.entries(after_n=30)) == rows[30:]
        assert list(ledger.entries(7, session="s1")) == [each for each in rows[7:] if each.session == "s1"]
        assert list(ledger.entries(attempt="a3")) == [each for each in rows if each.attempt == "a3"]

    def test_more_than_a_page_come_all(self, ledger: Ledger) -> None:
        save(ledger, *[row(n) for n in range(1, 4_102)])
        assert [each.n for each in ledger.entries(100)] == list(range(101, 4_102))

    def test_exactly_a_page_ends(self, ledger: Ledger) -> None:
        save(ledger, *[row(n) for n in range(1, 4_001)])
        assert sum(1 for _ in ledger.entries()) == 4_000

    def test_of_a_stream_are_in_its_own_order(self, ledger: Ledger) -> None:
        save(ledger, row(1, seq=0), row(2, "other", 0), row(3, seq=1), row(4, seq=2))
        assert [each.seq for each in ledger.stream_entries("st", 1)] == [1, 2]

    @pytest.mark.parametrize(
        ("sql", "index"),
        [
            ("SELECT n FROM entry WHERE n > ? AND session = ? ORDER BY n LIMIT 9", "entry_session"),
            ("SELECT n FROM entry WHERE n > ? AND attempt = ? ORDER BY n LIMIT 9", "entry_attempt"),
            (
                "SELECT stream, seq, hash FROM entry WHERE session IS ? ORDER BY n DESC LIMIT 1",
                "entry_session",
            ),
        ],
    )
    def test_are_found_by_an_index(
        self, ledger: Ledger, connection: Connection, sql: str, index: str
    ) -> None:
        save(ledger, *[row(n, session=f"s{n % 7}") for n in range(1, 500)])
        plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?")).fetchall()
        assert len(plan) == 1
        assert index in plan[0][3]


class TestStreams:
    def test_are_in_the_order_they_were_opened(self, ledger: Ledger) -> None:
        one = StreamRow("one", "station", "st1", "s1", "a1", "k" * 44, 2)
        two = StreamRow("two", "server", None, None, None, "k" * 44, 1)
        ledger.begin()
        for stream in (one, two):
            ledger.open_stream(stream)
        ledger.commit(0)
        assert ledger.streams() == [two, one]
        assert ledger.streams("a1") == [one]
        assert (ledger.stream("one"), ledger.stream("three")) == (one, None)

    def test_last_head_is_the_newest_of_a_session_or_the_centre(self, ledger: Ledger) -> None:
        assert ledger.last_head(None) is None
        save(ledger, row(1, "c1", 0, session=None), row(2, "c2", 0, session=None), row(3, "s", 0))
        assert ledger.last_head(None) == Head("c2", 0, f"{2:064x}")
        assert ledger.last_head("s1") == Head("s", 0, f"{3:064x}")
        assert ledger.last_head("s2") is None


class TestSignedHeads:
    def test_keep_the_newest(self, ledger: Ledger) -> None:
        ledger.begin()
        for seq in (3, 5, 4):
            ledger.sign_head("st", seq, f"statement {seq}", f"signature {seq}")
        ledger.commit(0)
        assert ledger.signed_heads(["st", "other"]) == [("st", 5, "statement 5", "signature 5")]


class TestNotes:
    def test_are_named_by_salt_and_text(self, ledger: Ledger, connection: Connection) -> None:
        ledger.begin()
        one, two = ledger.note("同一句"), ledger.note("同一句")
        ledger.commit(0)
        assert one != two
        found = ledger.note_text(one)
        assert found is not None
        assert found[1] == "同一句"
        assert note_digest(*found) == one
        connection.execute("DELETE FROM note")
        assert ledger.note_text(one) is None


class TestQuarantine:
    @pytest.mark.parametrize("text", ["", "\ud800", "考\x00场", "x" * 100_000])
    def test_keeps_what_came_verbatim(self, ledger: Ledger, connection: Connection, text: str) -> None:
        ledger.begin()
        ledger.quarantine(None, "st1", 1, "why" * 400, text)
        ledger.commit(0)
        kept = connection.execute("SELECT stream, reason, text FROM quarantine").fetchall()
        assert kept == [(None, ("why" * 400)[:400], text.encode("utf-8", "surrogatepass"))]


class TestCheckpoints:
    def test_keep_the_newest_and_only_of_their_shape(self, ledger: Ledger) -> None:
        ledger.begin()
        ledger.checkpoint("s1", 5, "shape", b"five")
        ledger.checkpoint("s1", 9, "shape", b"nine" * 1_000)
        ledger.commit(0)
        assert ledger.last_checkpoint("s1", "shape") == (9, b"nine" * 1_000)
        assert ledger.last_checkpoint("s1", "other") is None
        assert ledger.last_checkpoint("s2", "shape") is None


def test_a_fresh_connection_syncs_every_commit(connection: Connection) -> None:
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
