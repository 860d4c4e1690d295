"""Statistics of a room: from sealed papers and real answers, sealed at rest, without a name, keys for keepers only."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI

from protocol import station_entries as station
from protocol.bank_entries import BankItemsRead
from question_bank.scoring import score_paper
from question_bank.statistics.reliability import Method
from server.papers.access import wrapping_key
from server.people.rules import Role
from server.statistics import routes
from server.statistics.figures import Figures
from server.statistics.times import times_of
from server.writer.day import read_row
from tests.server.after_exam import MINUTE, end, lived
from tests.server.own_papers import BLUEPRINT, BY_REF, RIGHT, sat, slots
from tests.server.room import Room, open_room
from tests.server.rooms_people import client, login, plain_app
from tests.server.serving import serving

LETTERS = "ABCD"
STATISTICS = "/api/sessions/s1/statistics"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


def telling(room: Room) -> FastAPI:
    app = plain_app(room)
    app.include_router(routes.ROUTER)
    app.state.keys = SimpleNamespace(room=room.key)
    return app


async def asked(room: Room, role: Role, path: str = STATISTICS, status: int = 200) -> Any:
    token = await login(room, role)
    async with serving(telling(room)) as port, client(port, token) as asking:
        answer = await asking.get(path)
    assert answer.status_code == status, answer.text
    return answer.json()


def classroom(size: int = 40) -> dict[str, dict[int, list[str]]]:
    """So many candidates: the first know everything, each later one a little less; item 4 misleads the best."""
    found = {}
    for place in range(size):
        answers = {slot: list(letters) for slot, letters in RIGHT.items()}
        for slot in range(1, 4):
            if place >= size - slot * size // 4:
                answers[slot] = ["B"]
        answers[4] = ["C"] if place < size // 2 else ["A"]
        if place % 10 == 9:
            del answers[3]
        found[f"c{place:02}"] = answers
    return found


class TestSession:
    async def test_figures_are_those_of_the_papers(self, room: Room) -> None:
        answers = classroom()
        await sat(room, answers)
        (subject,) = (await asked(room, Role.BANK_KEEPER))["subjects"]
        totals = [score_paper(BLUEPRINT, slots(), BY_REF, given).total for given in answers.values()]
        paper = subject["paper"]
        assert (paper["n"], paper["forms"], paper["pending"]) == (40, 1, 0)
        assert paper["mean"] == sum(totals) / 40
        assert sum(bar["count"] for bar in paper["bars"]) == 40
        assert subject["passed"] == sum(total >= 6_000 for total in totals)
        items = {one["item"]: one for one in subject["items"]}
        assert items["S1"]["facility"] == 0.75
        assert (items["S3"]["omitted"], items["S3"]["n"]) == (4, 40)
        assert [(one["letter"], one["count"], one["right"]) for one in items["S4"]["options"]] == [
            ("A", 20, True),
            ("B", 0, False),
            ("C", 20, False),
            ("D", 0, False),
        ]
        assert subject["items"][0]["item"] == "S4"
        assert subject["items"][0]["concerns"][0] == {
            "code": "key_suspected",
            "found": items["S4"]["options"][2]["upper"],
            "threshold": items["S4"]["options"][0]["upper"],
            "letter": "C",
        }

    async def test_papers_drawn_for_each_say_how_their_reliability_was_found(self, room: Room) -> None:
        await lived(room)
        await end(room)
        figures = Figures(room.writer, room.database, wrapping_key(room.key))
        ((_, found),) = await figures.of_session("s1")
        assert (found.analysis.paper.n, found.absent) == (2, 1)
        assert found.analysis.paper.forms == 2
        assert found.analysis.paper.reliability.method is Method.STRATIFIED_PARALLEL

    async def test_the_office_and_reviewers_see_no_key_and_nobody_a_name(self, room: Room) -> None:
        await sat(room, classroom())
        for role in (Role.EXAM_OFFICE, Role.REVIEWER):
            told = await asked(room, role)
            (subject,) = told["subjects"]
            assert all(one["options"] == [] for one in subject["items"])
            assert {each["letter"] for one in subject["items"] for each in one["concerns"]} == {None}
            assert "考生" not in str(told)
            assert "s1-c00" not in str(told)
        await asked(room, Role.PROCTOR, status=403)

    async def test_a_keepers_look_stands_on_the_ledger(self, room: Room) -> None:
        await sat(room, classroom(4))
        await asked(room, Role.EXAM_OFFICE)
        await asked(room, Role.BANK_KEEPER)
        with room.database.read_ledger() as ledger:
            read = [read_row(row).body for row in ledger.entries(0) if row.type == "bank.items_read"]
        (one,) = read
        assert isinstance(one, BankItemsRead)
        assert (one.purpose, one.items.count) == ("statistics", 7)

    async def test_there_are_none_while_candidates_sit(self, room: Room) -> None:
        await room.plans()
        told = await asked(room, Role.BANK_KEEPER, status=409)
        assert told["code"] == "not_now"
        await asked(room, Role.BANK_KEEPER, "/api/sessions/none/statistics", 404)

    async def test_they_rest_sealed_and_follow_what_arrives_late(self, room: Room, tmp_path: Path) -> None:
        seats = await sat(room, classroom(), hands_in=False)
        figures = Figures(room.writer, room.database, wrapping_key(room.key))
        ((gathered, before),) = await figures.of_session("s1")
        assert await figures.kept_of("s1") == [(gathered, before)]
        with sqlite3.connect(tmp_path / "room.sqlite") as file:
            (kept,) = file.execute("SELECT sealed FROM subject_statistics").fetchall()
        assert "facility" not in str(kept)
        await seats["c00"].says(station.AnswerSaved(slot=1, response=["D"]), at=room.now - 100 * MINUTE)
        assert await figures.kept_of("s1") is None
        ((_, after),) = await figures.of_session("s1")
        facility = {one.ref[0]: one.facility for one in after.analysis.items}
        assert facility["S1"] == 29 / 40

    async def test_whom_assessors_have_not_settled_is_counted_apart(self, room: Room) -> None:
        await sat(room, {"c1": RIGHT, "c2": {**RIGHT, 6: ["答"]}, "c3": {}})
        (subject,) = (await asked(room, Role.REVIEWER))["subjects"]
        assert (subject["paper"]["n"], subject["paper"]["pending"], subject["silent"]) == (1, 1, 1)
        assert subject["paper"]["why_not"] == "too_few_candidates"


class TestBank:
    async def test_items_are_pooled_over_sessions_and_propose_their_difficulty(self, room: Room) -> None:
        await sat(room, classroom())
        await sat(room, {f"d{n}": RIGHT for n in range(40)}, "s2", registered=False)
        found = await asked(room, Role.BANK_KEEPER, "/api/bank/own/statistics")
        assert [(one["session"], one["n"], one["computed"]) for one in found["sessions"]] == [
            ("s2", 40, True),
            ("s1", 40, True),
        ]
        items = {one["item"]: one for one in found["items"]}
        assert (items["S1"]["n"], items["S1"]["sessions"], items["S1"]["facility"]) == (80, 2, 0.875)
        assert (items["S1"]["proposed"], items["S1"]["standard_error"]) == (88, 4)
        assert "key_suspected" in items["S4"]["concerns"]
        await asked(room, Role.REVIEWER, "/api/bank/own/statistics", 403)


class TestTimes:
    async def test_are_the_times_between_answers_less_pauses(self, room: Room) -> None:
        attempts = await room.plans()
        seat = await room.seats(attempts[0])
        await room.starts("s1", [seat])
        began = room.now
        for minute, slot in ((2, 1), (3, 2), (8, 1)):
            room.now = began + minute * MINUTE
            if minute == 8:
                await seat.says(station.PageLeft(cause="focus_lost"), at=began + 4 * MINUTE)
                await seat.says(station.PageReturned(cause="focus_lost", away_ms=1), at=began + 6 * MINUTE)
            await seat.says(station.AnswerSaved(slot=slot, response=["A"]))
        with room.database.read_ledger() as ledger:
            assert times_of(ledger, "s1") == {attempts[0]: {1: 5 * MINUTE, 2: MINUTE}}
