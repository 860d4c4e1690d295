"""Whatever is sent to the bank is refused in words: never an unhandled exception, never half a change."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.items import Item
from server.bank.actions import ImportProblems
from server.bank.editing import read_item
from tests.server.bank.keeping import BANK, Keepers, item, row
from tests.server.conftest import command

ITEMS = f"/api/bank/{BANK}/items"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.dictionaries(st.sampled_from(sorted(Item.model_fields)), JSON, max_size=8)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FIELDS)
def test_any_fields_are_an_item_or_a_list_of_problems(given_fields: dict[str, Any]) -> None:
    for fields in (given_fields, {**item(), **given_fields}):
        try:
            read_item(fields)
        except ImportProblems as refused:
            assert_said(refused.problems)


def assert_said(problems: list[dict[str, object]]) -> None:
    """At least one problem, each with what was expected."""
    assert problems
    assert all(each["expected"] for each in problems)


DEEP = "[" * 5_000 + "]" * 5_000
BODIES = {
    "no json": b"{",
    "a lone surrogate": json.dumps({"item": item(stem="\ud800"), "expected_version": 0}).encode(),
    "not a number": b'{"item": {"code": "N", "difficulty": NaN}, "expected_version": 0}',
    "too deep": f'{{"item": {{"parts": {DEEP}}}, "expected_version": 0}}'.encode(),
    "a number past every limit": json.dumps({"item": item(), "expected_version": 10**30}).encode(),
    "a huge code": json.dumps({"item": item("N" * 70), "expected_version": 0}).encode(),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_body_that_makes_no_sense(keepers: Keepers, name: str) -> None:
    await keepers.stocks(1)
    headers = {**command(), "content-type": "application/json"}
    answer = await keepers.first.post(ITEMS, content=BODIES[name], headers=headers)
    assert 400 <= answer.status_code < 500, answer.text
    assert (await keepers.get(""))[0]["states"] == {"approved": 1}


async def test_a_code_with_every_awkward_character_is_found_again(keepers: Keepers) -> None:
    await keepers.stocks(1)
    for code in ("A/1", "甲 乙", "100%", "a?b#c", "..", "x/versions"):
        answer = await keepers.first.post(
            ITEMS, json={"item": item(code), "expected_version": 0}, headers=command()
        )
        assert answer.status_code == 201, (code, answer.text)
    found = await keepers.get(f"/{BANK}/items", state="draft")
    assert {each["code"] for each in found["items"]} == {"A/1", "甲 乙", "100%", "a?b#c", "..", "x/versions"}
    shown = await keepers.first.get(f"{ITEMS}/A%2F1")
    assert shown.json()["item"]["code"] == "A/1"


async def test_tags_stay_on_one_line_and_few(keepers: Keepers) -> None:
    refs = await keepers.stocks(1)
    await keepers.did(f"/{BANK}/items/tags", {"refs": refs, "add": ["一\n二", " 三 ", "三"]})
    assert (await keepers.get(f"/{BANK}/items/Q001"))["item"]["tags"] == ["一 二", "三"]
    for wrong in (["x" * 65], [""], ["y"] * 21):
        answer = await keepers.does(f"/{BANK}/items/tags", {"refs": refs, "add": wrong})
        assert answer.status_code == 422


async def test_a_file_that_names_an_item_twice_is_refused(keepers: Keepers) -> None:
    answer = await keepers.imports(row(1), row(1, stem="另一个题干"))
    assert answer.json()["code"] == "import_problems"
    assert await keepers.get("") == []


@pytest.mark.parametrize("toml", ["", "code = ", "[[sections]]\n" * 30, "a" * 70_000, 'code = "p1"\nx = 1'])
async def test_a_blueprint_that_is_none(keepers: Keepers, toml: str) -> None:
    await keepers.stocks(1)
    answer = await keepers.does(f"/{BANK}/blueprints/p1", {"toml": toml}, method="PUT")
    assert answer.status_code in (409, 422)
    assert await keepers.get(f"/{BANK}/blueprints") == []


async def test_an_outline_that_does_not_sum(keepers: Keepers) -> None:
    await keepers.stocks(1)
    outline = {"title": "x", "ranges": [{"code": "1", "name": "一", "weight": 9_000}]}
    answer = await keepers.does(f"/{BANK}/outline", {"outline": outline}, method="PUT")
    assert answer.json()["problems"]
    assert (await keepers.get(f"/{BANK}/outline"))["outline"] is None
