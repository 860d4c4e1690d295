"""People over HTTP: logging in, the register, duties kept separate, who is on duty."""

import sqlite3
from contextlib import closing
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select

from recordings.models import NOTE
from server.app import RoomServer
from server.people.models import LoginRow, PersonRow
from server.people.queries import sessions_of, staff_of
from server.people.rules import Role
from server.sessions.models import ExamSession
from tests.server.conftest import PASSWORD, ClientOf, command

R = Role


def centre_entries(room: RoomServer) -> list[str]:
    """Types and verbs of the centre's stream, and its whole text."""
    with room.database.read_ledger() as ledger:
        return [row.text for row in ledger.entries() if row.session is None]


def new_person(login: str, *roles: Role) -> dict[str, object]:
    return {
        "login": login,
        "display_name": "王建国",
        "roles": [role.value for role in roles],
        "employer": "武汉建工",
        "password": PASSWORD,
    }


class TestLogIn:
    async def test_opens_a_login_that_only_a_browser_holds(
        self, anyone: httpx.AsyncClient, person_of, room: RoomServer
    ) -> None:
        await person_of(R.PROCTOR, login="wang")
        answer = await anyone.post("/api/login", json={"login": "wang", "password": PASSWORD})
        assert answer.status_code == 200
        assert answer.json()["roles"] == ["proctor"]
        cookie = answer.headers["set-cookie"]
        for part in ("__Host-kaochang-login=", "HttpOnly", "Secure", "SameSite=strict", "Path=/"):
            assert part in cookie
        token = anyone.cookies["__Host-kaochang-login"]
        with room.database.read() as db:
            assert token not in {row.token_digest for row in db.exec(select(LoginRow))}
        assert (await anyone.get("/api/me")).json()["login"] == "wang"

    async def test_on_the_plain_demo_console_the_cookie_is_not_secure(self, app: FastAPI, person_of) -> None:
        await person_of(login="demo")
        plain = "http://127.0.0.1:8480"
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=plain, headers={"origin": plain}
        ) as client:
            answer = await client.post("/api/login", json={"login": "demo", "password": PASSWORD})
            assert "secure" not in answer.headers["set-cookie"].lower()
            assert "HttpOnly" in answer.headers["set-cookie"]
            assert (await client.get("/api/me")).status_code == 200

    async def test_a_wrong_password_says_not_which_of_the_two(
        self, anyone: httpx.AsyncClient, person_of
    ) -> None:
        await person_of(login="wang")
        wrong = await anyone.post("/api/login", json={"login": "wang", "password": "no"})
        unknown = await anyone.post("/api/login", json={"login": "nobody", "password": "no"})
        assert wrong.status_code == unknown.status_code == 401
        assert wrong.json() == unknown.json()

    async def test_tries_are_bounded_for_each_name(self, anyone: httpx.AsyncClient, person_of) -> None:
        await person_of(login="wang")
        await person_of(login="li")
        for _ in range(5):
            await anyone.post("/api/login", json={"login": "wang", "password": "no"})
        sixth = await anyone.post("/api/login", json={"login": "WANG", "password": PASSWORD})
        assert sixth.status_code == 429
        assert sixth.json()["code"] == "too_many_tries"
        other = await anyone.post("/api/login", json={"login": "li", "password": PASSWORD})
        assert other.status_code == 200

    async def test_a_login_ends_at_its_hour(self, as_: ClientOf, room: RoomServer) -> None:
        client = await as_()
        room.clock.set_to(room.clock.now_ms() + 12 * 3_600_000 - 60_000)
        assert (await client.get("/api/me")).status_code == 200
        room.clock.set_to(room.clock.now_ms() + 61_000)
        answer = await client.get("/api/me")
        assert answer.status_code == 401
        assert answer.json()["code"] == "not_logged_in"

    async def test_logging_out_ends_it_at_the_server(self, as_: ClientOf) -> None:
        client = await as_()
        cookies = httpx.Cookies(client.cookies)
        assert (await client.post("/api/logout")).status_code == 204
        client.cookies = cookies
        assert (await client.get("/api/me")).status_code == 401
        assert (await client.post("/api/logout")).status_code == 204


class TestOwnPassword:
    async def test_replaces_it_and_ends_every_login(self, as_: ClientOf, client_of) -> None:
        client = await as_(login="wang")
        wrong = await client.post("/api/me/password", json={"old": "no", "new": "a new one 11"})
        assert wrong.status_code == 401
        done = await client.post("/api/me/password", json={"old": PASSWORD, "new": "a new one 11"})
        assert done.status_code == 204
        assert (await client.get("/api/me")).status_code == 401
        again = await client_of().post("/api/login", json={"login": "wang", "password": "a new one 11"})
        assert again.status_code == 200


