"""The exam page of this seat: served on the loopback address, to one page at a time.

A one-use token in the address becomes a cookie; Host and Origin are checked, so that no other site the browser may
show can reach the seat. The cookie's secret is kept beside the journal: after a restart the page that is still open
comes back by itself. The page may connect again at any time and is sent everything.
"""

import asyncio
import hmac
import logging
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from protocol import page, wire
from protocol.files import Files
from protocol.keys import decode
from protocol.page import AnswersSaved, AnswerState, Replaced, Stage, TimeNow
from protocol.shapes import Closed
from station.guard import Guard
from station.refusals import Refusal
from station.room_clock import replace_file
from station.seat import Seat
from station.view import clock_of, view_of
from station.watching import Watcher

COOKIE: Final = "kaochang_page"
PAGE_FRAME_BYTES_MAX: Final = 65_536
"""One frame of the page, in bytes; the socket is closed one past it."""

TIME_EVERY_S: Final = 5.0
"""Seconds between two words on the time; the page counts by itself in between."""

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_PICTURE_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"
}
"""Beside the page's own: an SVG opened by itself is a picture and nothing more."""

_CLOSED = "请从考试机程序打开本页面。 Open this page from the station's own program."
_MESSAGES: TypeAdapter[page.FromPage] = TypeAdapter(page.FromPage)
_LOG = logging.getLogger(__name__)


class Doorkeeper:
    """Lets in whoever shows a token once, or the cookie made of it, and only by the loopback address."""

    def __init__(self, files: Files, home: Path, port: Callable[[], int]) -> None:
        self._port = port
        self._tokens: set[str] = set()
        path = home / "page.key"
        if not files.exists(path):
            files.make_folder(home)
            replace_file(files, path, secrets.token_hex(32).encode())
        self._cookie = files.read(path).decode()

    def token(self) -> str:
        """A new one-use token for the page's address."""
        token = secrets.token_urlsafe(24)
        self._tokens.add(token)
        return token

    def take(self, token: str) -> bool:
        """Whether this token is good; it is not a second time."""
        if token in self._tokens:
            self._tokens.remove(token)
            return True
        return False

    def cookie(self) -> str:
        """The cookie's value."""
        return self._cookie

    def knows(self, connection: HTTPConnection) -> bool:
        """Whether the connection bears the cookie."""
        # As bytes: a text with other than ASCII in it cannot be compared.
        given = connection.cookies.get(COOKIE, "").encode("utf-8", "surrogatepass")
        return hmac.compare_digest(given, self._cookie.encode())

    def at_home(self, connection: HTTPConnection) -> bool:
        """Whether the connection came by this seat's own address, and from a page of it where it says so."""
        names = {f"{host}:{self._port()}" for host in ("127.0.0.1", "localhost")}
        origin = connection.headers.get("origin")
        if origin is None and connection.scope["type"] == "websocket":
            return False
        return connection.headers.get("host") in names and origin in (
            None,
            *(f"http://{name}" for name in names),
        )


