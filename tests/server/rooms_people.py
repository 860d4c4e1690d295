"""People of a test's room, logged in without asking for a password."""

import httpx
from fastapi import FastAPI

from server import answers
from server.people import actions
from server.people.access import COOKIE_PLAIN
from server.people.rules import Role
from tests.server.room import Room


async def login(room: Room, *roles: Role) -> str:
    """A new person with these roles; returns the token of their login."""
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
