"""A package on its way: made in one room, carried to another, opened there by two people after its time."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from protocol.bank_entries import BankItemsRead, BankPackageMoved
from server.app import RoomServer, create_app, open_room
from server.bank.open_banks import BankLocked
from server.clock import RoomClock
from server.data_folder import DataFolder
from server.errors import NotFound
from server.people import actions as people
from server.people.rules import Role
from server.stations import keys as room_keys
from server.writer.day import read_row
from server.writer.registers import COMMAND_LINE
from tests.server.bank.keeping import BANK, Keepers
from tests.server.conftest import ADDRESS, PASSWORD, SETTINGS, ClientOf, command, empty_database

HOUR = 3_600_000


@dataclass
class Away:
    """The room the package travels to: no bank key there, two people of the office."""

    room: RoomServer
    one: httpx.AsyncClient
    other: httpx.AsyncClient
    proctor: httpx.AsyncClient

    async def takes(self, file: bytes) -> httpx.Response:
        """Bring a file in."""
        return await self.one.post("/api/packages/take", content=file, headers=command())

    async def enters(self, package: str, part: str, by: httpx.AsyncClient, **second: str) -> httpx.Response:
        """Enter a part."""
        return await by.post(
            f"/api/packages/{package}/open", json={"part": part, **second}, headers=command()
        )

    def steps(self) -> list[tuple[str, int | None]]:
        """What the ledger says of packages."""
        return steps(self.room)


def steps(room: RoomServer) -> list[tuple[str, int | None]]:
    """What a room's ledger says of packages: steps, and which part."""
    with room.database.read_ledger() as ledger:
        bodies = [read_row(each).body for each in ledger.entries() if each.session is None]
    return [(body.step, body.part) for body in bodies if isinstance(body, BankPackageMoved)]


@pytest.fixture
async def away(tmp_path: Path) -> AsyncIterator[Away]:
    """Another room, opened beside the first."""
    data = DataFolder(tmp_path / "away")
    data.path.mkdir()
    room_keys.make(data.keys, [], RoomClock(data.clock_anchor).now_ms())
    data.database.write_bytes(empty_database())
    opened = open_room(data, SETTINGS)
    clients = []
    try:
        async with opened.working():
            app = create_app(opened)
            for login, role in (
                ("one", Role.EXAM_OFFICE),
                ("other", Role.CONFIRMING_BODY),
                ("proctor", Role.PROCTOR),
            ):
                hashed = await opened.passwords.hash(PASSWORD)

                def verb(desk, login=login, role=role, hashed=hashed) -> object:
                    return people.add_person(
                        desk,
                        login=login,
                        display_name=login,
                        roles={role},
                        password_hash=hashed,
                        by=COMMAND_LINE,
                    )

                await opened.writer.submit(verb)
                client = httpx.AsyncClient(
                    transport=httpx.ASGITransport(app), base_url=ADDRESS, headers={"origin": ADDRESS}
                )
                answer = await client.post("/api/login", json={"login": login, "password": PASSWORD})
                assert answer.status_code == 200
                clients.append(client)
            yield Away(opened, *clients)
    finally:
        for client in clients:
            await client.aclose()
        opened.close()


async def makes(keepers: Keepers, not_before: int) -> tuple[str, bytes]:
    """A package of three items for session s9; its name and its file."""
    await keepers.stocks(3)
    plan = {
        "title": "方案",
        "full_score": 1_000,
        "sections": [{"title": "单选", "kind": "single", "count": 2, "score_each": 500}],
    }
    await keepers.did(f"/{BANK}/blueprints/p1", {"blueprint": plan}, method="PUT")
    asked = {"bank": BANK, "blueprints": ["p1"], "session": "s9", "not_before": not_before}
    answer = await keepers.first.post("/api/packages", json=asked, headers=command())
    assert answer.status_code == 201, answer.text
    name: str = answer.json()["header"]["package"]
    file = await keepers.first.get(f"/api/packages/{name}/file")
    return name, file.content


async def part(client: httpx.AsyncClient, package: str, **second: str) -> Any:
    """Be shown a part."""
    answer = await client.post(f"/api/packages/{package}/part", json=second, headers=command())
    return answer.json()


class TestTheJourney:
    async def test_two_people_open_it_in_another_room_which_has_no_bank_key(
        self, keepers: Keepers, away: Away
    ) -> None:
        package, file = await makes(keepers, not_before=0)
        first, second = await part(keepers.first, package), await part(keepers.second, package)
        assert (first["part"], second["part"]) == (1, 2)
        assert (await away.takes(file)).json()["opened"] is False
        assert (await away.enters(package, first["text"], away.one)).json() == {"entered": 1, "opened": False}
        with away.room.database.read() as db, pytest.raises(NotFound):
            away.room.open_banks.drawn_from(db, "s9", BANK, "p1")
        done = await away.enters(package, second["text"], away.other)
        assert done.json() == {"entered": 2, "opened": True}
        with away.room.database.read() as db:
            source = away.room.open_banks.drawn_from(db, "s9", BANK, "p1")
            assert [item.code for item in source.contents.items] == ["Q001", "Q002", "Q003"]
            assert (source.blueprint.code, source.contents.live) == ("p1", True)
            with pytest.raises(NotFound):
                away.room.open_banks.drawn_from(db, "s10", BANK, "p1")
        assert away.steps() == [
            ("taken", None),
            ("part_entered", 1),
            ("part_entered", 2),
            ("opened", None),
        ]
        reads = keepers.entries(BankItemsRead)
        assert [(each.purpose, each.items.count) for each in reads] == [("package", 3)]
        assert steps(keepers.room) == [("made", None), ("part_shown", 1), ("part_shown", 2)]

    async def test_nothing_opened_outlives_the_closing(self, keepers: Keepers, away: Away) -> None:
        package, file = await makes(keepers, not_before=0)
        parts = [await part(each, package) for each in (keepers.first, keepers.second)]
        await away.takes(file)
        for shown, client in zip(parts, (away.one, away.other), strict=True):
            await away.enters(package, shown["text"], client)
        assert (await away.one.post(f"/api/packages/{package}/close", headers=command())).status_code == 204
        assert away.room.open_banks.packages.of("s9", BANK) is None
        for file_ in (each for each in away.room.folder.path.rglob("*") if each.is_file()):
            data = file_.read_bytes()
            assert "保护层".encode() not in data
            assert not any(shown["text"].encode() in data for shown in parts)


