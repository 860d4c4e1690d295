"""The room's disk is gone: what keepers did is in the second copy, locked as it was."""

from pathlib import Path

from recordings.second_copy.copying import Copier
from recordings.second_copy.copying import Room as CopiedRoom
from recordings.second_copy.restoring import restore
from server.app import PARTS, PROJECTED, PROJECTIONS, RoomServer, open_room
from server.bank import queries
from server.bank.key_file import KeyFile
from server.data_folder import DataFolder
from server.db import Database
from server.settings import Argon2
from server.writer.day import Folding
from server.writer.rebuild import rebuild
from tests.server.bank.keeping import BANK, PASSPHRASE, SECOND_PASSPHRASE, Keepers, item, person
from tests.server.conftest import SETTINGS

ITEMS = f"/{BANK}/items"
CHEAP = Argon2(memory_kib=8, passes=1, lanes=1)


async def test_a_restored_room_unlocks_with_the_passphrases_and_draws_from_the_same_version(
    keepers: Keepers, room: RoomServer, tmp_path: Path
) -> None:
    await keepers.stocks(3)
    clock = [0]
    source = CopiedRoom(room.folder.path, room.folder.database, room.folder.store, room.keys.room.public)
    copier = Copier(source, tmp_path / "copy", lambda: clock[0])
    copier.step()

    # What comes after the first base is no session's: only the bank's own entries tell of it.
    await keepers.did("/passphrase", {"old": PASSPHRASE, "new": "a third bridge 43"})
    await keepers.did(ITEMS, {"item": item(), "expected_version": 0, "propose": True})
    copier.step()
    clock[0] += 3_600_000
    refs = {"refs": [{"code": "N1", "version": 1}]}
    await keepers.did(f"{ITEMS}/approve", refs, by=keepers.second)
    copier.step()
    clock[0] += 3_600_000
    copier.step()
    copier.close()
    version = keepers.published()[-1].version

    again = DataFolder(tmp_path / "again")
    restore(tmp_path / "copy", again.path, again.database, again.store)
    database = Database(again.database)
    rebuild(database, Folding(PARTS), PROJECTIONS, PROJECTED)
    database.close()
    opened = open_room(again, SETTINGS)
    try:
        file = KeyFile(again.bank_key, CHEAP)
        key = file.open(person(keepers.first), "a third bridge 43")
        assert key == file.open(person(keepers.second), SECOND_PASSPHRASE)
        assert opened.open_banks.unlocked is None
        opened.open_banks.unlock(key, person(keepers.first))
        with opened.database.read() as db:
            newest = queries.newest(db, BANK)
            assert newest is not None
            assert newest.version == version
            held = opened.open_banks.contents(db, BANK, version)
            assert [each.code for each in held.items] == ["N1", "Q001", "Q002", "Q003"]
    finally:
        opened.close()
