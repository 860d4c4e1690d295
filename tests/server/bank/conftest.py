"""A room whose bank key was founded: two keepers, unlocked."""

import pytest

from server.app import RoomServer
from server.people.rules import Role
from tests.server.bank.keeping import PASSPHRASE, SECOND_PASSPHRASE, Keepers
from tests.server.conftest import PASSWORD, ClientOf, command


@pytest.fixture
async def keepers(as_: ClientOf, room: RoomServer) -> Keepers:
    """Two keepers, both with a passphrase; the bank is unlocked."""
    first = await as_(Role.BANK_KEEPER, login="keeper1", display_name="题库甲")
    second = await as_(Role.BANK_KEEPER, login="keeper2", display_name="题库乙")
    found = Keepers(room, first, second)
    await found.did("/found", {"passphrase": PASSPHRASE})
    admission = {"login": "keeper2", "password": PASSWORD, "passphrase": SECOND_PASSPHRASE}
    answer = await first.post("/api/bank/keepers", json=admission, headers=command())
    assert answer.status_code == 204, answer.text
    return found
