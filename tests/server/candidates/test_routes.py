"""Candidates over HTTP: rosters and photos whole or not at all, documents masked, what leaves harmless."""

import io

import httpx
import openpyxl
import pytest

from recordings.ledger import Row
from server.app import RoomServer
from server.candidates.queries import candidates
from server.people.rules import Role
from tests.server.candidates.files import HEADINGS, csv_roster, document, jpeg, zipped
from tests.server.conftest import ClientOf, command

R = Role
ROSTER = "/api/candidates/roster?scheme=s3-a"
PHOTOS = "/api/candidates/photos?scheme=s3-a&profile=P2"


@pytest.fixture
async def office(as_: ClientOf) -> httpx.AsyncClient:
    return await as_(R.EXAM_OFFICE)


async def roster(
    office: httpx.AsyncClient, *rows: list[str], headings: list[str] = HEADINGS
) -> httpx.Response:
    return await office.post(ROSTER, content=csv_roster(list(rows), headings), headers=command())


def centre(room: RoomServer) -> list[Row]:
    with room.database.read_ledger() as ledger:
        return [row for row in ledger.entries() if row.session is None]


class TestRoster:
    async def test_is_taken_with_what_a_session_needs(self, office: httpx.AsyncClient) -> None:
        answer = await roster(
            office,
            ["张三", document(1), "2026001", "7"],
            ["李四", document(2), "2026002", ""],
            headings=[*HEADINGS, "机位号"],
        )
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert (told["added"], told["changed"], told["unchanged"]) == (2, 0, 0)
        assert [(one["row"], one["ticket"], one["seat"]) for one in told["lines"]] == [
            (2, "2026001", 7),
            (3, "2026002", None),
        ]
        assert all(len(one["subjects"]) == 1 for one in told["lines"])
        shown = (await office.get("/api/candidates")).json()
        assert [one["id"] for one in shown] == [one["candidate"] for one in told["lines"]]
        assert shown[0]["document_masked"] == document(1)[:3] + "*" * 11 + document(1)[-4:]

    async def test_one_problem_keeps_all_out_and_names_its_place(
        self, office: httpx.AsyncClient, room: RoomServer
    ) -> None:
        before = len(centre(room))
        answer = await roster(office, ["张三", document(1), "1"], ["李四", "420111197005121236", "2"])
        assert answer.status_code == 409
        assert answer.json()["code"] == "roster_refused"
        (problem,) = answer.json()["problems"]
        assert (problem["row"], problem["column"], problem["found"]) == (3, "证件号码", "420111197005121236")
        assert "校验码" in problem["zh"]
        assert "check character" in problem["en"]
        assert (await office.get("/api/candidates")).json() == []
        assert len(centre(room)) == before

    async def test_taken_again_changes_what_changed_and_keeps_ids(
        self, office: httpx.AsyncClient, room: RoomServer
    ) -> None:
        first = (await roster(office, ["张三", document(1), "1"], ["李四", document(2), "2"])).json()
        before = len(centre(room))
        second = (await roster(office, ["张三", document(1), "1"], ["李四", document(2), "9"])).json()
        assert (second["added"], second["changed"], second["unchanged"]) == (0, 1, 1)
        assert [one["candidate"] for one in first["lines"]] == [one["candidate"] for one in second["lines"]]
        assert len(centre(room)) == before + 1

    async def test_two_people_may_exchange_tickets(self, office: httpx.AsyncClient) -> None:
        await roster(office, ["张三", document(1), "1"], ["李四", document(2), "2"])
        answer = await roster(office, ["张三", document(1), "2"], ["李四", document(2), "1"])
        assert answer.json()["changed"] == 2
        assert [one["name"] for one in (await office.get("/api/candidates")).json()] == ["李四", "张三"]

    async def test_what_the_register_contradicts_is_told_with_its_row(
        self, office: httpx.AsyncClient
    ) -> None:
        await roster(office, ["张三", document(1), "1"], ["李四", document(2), "2"])
        answer = await roster(office, ["张山", document(1), "1"], ["王五", document(3), "2"])
        assert [(one["row"], one["code"]) for one in answer.json()["problems"]] == [
            (2, "name_differs"),
            (3, "ticket_taken"),
        ]

    async def test_another_writing_of_the_same_name_is_the_same_person(
        self, office: httpx.AsyncClient
    ) -> None:
        await roster(office, ["阿依·古丽", document(1), "1"])
        answer = await roster(office, ["阿依•古丽", document(1), "1"])
        assert answer.json()["changed"] == 1
        assert (await office.get("/api/candidates")).json()[0]["name"] == "阿依•古丽"

    async def test_a_repeat_of_the_command_gives_the_first_outcome(self, office: httpx.AsyncClient) -> None:
        headers, raw = command(), csv_roster([["张三", document(1), "1"]])
        first = await office.post(ROSTER, content=raw, headers=headers)
        again = await office.post(ROSTER, content=raw, headers=headers)
        assert first.json() == again.json()

    async def test_the_ledger_names_nobody(self, office: httpx.AsyncClient, room: RoomServer) -> None:
        await roster(office, ["张三", document(1), "2026001"])
        text = "".join(row.text for row in centre(room))
        assert "张三" not in text
        assert document(1) not in text

    async def test_an_unknown_scheme_is_not_found(self, office: httpx.AsyncClient) -> None:
        answer = await office.post("/api/candidates/roster?scheme=none", content=b"", headers=command())
        assert answer.status_code == 404

    @pytest.mark.parametrize("role", [R.PROCTOR, R.BANK_KEEPER, R.ADMINISTRATOR, R.PATROL])
    async def test_only_the_exam_office_imports(self, as_: ClientOf, role: Role) -> None:
        client = await as_(role)
        assert (await client.post(ROSTER, content=b"", headers=command())).status_code == 403


