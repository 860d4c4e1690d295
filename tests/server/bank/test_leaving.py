"""Items that leave as files and come back, and the templates they are written into."""

import pytest

from protocol.bank_entries import BankItemsRead
from question_bank.importing import read_bank
from tests.server.bank.keeping import BANK, Keepers, item
from tests.server.conftest import command

ITEMS = f"/{BANK}/items"


@pytest.mark.parametrize("name", ["export.xlsx", "export.qti.zip"])
class TestExport:
    async def test_comes_back_without_a_difference(self, keepers: Keepers, name: str) -> None:
        refs = await keepers.stocks(5)
        await keepers.did(f"{ITEMS}/tags", {"refs": refs[:1], "add": ["临时用电"]})
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>'
        shown = (await keepers.first.post(f"/api/bank/{BANK}/pictures", content=svg)).json()["name"]
        stem = f'<p>看图，\\(x^2\\)：<img src="picture:{shown}" alt="图"></p>'
        await keepers.did(ITEMS, {"item": item(markup="html", stem=stem), "expected_version": 0})
        answer = await keepers.first.get(f"/api/bank/{BANK}/{name}")
        assert answer.status_code == 200, answer.text
        reading = read_bank(answer.content, name)
        assert (reading.problems, len(reading.items), list(reading.pictures)) == ((), 6, [shown])
        again = await keepers.first.post(
            "/api/bank/import",
            data={"code": BANK},
            files={"items": (name, answer.content)},
            headers=command(),
        )
        taken = again.json()
        assert (taken["new"], taken["changed"], taken["unchanged"], taken["retagged"]) == (0, 0, 6, 0)

    async def test_is_on_the_ledger_by_number_and_digest(self, keepers: Keepers, name: str) -> None:
        await keepers.stocks(3)
        await keepers.first.get(f"/api/bank/{BANK}/{name}", params={"q": "Q002"})
        found = keepers.entries(BankItemsRead)
        assert [(each.purpose, each.items.count, each.items.names) for each in found] == [
            ("export", 1, ["Q002@1"])
        ]


@pytest.mark.parametrize("layout", ["items", "options"])
async def test_a_template_can_be_filled_in_and_imported(keepers: Keepers, layout: str) -> None:
    answer = await keepers.first.get(f"/api/bank/templates/{layout}.xlsx")
    assert answer.status_code == 200
    assert read_bank(answer.content, "template.xlsx").problems == ()
