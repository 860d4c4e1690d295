"""A review over HTTP, from the queue to the workbook, and who may do what in it."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI

from server.people.rules import Role
from server.results import routes as results_routes
from server.reviews import routes
from server.reviews.calendars import Calendars
from tests.server.after_exam import lived
from tests.server.conftest import command
from tests.server.reviews.test_reviews import Weekdays, signed, year_of
from tests.server.room import Room, open_room
from tests.server.rooms_people import client, login, plain_app
from tests.server.serving import serving

ATTEMPT = "/api/reviews/s1/s1-c1"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


def reviewing(room: Room) -> FastAPI:
    app = plain_app(room)
    app.include_router(routes.ROUTER)
    app.include_router(results_routes.ROUTER)
    app.state.keys = SimpleNamespace(room=room.key)
    app.state.calendars = Calendars([], Weekdays(year_of(room) + 1))
    return app


async def sees_all(asking: httpx.AsyncClient, address: str) -> None:
    for named in (await asking.get(address)).json()["to_see"]:
        what, key = named.split(":")
        answer = await asking.post(f"{address}/seen", json={"what": what, "key": key}, headers=command())
        assert answer.status_code == 200, answer.text


async def test_from_the_queue_to_the_workbook(room: Room) -> None:
    await signed(room)
    reviewer, body = await login(room, Role.REVIEWER), await login(room, Role.CONFIRMING_BODY)
    async with (
        serving(reviewing(room)) as port,
        client(port, reviewer) as looks,
        client(port, body) as decides,
    ):
        queue = (await looks.get("/api/reviews")).json()
        (session,) = queue["sessions"]
        assert (session["session"], session["state"], queue["calendar_fault"]) == ("s1", "signed", None)
        told = (await looks.get(ATTEMPT)).json()
        assert len(told["answers"]) == 60
        assert told["sitting"]["receipt_matches"] is True
        for one in session["attempts"]:
            await sees_all(looks, f"/api/reviews/s1/{one['attempt']}")
        assert (await looks.post(f"{ATTEMPT}/confirm", json={}, headers=command())).status_code == 403
        assert (await decides.post(f"{ATTEMPT}/confirm", json={}, headers=command())).status_code == 200
        assert (await decides.get("/api/sessions/s1/results.xlsx")).status_code == 409
        same = command()
        for _ in range(2):
            answer = await decides.post("/api/sessions/s1/confirm", json={}, headers=same)
            assert (answer.status_code, answer.json()) == (200, {"state": "confirmed"}), answer.text
        assert (await decides.get("/api/sessions/s1/results.xlsx")).status_code == 200
        assert (await looks.get("/api/reviews")).json()["sessions"] == []


async def test_no_answer_is_shown_while_the_session_sits(room: Room) -> None:
    await lived(room)
    reviewer = await login(room, Role.REVIEWER)
    async with serving(reviewing(room)) as port, client(port, reviewer) as looks:
        told = (await looks.get(ATTEMPT)).json()
    assert (told["session_state"], told["answers"]) == ("running", [])


async def test_what_stands_before_a_confirmation_is_told(room: Room) -> None:
    await signed(room)
    body = await login(room, Role.CONFIRMING_BODY)
    async with serving(reviewing(room)) as port, client(port, body) as decides:
        chosen = next(
            one["attempt"]
            for one in (await decides.get("/api/reviews")).json()["sessions"][0]["attempts"]
            if one["chosen"]
        )
        answer = await decides.post(f"/api/reviews/s1/{chosen}/confirm", json={}, headers=command())
        assert (answer.status_code, answer.json()["blocks"]) == (409, ["to_see"])
        whole = await decides.post("/api/sessions/s1/confirm", json={}, headers=command())
        assert [one["attempt"] for one in whole.json()["problems"]] == [chosen]


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.BANK_KEEPER, Role.EXAM_OFFICE, Role.ADMINISTRATOR])
async def test_is_for_reviewers_alone(room: Room, role: Role) -> None:
    await room.plans()
    token = await login(room, role)
    async with serving(reviewing(room)) as port, client(port, token) as asking:
        assert (await asking.get("/api/reviews")).status_code == 403
        assert (await asking.get("/api/reviews/s1/s1-c1")).status_code == 403
        assert (await asking.post(f"{ATTEMPT}/confirm", json={}, headers=command())).status_code == 403
