"""Rulings over real HTTP: roles, two passwords, repeats."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.attempts.rules import A
from server.people import actions as people
from server.people.passwords import Passwords
from server.people.rules import Person, Role
from server.reviews.actions import refuse_recused
from server.rulings import routes
from server.settings import Argon2, Logins
from tests.server.room import Room, open_room
from tests.server.rooms_people import client, plain_app, put_on_duty
from tests.server.serving import serving

ATTEMPT = "/api/sessions/s1/attempts/s1-c1"
PROPOSAL: dict[str, Any] = {
    "code": "materials_at_seat",
    "flags": [],
    "statement": "我没有看",
    "statement_declined": False,
    "reason": "手机在桌下",
}


class Served:
    """A room over HTTP; everybody's password is their login name, twice."""

    def __init__(self, room: Room, passwords: Passwords, port: int) -> None:
        self.room, self.passwords, self.port = room, passwords, port

    async def person(self, *roles: Role, on_duty: bool = True) -> tuple[Person, httpx.AsyncClient]:
        name = f"person{self.room.next_number()}"
        hashed = await self.passwords.hash(name * 2)
        person = await self.room.writer.submit(
            lambda desk: people.add_person(
                desk,
                login=name,
                display_name=name,
                roles=set(roles),
                password_hash=hashed,
                by="test",
                employer="",
                institution="",
            )
        )
        if on_duty:
            await self.room.writer.submit(lambda desk: put_on_duty(desk, person))
        token = await self.room.writer.submit(lambda desk: people.open_login(desk, person.id, 12))
        return person, client(self.port, token)

    async def ask(
        self, http: httpx.AsyncClient, path: str, body: dict[str, Any], key: str | None = None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key or f"command-{self.room.next_number()}"}
        return await http.post(path, json=body, headers=headers)

    async def propose(self) -> tuple[Person, httpx.AsyncClient, str]:
        person, http = await self.person(Role.PROCTOR)
        answer = await self.ask(http, f"{ATTEMPT}/void/propose", PROPOSAL | {"password": person.login * 2})
        assert answer.status_code == 200, answer.text
        return person, http, answer.json()["ruling"]


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with open_room(tmp_path) as room:
        await room.plans()
        seat = await room.seats("s1-c1")
        await room.starts("s1", [seat])
        cheap = Argon2(memory_kib=8, passes=1, lanes=1)
        passwords = Passwords(room.database, room.clock, Logins(), cheap)
        app = plain_app(room)
        app.state.passwords, app.state.refuse_recused = passwords, refuse_recused
        app.include_router(routes.ROUTER)
        async with serving(app) as port:
            yield Served(room, passwords, port)
        passwords.close()


