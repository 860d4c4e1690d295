"""The bank key: who founds it, who unlocks it, when it is gone again, and what the ledger says of it."""

import asyncio
import threading
import time

import pytest
from sqlmodel import select

from protocol.bank_entries import BankLockMoved
from server.app import RoomServer
from server.bank.key_file import KeyFile
from server.bank.lock import TRIES_MAX, BankLock
from server.bank.models import BankItem, BankOutline, BankPicture
from server.bank.open_banks import BankLocked, OpenBanks
from server.people.rules import Person, Role
from server.settings import Argon2
from server.writer.writer import Committed
from tests.server.bank.keeping import BANK, PASSPHRASE, SECOND_PASSPHRASE, Keepers, person
from tests.server.conftest import PASSWORD, ClientOf

CHEAP = Argon2(memory_kib=8, passes=1, lanes=1)


class TestFounding:
    async def test_is_done_once_and_leaves_the_bank_unlocked(self, keepers: Keepers) -> None:
        state = await keepers.get("/lock")
        assert (state["founded"], state["unlocked"], state["mine"]) == (True, True, True)
        assert [each["login"] for each in state["keepers"]] == ["keeper1", "keeper2"]
        again = await keepers.does("/found", {"passphrase": PASSPHRASE}, by=keepers.second)
        assert (again.status_code, again.json()["code"]) == (409, "bank_founded")

    async def test_refuses_a_passphrase_anybody_could_try(self, as_: ClientOf, room: RoomServer) -> None:
        keeper = await as_(Role.BANK_KEEPER)
        answer = await keeper.post("/api/bank/found", json={"passphrase": "kurz"})
        assert answer.json()["code"] == "passphrase_length"
        assert not room.folder.bank_key.exists()

    async def test_never_makes_a_second_key_over_sealed_items(
        self, keepers: Keepers, room: RoomServer
    ) -> None:
        await keepers.stocks(2)
        room.folder.bank_key.unlink()
        answer = await keepers.does("/found", {"passphrase": PASSPHRASE})
        assert answer.json()["code"] == "bank_key_lost"


class TestUnlocking:
    async def test_each_keeper_has_a_passphrase_of_their_own(self, keepers: Keepers) -> None:
        for keeper, phrase in ((keepers.first, PASSPHRASE), (keepers.second, SECOND_PASSPHRASE)):
            await keepers.did("/lock", by=keeper)
            await keepers.did("/unlock", {"passphrase": phrase}, by=keeper)
        await keepers.did("/lock")
        crossed = await keepers.does("/unlock", {"passphrase": PASSPHRASE}, by=keepers.second)
        assert crossed.json()["code"] == "wrong_passphrase"
        assert (await keepers.get("/lock"))["unlocked"] is False

    async def test_locked_nothing_can_be_read_or_loaded(self, keepers: Keepers) -> None:
        await keepers.stocks(3)
        await keepers.did("/lock")
        for path in (f"/{BANK}/items", f"/{BANK}/items/Q001", f"/{BANK}/waiting", f"/{BANK}/outline"):
            answer = await keepers.first.get(f"/api/bank{path}")
            assert (answer.status_code, answer.json()["code"]) == (409, "bank_locked"), path
        shown = (await keepers.get(""))[0]
        assert (shown["items"], shown["states"]) == (3, {"approved": 3})

    async def test_a_wrong_passphrase_is_written_down_and_soon_not_even_heard(self, keepers: Keepers) -> None:
        await keepers.did("/lock")
        for _ in range(TRIES_MAX):
            wrong = await keepers.does("/unlock", {"passphrase": "not this one at all"})
            assert wrong.json()["code"] == "wrong_passphrase"
        for phrase in ("not this one at all", PASSPHRASE):
            answer = await keepers.does("/unlock", {"passphrase": phrase})
            assert answer.status_code == 429
        failed = [each for each in keepers.lock_steps() if each[0] == "unlock_failed"]
        assert failed == [("unlock_failed", person(keepers.first))] * (TRIES_MAX + 2)
        await keepers.did("/unlock", {"passphrase": SECOND_PASSPHRASE}, by=keepers.second)

    async def test_a_keeper_without_a_passphrase_cannot(self, keepers: Keepers, as_: ClientOf) -> None:
        third = await as_(Role.BANK_KEEPER)
        answer = await keepers.does("/unlock", {"passphrase": PASSPHRASE}, by=third)
        assert answer.json()["code"] == "not_admitted"

    async def test_everything_about_the_lock_is_on_the_ledger(self, keepers: Keepers) -> None:
        first, second = person(keepers.first), person(keepers.second)
        await keepers.did("/lock", by=keepers.second)
        await keepers.did("/unlock", {"passphrase": SECOND_PASSPHRASE}, by=keepers.second)
        assert keepers.lock_steps() == [
            ("founded", first),
            ("unlocked", first),
            ("admitted", first),
            ("locked", second),
            ("unlocked", second),
        ]


