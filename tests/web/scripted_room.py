"""A room server that follows a script: the console's addresses, rows checked by the protocol, no room behind it."""

import asyncio
import io
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import cv2
import uvicorn
from PIL import Image, ImageDraw
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from config.scheme import shipped_schemes
from protocol.console import (
    AlarmRow,
    FloorChanges,
    FloorRow,
    FloorSnapshot,
    SeatClock,
    SeatPicture,
    SessionRow,
    StationRow,
)
from server.middleware import SecurityHeaders
from server.rooms.rules import Numbering, places
from station.pictures import Scene, SeatPainter

PAGE_FOLDER = Path(__file__).parents[2] / "server/static/console"
MINUTE_MS = 60_000
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = (
    "建国",
    "志强",
    "秀英",
    "海涛",
    "晓燕",
    "伟",
    "国庆",
    "丽娟",
    "文博",
    "阿卜杜·热合曼",
    "子涵",
    "永贵",
)


def now_ms() -> int:
    """UTC milliseconds of this machine."""
    return time.time_ns() // 1_000_000


def digest_of(number: int) -> str:
    """A well-formed digest."""
    return f"{number:064x}"


def portrait() -> bytes:
    """A plain head and shoulders on white, as a registered photo."""
    image = Image.new("RGB", (295, 413), "#f4f6f8")
    draw = ImageDraw.Draw(image)
    draw.ellipse((85, 70, 210, 225), fill="#c99d7c")
    draw.pieslice((80, 50, 215, 190), 180, 360, fill="#2b2723")
    draw.ellipse((20, 235, 275, 560), fill="#3f5d7d")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