class TestPhotos:
    async def test_are_taken_stored_and_shown(self, office: httpx.AsyncClient, as_: ClientOf) -> None:
        listed = (await roster(office, ["张三", document(1), "1"], ["李四", document(2), "2"])).json()[
            "lines"
        ]
        picture = jpeg()
        raw = zipped({f"张三-{document(1)}.jpg": picture})
        answer = await office.post(PHOTOS, content=raw, headers=command())
        assert answer.json() == {"photos": 1, "without_photo": 1}
        proctor = await as_(R.PROCTOR)
        shown = await proctor.get(f"/api/candidates/{listed[0]['candidate']}/photo")
        assert shown.content == picture
        assert shown.headers["content-type"] == "image/jpeg"
        assert (await proctor.get(f"/api/candidates/{listed[1]['candidate']}/photo")).status_code == 404

    async def test_one_failing_file_keeps_all_out(self, office: httpx.AsyncClient, room: RoomServer) -> None:
        await roster(office, ["张三", document(1), "1"], ["李四", document(2), "2"])
        raw = zipped({f"张三-{document(1)}.jpg": jpeg(), f"李四-{document(2)}.jpg": b"text"})
        answer = await office.post(PHOTOS, content=raw, headers=command())
        assert answer.status_code == 409
        assert [(one["file"], one["code"]) for one in answer.json()["problems"]] == [
            (f"李四-{document(2)}.jpg", "not_jpeg")
        ]
        assert not any(one["has_photo"] for one in (await office.get("/api/candidates")).json())


class TestDocuments:
    async def test_the_full_number_is_told_to_few_and_recorded(
        self, office: httpx.AsyncClient, as_: ClientOf, room: RoomServer
    ) -> None:
        key = (await roster(office, ["张三", document(1), "1"])).json()["lines"][0]["candidate"]
        path, asked = f"/api/candidates/{key}/document", {"reason": "核对证件"}
        for role in (R.PROCTOR, R.REVIEWER, R.PATROL, R.BANK_KEEPER, R.ADMINISTRATOR):
            assert (await (await as_(role)).post(path, json=asked)).status_code == 403
        assert (await office.post(path, json={})).status_code == 422
        told = await office.post(path, json=asked)
        assert told.json()["document"] == document(1)
        last = centre(room)[-1].text
        assert '"verb":"document_shown"' in last
        assert f'"by":"{office.headers["x-person"]}"' in last
        assert f'"key":"{key}"' in last

    async def test_no_other_answer_holds_one(self, office: httpx.AsyncClient) -> None:
        key = (await roster(office, ["张三", document(1), "1"])).json()["lines"][0]["candidate"]
        for path in ("/api/candidates", f"/api/candidates/{key}"):
            assert document(1) not in (await office.get(path)).text

    @pytest.mark.parametrize("role", [R.BANK_KEEPER, R.ADMINISTRATOR])
    async def test_who_meets_no_candidates_sees_none(self, as_: ClientOf, role: Role) -> None:
        assert (await (await as_(role)).get("/api/candidates")).status_code == 403


class TestByHand:
    async def test_one_is_added_and_corrected(self, office: httpx.AsyncClient) -> None:
        asked = {"name": "王𬭚", "document": "11010519491231002x", "ticket": "T-1", "sex": "female"}
        made = await office.post("/api/candidates", json=asked, headers=command())
        assert made.status_code == 201, made.text
        path = f"/api/candidates/{made.json()['id']}"
        changed = await office.patch(path, json={"employer": "武汉建工"}, headers=command())
        assert (changed.json()["name"], changed.json()["employer"]) == ("王𬭚", "武汉建工")
        wrong = await office.patch(path, json={"document": "110105194912310021"}, headers=command())
        assert wrong.json()["code"] == "bad_document"
        assert (await office.get(path)).json()["document_masked"].endswith("002X")

    async def test_document_and_ticket_are_one_persons(
        self, office: httpx.AsyncClient, room: RoomServer
    ) -> None:
        await roster(office, ["张三", document(1), "1"], ["李四", document(2), "2"])
        same = {"name": "王五", "document": document(1), "ticket": "3"}
        for asked in (same, same | {"document": document(3), "ticket": "1"}):
            answer = await office.post("/api/candidates", json=asked, headers=command())
            assert answer.json()["code"] == "candidate_taken"
        with room.database.read() as db:
            other = candidates(db)[1].id
        answer = await office.patch(f"/api/candidates/{other}", json={"ticket": "1"}, headers=command())
        assert answer.json()["code"] == "candidate_taken"
        assert not room.writer.failed.is_set()


class TestExport:
    async def test_a_formula_in_a_name_stays_a_name(self, office: httpx.AsyncClient) -> None:
        evil = '=HYPERLINK("http://x")'
        asked = {"name": evil, "document": document(1), "ticket": "1", "employer": "@SUM(1)"}
        await office.post("/api/candidates", json=asked, headers=command())
        answer = await office.get("/api/candidates/export.xlsx")
        assert "attachment" in answer.headers["content-disposition"]
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        row = sheet[2]
        assert [cell.data_type for cell in row if cell.value is not None] == ["s"] * len(
            [c for c in row if c.value is not None]
        )
        assert row[1].value == evil
        assert row[2].value == document(1)[:3] + "*" * 11 + document(1)[-4:]
        assert document(1) not in str([cell.value for cell in row])
