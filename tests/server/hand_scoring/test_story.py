"""Short answers, from the end of the exam to a confirmed result: two assessors who know nobody, and a third."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from config.calendar import WorkingCalendar
from protocol import station_entries as station
from server.hand_scoring import routes
from server.hand_scoring.rules import HandScores
from server.papers.access import wrapping_key
from server.people.models import PersonRow, StaffRow
from server.people.queries import people
from server.people.rules import Person, Role
from server.records.actions import sign
from server.results.rules import Results, ResultState
from server.results.scorer import Scorer
from server.reviews.actions import why_recused
from server.reviews.dossier import compile_dossier, score_lines
from server.sessions.rules import SessionState
from server.writer.desk import Desk
from tests.server.conftest import command
from tests.server.own_papers import RIGHT, sat
from tests.server.reviews.test_reviews import Weekdays, reviewer, year_of
from tests.server.room import Room, open_room
from tests.server.rooms_people import client, login, plain_app
from tests.server.serving import serving

BOTH = {**RIGHT, 6: ["因为超载"], 7: ["停工"]}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


@pytest.fixture
def scorer(room: Room) -> Scorer:
    return Scorer(room.writer, room.database, wrapping_key(room.key))


def scoring(room: Room) -> FastAPI:
    app = plain_app(room)
    app.include_router(routes.ROUTER)
    app.state.keys = SimpleNamespace(room=room.key)
    app.state.why_recused = why_recused
    return app


def result(room: Room, attempt: str) -> Any:
    return room.day().part(Results).by_attempt.get(attempt)


async def next_of(asking: httpx.AsyncClient) -> Any:
    answer = await asking.post("/api/hand-scoring/s1/next")
    assert answer.status_code == 200, answer.text
    return answer.json()["answer"]


async def gives(asking: httpx.AsyncClient, key: str, score: int, note: str | None = None) -> httpx.Response:
    return await asking.post(
        f"/api/hand-scoring/s1/answers/{key}", json={"score": score, "note": note}, headers=command()
    )


async def scores_everything(asking: httpx.AsyncClient, score: dict[str, int]) -> int:
    """Score by the text of the answer until nothing waits; how many were given."""
    given = 0
    while (shown := await next_of(asking)) is not None:
        assert (await gives(asking, shown["key"], score[shown["text"]])).status_code == 200
        given += 1
    return given


async def sign_record(room: Room) -> None:
    for name in ("proctor1", "proctor2"):
        person = Person(name, name, name, frozenset({Role.PROCTOR}))
        await room.writer.submit(lambda desk, by=person: sign(desk, "s1", by, "finger"))  # type: ignore[misc]


class TestFromTheEndToTheScore:
    async def test_two_agree_a_third_decides_and_the_attempt_is_scored(
        self, room: Room, scorer: Scorer
    ) -> None:
        await sat(room, {"c1": BOTH, "c2": RIGHT})
        await scorer.settled()
        assert result(room, "s1-c1") is None
        assert result(room, "s1-c2").score == 5_000
        tokens = [await login(room, Role.ASSESSOR, on_duty=False) for _ in range(3)]
        async with serving(scoring(room)) as port:
            clients = [client(port, token) for token in tokens]
            one, two, three = clients
            assert await scores_everything(one, {"因为超载": 2_000, "停工": 500}) == 2
            assert await scores_everything(two, {"因为超载": 2_300, "停工": 2_000}) == 2
            await scorer.settled()
            assert result(room, "s1-c1") is None
            shown = await next_of(three)
            assert shown["text"] == "停工"
            assert (await gives(three, shown["key"], 1_550)).status_code == 200
            assert await next_of(three) is None
            for each in clients:
                await each.aclose()
        await scorer.settled()
        # 50 by the machine, the mean of 20 and 23, and the third's 15.5.
        assert (result(room, "s1-c1").score, result(room, "s1-c1").cause) == (8_700, "hand_scores")

    async def test_the_record_form_is_signed_meanwhile_and_the_score_comes_later(
        self, room: Room, scorer: Scorer
    ) -> None:
        await sat(room, {"c1": BOTH, "c2": RIGHT})
        await scorer.settled()
        await sign_record(room)
        calendar = WorkingCalendar(published=Weekdays(year_of(room) + 1))
        dossier, given = await room.writer.submit(
            lambda desk: compile_dossier(desk, "s1", "s1-c1", reviewer(), calendar)
        )
        assert dossier.session_state == SessionState.SIGNED
        assert (dossier.result.state, dossier.result.hand_scores_waiting) == (ResultState.NONE, 2)
        assert "hand_scores" in dossier.blocks
        assert "not_scored" not in dossier.blocks
        with room.database.read() as db:
            lines = score_lines(db, "s1", "s1-c1", given, wrapping_key(room.key))
        assert [line.score for line in lines] == [1_000] * 5 + [None, None]
        tokens = [await login(room, Role.ASSESSOR, on_duty=False) for _ in range(2)]
        async with serving(scoring(room)) as port:
            for token in tokens:
                async with client(port, token) as assessor:
                    await scores_everything(assessor, {"因为超载": 2_500, "停工": 2_500})
        await scorer.settled()
        assert result(room, "s1-c1").score == 10_000

    async def test_a_server_that_was_killed_in_between_scores_at_its_next_start(self, room: Room) -> None:
        await sat(room, {"c1": BOTH})
        tokens = [await login(room, Role.ASSESSOR, on_duty=False) for _ in range(2)]
        async with serving(scoring(room)) as port:
            for token in tokens:
                async with client(port, token) as assessor:
                    await scores_everything(assessor, {"因为超载": 1_000, "停工": 1_000})
        assert result(room, "s1-c1") is None
        scorer = Scorer(room.writer, room.database, wrapping_key(room.key))
        scorer.watch("s1")
        await scorer.settled()
        assert result(room, "s1-c1").score == 7_000

    async def test_an_answer_delivered_late_waits_for_scores_of_its_own(
        self, room: Room, scorer: Scorer
    ) -> None:
        seats = await sat(room, {"c1": BOTH, "c2": {**BOTH, 6: ["不知道"]}}, hands_in=False)
        tokens = [await login(room, Role.ASSESSOR, on_duty=False) for _ in range(2)]
        async with serving(scoring(room)) as port:
            for token in tokens:
                async with client(port, token) as assessor:
                    assert (
                        await scores_everything(assessor, {"因为超载": 2_000, "停工": 500, "不知道": 0}) == 4
                    )
        await scorer.settled()
        assert result(room, "s1-c1").score == 7_500
        before = room.day().part(HandScores).of("s1-c1").answers[7]
        # What the seat still had, given in time, when the room collected without it.
        await seats["c1"].says(
            station.AnswerSaved(slot=6, response=["因为超载和违规"]), at=room.now - 100 * 60_000
        )
        await scorer.settled()
        waiting = room.day().part(HandScores)
        assert waiting.waiting("s1-c1") == 1
        assert waiting.of("s1-c1").answers[7] == before
        assert result(room, "s1-c1").score == 7_500


class TestBlind:
    async def test_an_assessor_sees_question_reference_and_text_and_nobodys_name(self, room: Room) -> None:
        await sat(room, {"c1": BOTH})
        token = await login(room, Role.ASSESSOR, on_duty=False)
        async with serving(scoring(room)) as port, client(port, token) as assessor:
            shown = await next_of(assessor)
            again = await next_of(assessor)
        assert again == shown
        assert {"因为超载": "为什么？", "停工": "怎么办？"}[shown["text"]] == shown["stem"]
        assert shown["reference"] in ("因为超载", "停工整改")
        assert (shown["max_score"], shown["step"], shown["mine"]) == (2_500, 50, None)
        # The key is a digest, in which any two letters may stand beside each other.
        said = str({name: value for name, value in shown.items() if name not in ("key", "before")})
        for told in ("c1", "seat", "考生"):
            assert told not in said

    async def test_nobody_sees_what_another_gave(self, room: Room) -> None:
        await sat(room, {"c1": BOTH})
        one, two = (
            await login(room, Role.ASSESSOR, on_duty=False),
            await login(room, Role.ASSESSOR, on_duty=False),
        )
        async with serving(scoring(room)) as port, client(port, one) as first, client(port, two) as second:
            shown = await next_of(first)
            await gives(first, shown["key"], 2_050)
            # The key of an answer that was not shown opens nothing.
            address = f"/api/hand-scoring/s1/answers/{shown['key']}"
            assert (await second.get(address)).status_code == 404
            assert (await gives(second, shown["key"], 100)).status_code == 404
            while (other := await next_of(second))["key"] != shown["key"]:
                await gives(second, other["key"], 100)
            assert other["mine"] is None
            assert "2050" not in str(other)

    async def test_who_worked_in_the_room_or_with_the_candidate_has_no_say(self, room: Room) -> None:
        await sat(room, {"c1": BOTH})
        token = await login(room, Role.ASSESSOR, on_duty=False)
        with room.database.read() as db:
            known = people(db)
        me = next(one.id for one in known if Role.ASSESSOR in one.roles)
        async with serving(scoring(room)) as port, client(port, token) as assessor:

            def of_the_candidates_employer(desk: Desk) -> None:
                row = desk.db.get(PersonRow, me)
                assert row is not None
                row.employer = "甲 公司"
                desk.db.add(row)

            await room.writer.submit(of_the_candidates_employer)
            assert await next_of(assessor) is None
            await room.writer.submit(
                lambda desk: desk.db.add(StaffRow(session="s1", person=me, role=Role.PROCTOR))
            )
            refused = await assessor.post("/api/hand-scoring/s1/next")
            assert (refused.status_code, refused.json()["code"]) == (403, "assessor_recused")
            (told,) = (await assessor.get("/api/hand-scoring")).json()
            assert told["recused"] is True


class TestScores:
    @pytest.mark.parametrize(
        ("score", "status"), [(0, 200), (2_500, 200), (1_250, 200), (2_550, 409), (1_249, 409), (-1, 422)]
    )
    async def test_lie_within_the_worth_in_whole_steps(self, room: Room, score: int, status: int) -> None:
        await sat(room, {"c1": BOTH})
        token = await login(room, Role.ASSESSOR, on_duty=False)
        async with serving(scoring(room)) as port, client(port, token) as assessor:
            shown = await next_of(assessor)
            assert (await gives(assessor, shown["key"], score)).status_code == status

    async def test_may_be_given_anew_until_they_are_settled(self, room: Room) -> None:
        await sat(room, {"c1": {**RIGHT, 6: ["因为超载"]}})
        one, two = (
            await login(room, Role.ASSESSOR, on_duty=False),
            await login(room, Role.ASSESSOR, on_duty=False),
        )
        async with serving(scoring(room)) as port, client(port, one) as first, client(port, two) as second:
            key = (await next_of(first))["key"]
            await gives(first, key, 500, "没有说到违规")
            back = (await first.get(f"/api/hand-scoring/s1/answers/{key}")).json()
            assert (back["mine"], back["note"], back["before"]) == (500, "没有说到违规", [key])
            assert (await gives(first, key, 900)).status_code == 200
            await next_of(second)
            assert (await gives(second, key, 1_000)).status_code == 200
            refused = await gives(first, key, 0)
            assert (refused.status_code, refused.json()["code"]) == (409, "hand_score_settled")
        assert room.day().part(HandScores).finals("s1-c1")[6][1] == 950

    async def test_no_assessor_scores_the_same_answer_twice(self, room: Room, scorer: Scorer) -> None:
        await sat(room, {"c1": BOTH})
        token = await login(room, Role.ASSESSOR, on_duty=False)
        async with serving(scoring(room)) as port, client(port, token) as assessor:
            assert await scores_everything(assessor, {"因为超载": 0, "停工": 0}) == 2
        assert room.day().part(HandScores).waiting("s1-c1") == 2

    async def test_the_office_sees_how_far_it_is(self, room: Room) -> None:
        await sat(room, {"c1": BOTH, "c2": {**RIGHT, 7: ["整改"]}})
        token, office = await login(room, Role.ASSESSOR, on_duty=False), await login(room, Role.EXAM_OFFICE)
        async with (
            serving(scoring(room)) as port,
            client(port, token) as assessor,
            client(port, office) as looks,
        ):
            await scores_everything(assessor, {"因为超载": 0, "停工": 0, "整改": 100})
            found = (await looks.get("/api/sessions/s1/hand-scoring")).json()
            assert (await looks.post("/api/hand-scoring/s1/next")).status_code == 403
        assert (found["answers"], found["settled"], found["attempts_waiting"]) == (3, 0, 2)
        assert [one["given"] for one in found["assessors"]] == [3]