class PageServer(Watcher):
    """The seat's page. ``camera_jpeg`` gives the newest own picture; None when there is none."""

    def __init__(
        self,
        seat: Seat,
        guard: Guard,
        doorkeeper: Doorkeeper,
        static: Path,
        camera_jpeg: Callable[[], bytes | None] = lambda: None,
    ) -> None:
        self._seat, self._guard, self._door, self._camera_jpeg = seat, guard, doorkeeper, camera_jpeg
        self._static = static
        self._open: _Page | None = None
        seat.watchers.append(self)

    def app(self) -> ASGIApp:
        """The ASGI application."""
        routes = [
            Route("/", self._enter),
            Route("/camera.jpg", self._camera),
            Route("/pictures/{name}", self._picture),
            WebSocketRoute("/page", self._page),
            Mount("/", StaticFiles(directory=self._static, html=True, check_dir=False)),
        ]
        return _Walls(Starlette(routes=routes), self._door)

    async def keep_time(self) -> None:
        """Tell the page the time every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(TIME_EVERY_S)
            self.time_changed()

    # Watcher.

    def view_changed(self) -> None:
        """Something but the answers changed."""
        if self._open is not None:
            self._open.push(view=True)

    def stage_changed(self, before: Stage, now: Stage) -> None:
        """A refusal belongs to the stage it was said in."""
        self._seat.refusal = None

    def answers_saved(self, answers: list[AnswerState]) -> None:
        """Answers are safe."""
        if self._open is not None:
            self._open.push(saved=answers)

    def time_changed(self) -> None:
        """The clock again."""
        if self._open is not None:
            self._open.push(time=True)

    # The page's requests.

    async def _enter(self, request: Request) -> Response:
        token = request.query_params.get("token")
        if token is None:
            return await StaticFiles(directory=self._static, html=True).get_response(
                "index.html", request.scope
            )
        answer = RedirectResponse("/", 303)
        if self._door.take(token):
            answer.set_cookie(COOKIE, self._door.cookie(), httponly=True, samesite="strict")
        return answer

    async def _camera(self, request: Request) -> Response:
        picture = await asyncio.to_thread(self._camera_jpeg)
        if picture is None:
            return PlainTextResponse("没有画面 no picture", 404)
        return Response(picture, media_type="image/jpeg")

    async def _picture(self, request: Request) -> Response:
        """A picture of the paper, while the paper is on the page."""
        sitting = self._seat.current
        shown = sitting is not None and self._seat.stage == "exam"
        picture = sitting.picture(request.path_params["name"]) if sitting is not None and shown else None
        try:
            data = decode(picture.data) if picture else None
        except ValueError:
            _LOG.warning("picture %s of the paper is not base64", request.path_params["name"])
            data = None
        if picture is None or data is None:
            return PlainTextResponse("没有此图 no such picture", 404)
        return Response(data, media_type=picture.media_type, headers=_PICTURE_HEADERS)

    async def _page(self, socket: WebSocket) -> None:
        await socket.accept()
        mine = _Page(socket, self._seat)
        before, self._open = self._open, mine
        if before is not None:
            await before.replace()
        self._guard.page_opened()
        self._seat.page_open = True
        self._seat.report()
        mine.push(view=True)
        writing = asyncio.create_task(mine.write())
        try:
            while True:
                await self._hear(await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError, KeyError):
            pass  # Starlette says a lost peer in these three ways.
        finally:
            writing.cancel()
            if self._open is mine:
                self._open = None
                self._seat.page_open = False
                self._guard.page_closed()
                self._seat.report()

    async def _hear(self, text: str) -> None:
        message = read_message(text)
        if message is None:
            return
        refusal: Refusal | None = None
        try:
            await self._do(message)
        except Refusal as error:
            refusal = error
        except OSError as error:
            _LOG.exception("the disk failed")
            refusal = Refusal(
                "本机磁盘出错，请举手。", f"This machine's disk failed ({error}); raise your hand."
            )
        if refusal is not self._seat.refusal:
            self._seat.refusal = refusal
            self.view_changed()

    async def _do(self, message: Closed) -> None:
        seat = self._seat
        match message:
            case page.Answer():
                seat.answer(message.slot, message.response)
            case page.Mark():
                seat.mark(message.slot, message.marked)
            case page.PageEvent():
                self._guard.told(message)
            case page.TrySignIn():
                await seat.sign_in(message.ticket, message.document)
            case page.Confirm():
                await seat.confirm(message.me)
            case page.ReadNotice():
                await seat.read_notice()
            case page.AcknowledgeRules():
                await seat.read_rules()
            case page.HandIn():
                await seat.hand_in()
            case page.RaiseHand():
                seat.raise_hand(message.raised)
            case page.Acknowledge():
                seat.acknowledge(message.message)


def read_message(text: str) -> page.FromPage | None:
    """One message of the page; what is none is only logged, by its fault and never by what was typed."""
    try:
        return _MESSAGES.validate_python(wire.read(text, bytes_max=PAGE_FRAME_BYTES_MAX))
    except wire.Malformed as error:
        _LOG.warning("the page said what is no message: %s", error)
    except ValidationError as error:
        # What was typed may be a document number.
        wrong = [
            (one["loc"], one["type"]) for one in error.errors(include_input=False, include_context=False)
        ]
        _LOG.warning("the page said what is no message: %s", wrong)
    return None


class _Page:
    """One open page: what it has still to be told, each thing once and in its newest form."""

    def __init__(self, socket: WebSocket, seat: Seat) -> None:
        self._socket, self._seat = socket, seat
        self._view = self._time = False
        self._saved: dict[int, AnswerState] = {}
        self._awake = asyncio.Event()

    def push(self, *, view: bool = False, time: bool = False, saved: list[AnswerState] | None = None) -> None:
        self._view |= view
        self._time |= time
        self._saved.update({one.slot: one for one in saved or ()})
        self._awake.set()

    async def write(self) -> None:
        while True:
            await self._awake.wait()
            self._awake.clear()
            try:
                await self._write_waiting()
            except (WebSocketDisconnect, RuntimeError):
                return

    async def replace(self) -> None:
        try:
            await self._send(Replaced())
            await self._socket.close(1000)
        except (WebSocketDisconnect, RuntimeError) as error:
            _LOG.debug("the page before was gone: %s", error)

    async def _write_waiting(self) -> None:
        sitting = self._seat.current
        if self._view:
            while sitting is not None and sitting.journal.pending:
                # What the view calls saved has to be: it is read after everything before it is durable.
                await sitting.journal.flushed()
            self._view = False
            await self._send(view_of(self._seat))
        if self._saved:
            saved, self._saved = list(self._saved.values()), {}
            await self._send(AnswersSaved(answers=saved))
        if self._time:
            self._time = False
            sitting = self._seat.current
            if sitting is not None and sitting.facts is not None:
                await self._send(TimeNow(clock=clock_of(self._seat, sitting)))

    async def _send(self, message: Closed) -> None:
        await self._socket.send_text(message.model_dump_json())


class _Walls:
    """Nothing behind this is reached from another address, another page's script, or without the cookie."""

    def __init__(self, app: ASGIApp, door: Doorkeeper) -> None:
        self._app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        entering = scope["type"] == "http" and scope["path"] == "/" and "token" in connection.query_params
        if not self._door.at_home(connection) or not (entering or self._door.knows(connection)):
            if scope["type"] == "websocket":
                await WebSocket(scope, receive, send).close(1008)
            else:
                await PlainTextResponse(_CLOSED, 403)(scope, receive, send)
            return

        async def send_with_headers(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))  # type: ignore[call-overload]
                headers += [(key.lower().encode(), value.encode()) for key, value in _HEADERS.items()]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, send_with_headers)  # type: ignore[arg-type]
