"""Observed difficulties taken over: new versions of the items, which a second keeper passes."""

from fastapi import FastAPI

from server.bank.working import Working
from server.statistics.difficulties import prepare_difficulties
from tests.server.bank.keeping import BANK, Keepers, item, person
from tests.server.conftest import command


def working(keepers: Keepers, app: FastAPI) -> Working:
    state = app.state
    return Working(keepers.room.writer, keepers.room.database, state.open_banks, state.exposure_of)


async def test_an_observed_difficulty_becomes_a_version_that_another_keeper_passes(
    keepers: Keepers, app: FastAPI
) -> None:
    await keepers.stocks(3)
    wanted = {("Q001", 1): 82, ("Q002", 1): 70, ("Q003", 2): 50, ("nowhere", 1): 50}
    bench = working(keepers, app)
    _, passed_over = await bench.look(
        BANK, lambda db, opened, key: prepare_difficulties(db, opened, wanted, key)
    )
    # Q002 says 70 already, Q003 has no version 2 and the last is none of this bank's.
    assert passed_over == ["Q002", "Q003", "nowhere"]
    await bench.change(
        BANK,
        lambda db, opened, key: prepare_difficulties(db, opened, wanted, key)[0],
        person(keepers.first),
        command="c" * 64,
    )
    shown = await keepers.get(f"/{BANK}/items/Q001")
    assert (shown["item"]["version"], shown["item"]["difficulty"], shown["item"]["key"]) == (2, 82, [1])
    before = await keepers.get(f"/{BANK}/items/Q001/versions/1")
    assert before["item"]["difficulty"] == 70
    refs = {"refs": [{"code": "Q001", "version": 2}]}
    assert (await keepers.does(f"/{BANK}/items/approve", refs)).status_code == 409
    await keepers.did(f"/{BANK}/items/approve", refs, by=keepers.second)


async def test_an_item_under_edit_is_left_to_its_editor(keepers: Keepers, app: FastAPI) -> None:
    await keepers.stocks(1)
    edited = await keepers.first.put(
        f"/api/bank/{BANK}/items/Q001",
        json={"item": item("Q001"), "expected_version": 1, "propose": False},
        headers=command(),
    )
    assert edited.status_code == 200, edited.text
    change, passed_over = await working(keepers, app).look(
        BANK, lambda db, opened, key: prepare_difficulties(db, opened, {("Q001", 1): 20}, key)
    )
    assert (change.new, passed_over) == ([], ["Q001"])


async def test_of_items_without_statistics_nothing_is_taken_over(keepers: Keepers) -> None:
    await keepers.stocks(1)
    found = await keepers.did(f"/{BANK}/statistics/difficulties", {"refs": [{"code": "Q001", "version": 1}]})
    assert found == {"proposed": 0, "passed_over": ["Q001"]}
