"""A real room in a temporary folder: its own keys, SQLite file and writer, people who log in over HTTP."""

import functools
import itertools
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from server.app import RoomServer, create_app, open_room
from server.clock import RoomClock
from server.data_folder import DataFolder
from server.db import upgrade
from server.people import actions as people
from server.people.rules import Person, Role
from server.settings import Argon2, Settings
from server.stations import keys
from server.writer.registers import COMMAND_LINE

ADDRESS = "https://room.example"
PASSWORD = "correct horse 10"

ClientOf = Callable[..., Awaitable[httpx.AsyncClient]]

# Cheap on purpose: what a password costs is tested with the sample's values.
SETTINGS = Settings(argon2=Argon2(memory_kib=8, passes=1, lanes=1))
_numbers = itertools.count(1)


@functools.cache
def empty_database() -> bytes:
    """An upgraded database file; making one takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "room.sqlite"
        upgrade(path)
        return path.read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A new room's folder, with keys and no people."""
    data = DataFolder(tmp_path / "data")
    data.path.mkdir()
    keys.make(data.keys, [], RoomClock(data.clock_anchor).now_ms())
    data.database.write_bytes(empty_database())
    return data


@pytest.fixture
async def room(folder: DataFolder) -> AsyncIterator[RoomServer]:
    """The room, opened, its writer at work."""
    opened = open_room(folder, SETTINGS)
    try:
        async with opened.working():
            yield opened
    finally:
        opened.close()


@pytest.fixture
def app(room: RoomServer) -> FastAPI:
    """The web application over the room."""
    return create_app(room)


@pytest.fixture
async def client_of(app: FastAPI) -> AsyncIterator[Callable[[], httpx.AsyncClient]]:
    """Clients of the room without a login, as a browser on its own page sends."""
    clients: list[httpx.AsyncClient] = []

    def make() -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=ADDRESS, headers={"origin": ADDRESS}
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
async def anyone(client_of: Callable[[], httpx.AsyncClient]) -> httpx.AsyncClient:
    """A client nobody has logged in on."""
    return client_of()


@pytest.fixture
def person_of(room: RoomServer) -> Callable[..., Awaitable[Person]]:
    """Register a person with these roles; the password is PASSWORD."""

    async def make(*roles: Role, login: str | None = None, **fields: str) -> Person:
        hashed = await room.passwords.hash(PASSWORD)
        name = login or f"person{next(_numbers)}"
        return await room.writer.submit(
            lambda desk: people.add_person(
                desk,
                login=name,
                display_name=fields.get("display_name", name),
                roles=set(roles),
                password_hash=hashed,
                by=COMMAND_LINE,
                employer=fields.get("employer", ""),
                institution=fields.get("institution", ""),
            )
        )

    return make


@pytest.fixture
def as_(client_of: Callable[[], httpx.AsyncClient], person_of: Callable[..., Awaitable[Person]]) -> ClientOf:
    """A client logged in as a new person with these roles: ``proctor = await as_(Role.PROCTOR)``."""

    async def make(*roles: Role, **fields: str) -> httpx.AsyncClient:
        person = await person_of(*roles, **fields)
        client = client_of()
        answer = await client.post("/api/login", json={"login": person.login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["x-person"] = person.id
        return client

    return make


def command() -> dict[str, str]:
    """Headers that give a command an id of its own."""
    return {"Idempotency-Key": f"command-{next(_numbers)}"}
