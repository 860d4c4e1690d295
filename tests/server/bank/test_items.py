"""The life of items: brought in, passed by a second keeper, edited as new versions, published, pinned."""

import json

from sqlmodel import select

from server.app import RoomServer
from server.bank import queries
from server.bank.models import BankItem
from tests.server.after_exam import SAMPLES
from tests.server.bank.keeping import BANK, Keepers, item, person, row

ITEMS = f"/{BANK}/items"


async def contents(keepers: Keepers, version: str | None = None) -> dict[str, int]:
    """What can be drawn: codes and versions of a published version, by default the newest."""
    with keepers.room.database.read() as db:
        found = queries.newest(db, BANK) if version is None else queries.version(db, BANK, version)
        if found is None:
            return {}
        held = keepers.room.open_banks.contents(db, BANK, found.version)
    assert held.version == found.version
    return {each.code: each.version for each in held.items}


class TestApproval:
    async def test_what_one_keeper_imports_is_drawn_only_when_another_passed_it(
        self, keepers: Keepers
    ) -> None:
        taken = (await keepers.imports(row(1), row(2))).json()
        assert (taken["new"], taken["changed"], taken["unchanged"], taken["version"]) == (2, 0, 0, "")
        assert await contents(keepers) == {}
        refs = [{"code": "Q001", "version": 1}, {"code": "Q002", "version": 1}]
        own = await keepers.does(f"{ITEMS}/approve", {"refs": refs})
        assert (own.status_code, own.json()["code"]) == (409, "own_proposal")
        assert await contents(keepers) == {}
        done = await keepers.did(f"{ITEMS}/approve", {"refs": refs[:1]}, by=keepers.second)
        assert (done["items"], done["published"]["number"]) == (1, 1)
        assert await contents(keepers) == {"Q001": 1}
        assert keepers.moves() == [
            ("imported", ["Q001@1", "Q002@1"], person(keepers.first)),
            ("approved", ["Q001@1"], person(keepers.second)),
        ]
        assert [(each.number, each.items) for each in keepers.published()] == [(1, 1)]

    async def test_one_that_was_proposed_anew_by_the_second_is_passed_by_the_first(
        self, keepers: Keepers
    ) -> None:
        await keepers.imports(row(1))
        ref = {"refs": [{"code": "Q001", "version": 1}]}
        await keepers.did(f"{ITEMS}/return", {**ref, "reason": "题干有歧义"}, by=keepers.second)
        await keepers.did(f"{ITEMS}/propose", ref, by=keepers.second)
        assert (await keepers.does(f"{ITEMS}/approve", ref, by=keepers.second)).json()[
            "code"
        ] == "own_proposal"
        await keepers.did(f"{ITEMS}/approve", ref, by=keepers.first)
        assert await contents(keepers) == {"Q001": 1}

    async def test_all_of_a_batch_or_none(self, keepers: Keepers) -> None:
        await keepers.imports(row(1))
        await keepers.imports(row(2), by=keepers.second)
        refs = [{"code": "Q001", "version": 1}, {"code": "Q002", "version": 1}]
        answer = await keepers.does(f"{ITEMS}/approve", {"refs": refs}, by=keepers.second)
        assert "Q002@1" in answer.json()["en"]
        assert await contents(keepers) == {}

    async def test_returning_needs_a_reason_that_history_shows_and_the_ledger_does_not(
        self, keepers: Keepers, room: RoomServer
    ) -> None:
        await keepers.imports(row(1))
        ref = {"refs": [{"code": "Q001", "version": 1}]}
        without = await keepers.does(f"{ITEMS}/return", ref, by=keepers.second)
        assert without.json()["code"] == "reason_needed"
        await keepers.did(f"{ITEMS}/return", {**ref, "reason": "选项C与D重复"}, by=keepers.second)
        shown = (await keepers.get(f"{ITEMS}/Q001/versions"))["versions"][0]
        assert (shown["state"], shown["reason"]) == ("returned", "选项C与D重复")
        with room.database.read_ledger() as ledger:
            assert not any("选项C" in each.text for each in ledger.entries())

    async def test_a_step_the_state_does_not_allow_is_refused(self, keepers: Keepers) -> None:
        await keepers.stocks(1)
        ref = {"refs": [{"code": "Q001", "version": 1}], "reason": "x"}
        for verb in ("approve", "return", "propose", "restore"):
            answer = await keepers.does(f"{ITEMS}/{verb}", ref, by=keepers.second)
            assert answer.json()["code"] == "item_not_now", verb


