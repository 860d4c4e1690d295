"""Places: numbering, the register, approval."""

import pytest

from server.people.rules import Role
from server.rooms.rules import SEATS_MAX, BadLayout, Numbering, Place, places, too_few_spare
from tests.server.conftest import ClientOf, command

R = Role


def grid(seats: list[Place], rows: int, columns: int) -> list[list[int]]:
    """Numbers as they stand in the room, 0 for a gap."""
    found = {(seat.row, seat.column): seat.number for seat in seats}
    return [[found.get((row, column), 0) for column in range(1, columns + 1)] for row in range(1, rows + 1)]


class TestNumbering:
    @pytest.mark.parametrize(
        ("numbering", "expected"),
        [
            (Numbering.S_COLUMNS, [[1, 6, 7], [2, 5, 8], [3, 4, 9]]),
            (Numbering.S_ROWS, [[1, 2, 3], [6, 5, 4], [7, 8, 9]]),
            (Numbering.COLUMNS, [[1, 4, 7], [2, 5, 8], [3, 6, 9]]),
            (Numbering.ROWS, [[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
        ],
    )
    def test_orders(self, numbering: Numbering, expected: list[list[int]]) -> None:
        assert grid(places(3, 3, numbering), 3, 3) == expected

    def test_a_gap_takes_no_number(self) -> None:
        seats = places(3, 2, Numbering.S_COLUMNS, gaps=[(2, 1), (3, 2)])
        assert grid(seats, 3, 2) == [[1, 4], [0, 3], [2, 0]]

    def test_spare_seats_are_named_by_number(self) -> None:
        assert [seat.number for seat in places(2, 2, Numbering.ROWS, spare=[4]) if seat.spare] == [4]

    @pytest.mark.parametrize(
        ("rows", "columns", "gaps", "spare"),
        [(2, 2, [(3, 1)], []), (1, 1, [(1, 1)], []), (2, 2, [], [5]), (30, SEATS_MAX // 30 + 1, [], [])],
    )
    def test_what_contradicts_itself(
        self, rows: int, columns: int, gaps: list[tuple[int, int]], spare: list[int]
    ) -> None:
        with pytest.raises(BadLayout):
            places(rows, columns, Numbering.ROWS, gaps, spare)

    def test_one_spare_of_eleven_is_practice(self) -> None:
        assert not too_few_spare(places(1, 11, Numbering.ROWS, spare=[11]))
        assert too_few_spare(places(1, 12, Numbering.ROWS, spare=[12]))


class TestRegister:
    async def test_a_room_is_registered_laid_out_and_approved(self, as_: ClientOf) -> None:
        office = await as_(R.EXAM_OFFICE)
        site = (await office.post("/api/sites", json={"name": "第一考点"}, headers=command())).json()
        assert site["warnings"] == ["few_seats"]
        layout = {"rows": 5, "columns": 7, "gaps": [[1, 4]], "spare": [31, 32, 33, 34]}
        asked = {"site": site["id"], "name": "一号机房", "layout": layout}
        made = (await office.post("/api/rooms", json=asked, headers=command())).json()
        assert len(made["seats"]) == 34
        assert made["approval"] is None
        assert made["warnings"] == []
        approved = await office.put(
            f"/api/rooms/{made['id']}/approval", json={"approval": "鄂建考〔2026〕1号"}, headers=command()
        )
        assert approved.json()["approval"] == "鄂建考〔2026〕1号"
        assert (await office.get(f"/api/rooms/{made['id']}")).json() == approved.json()

    async def test_seats_with_a_station_do_not_go_away(self, as_: ClientOf) -> None:
        office = await as_(R.EXAM_OFFICE)
        site = (await office.post("/api/sites", json={"name": "s"}, headers=command())).json()
        asked = {"site": site["id"], "name": "r", "layout": {"rows": 2, "columns": 2}}
        room = (await office.post("/api/rooms", json=asked, headers=command())).json()["id"]
        await office.post(f"/api/rooms/{room}/enrolment", json={"seats": [4]})
        path = f"/api/rooms/{room}/layout"
        smaller = await office.put(path, json={"rows": 1, "columns": 3}, headers=command())
        assert smaller.json()["code"] == "seat_in_use"
        assert len((await office.get(f"/api/rooms/{room}")).json()["seats"]) == 4
        other = await office.put(path, json={"rows": 1, "columns": 4, "spare": [4]}, headers=command())
        assert other.json()["seats"][3] == {"number": 4, "row": 1, "column": 4, "spare": True}

    async def test_refusals(self, as_: ClientOf) -> None:
        office, proctor = await as_(R.EXAM_OFFICE), await as_(R.PROCTOR)
        site = (await office.post("/api/sites", json={"name": "s"}, headers=command())).json()
        twice = await office.post("/api/sites", json={"name": "s"}, headers=command())
        assert twice.json()["code"] == "name_taken"
        layout = {"rows": 2, "columns": 2, "gaps": [[3, 3]]}
        bad = await office.post(
            "/api/rooms", json={"site": site["id"], "name": "r", "layout": layout}, headers=command()
        )
        assert bad.json()["code"] == "bad_layout"
        nowhere = {"site": "site-0", "name": "r", "layout": {"rows": 1, "columns": 1}}
        assert (await office.post("/api/rooms", json=nowhere, headers=command())).status_code == 404
        refused = await proctor.post("/api/sites", json={"name": "t"}, headers=command())
        assert refused.status_code == 403
        assert (await proctor.get("/api/rooms")).status_code == 200
