"""The bank key over HTTP: found, unlock, lock, and who holds a passphrase."""

from fastapi import APIRouter, BackgroundTasks

from server.bank.access import Keeper, KeeperOrOffice
from server.bank.key_file import NotAdmitted
from server.bank.lock import TheBankLock
from server.bank.lock_schemas import Admission, KeeperShown, LockShown, NewPassphrase, Passphrase
from server.bank.open_banks import OpenBanks, TheOpenBanks
from server.errors import Forbidden
from server.people import queries as people
from server.people.access import ThePasswords
from server.people.actions import check_password
from server.people.rules import Role
from server.web import TheClock, TheDatabase

ROUTER = APIRouter(prefix="/api/bank", tags=["bank"])


@ROUTER.get("/lock")
async def lock_state(
    by: KeeperOrOffice, lock: TheBankLock, banks: TheOpenBanks, database: TheDatabase
) -> LockShown:
    """Whether the banks are unlocked, by whom, and who can unlock them."""
    await lock.noticed()
    held = lock.keepers()
    with database.read() as db:
        known = people.people_by_id(db, held)
    return _shown(
        banks, lock.founded, by.id in held, [KeeperShown.of(known.get(each), each) for each in held]
    )


def _shown(banks: OpenBanks, founded: bool, mine: bool, keepers: list[KeeperShown]) -> LockShown:
    unlocked = banks.unlocked
    return LockShown(
        founded=founded,
        unlocked=unlocked is not None,
        unlocked_by=None if unlocked is None else unlocked.by,
        locks_in_s=None if unlocked is None else max(0, banks.idle_left_ms // 1000),
        mine=mine,
        keepers=keepers,
    )


@ROUTER.post("/found", status_code=204)
async def found(
    asked: Passphrase, by: Keeper, lock: TheBankLock, database: TheDatabase, clock: TheClock
) -> None:
    """Make the bank key, once, with its first keeper's passphrase; the banks are unlocked then."""
    await lock.found(by, asked.passphrase, database, clock.now_ms())


@ROUTER.post("/unlock", status_code=204)
async def unlock(
    asked: Passphrase,
    by: Keeper,
    lock: TheBankLock,
    banks: TheOpenBanks,
    database: TheDatabase,
    clock: TheClock,
    afterwards: BackgroundTasks,
) -> None:
    """Bring the bank key into the server's memory; the banks are opened while the keeper looks around."""
    await lock.noticed()
    await lock.unlock(by, asked.passphrase, clock.now_ms())
    afterwards.add_task(banks.warm, database)


@ROUTER.post("/lock", status_code=204)
async def lock(by: Keeper, lock: TheBankLock) -> None:
    """Forget the bank key."""
    await lock.lock(by)


@ROUTER.post("/keepers", status_code=204)
async def admit(
    asked: Admission, by: Keeper, lock: TheBankLock, passwords: ThePasswords, clock: TheClock
) -> None:
    """At the console of a keeper who unlocked the bank, another proves who they are and sets a passphrase."""
    keeper = await check_password(passwords, asked.login, asked.password, at=by)
    if Role.BANK_KEEPER not in keeper.roles:
        raise Forbidden()
    await lock.admit(keeper, asked.passphrase, by, clock.now_ms())


@ROUTER.delete("/keepers/{person_id}", status_code=204)
async def remove(person_id: str, by: Keeper, lock: TheBankLock) -> None:
    """Take a keeper's passphrase away; the banks must be unlocked."""
    if person_id not in lock.keepers():
        raise NotAdmitted()
    await lock.remove(person_id, by)


@ROUTER.post("/passphrase", status_code=204)
async def change(asked: NewPassphrase, by: Keeper, lock: TheBankLock, clock: TheClock) -> None:
    """Replace one's own bank passphrase."""
    await lock.change(by, asked.old, asked.new, clock.now_ms())