class TestEditing:
    async def test_makes_a_new_version_and_the_old_one_is_drawn_until_it_is_passed(
        self, keepers: Keepers
    ) -> None:
        await keepers.stocks(2)
        pinned = keepers.published()[-1].version
        whole = (await keepers.get(f"{ITEMS}/Q001"))["item"]
        edit = {"item": {**whole, "stem": "新的题干"}, "expected_version": 1, "propose": True}
        saved = await keepers.did(f"{ITEMS}/Q001", edit, method="PUT")
        assert saved == {"code": "Q001", "version": 2, "state": "proposed"}
        assert await contents(keepers) == {"Q001": 1, "Q002": 1}
        refs = {"refs": [{"code": "Q001", "version": 2}]}
        await keepers.did(f"{ITEMS}/approve", refs, by=keepers.second)
        assert await contents(keepers) == {"Q001": 2, "Q002": 1}
        assert await contents(keepers, pinned) == {"Q001": 1, "Q002": 1}, "pinned for ever"
        states = [each["state"] for each in (await keepers.get(f"{ITEMS}/Q001/versions"))["versions"]]
        assert states == ["replaced", "approved"]

    async def test_never_touches_the_sealed_text_of_a_version_that_is_there(
        self, keepers: Keepers, room: RoomServer
    ) -> None:
        await keepers.stocks(1)

        def sealed() -> bytes:
            with room.database.read() as db:
                found = db.get(BankItem, (BANK, "Q001", 1))
                assert found is not None
                return found.sealed

        before = sealed()
        edit = {"item": item("Q001"), "expected_version": 1, "propose": True}
        await keepers.did(f"{ITEMS}/Q001", edit, method="PUT")
        refs = {"refs": [{"code": "Q001", "version": 2}]}
        await keepers.did(f"{ITEMS}/approve", refs, by=keepers.second)
        await keepers.did(f"{ITEMS}/tags", {**refs, "add": ["吊装"]})
        assert sealed() == before

    async def test_of_a_version_that_is_no_longer_the_newest_is_refused(self, keepers: Keepers) -> None:
        await keepers.stocks(1)
        edit = {"item": item("Q001"), "expected_version": 1}
        await keepers.did(f"{ITEMS}/Q001", edit, method="PUT")
        late = await keepers.does(f"{ITEMS}/Q001", edit, method="PUT", by=keepers.second)
        assert late.json()["code"] == "item_changed"

    async def test_a_new_item_begins_as_a_draft_that_nobody_can_approve(self, keepers: Keepers) -> None:
        await keepers.stocks(1)
        saved = await keepers.did(ITEMS, {"item": item(), "expected_version": 0})
        assert saved == {"code": "N1", "version": 1, "state": "draft"}
        refs = {"refs": [{"code": "N1", "version": 1}]}
        assert not (await keepers.does(f"{ITEMS}/approve", refs, by=keepers.second)).is_success
        await keepers.did(f"{ITEMS}/propose", refs)
        await keepers.did(f"{ITEMS}/approve", refs, by=keepers.second)
        assert await contents(keepers) == {"N1": 1, "Q001": 1}

    async def test_tells_every_field_that_does_not_fit(self, keepers: Keepers) -> None:
        await keepers.stocks(1)
        for wrong in ({"key": [7]}, {"kind": "essay"}, {"options": ["one"]}, {"more": 1}, {"stem": ""}):
            answer = await keepers.does(ITEMS, {"item": item(**wrong), "expected_version": 0})
            assert (answer.status_code, answer.json()["code"]) == (409, "import_problems"), wrong
            assert answer.json()["problems"], wrong

    async def test_html_is_read_as_strictly_as_a_foreign_file(self, keepers: Keepers) -> None:
        await keepers.stocks(1)
        stem = '<p onclick="x()">求 <b>\\(\\frac{1}{2}\\)</b><script>alert(1)</script></p>'
        await keepers.did(ITEMS, {"item": item(markup="html", stem=stem), "expected_version": 0})
        kept = (await keepers.get(f"{ITEMS}/N1"))["item"]["stem"]
        assert "<math" in kept
        assert "script" not in kept
        assert "onclick" not in kept
        again = {"item": item(markup="html", stem=kept), "expected_version": 1}
        await keepers.did(f"{ITEMS}/N1", again, method="PUT")
        assert (await keepers.get(f"{ITEMS}/N1"))["item"]["stem"] == kept

    async def test_a_picture_must_be_in_the_bank(self, keepers: Keepers) -> None:
        await keepers.stocks(1)
        stem = f'<p>看图<img src="picture:{"0" * 64}"></p>'
        answer = await keepers.does(ITEMS, {"item": item(markup="html", stem=stem), "expected_version": 0})
        assert answer.status_code == 409
        assert answer.json()["problems"]


