"""What every answer of the room server has in common."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from server.app import CONSOLE, RoomServer, create_app
from server.middleware import BODY_BYTES_MAX
from server.settings import SecondCopy
from tests.server.conftest import ADDRESS, ClientOf


class TestHealth:
    async def test_says_whether_the_room_writes(self, anyone: httpx.AsyncClient) -> None:
        answer = await anyone.get("/api/health")
        assert answer.json()["writing"] is True
        assert answer.json()["room_time"] > 1_700_000_000_000

    async def test_a_fault_of_the_copy_is_told_without_its_words(
        self, room: RoomServer, tmp_path: Path
    ) -> None:
        (tmp_path / "no-folder").write_text("a file")
        copied = room.settings.model_copy(
            update={"second_copy": SecondCopy(folder=str(tmp_path / "no-folder"), every_s=1)}
        )
        app = create_app(replace(room, settings=copied))
        copy = app.state.second_copy
        copy.start()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
            async with asyncio.timeout(10):
                while (told := await client.get("/api/health")).json()["second_copy"]["fault"] is None:
                    pass
        copy.stop()
        assert told.json()["second_copy"]["fault"] == "not_kept"
        assert str(tmp_path) not in told.text


class TestHeaders:
    async def test_every_answer_carries_the_content_policy(self, anyone: httpx.AsyncClient) -> None:
        for path in ("/api/health", "/api/unknown", "/", "/sessions/7"):
            headers = (await anyone.get(path)).headers
            assert "script-src 'self'" in headers["content-security-policy"], path
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"

    async def test_what_the_api_says_is_kept_by_no_cache(self, anyone: httpx.AsyncClient) -> None:
        assert (await anyone.get("/api/me")).headers["cache-control"] == "no-store"


class TestOrigin:
    @pytest.mark.parametrize("origin", ["https://other.example", "http://room.example", "null"])
    async def test_a_foreign_page_changes_nothing(self, anyone: httpx.AsyncClient, origin: str) -> None:
        answer = await anyone.post("/api/logout", headers={"origin": origin})
        assert answer.status_code == 403
        assert answer.json()["code"] == "foreign_origin"

    async def test_a_cookie_without_an_origin_is_no_browsers(self, app: FastAPI, as_: ClientOf) -> None:
        known = await as_()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as bare:
            assert (await bare.post("/api/logout")).status_code == 204
            bare.cookies = known.cookies
            assert (await bare.post("/api/logout")).status_code == 403

    async def test_reading_needs_no_origin(self, anyone: httpx.AsyncClient) -> None:
        answer = await anyone.get("/api/health", headers={"origin": "https://other.example"})
        assert answer.status_code == 200


class TestRefusals:
    async def test_an_unknown_address_is_told_in_both_languages(self, anyone: httpx.AsyncClient) -> None:
        answer = await anyone.get("/api/unknown")
        assert answer.status_code == 404
        assert answer.json().keys() == {"code", "zh", "en"}

    async def test_malformed_is_422_and_repeats_nothing_of_what_was_sent(
        self, anyone: httpx.AsyncClient
    ) -> None:
        answer = await anyone.post("/api/login", json={"login": "a", "password": 7, "more": "secret!"})
        assert answer.status_code == 422
        assert answer.json()["code"] == "malformed"
        assert "secret!" not in answer.text
        assert {one["place"] for one in answer.json()["problems"]} == {"body.password", "body.more"}


class TestBodyLimit:
    async def test_one_past_the_limit_is_refused_declared_or_not(self, anyone: httpx.AsyncClient) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(BODY_BYTES_MAX // 65_536 + 1):
                yield b" " * 65_536

        declared = await anyone.post("/api/login", content=b" " * (BODY_BYTES_MAX + 1))
        streamed = await anyone.post(
            "/api/login", content=pieces(), headers={"content-type": "application/json"}
        )
        for answer in (declared, streamed):
            assert answer.status_code == 413
            assert answer.json()["code"] == "too_large"


class TestConsole:
    @pytest.fixture(autouse=True)
    def _built(self) -> None:
        if not CONSOLE.is_dir():
            pytest.skip("the console is not built: make web")

    async def test_an_address_of_the_console_gets_its_page(
        self, client_of: Callable[[], httpx.AsyncClient]
    ) -> None:
        client = client_of()
        front = await client.get("/")
        inner = await client.get("/sessions/7/review")
        assert front.status_code == inner.status_code == 200
        assert front.text == inner.text
        assert inner.headers["cache-control"] == "no-cache"

    async def test_a_file_that_is_not_there_is_not_the_page(self, anyone: httpx.AsyncClient) -> None:
        assert (await anyone.get("/assets/gone.js")).status_code == 404
        assert (await anyone.get("/../settings.py")).status_code == 404
