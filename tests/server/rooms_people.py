"""People of a test's room, logged in without asking for a password."""

import httpx
from fastapi import FastAPI
from sqlmodel import select

from server import answers
from server.people import actions
from server.people.access import COOKIE_PLAIN
from server.people.rules import ON_DUTY, Person, Role
from server.sessions.models import ExamSession
from server.writer.desk import Desk
from tests.server.room import Room


def put_on_duty(desk: Desk, person: Person) -> None:
    """On duty in every session there is, in every role of a room they hold."""
    for session in desk.db.exec(select(ExamSession.id)).all():
        for role in person.roles & ON_DUTY:
            actions.assign_staff(desk, session, person.id, role, by="test")


async def login(room: Room, *roles: Role, on_duty: bool = True) -> str:
    """A new person with these roles, on duty in every session there is; returns the token of their login."""
    name = f"person{room.next_number()}"
    person = await room.writer.submit(
        lambda desk: actions.add_person(
            desk,
            login=name,
            display_name=name,
            roles=set(roles),
            password_hash="-",
            by="test",
            employer="",
            institution="",
        )
    )
    if on_duty:
        await room.writer.submit(lambda desk: put_on_duty(desk, person))
    return await room.writer.submit(lambda desk: actions.open_login(desk, person.id, 12))


def plain_app(room: Room) -> FastAPI:
    """An application over the room that refuses as the room server does, its routes still to be included."""
    app = FastAPI()
    answers.install(app)
    app.state.database, app.state.clock, app.state.store = room.database, room.clock, room.store
    app.state.writer = room.writer
    return app


def client(port: int, token: str | None = None) -> httpx.AsyncClient:
    """A client of the room at this port, with a login's cookie."""
    cookies = {} if token is None else {COOKIE_PLAIN: token}
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", cookies=cookies)