class TestAddPerson:
    async def test_an_administrator_registers_people(self, as_: ClientOf, room: RoomServer) -> None:
        client = await as_(R.ADMINISTRATOR)
        answer = await client.post("/api/people", json=new_person("wang", R.PROCTOR), headers=command())
        assert answer.status_code == 201
        assert answer.json()["display_name"] == "王建国"
        assert "wang" in {one["login"] for one in (await client.get("/api/people")).json()}

    async def test_the_ledger_tells_who_changed_what_and_names_nobody(
        self, as_: ClientOf, room: RoomServer
    ) -> None:
        client = await as_(R.ADMINISTRATOR)
        made = await client.post("/api/people", json=new_person("wang"), headers=command())
        last = centre_entries(room)[-1]
        assert f'"by":"{client.headers["x-person"]}"' in last
        assert f'"key":"{made.json()["id"]}"' in last
        assert '"verb":"added"' in last
        everything = "".join(centre_entries(room))
        assert "王建国" not in everything
        assert "武汉建工" not in everything
        with room.database.read() as db:
            notes = [row.text for row in db.exec(select(NOTE.c.text, NOTE.c.digest))]
            kept = db.exec(select(PersonRow.password_hash)).all()
        assert any("王建国" in text for text in notes)
        assert not any(hashed in text for text in notes for hashed in kept)

    async def test_a_repeat_of_the_command_gives_the_first_outcome(self, as_: ClientOf) -> None:
        client = await as_(R.ADMINISTRATOR)
        headers = command()
        first = await client.post("/api/people", json=new_person("wang"), headers=headers)
        again = await client.post("/api/people", json=new_person("wang"), headers=headers)
        assert first.json() == again.json()
        other = await client.post("/api/people", json=new_person("wang"), headers=command())
        assert other.status_code == 409
        assert other.json()["code"] == "login_taken"

    async def test_another_persons_command_of_the_same_id_is_another_command(self, as_: ClientOf) -> None:
        one, other = await as_(R.ADMINISTRATOR), await as_(R.ADMINISTRATOR)
        headers = command()
        first = await one.post("/api/people", json=new_person("wang"), headers=headers)
        second = await other.post("/api/people", json=new_person("li"), headers=headers)
        assert first.json()["id"] != second.json()["id"]

    async def test_a_command_without_an_id_is_malformed(self, as_: ClientOf) -> None:
        client = await as_(R.ADMINISTRATOR)
        assert (await client.post("/api/people", json=new_person("wang"))).status_code == 422

    async def test_a_refused_person_leaves_nothing(self, as_: ClientOf, room: RoomServer) -> None:
        client = await as_(R.ADMINISTRATOR)
        before = len(centre_entries(room))
        answer = await client.post(
            "/api/people", json=new_person("wang", R.BANK_KEEPER, R.PROCTOR), headers=command()
        )
        assert answer.status_code == 409
        assert answer.json()["code"] == "duties_not_separate"
        assert len(centre_entries(room)) == before
        assert "wang" not in (await client.get("/api/people")).text

    @pytest.mark.parametrize("role", sorted(set(Role) - {R.ADMINISTRATOR}))
    async def test_nobody_else_may(self, as_: ClientOf, role: Role) -> None:
        client = await as_(role)
        answer = await client.post("/api/people", json=new_person("wang"), headers=command())
        assert answer.status_code == 403
        assert answer.json()["code"] == "forbidden"

    async def test_without_a_login_nothing_is_told(self, anyone: httpx.AsyncClient) -> None:
        assert (await anyone.get("/api/people")).status_code == 401


class TestRoles:
    async def test_a_proctor_never_becomes_a_bank_keeper_beside(self, as_: ClientOf, person_of) -> None:
        client = await as_(R.ADMINISTRATOR)
        person = await person_of(R.PROCTOR)
        path = f"/api/people/{person.id}/roles"
        both = await client.put(path, json={"roles": ["proctor", "bank_keeper"]}, headers=command())
        assert both.json()["code"] == "duties_not_separate"
        other = await client.put(path, json={"roles": ["bank_keeper"]}, headers=command())
        assert other.json()["roles"] == ["bank_keeper"]

    async def test_nobody_changes_their_own(self, as_: ClientOf) -> None:
        client = await as_(R.ADMINISTRATOR)
        path = f"/api/people/{client.headers['x-person']}/roles"
        answer = await client.put(path, json={"roles": ["administrator", "reviewer"]}, headers=command())
        assert answer.json()["code"] == "own_roles"

    async def test_a_role_taken_away_holds_at_once(self, as_: ClientOf) -> None:
        admin, other = await as_(R.ADMINISTRATOR), await as_(R.ADMINISTRATOR)
        path = f"/api/people/{other.headers['x-person']}/roles"
        await admin.put(path, json={"roles": []}, headers=command())
        assert (await other.get("/api/people")).status_code == 403