class TestTheParts:
    async def test_each_is_shown_once_and_to_another_person(self, keepers: Keepers) -> None:
        package, _ = await makes(keepers, not_before=0)
        first = await part(keepers.first, package)
        assert (await part(keepers.first, package))["code"] == "another_person"
        second = await part(keepers.first, package, login="keeper2", password=PASSWORD)
        assert (first["part"], second["part"]) == (1, 2)
        assert (await part(keepers.second, package))["code"] == "parts_gone"

    async def test_one_person_cannot_enter_both(self, keepers: Keepers, away: Away) -> None:
        package, file = await makes(keepers, not_before=0)
        parts = [await part(each, package) for each in (keepers.first, keepers.second)]
        await away.takes(file)
        await away.enters(package, parts[0]["text"], away.one)
        alone = await away.enters(package, parts[1]["text"], away.one)
        assert alone.json()["code"] == "another_person"
        beside = await away.enters(package, parts[1]["text"], away.one, login="other", password=PASSWORD)
        assert beside.json()["opened"] is True

    async def test_a_wrong_one_is_refused_and_written_down(self, keepers: Keepers, away: Away) -> None:
        package, file = await makes(keepers, not_before=0)
        shown = (await part(keepers.first, package))["text"]
        await away.takes(file)
        for typed in ("0000", shown[:-1] + ("A" if shown[-1] != "A" else "B"), "é" * 60):
            assert (await away.enters(package, typed, away.one)).json()["code"] == "wrong_part"
        assert away.steps()[1:] == [("wrong_part", None)] * 3

    async def test_nobody_who_works_in_a_room_holds_one(self, keepers: Keepers, away: Away) -> None:
        package, file = await makes(keepers, not_before=0)
        shown = (await part(keepers.first, package))["text"]
        await away.takes(file)
        assert (await away.enters(package, shown, away.proctor)).status_code == 403
        lent = await away.enters(package, shown, away.one, login="proctor", password=PASSWORD)
        assert lent.status_code == 403


class TestTheTime:
    async def test_before_it_even_right_parts_are_refused_and_every_try_is_on_the_ledger(
        self, keepers: Keepers, away: Away
    ) -> None:
        later = away.room.clock.now_ms() + HOUR
        package, file = await makes(keepers, not_before=later)
        parts = [await part(each, package) for each in (keepers.first, keepers.second)]
        await away.takes(file)
        for shown, client in zip(parts, (away.one, away.other), strict=True):
            assert (await away.enters(package, shown["text"], client)).json()["code"] == "package_not_yet"
        assert away.steps() == [("taken", None), ("too_early", None), ("too_early", None)]
        away.room.clock.set_to(later)
        for shown, client in zip(parts, (away.one, away.other), strict=True):
            last = await away.enters(package, shown["text"], client)
        assert last.json()["opened"] is True


async def test_a_discarded_package_is_gone_and_no_longer_open(keepers: Keepers, away: Away) -> None:
    package, file = await makes(keepers, not_before=0)
    parts = [await part(each, package) for each in (keepers.first, keepers.second)]
    await away.takes(file)
    for shown, client in zip(parts, (away.one, away.other), strict=True):
        await away.enters(package, shown["text"], client)
    listed = (await away.one.get("/api/packages")).json()
    assert [(each["opened"], each["bytes"], each["made_here"]) for each in listed] == [
        (True, len(file), False)
    ]
    assert (await away.one.delete(f"/api/packages/{package}")).status_code == 204
    assert (await away.one.get("/api/packages")).json() == []
    assert away.room.open_banks.packages.of("s9", BANK) is None
    assert away.steps()[-1] == ("discarded", None)


class TestBadFiles:
    async def test_are_refused_in_words(self, keepers: Keepers, away: Away) -> None:
        _package, file = await makes(keepers, not_before=0)
        for wrong in (b"", b"PK\x03\x04", file[:-1], file[:40], file.replace(b'"s9"', b'"s8"') + b"x"):
            answer = await away.takes(wrong)
            assert answer.json()["code"] == "not_a_package", wrong[:20]
        assert away.steps() == []

    async def test_another_file_under_a_known_name_is_refused(self, keepers: Keepers, away: Away) -> None:
        _package, file = await makes(keepers, not_before=0)
        await away.takes(file)
        assert (await away.takes(file)).status_code == 201, "the same again is fine"
        forged = file.replace(b'"session": "s9"', b'"session": "s8"')
        assert (await away.takes(forged)).json()["code"] == "other_package"


async def test_a_locked_bank_makes_no_package(keepers: Keepers, as_: ClientOf) -> None:
    await keepers.stocks(1)
    await keepers.did("/lock")
    asked = {"bank": BANK, "blueprints": ["p1"], "session": "s9", "not_before": 0}
    answer = await keepers.first.post("/api/packages", json=asked, headers=command())
    assert answer.json()["code"] == BankLocked.code