class Pictures:
    """Drawn pictures by digest, made when they are first asked for."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, bool], bytes] = {}

    def get(self, digest: str, thumb: bool) -> bytes:
        """The JPEG of a digest; the same dozen scenes over and over."""
        number = int(digest, 16) % 12
        key = (number, thumb)
        if key not in self._made:
            frame = SeatPainter(number, f"{number:02d}").paint(1_000_000 + number * 7_000, Scene.SEATED)
            if thumb:
                frame = cv2.resize(frame, (320, 180), interpolation=cv2.INTER_AREA)
            done, data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 70])
            assert done
            self._made[key] = data.tobytes()
        return self._made[key]


def a_row(seat: int, at: int, **given: Any) -> FloorRow:
    """One quiet seat in the middle of its exam."""
    name = SURNAMES[seat % len(SURNAMES)] + GIVEN[seat * 7 % len(GIVEN)]
    values: dict[str, Any] = {
        "attempt": f"a{seat}",
        "seat": seat,
        "name": name,
        "ticket": f"20260615{seat:04d}",
        "document_masked": f"4201**********{1000 + seat:04d}",
        "subject": "theory",
        "photo": digest_of(seat),
        "state": "running",
        "station": f"st-{seat:02d}",
        "link": "connected",
        "heard_from_at": at,
        "camera": "ok",
        "answered": seat * 7 % 60,
        "items": 60,
        "clock": SeatClock(
            started_at=at - 37 * MINUTE_MS, end_at=at + 83 * MINUTE_MS, remaining_ms=83 * MINUTE_MS
        ),
        "orders_unheard": 0,
        "rules_acknowledged": True,
        "hand_raised": False,
        "away_since": None,
        "away_times": 0,
        "away_ms": 0,
        "picture": SeatPicture(digest=digest_of(1000 + seat), taken_at=at - seat * 3_100 % 48_000),
        "pictures": 31,
        "pictures_outstanding": 0,
        "pictures_missed": 0,
        "flags_open": 0,
        "worst_flag": None,
        "void": "none",
        "machine_changes": 0,
        "not_counted": 0,
        "late_streams": [],
        "receipt": None,
    }
    return FloorRow.model_validate({**values, **given})


def a_session(at: int, **given: Any) -> SessionRow:
    """A session 37 minutes after its start."""
    values: dict[str, Any] = {
        "session": "s1",
        "title": "施工员（土建施工）第三批",
        "state": "running",
        "room": "r1",
        "run_type": "formal",
        "starts_at": at - 37 * MINUTE_MS,
        "started_at": at - 37 * MINUTE_MS,
        "end_at": at + 83 * MINUTE_MS,
        "paused_at": None,
        "late_cutoff_at": at - 7 * MINUTE_MS,
        "rules_read_by": "p1",
        "rules_read_at": at - 47 * MINUTE_MS,
        "start_confirmed_by": ["p1", "p2"],
        "proctors_min": 2,
        "gates": [],
        "counts": {},
    }
    return SessionRow.model_validate({**values, **given})


def an_alarm(alarm: str, seat: int, at: int, **given: Any) -> AlarmRow:
    """A page that was left, not yet looked at."""
    values: dict[str, Any] = {
        "alarm": alarm,
        "attempt": f"a{seat}",
        "seat": seat,
        "code": "page_left",
        "severity": "minor",
        "source": "machine",
        "at": at,
        "duration_ms": None,
        "evidence": [],
        "note": None,
        "open": True,
    }
    return AlarmRow.model_validate({**values, **given})


def a_station(seat: int, **given: Any) -> StationRow:
    """A machine that is fit."""
    values: dict[str, Any] = {
        "station": f"st-{seat:02d}",
        "seat": seat,
        "connected": True,
        "camera": "ok",
        "width": 1280,
        "height": 720,
        "disk_free_mb": 41_200 - seat * 37,
        "software": "0.1.0",
        "clock_offset_ms": seat % 7 - 3,
        "fit": True,
        "reasons": [],
    }
    return StationRow.model_validate({**values, **given})


def a_busy_floor(at: int, seats: int = 30) -> tuple[list[FloorRow], list[AlarmRow]]:
    """A room in the middle of its exam, with everything a floor can show."""
    special: dict[int, dict[str, Any]] = {
        3: {
            "state": "away",
            "away_since": at - 6_000,
            "away_times": 2,
            "away_ms": 41_000,
            "flags_open": 1,
            "worst_flag": "minor",
        },
        7: {"link": "offline", "heard_from_at": at - 14_000, "flags_open": 1, "worst_flag": "minor"},
        9: {"state": "suspended", "flags_open": 2, "worst_flag": "severe", "void": "proposed"},
        11: {"hand_raised": True},
        13: {"camera": "covered", "flags_open": 1, "worst_flag": "major"},
        16: {
            "state": "absent",
            "picture": None,
            "station": None,
            "link": "never",
            "heard_from_at": None,
            "answered": 0,
        },
        18: {"state": "handed_in", "answered": 60, "receipt": "7F3A-91C2"},
        22: {"state": "voided", "void": "signed"},
        25: {
            "state": "waiting",
            "answered": 0,
            "clock": SeatClock(started_at=None, end_at=None, remaining_ms=120 * MINUTE_MS),
        },
        28: {
            "state": "expected",
            "picture": None,
            "station": None,
            "link": "never",
            "heard_from_at": None,
            "answered": 0,
            "items": 0,
        },
        29: {"pictures_missed": 2, "orders_unheard": 1, "late_streams": ["st-x"]},
    }
    rows = [a_row(seat, at, **special.get(seat, {})) for seat in range(1, seats + 1) if seat != 14]
    alarms = [
        an_alarm(
            "f9a",
            9,
            at - 95_000,
            code="impersonation",
            severity="severe",
            source="person",
            evidence=[digest_of(1009)],
            note="与报名照片不符，正在核对证件",
        ),
        an_alarm("f9b", 9, at - 61_000, code="not_me", severity="major"),
        an_alarm("f13", 13, at - 48_000, code="camera_covered", severity="major", duration_ms=48_000),
        an_alarm("f3", 3, at - 6_000, duration_ms=6_000, evidence=["n4012"]),
        an_alarm("f7", 7, at - 14_000, code="link_lost"),
    ]
    return rows, alarms


class ScriptedRoom:
    """What the console sees; ``heard`` is every command it sent. Commands change nothing by themselves."""

    def __init__(self, rows: list[FloorRow], *, alarms: list[AlarmRow] | None = None, **session: Any) -> None:
        self.at = now_ms()
        self.n = 1
        self.rows = {row.attempt: row for row in rows}
        self.alarms = {alarm.alarm: alarm for alarm in alarms or []}
        self.stations = {f"st-{row.seat:02d}": a_station(row.seat) for row in rows}
        self.session = a_session(self.at, **session)
        self.roles = ["proctor"]
        self.logged_in = False
        self.heard: list[tuple[str, Any, str]] = []
        self.refusals: dict[str, tuple[int, dict[str, Any]]] = {}
        self.answers: dict[str, Any] = {}
        self.timeline: list[dict[str, Any]] = []
        self.pictures = Pictures()
        self._sockets: set[WebSocket] = set()
        self._changed = asyncio.Event()

    # -- what a test does --------------------------------------------------------------------------------------

    async def push(
        self, *, rows: list[FloorRow] | None = None, alarms: list[AlarmRow] | None = None, **session: Any
    ) -> None:
        """Rows changed: told to every console."""
        self.n += 1
        self.rows |= {row.attempt: row for row in rows or []}
        self.alarms |= {alarm.alarm: alarm for alarm in alarms or []}
        if session:
            self.session = self.session.model_copy(update=session)
        changes = FloorChanges(
            n=self.n,
            room_time=now_ms(),
            session=self.session if session else None,
            rows=rows or [],
            alarms=alarms or [],
        )
        for one in list(self._sockets):
            await one.send_text(changes.model_dump_json())

    async def cut(self) -> None:
        """Every console loses its socket."""
        for one in list(self._sockets):
            await one.close(1012)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something was heard."""
        async with asyncio.timeout(5):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    @property
    def consoles(self) -> int:
        """How many floors are open."""
        return len(self._sockets)

    def said(self, address: str) -> list[Any]:
        """Bodies of the commands whose address ends so."""
        return [body for to, body, _ in self.heard if to.endswith(address)]

    # -- what the console asks ---------------------------------------------------------------------------------

    async def live(self, socket_: WebSocket) -> None:
        """The floor's socket."""
        await socket_.accept()
        floor = FloorSnapshot(
            n=self.n,
            room_time=now_ms(),
            session=self.session,
            rows=list(self.rows.values()),
            alarms=[alarm for alarm in self.alarms.values() if alarm.open],
            stations=list(self.stations.values()),
        )
        await socket_.send_text(floor.model_dump_json())
        self._sockets.add(socket_)
        self._changed.set()
        try:
            while True:
                await socket_.receive_text()
        except WebSocketDisconnect:
            pass
        finally:
            self._sockets.discard(socket_)

    async def answer(self, request: Request) -> Response:
        """Everything below /api."""
        address = request.url.path
        if request.method != "GET":
            return await self._command(request, address)
        if address == "/api/me":
            return (
                JSONResponse(self._person())
                if self.logged_in
                else _refusal(401, "not_logged_in", "请先登录。", "Please log in.")
            )
        if "/snapshots/" in address:
            return Response(
                self.pictures.get(address.rsplit("/", 1)[1], "thumb" in request.query_params),
                media_type="image/jpeg",
            )
        if address.endswith("/photo"):
            return Response(portrait(), media_type="image/jpeg")
        if address.endswith("/timeline"):
            after = int(request.query_params.get("after", "0"))
            return JSONResponse([line for line in self.timeline if line["n"] > after])
        known = {**self._known(), **self.answers}.get(address)
        return (
            _refusal(404, "not_found", "没有这个地址。", "There is nothing here.")
            if known is None
            else JSONResponse(known)
        )

    async def _command(self, request: Request, address: str) -> Response:
        raw = await request.body()
        json_sent = request.headers.get("content-type", "").startswith("application/json")
        body = json.loads(raw) if json_sent and raw else raw
        self.heard.append((address, body, request.headers.get("idempotency-key", "")))
        self._changed.set()
        if address in self.refusals:
            status, said = self.refusals[address]
            return JSONResponse(said, status)
        if address == "/api/login":
            if body.get("password") != "right":
                return _refusal(401, "wrong_password", "登录名或密码不正确。", "Login or password is wrong.")
            self.logged_in = True
            return JSONResponse(self._person())
        if address == "/api/logout":
            self.logged_in = False
        return JSONResponse(self.answers.get(f"POST {address}", {}))

    def _person(self) -> dict[str, Any]:
        return {
            "id": "p1",
            "login": "wang",
            "display_name": "王监考",
            "roles": self.roles,
            "employer": "",
            "institution": "",
            "active": True,
        }

    def _known(self) -> dict[str, Any]:
        scheme = shipped_schemes()["s3-a"]
        seats = places(5, 7, Numbering.S_COLUMNS, gaps=[(row, 4) for row in range(1, 6)])
        session = {
            "id": "s1",
            "batch": "2026-06",
            "room": "r1",
            "title": self.session.title,
            "run_type": "formal",
            "scheme": "s3-a",
            "scheme_version": "1",
            "scheme_digest": digest_of(5),
            "starts_at": self.session.starts_at,
            "duration_ms": 120 * MINUTE_MS,
            "state": self.session.state,
            "started_at": self.session.started_at,
            "ended_at": None,
        }
        return {
            "/api/clock": {
                "room_time": now_ms(),
                "unconfirmed": False,
                "seats": 0,
                "offset_ms": None,
                "holds": False,
            },
            "/api/sessions": [session],
            "/api/sessions/s1": session,
            "/api/sessions/s1/scheme": {
                "code": "s3-a",
                "version": "1",
                "title": scheme.title.model_dump(),
                "void_scope": scheme.voiding.scope.value,
                "window_events": [],
                "ruling_codes": [
                    {
                        "code": one.code,
                        "severity": one.severity.value,
                        "title": one.title.model_dump(),
                        "scope": None if one.scope is None else one.scope.value,
                    }
                    for one in scheme.ruling_codes
                ],
                "subjects": [
                    {
                        "code": "theory",
                        "title": {"zh": "专业知识", "en": "Professional knowledge"},
                        "minutes": 120,
                    }
                ],
            },
            "/api/rooms": [
                {
                    "id": "r1",
                    "site": "site1",
                    "name": "一号机房",
                    "approval": "武建考〔2026〕12号",
                    "rows": 5,
                    "columns": 7,
                    "numbering": "s_columns",
                    "seats": [
                        {"number": seat.number, "row": seat.row, "column": seat.column, "spare": seat.spare}
                        for seat in seats
                    ],
                    "warnings": [],
                }
            ],
            "/api/sessions/s1/attempts": [
                {
                    "id": row.attempt,
                    "candidate": f"c{row.seat}",
                    "subject": row.subject,
                    "seat": row.seat,
                    "state": row.state,
                    "station": row.station,
                    "answered": row.answered,
                    "handed_in_at": None,
                    "handed_in_by": None,
                }
                for row in self.rows.values()
            ],
            "/api/sessions/s1/attempts/a9/rulings": {
                "flags": [],
                "voids": [
                    {
                        "ruling": "v9",
                        "code": "impersonation",
                        "scope": "batch",
                        "state": "proposed",
                        "flags": ["f9a"],
                        "statement": None,
                        "statement_declined": True,
                        "by": "p2",
                        "at": self.at - 20_000,
                        "reason": "证件照片与本人明显不符，本人承认替考。",
                        "signed_by": None,
                        "decided_by": None,
                        "decided_reason": None,
                    }
                ],
            },
        }


def _refusal(status: int, code: str, zh: str, en: str) -> Response:
    return JSONResponse({"code": code, "zh": zh, "en": en}, status)


class _Pages(StaticFiles):
    """The built console: its files, and the one page for its own addresses."""

    async def get_response(self, path: str, scope: Any) -> Response:
        try:
            return await super().get_response(path, scope)
        except HTTPException:
            return await super().get_response("index.html", scope)


@asynccontextmanager
async def serve(room: ScriptedRoom) -> AsyncIterator[str]:
    """Serve the console and the scripted room under the real content policy; yields the address."""
    app = Starlette(
        routes=[
            WebSocketRoute("/api/live/{session}", room.live),
            Route("/api/{rest:path}", room.answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
            Mount("/", _Pages(directory=PAGE_FOLDER, html=True)),
        ]
    )
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(SecurityHeaders(app), log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await room.cut()
        await serving
        listening.close()