class TestACommandSentTwice:
    async def test_gets_the_first_outcome_and_does_nothing_more(self, keepers: Keepers) -> None:
        await keepers.stocks(1)
        once = {"idempotency-key": "the-same-command"}
        edit = {"item": item("Q001"), "expected_version": 1}
        answers = [
            await keepers.first.put(f"/api/bank{ITEMS}/Q001", json=edit, headers=once) for _ in range(2)
        ]
        assert [each.status_code for each in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        assert len((await keepers.get(f"{ITEMS}/Q001/versions"))["versions"]) == 2
        retire = {"refs": [{"code": "Q001", "version": 2}], "reason": "重复"}
        answers = [
            await keepers.first.post(f"/api/bank{ITEMS}/retire", json=retire, headers=once) for _ in range(2)
        ]
        assert [each.json() for each in answers] == [answers[0].json()] * 2
        assert [each[0] for each in keepers.moves()].count("retired") == 1


class TestRetiring:
    async def test_takes_an_item_out_of_what_is_drawn_and_restoring_needs_two_again(
        self, keepers: Keepers
    ) -> None:
        await keepers.stocks(2)
        retire = {"refs": [{"code": "Q001", "version": 1}], "reason": "标准已更新"}
        await keepers.did(f"{ITEMS}/retire", retire)
        assert await contents(keepers) == {"Q002": 1}
        await keepers.did(f"{ITEMS}/restore", {"refs": retire["refs"]})
        assert await contents(keepers) == {"Q002": 1}
        refs = {"refs": [{"code": "Q001", "version": 2}]}
        assert not (await keepers.does(f"{ITEMS}/approve", refs)).is_success
        await keepers.did(f"{ITEMS}/approve", refs, by=keepers.second)
        assert await contents(keepers) == {"Q001": 2, "Q002": 1}

    async def test_of_an_item_with_an_open_edit_takes_both_out(self, keepers: Keepers) -> None:
        await keepers.stocks(1)
        edit = {"item": item("Q001"), "expected_version": 1}
        await keepers.did(f"{ITEMS}/Q001", edit, method="PUT")
        retire = {"refs": [{"code": "Q001", "version": 2}], "reason": "重复"}
        await keepers.did(f"{ITEMS}/retire", retire)
        assert await contents(keepers) == {}

    async def test_the_same_content_again_has_the_same_name(self, keepers: Keepers) -> None:
        await keepers.stocks(2)
        first = keepers.published()[-1].version
        other = {"refs": [{"code": "Q003", "version": 1}]}
        await keepers.imports(row(3))
        await keepers.did(f"{ITEMS}/approve", other, by=keepers.second)
        await keepers.did(f"{ITEMS}/retire", {**other, "reason": "重复"})
        names = [each.version for each in keepers.published()]
        assert names[-1] == first
        assert names[1] != first


class TestTags:
    async def test_are_put_on_and_taken_off_without_a_new_version(self, keepers: Keepers) -> None:
        refs = await keepers.stocks(3)
        published = len(keepers.published())
        await keepers.did(f"{ITEMS}/tags", {"refs": refs[:2], "add": ["高处作业", "2026"]})
        await keepers.did(f"{ITEMS}/tags", {"refs": refs[:1], "remove": ["2026"]})
        found = await keepers.get(ITEMS, tag="高处作业")
        assert [(each["code"], each["tags"]) for each in found["items"]] == [
            ("Q001", ["高处作业"]),
            ("Q002", ["高处作业", "2026"]),
        ]
        assert found["facets"]["tags"] == {"高处作业": 2, "2026": 1}
        assert len(keepers.published()) == published
        assert (await keepers.get(f"{ITEMS}/Q002"))["item"]["tags"] == ["高处作业", "2026"]

    async def test_of_a_file_are_kept_and_follow_an_edit(self, keepers: Keepers) -> None:
        await keepers.imports(row(1, tags="脚手架"))
        shown = (await keepers.get(f"{ITEMS}/Q001"))["item"]
        assert shown["tags"] == ["脚手架"]


class TestImportingAgain:
    async def test_says_what_is_new_changed_and_the_same(self, keepers: Keepers) -> None:
        await keepers.stocks(2)
        answer = await keepers.imports(row(1), row(2, answer="C"), row(3), by=keepers.second)
        taken = answer.json()
        assert (taken["new"], taken["changed"], taken["unchanged"]) == (1, 1, 1)
        assert await contents(keepers) == {"Q001": 1, "Q002": 1}
        states = (await keepers.get(""))[0]["states"]
        assert states == {"approved": 1, "proposed": 2}

    async def test_warns_of_what_the_bank_holds_already_under_another_code(
        self, keepers: Keepers, room: RoomServer
    ) -> None:
        words = "施工现场临时用电工程电源中性点直接接地的低压配电系统应采用什么接零保护系统"
        await keepers.imports(row(1, words), row(2, "钢筋连接接头的位置宜设置在受力较小处吗"))
        same = row(1, words).replace("Q001", "X001")
        near = row(1, words.replace("应采用", "必须采用")).replace("Q001", "X002")
        taken = (await keepers.imports(same, by=keepers.second)).json()
        assert [(each["code"], each["found"]) for each in taken["warnings"]] == [("same_in_bank", "X001")]
        taken = (await keepers.imports(near, by=keepers.second)).json()
        warned = [(each["code"], each["found"]) for each in taken["warnings"]]
        assert warned == [("near_duplicate_in_bank", "X002")]
        assert taken["new"] == 1

    async def test_keeps_no_word_of_its_warnings_on_the_disk(
        self, keepers: Keepers, room: RoomServer
    ) -> None:
        words = "脚手架连墙件的设置间距应当如何确定才符合规范要求"
        answer = await keepers.imports(row(1, words), row(20, words))
        assert "脚手架连墙件" in answer.text, "the warning quotes the file"
        for file in (each for each in room.folder.path.rglob("*") if each.is_file()):
            assert "脚手架连墙件".encode() not in file.read_bytes(), file

    async def test_with_a_problem_takes_nothing_at_all(self, keepers: Keepers) -> None:
        answer = await keepers.imports(row(1), row(2, answer="G"))
        assert answer.json()["code"] == "import_problems"
        problem = answer.json()["problems"][0]
        assert (problem["row"], problem["found"]) == (3, "G")
        assert await keepers.get("") == []

    async def test_an_outline_and_blueprints_come_with_the_items_or_alone(self, keepers: Keepers) -> None:
        folder = SAMPLES / BANK
        plans = [each for each in sorted(folder.iterdir()) if each.suffix == ".toml"]
        answer = await keepers.first.post(
            "/api/bank/import",
            data={"code": BANK, "title": "钢筋工"},
            files=[
                ("items", ("items.csv", (folder / "items.csv").read_bytes())),
                ("outline", ("outline.csv", (folder / "outline.csv").read_bytes())),
                *(("blueprints", (each.name, each.read_bytes())) for each in plans),
            ],
            headers={"idempotency-key": "all-together-1"},
        )
        assert answer.status_code == 200, answer.text
        assert answer.json()["blueprints"]
        assert (await keepers.get(f"/{BANK}/outline"))["outline"]["code"] == BANK
        refs = (await keepers.get(f"/{BANK}/waiting", by=keepers.second))["refs"]
        for at in range(0, len(refs), 1_000):
            await keepers.did(f"{ITEMS}/approve", {"refs": refs[at : at + 1_000]}, by=keepers.second)
        code = answer.json()["blueprints"][0]
        assert (await keepers.get(f"/{BANK}/coverage/{code}"))["fills"] is True
        drawn = await keepers.did(f"/{BANK}/trial-draw", {"blueprint": code, "papers": 12})
        assert drawn["report"]["blueprints"][0]["papers"] == 12
        assert "stem" not in json.dumps(drawn)
        with keepers.room.database.read() as db:
            held = keepers.room.open_banks.contents(db, BANK, drawn["version"])
            rows = len(list(db.exec(select(BankItem.code))))
        assert (len(held.items), held.outline is not None) == (rows, True)
