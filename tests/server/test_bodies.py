"""Bodies that are too large, or of somebody nobody knows: what is read of them, and what is not."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.responses import StreamingResponse

from server import answers
from server.app import UPLOADS
from server.middleware import BODY_BYTES_MAX, BodyLimit
from server.people.rules import Role
from tests.server.conftest import ADDRESS, ClientOf, command
from tests.server.serving import serving

PIECE = b" " * 65_536


class Endless:
    """A body that goes on as long as somebody reads it; ``given`` are the bytes that were read."""

    def __init__(self, begin: bytes = b"", most: int = 8 * BODY_BYTES_MAX) -> None:
        self.given = 0
        self._begin = begin
        self._most = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._begin
        while self.given < self._most:
            self.given += len(PIECE)
            yield PIECE


FORM = {"content-type": "multipart/form-data; boundary=b"}
BEGIN = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="x"\r\n\r\n'


class TestForms:
    @pytest.mark.parametrize(
        ("path", "field"), [("/api/bank/import", b"items"), ("/api/sessions/s1/journals", b"file")]
    )
    async def test_a_file_of_nobody_is_not_read(
        self, anyone: httpx.AsyncClient, path: str, field: bytes
    ) -> None:
        body = Endless(BEGIN % field)
        answer = await anyone.post(path, content=body, headers={**FORM, **command()})
        assert answer.status_code == 401
        assert body.given <= len(PIECE)

    async def test_a_file_of_unknown_length_ends_at_the_limit(self) -> None:
        app = FastAPI()

        @app.post("/form")
        async def form(request: Request) -> dict[str, int]:
            return {"fields": len(await request.form())}

        app.add_middleware(BodyLimit, uploads={"POST /form": 3 * len(PIECE)})
        body = Endless(BEGIN % b"file")
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
            answer = await client.post("/form", content=body, headers=FORM)
        assert answer.status_code == 413
        assert body.given <= 4 * len(PIECE)


class TestSlow:
    async def test_a_body_that_stops_coming_is_given_up(self) -> None:
        app = FastAPI()
        answers.install(app)

        @app.post("/json")
        async def json(asked: dict[str, int]) -> dict[str, int]:
            return asked

        @app.get("/late")
        async def late() -> StreamingResponse:
            async def chunks() -> AsyncIterator[bytes]:
                yield b"a"
                await asyncio.sleep(0.6)
                yield b"b"

            return StreamingResponse(chunks())

        app.add_middleware(BodyLimit, uploads={}, silence_s=0.2)
        async with serving(app) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                b"POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b'Content-Length: 100\r\n\r\n{"a":'
            )
            assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 408")
            writer.close()
            async with httpx.AsyncClient() as client:
                answer = await client.get(f"http://127.0.0.1:{port}/late")
            assert answer.text == "ab", "an answer may take longer than a body"


class TestLookalikes:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("PATCH", "/api/candidates/photos"),
            ("PATCH", "/api/candidates/roster"),
            ("POST", "/api/candidates/photos/document"),
            ("POST", "/api/candidates/roster-2/document"),
        ],
    )
    async def test_what_is_called_as_an_upload_is_none(
        self, anyone: httpx.AsyncClient, method: str, path: str
    ) -> None:
        body = Endless()
        headers = {"content-type": "application/json", **command()}
        answer = await anyone.request(method, path, content=body, headers=headers)
        assert answer.status_code == 413
        assert body.given <= BODY_BYTES_MAX + len(PIECE)

    async def test_uploads_name_their_method_and_whole_path(self) -> None:
        for upload in UPLOADS:
            method, path = upload.split(" ")
            assert method in ("POST", "PUT")
            assert path.startswith("/api/")
            assert not path.endswith("/")


class TestWrongTypes:
    @pytest.mark.parametrize("content_type", ["text/plain", "", "application/x-www-form-urlencoded"])
    async def test_a_command_is_json(self, as_: ClientOf, content_type: str) -> None:
        office = await as_(Role.EXAM_OFFICE)
        answer = await office.post(
            "/api/sites",
            content=b'{"name": "a", "address": ""}',
            headers={"content-type": content_type, **command()},
        )
        assert answer.status_code == 422

    @pytest.mark.parametrize(
        "body", [b"[" * 500_000, b'{"name": "\\ud800", "address": ""}', b"\xff\xfe", b"{", b'{"name": NaN}']
    )
    async def test_what_is_no_json_disturbs_nobody(self, as_: ClientOf, body: bytes) -> None:
        office = await as_(Role.EXAM_OFFICE)
        headers = {"content-type": "application/json", **command()}
        answer = await office.post("/api/sites", content=body, headers=headers)
        assert answer.status_code in (400, 422)
        assert answer.json().keys() >= {"code", "zh", "en"}


class TestNumbers:
    @pytest.mark.parametrize("instant", [-1, 2**53, 2**63, 10**40])
    async def test_an_instant_no_entry_can_hold_is_malformed(self, as_: ClientOf, instant: int) -> None:
        office = await as_(Role.EXAM_OFFICE)
        asked = {
            "id": "s1",
            "batch": "b1",
            "room": "r1",
            "title": "一",
            "scheme": "s3-a",
            "run_type": "formal",
            "starts_at": instant,
            "subjects": [{"subject": "theory", "bank": "b", "blueprint": "b"}],
        }
        assert (await office.post("/api/sessions", json=asked, headers=command())).status_code == 422
