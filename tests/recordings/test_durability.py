"""What a commit called saved survives a power cut, and what it did not never does by half."""

import itertools
import random
from collections.abc import Iterator

import apsw
import pytest

from recordings.ledger import Ledger, LedgerBroken, Row, prepare
from recordings.models import create_statements
from tests.recordings.forgetful_vfs import ForgetfulVFS

BATCHES, ENTRIES = 12, 7
_numbers = itertools.count()


@pytest.fixture
def disk() -> Iterator[ForgetfulVFS]:
    made = ForgetfulVFS(f"forgetful-{next(_numbers)}")
    made_ledger(made).commit(0)
    yield made
    made.unregister()


def made_ledger(disk: ForgetfulVFS) -> Ledger:
    """A new ledger with its tables, in an open transaction."""
    connection = disk.connect()
    prepare(connection)
    connection.execute("BEGIN IMMEDIATE")
    for statement in create_statements():
        connection.execute(statement)
    return Ledger(connection)


def opened(disk: ForgetfulVFS, synchronous: str | None = None) -> Ledger:
    """The ledger as this disk has it; another ``synchronous`` than the ledger's own proves that it matters."""
    connection = disk.connect()
    prepare(connection)
    if synchronous is not None:
        connection.execute(f"PRAGMA synchronous={synchronous}")
    return Ledger(connection)


def batch(ledger: Ledger, entries: int = ENTRIES) -> list[Row]:
    """Entries of one batch, told apart from all others by their stream, appended to an open transaction."""
    first = ledger.last_n + 1
    rows = [
        Row(first + i, f"batch-{first}", i, "s1", "a1", "answer.saved", 1, 1, "0" * 64, "考" * 300, None)
        for i in range(entries)
    ]
    ledger.begin()
    ledger.append(rows)
    ledger.quarantine("st", "station", 1, "why", f"batch-{first}")
    return rows


def save(ledger: Ledger, batches: int = BATCHES) -> int:
    for _ in range(batches):
        ledger.commit(batch(ledger)[-1].n)
    return ledger.last_n


def held(disk: ForgetfulVFS) -> list[Row]:
    """Every entry after the power came back, each batch whole or not there."""
    ledger = opened(disk)
    rows = list(ledger.entries())
    ledger._connection.close()
    assert [row.n for row in rows] == list(range(1, len(rows) + 1))
    sizes = {stream: len(list(each)) for stream, each in itertools.groupby(rows, key=lambda row: row.stream)}
    assert set(sizes.values()) <= {ENTRIES}
    return rows


class TestAfterAPowerCut:
    def test_every_commit_is_there(self, disk: ForgetfulVFS) -> None:
        ledger = opened(disk)
        for _ in range(BATCHES):
            saved = save(ledger, 1)
            disk.crash()
            assert len(held(disk)) == saved
            ledger = opened(disk)

    def test_an_open_batch_is_not_there(self, disk: ForgetfulVFS) -> None:
        ledger = opened(disk)
        saved = save(ledger)
        batch(ledger)
        disk.crash()
        assert len(held(disk)) == saved

    @pytest.mark.parametrize("seed", range(25))
    def test_whatever_else_reached_the_disk(self, disk: ForgetfulVFS, seed: int) -> None:
        dice = random.Random(seed)
        ledger = opened(disk)
        saved = save(ledger, 1 + dice.randrange(BATCHES))
        if dice.random() < 0.5:
            disk.break_next("sync", apsw.IOError)
        if dice.random() < 0.8:
            batch(ledger)
            try_to_commit(ledger)
        disk.crash(dice)
        assert len(held(disk)) >= saved

    def test_a_checkpoint_of_the_wal_loses_nothing(self, disk: ForgetfulVFS) -> None:
        ledger = opened(disk)
        for _ in range(4):
            saved = save(ledger, 3)
            ledger._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            batch(ledger)
            disk.crash(random.Random(saved))
            assert len(held(disk)) == saved
            ledger = opened(disk)

    @pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
    def test_less_than_full_loses_what_was_called_saved(self, disk: ForgetfulVFS, synchronous: str) -> None:
        ledger = opened(disk, synchronous)
        saved = save(ledger)
        disk.crash()
        assert len(held(disk)) < saved

    def test_every_commit_syncs(self, disk: ForgetfulVFS) -> None:
        ledger = opened(disk)
        save(ledger, 1)
        for _ in range(5):
            before = disk.syncs
            save(ledger, 1)
            assert disk.syncs > before


class TestACommitThatFails:
    @pytest.mark.parametrize(
        ("operation", "error"), [("write", apsw.FullError), ("write", apsw.IOError), ("sync", apsw.IOError)]
    )
    def test_breaks_the_ledger_and_leaves_nothing(
        self, disk: ForgetfulVFS, operation: str, error: type[apsw.Error]
    ) -> None:
        ledger = opened(disk)
        saved = save(ledger)
        rows = batch(ledger)
        disk.break_next(operation, error)  # type: ignore[arg-type]
        with pytest.raises(LedgerBroken):
            ledger.commit(rows[-1].n)
        assert ledger.last_n == saved
        syncs = disk.syncs
        for write in (
            ledger.begin,
            lambda: ledger.append(rows),
            lambda: ledger.note("x"),
            lambda: ledger.quarantine(None, None, 1, "x", "x"),
            lambda: ledger.sign_head("st", 1, "x", "x"),
            lambda: ledger.checkpoint("s1", 1, "x", b"x"),
        ):
            with pytest.raises(LedgerBroken):
                write()
        assert disk.syncs == syncs, "a failed sync was tried again"
        disk.crash()
        assert len(held(disk)) == saved
        assert save(opened(disk), 1) == saved + ENTRIES

    def test_of_a_closed_ledger_leaves_nothing(self, disk: ForgetfulVFS) -> None:
        ledger = opened(disk)
        saved = save(ledger)
        rows = batch(ledger)
        disk.break_next("write", apsw.FullError)
        with pytest.raises(LedgerBroken):
            ledger.commit(rows[-1].n)
        ledger._connection.close()
        assert len(held(disk)) == saved


def try_to_commit(ledger: Ledger) -> None:
    """What was not called saved may be there all the same, but whole."""
    try:
        ledger.commit(ledger.last_n + ENTRIES)
    except LedgerBroken:
        return