class TestKeepers:
    async def test_a_passphrase_is_changed_and_the_old_one_opens_nothing(self, keepers: Keepers) -> None:
        await keepers.did("/passphrase", {"old": PASSPHRASE, "new": "another bridge 42"})
        await keepers.did("/lock")
        assert not (await keepers.does("/unlock", {"passphrase": PASSPHRASE})).is_success
        await keepers.did("/unlock", {"passphrase": "another bridge 42"})

    async def test_who_is_removed_unlocks_no_more_and_the_last_one_stays(self, keepers: Keepers) -> None:
        await keepers.did(f"/keepers/{person(keepers.first)}", by=keepers.second, method="DELETE")
        last = await keepers.does(f"/keepers/{person(keepers.second)}", by=keepers.second, method="DELETE")
        assert last.json()["code"] == "last_keeper"
        await keepers.did("/lock", by=keepers.second)
        assert not (await keepers.does("/unlock", {"passphrase": PASSPHRASE})).is_success
        await keepers.did("/unlock", {"passphrase": SECOND_PASSPHRASE}, by=keepers.second)

    async def test_nobody_but_a_bank_keeper_is_admitted(self, keepers: Keepers, person_of) -> None:
        await person_of(Role.PROCTOR, login="proctor9")
        body = {"login": "proctor9", "password": PASSWORD, "passphrase": SECOND_PASSPHRASE}
        assert (await keepers.does("/keepers", body)).status_code == 403
        assert len((await keepers.get("/lock"))["keepers"]) == 2


class TestTheTimeThatLocks:
    def test_counts_from_the_last_use(self) -> None:
        now = [0]
        banks = OpenBanks(lambda: now[0], 30_000)
        banks.unlock(b"k" * 32, "keeper")
        now[0] = 29_000
        banks.used()
        now[0] = 58_999
        assert banks.unlocked is not None
        now[0] = 59_000
        assert banks.unlocked is None
        try:
            banks.used()
        except BankLocked:
            return
        raise AssertionError("a locked bank was used")

    async def test_is_written_down_when_it_is_over(self, room: RoomServer) -> None:
        now = [0]
        banks = OpenBanks(lambda: now[0], 60_000)
        lock = BankLock(room.writer, banks, KeyFile(room.folder.bank_key, CHEAP))
        keeper = Person("person-1", "keeper", "题库甲", frozenset({Role.BANK_KEEPER}))
        await lock.found(keeper, PASSPHRASE, room.database, 1)
        now[0] = 59_999
        await lock.noticed()
        assert banks.unlocked is not None
        now[0] = 60_000
        await lock.noticed()
        await lock.noticed()
        assert banks.unlocked is None
        found = Keepers(room, None, None).lock_steps()  # type: ignore[arg-type]
        assert found == [("founded", "person-1"), ("unlocked", "person-1"), ("timed_out", "room")]

    async def test_comes_by_itself_when_nobody_asks(self, room: RoomServer) -> None:
        banks = OpenBanks(lambda: time.monotonic_ns() // 1_000_000, 50)
        lock = BankLock(room.writer, banks, KeyFile(room.folder.bank_key, CHEAP))
        keeper = Person("person-1", "keeper", "题库甲", frozenset({Role.BANK_KEEPER}))
        steps: list[str] = []
        over = asyncio.Event()

        def heard(committed: Committed) -> None:
            steps.extend(one.body.step for one in committed.entries if isinstance(one.body, BankLockMoved))
            if "timed_out" in steps:
                over.set()

        room.writer.subscribe(heard)
        await lock.found(keeper, PASSPHRASE, room.database, 1)
        async with lock.watched():
            await asyncio.wait_for(over.wait(), 20)
        assert steps == ["founded", "unlocked", "timed_out"]


class TestWhoeverLooks:
    async def test_never_makes_the_room_wait(self, keepers: Keepers, room: RoomServer) -> None:
        await keepers.stocks(2)
        looking, enough = threading.Event(), threading.Event()

        def look() -> None:
            with room.database.read() as db, room.open_banks.bank(db, BANK):
                looking.set()
                assert enough.wait(20)

        reader = asyncio.create_task(asyncio.to_thread(look))
        await asyncio.to_thread(looking.wait, 20)
        # On the loop, where a lock held by the reader would stop every seat.
        room.open_banks.used()
        assert (await keepers.get("/lock"))["unlocked"] is True
        await keepers.did("/lock")
        enough.set()
        await reader
        assert room.open_banks.unlocked is None

    async def test_leaves_nothing_open_when_it_was_locked_meanwhile(
        self, keepers: Keepers, room: RoomServer
    ) -> None:
        await keepers.stocks(2)
        with room.database.read() as db:
            with room.open_banks.bank(db, BANK):
                room.open_banks.lock()
            with pytest.raises(BankLocked), room.open_banks.bank(db, BANK):
                pass


class TestAtRest:
    async def test_the_disk_holds_no_word_of_any_item_and_no_key(
        self, keepers: Keepers, room: RoomServer
    ) -> None:
        await keepers.stocks(3)
        await keepers.did("/lock")
        with room.database.read() as db:
            sealed = [each.sealed for each in db.exec(select(BankItem))]
            sealed += [each.sealed for each in db.exec(select(BankOutline))]
            sealed += [each.sealed for each in db.exec(select(BankPicture))]
        assert len(sealed) == 3
        key = KeyFile(room.folder.bank_key, CHEAP).open(person(keepers.first), PASSPHRASE)
        files = [each for each in room.folder.path.rglob("*") if each.is_file()]
        assert room.folder.bank_key in files
        for file in files:
            data = file.read_bytes()
            assert "保护层厚度".encode() not in data, file
            assert key not in data, file
            assert PASSPHRASE.encode() not in data, file

    async def test_a_row_moved_to_another_place_does_not_open(
        self, keepers: Keepers, room: RoomServer
    ) -> None:
        await keepers.stocks(2)

        def swap(desk) -> None:
            one, other = (desk.db.get(BankItem, (BANK, code, 1)) for code in ("Q001", "Q002"))
            one.sealed, other.sealed = other.sealed, one.sealed

        await room.writer.submit(swap)
        room.open_banks.lock()
        await keepers.did("/unlock", {"passphrase": PASSPHRASE})
        answer = await keepers.first.get(f"/api/bank/{BANK}/items")
        assert (answer.status_code, answer.json()["code"]) == (503, "bank_sealed")