class TestChangePerson:
    async def test_who_left_is_logged_out_and_stays_out(self, as_: ClientOf, client_of) -> None:
        admin, wang = await as_(R.ADMINISTRATOR), await as_(login="wang")
        path = f"/api/people/{wang.headers['x-person']}"
        answer = await admin.patch(path, json={"active": False}, headers=command())
        assert answer.json()["active"] is False
        assert (await wang.get("/api/me")).status_code == 401
        again = await client_of().post("/api/login", json={"login": "wang", "password": PASSWORD})
        assert again.status_code == 401
        await admin.patch(path, json={"active": True}, headers=command())
        assert (await wang.get("/api/me")).status_code == 401, "the login of before came back"

    async def test_one_administrator_remains(self, as_: ClientOf) -> None:
        admin = await as_(R.ADMINISTRATOR)
        path = f"/api/people/{admin.headers['x-person']}"
        answer = await admin.patch(path, json={"active": False}, headers=command())
        assert answer.json()["code"] == "last_administrator"
        assert (await admin.get("/api/me")).status_code == 200

    async def test_a_password_set_by_an_administrator_ends_every_login(
        self, as_: ClientOf, client_of
    ) -> None:
        admin, wang = await as_(R.ADMINISTRATOR), await as_(login="wang")
        path = f"/api/people/{wang.headers['x-person']}/password"
        assert (await admin.put(path, json={"password": "short"})).json()["code"] == "password_length"
        assert (await admin.put(path, json={"password": "another one 12"})).status_code == 204
        assert (await wang.get("/api/me")).status_code == 401

    async def test_an_unknown_person_is_not_found(self, as_: ClientOf) -> None:
        admin = await as_(R.ADMINISTRATOR)
        answer = await admin.patch("/api/people/person-0", json={"display_name": "x"}, headers=command())
        assert answer.status_code == 404


class TestStaff:
    @pytest.fixture
    async def session(self, room: RoomServer) -> str:
        row = ExamSession(
            id="session-1",
            batch="b1",
            room="room-1",
            title="一",
            run_type="formal",
            scheme_code="s",
            scheme_version="1",
            scheme_digest="0" * 64,
            scheme="",
            starts_at=0,
            duration_ms=0,
        )
        await room.writer.submit(lambda desk: desk.db.add(row))
        return "session-1"

    async def test_people_are_on_duty_in_a_role_they_hold(
        self, as_: ClientOf, person_of, session: str
    ) -> None:
        office = await as_(R.EXAM_OFFICE)
        person = await person_of(R.PROCTOR, employer="武汉建工", institution="培训中心")
        path = f"/api/sessions/{session}/staff"
        asked = {"person": person.id, "role": "proctor"}
        for _ in range(2):
            answer = await office.post(path, json=asked, headers=command())
            assert [one["person"]["employer"] for one in answer.json()] == ["武汉建工"]
        wrong = await office.post(path, json={"person": person.id, "role": "patrol"}, headers=command())
        assert wrong.json()["code"] == "role_not_held"

    async def test_who_was_relieved_stays_on_record_and_may_come_back(
        self, as_: ClientOf, person_of, session: str, room: RoomServer
    ) -> None:
        office, person = await as_(R.EXAM_OFFICE), await person_of(R.PROCTOR)
        path = f"/api/sessions/{session}/staff"
        asked = {"person": person.id, "role": "proctor"}
        await office.post(path, json=asked, headers=command())
        told: list[Any] = []
        for _ in range(2):
            gone = await office.delete(f"{path}/{person.id}/proctor", headers=command())
            told += [one["relieved_at"] for one in gone.json()]
        assert len(told) == 2
        assert told[0] == told[1] is not None, "the first time counts"
        with room.database.read() as db:
            assert staff_of(db, session) == []
            assert sessions_of(db, person.id) == []
        back = await office.post(path, json=asked, headers=command())
        assert [one["relieved_at"] for one in back.json()] == [None]
        with room.database.read() as db:
            assert [one.person.id for one in staff_of(db, session)] == [person.id]

    async def test_an_unknown_session_is_refused_and_disturbs_nobody(
        self, as_: ClientOf, person_of, session: str, room: RoomServer
    ) -> None:
        office = await as_(R.EXAM_OFFICE)
        person = await person_of(R.PROCTOR)
        asked = {"person": person.id, "role": "proctor"}
        answer = await office.post("/api/sessions/none/staff", json=asked, headers=command())
        assert answer.status_code == 404
        assert not room.writer.failed.is_set()
        assert (
            await office.post(f"/api/sessions/{session}/staff", json=asked, headers=command())
        ).status_code == 200


class TestRows:
    def test_the_words_of_the_enum_are_the_words_of_the_table(self, room: RoomServer) -> None:
        with closing(sqlite3.connect(room.database.path)) as connection:
            insert = "INSERT INTO person_role (person, role) VALUES ('x', ?)"
            for role in Role:
                connection.execute(insert, (role,))
            with pytest.raises(sqlite3.IntegrityError, match="role_is_known"):
                connection.execute(insert, ("king",))
            connection.rollback()
