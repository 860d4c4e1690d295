"""Finding and reading items: what is found, what the ledger says of it, and what never leaves."""

import httpx

from server.app import RoomServer
from server.bank.routes import BANK_BYTES_MAX
from server.people.rules import Role
from tests.server.bank.keeping import BANK, Keepers, item, person, row
from tests.server.conftest import ClientOf

ITEMS = f"/{BANK}/items"


async def found(keepers: Keepers, **wanted: object) -> list[str]:
    """Codes of what a search finds."""
    return [each["code"] for each in (await keepers.get(ITEMS, **wanted))["items"]]


class TestSearching:
    async def test_all_words_must_stand_somewhere_in_the_item(self, keepers: Keepers) -> None:
        await keepers.imports(
            row(1, "脚手架连墙件的间距如何确定？"),
            row(2, "悬挑脚手架的钢梁锚固长度是多少？"),
            row(3, "模板支架立杆间距是多少？"),
        )
        assert await found(keepers, q="脚手架") == ["Q001", "Q002"]
        assert await found(keepers, q="脚手架 间距") == ["Q001"]
        assert await found(keepers, q="18ＭＭ") == ["Q003"], "full-width letters, and options too"
        assert await found(keepers, q="q002") == ["Q002"]
        assert await found(keepers, q="没有这个词") == []

    async def test_filters_sorts_and_pages(self, keepers: Keepers) -> None:
        await keepers.stocks(12)
        await keepers.did(ITEMS, {"item": item("Z9", difficulty=20), "expected_version": 0})
        assert await found(keepers, state="draft") == ["Z9"]
        assert await found(keepers, difficulty_max=50) == ["Z9"]
        assert await found(keepers, kind="multiple") == []
        assert (await found(keepers, sort="difficulty"))[0] == "Z9"
        assert (await found(keepers, sort="newest"))[0] == "Z9"
        assert await found(keepers, descending=True, limit=2) == ["Z9", "Q012"]
        page = await keepers.get(ITEMS, offset=10, limit=2)
        assert (page["total"], [each["code"] for each in page["items"]]) == (13, ["Q011", "Q012"])
        assert page["facets"]["states"] == {"approved": 12, "draft": 1}
        assert page["people"][person(keepers.second)] == "题库乙"

    async def test_a_question_that_makes_no_sense_is_malformed(self, keepers: Keepers) -> None:
        await keepers.stocks(1)
        for wrong in ({"limit": 201}, {"kind": "essay"}, {"state": "arriving2"}, {"offset": -1}):
            answer = await keepers.first.get(f"/api/bank{ITEMS}", params=wrong)
            assert answer.status_code == 422, wrong


class TestEveryReading:
    async def test_is_on_the_ledger_with_its_purpose_before_it_is_answered(self, keepers: Keepers) -> None:
        await keepers.stocks(3)
        assert keepers.reads() == []
        await keepers.get(ITEMS, limit=2)
        await keepers.get(f"{ITEMS}/Q003", by=keepers.second)
        await keepers.get(f"{ITEMS}/Q003/versions/1")
        assert keepers.reads() == [
            ("list", ["Q001@1", "Q002@1"]),
            ("item", ["Q003@1"]),
            ("history", ["Q003@1"]),
        ]

    async def test_names_items_and_never_their_words(self, keepers: Keepers, room: RoomServer) -> None:
        await keepers.stocks(2)
        await keepers.get(ITEMS, q="保护层")
        with room.database.read_ledger() as ledger:
            assert not any("保护层" in each.text for each in ledger.entries())

    async def test_what_only_counts_is_no_reading(self, keepers: Keepers) -> None:
        await keepers.stocks(2)
        await keepers.get(f"/{BANK}/waiting", by=keepers.second)
        await keepers.get(f"{ITEMS}/Q001/versions")
        await keepers.get(ITEMS, limit=0)
        assert keepers.reads() == []


class TestPictures:
    async def test_are_checked_sealed_and_shown_to_keepers(self, keepers: Keepers) -> None:
        await keepers.stocks(1)
        svg = (
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script><rect width="9" height="9"/></svg>'
        )
        answer = await keepers.first.post(f"/api/bank/{BANK}/pictures", content=svg)
        assert answer.status_code == 201, answer.text
        name = answer.json()["name"]
        shown = await keepers.second.get(f"/api/bank/{BANK}/pictures/{name}")
        assert shown.headers["content-type"] == "image/svg+xml"
        assert b"script" not in shown.content
        stem = f'<p>看图<img src="picture:{name}" alt=""></p>'
        await keepers.did(ITEMS, {"item": item(markup="html", stem=stem), "expected_version": 0})
        assert name in (await keepers.get(f"{ITEMS}/N1"))["item"]["stem"]

    async def test_anything_else_is_refused(self, keepers: Keepers) -> None:
        await keepers.stocks(1)
        answer = await keepers.first.post(f"/api/bank/{BANK}/pictures", content=b"MZ not a picture")
        assert answer.json()["code"] == "not_a_picture"
        missing = await keepers.first.get(f"/api/bank/{BANK}/pictures/{'0' * 64}")
        assert missing.status_code == 404


class TestWho:
    async def test_an_office_sees_counts_and_never_an_item(self, keepers: Keepers, as_: ClientOf) -> None:
        await keepers.stocks(2)
        office = await as_(Role.EXAM_OFFICE)
        assert (await office.get("/api/bank")).json()[0]["items"] == 2
        for path in (ITEMS, f"{ITEMS}/Q001", f"/{BANK}/outline", f"/{BANK}/waiting"):
            assert (await office.get(f"/api/bank{path}")).status_code == 403, path

    async def test_an_import_past_its_limit_is_refused(self, keepers: Keepers) -> None:
        answer = await keepers.first.post(
            "/api/bank/import",
            content=b"",
            headers={"content-length": str(BANK_BYTES_MAX + 1), "content-type": "multipart/form-data"},
        )
        assert answer.status_code in (413, 422)


async def test_an_unknown_bank_or_item_is_not_found(keepers: Keepers) -> None:
    await keepers.stocks(1)
    client: httpx.AsyncClient = keepers.first
    for path in (
        "nothing/items",
        f"{BANK}/items/Q777",
        f"{BANK}/items/Q001/versions/9",
        "nothing/blueprints",
    ):
        assert (await client.get(f"/api/bank/{path}")).status_code == 404, path
