"""Who closes a flag: the room while its day lasts, then only reviewers who are not recused."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from protocol import office_entries as office
from server.people import actions as people
from server.people.rules import Role
from server.reviews.actions import refuse_recused
from server.rulings import actions, routes
from server.rulings.rules import Rulings
from tests.server.after_exam import registers
from tests.server.conftest import command
from tests.server.room import Room, open_room
from tests.server.rooms_people import client, login, plain_app
from tests.server.serving import serving


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        await registers(opened, "c1", "c2")
        await opened.plans()
        await opened.starts("s1", [await opened.seats("s1-c1")])
        yield opened


async def flagged(room: Room) -> str:
    told = await room.writer.submit(
        lambda desk: actions.raise_flag(
            desk, "s1", "s1-c1", "proctor9", "materials_at_seat", "severe", [], "手机"
        )
    )
    return str(told["flag"])


async def related(room: Room, role: Role) -> str:
    """The login of a person of the candidate's own employer."""
    person = await room.writer.submit(
        lambda desk: people.add_person(
            desk,
            login="related",
            display_name="r",
            roles={role},
            password_hash="-",
            by="test",
            employer=" 甲公司",
        )
    )
    return await room.writer.submit(lambda desk: people.open_login(desk, person.id, 12))


async def closes(room: Room, token: str, flag: str) -> httpx.Response:
    app = plain_app(room)
    app.state.refuse_recused = refuse_recused
    app.include_router(routes.ROUTER)
    async with serving(app) as port, client(port, token) as http:
        body = {"outcome": "dismissed", "reason": "看过"}
        return await http.post(f"/api/sessions/s1/flags/{flag}/close", json=body, headers=command())


async def signed(room: Room) -> None:
    await room.records(
        office.SessionMoved(step="ended", by="room"),
        office.RecordSigned(by="p1", form_digest="0" * 64, heads_digest="0" * 64),
        office.RecordSigned(by="p2", form_digest="0" * 64, heads_digest="0" * 64),
    )


async def test_a_proctor_while_the_session_sits(room: Room) -> None:
    flag = await flagged(room)
    assert (await closes(room, await login(room, Role.PROCTOR), flag)).status_code == 200


async def test_no_proctor_once_the_form_is_signed(room: Room) -> None:
    flag = await flagged(room)
    await signed(room)
    answer = await closes(room, await login(room, Role.PROCTOR), flag)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_of_the_room")
    assert (await closes(room, await login(room, Role.REVIEWER), flag)).status_code == 200


async def test_no_proctor_of_another_room(room: Room) -> None:
    flag, token = await flagged(room), await login(room, Role.PROCTOR, on_duty=False)

    def staffed(desk: object) -> None:
        person = people.add_person(
            desk,  # type: ignore[arg-type]
            login="own",
            display_name="o",
            roles={Role.PROCTOR},
            password_hash="-",
            by="t",
        )
        people.assign_staff(desk, "s1", person.id, Role.PROCTOR, by="t")  # type: ignore[arg-type]

    await room.writer.submit(staffed)
    assert (await closes(room, token, flag)).json()["code"] == "not_of_the_room"


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.CONFIRMING_BODY])
async def test_nobody_of_the_candidates_employer(room: Room, role: Role) -> None:
    flag = await flagged(room)
    answer = await closes(room, await related(room, role), flag)
    assert (answer.status_code, answer.json()["code"]) == (403, "recused")
    assert room.day().part(Rulings).of("s1-c1").flags[flag].open