class TestVoid:
    async def test_two_people_at_one_console(self, served: Served) -> None:
        _, http, ruling = await served.propose()
        second, _ = await served.person(Role.QUALITY_SUPERVISOR)
        signature = {"login": second.login, "password": second.login * 2}
        answer = await served.ask(http, f"{ATTEMPT}/void/{ruling}/sign", signature)
        assert answer.json() == {"ruling": ruling, "state": "signed"}
        assert served.room.attempt("s1-c1").state is A.VOIDED

    async def test_the_proposer_enters_their_own_password_again(self, served: Served) -> None:
        _, http = await served.person(Role.PROCTOR)
        answer = await served.ask(http, f"{ATTEMPT}/void/propose", PROPOSAL | {"password": "not mine at all"})
        assert answer.status_code in (401, 403)
        assert "not mine" not in answer.text

    async def test_one_person_is_not_two(self, served: Served) -> None:
        first, http, ruling = await served.propose()
        signature = {"login": first.login, "password": first.login * 2}
        answer = await served.ask(http, f"{ATTEMPT}/void/{ruling}/sign", signature)
        assert (answer.status_code, answer.json()["code"]) == (409, "second_person_needed")

    async def test_a_wrong_second_password_signs_nothing(self, served: Served) -> None:
        _, http, ruling = await served.propose()
        second, _ = await served.person(Role.PROCTOR)
        signature = {"login": second.login, "password": "wrong"}
        answer = await served.ask(http, f"{ATTEMPT}/void/{ruling}/sign", signature)
        assert answer.status_code in (401, 403)
        assert served.room.attempt("s1-c1").state is A.RUNNING

    async def test_a_patrol_sees_and_signs_nothing(self, served: Served) -> None:
        _, http, ruling = await served.propose()
        patrol, watching = await served.person(Role.PATROL)
        signature = {"login": patrol.login, "password": patrol.login * 2}
        assert (await served.ask(http, f"{ATTEMPT}/void/{ruling}/sign", signature)).status_code == 403
        assert (await served.ask(watching, f"{ATTEMPT}/message", {"text": "hi"})).status_code == 403
        told = (await watching.get(f"{ATTEMPT}/rulings")).json()
        assert told["voids"][0]["statement"] == "我没有看"
        assert told["voids"][0]["reason"] == "手机在桌下"

    async def test_who_is_not_on_duty_here_does_not_rule_here(self, served: Served) -> None:
        stranger, http = await served.person(Role.PROCTOR, on_duty=False)
        answer = await served.ask(
            http, f"{ATTEMPT}/void/propose", PROPOSAL | {"password": stranger.login * 2}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "not_of_the_room")

    async def test_the_confirming_body_decides(self, served: Served) -> None:
        _, http, ruling = await served.propose()
        second, _ = await served.person(Role.PROCTOR)
        signature = {"login": second.login, "password": second.login * 2}
        await served.ask(http, f"{ATTEMPT}/void/{ruling}/sign", signature)
        _, body = await served.person(Role.CONFIRMING_BODY)
        [waiting] = (await body.get("/api/voids")).json()
        assert (waiting["ruling"], waiting["signed_by"]) == (ruling, second.id)
        decision = {"outcome": "lifted", "reason": "证据不足"}
        assert (await served.ask(http, f"{ATTEMPT}/void/{ruling}/decide", decision)).status_code == 403
        answer = await served.ask(body, f"{ATTEMPT}/void/{ruling}/decide", decision)
        assert answer.json()["state"] == "lifted"
        assert served.room.attempt("s1-c1").state is A.RUNNING

    async def test_a_repeated_command_is_one(self, served: Served) -> None:
        _, http = await served.person(Role.PROCTOR)
        asked = {"code": "system_misuse", "severity": "major", "reason": "看邻座"}
        first = await served.ask(http, f"{ATTEMPT}/flag", asked, "the-same-key")
        again = await served.ask(http, f"{ATTEMPT}/flag", asked, "the-same-key")
        assert first.json() == again.json()
        told = (await http.get(f"{ATTEMPT}/rulings")).json()
        assert [flag["reason"] for flag in told["flags"]] == ["看邻座"]

    async def test_malformed_is_422(self, served: Served) -> None:
        _, http = await served.person(Role.PROCTOR)
        answer = await served.ask(http, f"{ATTEMPT}/flag", {"code": "x", "severity": "awful", "reason": "y"})
        assert answer.status_code == 422


class TestEvidence:
    @pytest.mark.parametrize("named", ["张三 420111197005121237", "=1+1", "n", "0" * 63, "<b>"])
    async def test_is_an_entry_or_a_picture_and_no_free_text(self, served: Served, named: str) -> None:
        """What a flag names stands in an entry for ever, where no name may be."""
        _, http = await served.person(Role.PROCTOR)
        asked = {"code": "materials_at_seat", "severity": "minor", "reason": "x", "evidence": [named]}
        assert (await served.ask(http, f"{ATTEMPT}/flag", asked)).status_code == 422
        good = asked | {"evidence": ["n12", "0" * 64]}
        assert (await served.ask(http, f"{ATTEMPT}/flag", good)).status_code == 200
