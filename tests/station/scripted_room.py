"""A small room server for tests of the station: real sockets, the protocol's own types, and knobs for trouble."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from protocol import from_station, limits, to_station, wire
from protocol.entry import Entry, compose, follows, parse
from protocol.entry_types import FROM_STATION, read_body
from protocol.keys import Purpose, SigningKey, encode, verify
from protocol.paper import ItemKind, SeatItem, SeatOption, SeatPaper, SeatPicture, SeatSection
from protocol.sealing import derive, seal
from protocol.seat import AttemptFacts, CandidateCard, CapturePolicy, SeatPolicy
from protocol.shapes import HeadRef
from protocol.to_station import HeldAnswer
from protocol.witness import HeadStatement, read_head
from station.room_clock import LinuxMachine

MESSAGES: TypeAdapter[from_station.Message] = TypeAdapter(from_station.Message)
DURATION_MS = 7_200_000
SLOTS = 20


def paper_of(attempt: str, duration_ms: int = DURATION_MS) -> SeatPaper:
    """Twenty items: true or false, single, multiple."""

    def item(slot: int, kind: ItemKind, letters: str) -> SeatItem:
        options = [SeatOption(letter=letter, text=f"{slot}{letter}") for letter in letters]
        return SeatItem(slot=slot, kind=kind, score=500, stem=f"第 {slot} 题", options=options)

    judged = [item(n, "true_false", "AB") for n in range(1, 6)]
    single = [item(n, "single", "ABCD") for n in range(6, 16)]
    several = [item(n, "multiple", "ABCDE") for n in range(16, 21)]
    sections = [
        SeatSection(title="判断", kind="true_false", score_each=500, items=judged),
        SeatSection(title="单选", kind="single", score_each=500, items=single),
        SeatSection(title="多选", kind="multiple", score_each=500, items=several),
    ]
    return SeatPaper(
        attempt=attempt, subject="安全", max_score=10_000, duration_ms=duration_ms, sections=sections
    )


@dataclass
class ScriptedRoom:
    """The whole room. Knobs may be turned at any time; ``streams`` is what it holds durably, verbatim."""

    key: SigningKey = field(default_factory=SigningKey.generate)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    ahead_ms: int = 0
    earliest_hand_in_ms: int = 0
    duration_ms: int = DURATION_MS
    stations: dict[str, str] = field(default_factory=dict)
    one_use: dict[str, str] = field(default_factory=dict)
    ca_pem: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    told_secrets: list[str] = field(default_factory=list)
    candidates: dict[str, tuple[str, str]] = field(default_factory=dict)
    streams: dict[str, list[Entry]] = field(default_factory=dict)
    quarantined: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    heads: list[HeadStatement] = field(default_factory=list)
    reports: list[from_station.SeatReport] = field(default_factory=list)
    received: list[Any] = field(default_factory=list)
    acknowledging: bool = True
    quarantine: set[str] = field(default_factory=set)
    picture_status: int = 204
    picture_code: str = ""
    picture_tries: int = 0
    moved: set[str] = field(default_factory=set)
    held: dict[str, list[HeldAnswer]] = field(default_factory=dict)
    follows: dict[str, HeadRef] = field(default_factory=dict)
    port: int = 0
    scheme: str = "http"
    paper_pictures: Sequence[SeatPicture] = ()
    _sockets: dict[WebSocket, str] = field(default_factory=dict)
    _orders: list[to_station.Order] = field(default_factory=list)
    _office: Entry | None = None

    def __post_init__(self) -> None:
        opened = {"author": "server", "session": "s1", "key": self.key.public, "follows": None, "run": "r1"}
        self._office = compose(None, "office1", self.now(), "stream.opened", opened)

    # For tests.

    @property
    def address(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def connected(self) -> int:
        return len(self._sockets)

    def now(self) -> int:
        return int(LinuxMachine().boot_ms()) + 1_780_000_000_000 + self.ahead_ms

    def entries(self, kind: str | None = None) -> list[Entry]:
        """What the room holds of one type, in the order of arrival of streams."""
        return [one for stream in self.streams.values() for one in stream if kind in (None, one.type)]

    def answers(self) -> dict[int, str]:
        """The answers that stand by all streams together."""
        return {one.body["slot"]: "".join(one.body["response"]) for one in self.entries("answer.saved")}

    async def order(self, attempt: str, kind: str, body: dict[str, Any], **beside: str) -> Entry:
        """Sign an order and send it wherever a station is connected; it is sent again on every connection."""
        assert self._office is not None
        self._office = compose(self._office.head, "office1", self.now(), kind, body)
        if kind == "session.started":
            beside["paper_key"] = encode(derive(self.secret, "seal", attempt))
        message = to_station.Order(
            attempt=attempt,
            entry=self._office.text,
            signature=self.key.sign(Purpose.ORDER, self._office.text),
            **beside,
        )
        self._orders.append(message)
        await self.say(message)
        return self._office

    async def start(self, attempt: str, in_ms: int = 0) -> None:
        await self.order(attempt, "session.started", {"starts_at": self.now() + in_ms, "by": "p1"})

    async def say(self, message: Any) -> None:
        for one in list(self._sockets):
            await self._send(one, message)

    async def drop_links(self) -> None:
        for one in list(self._sockets):
            with suppress(RuntimeError):
                await one.close()

    # The server.

    @asynccontextmanager
    async def open(
        self, port: int = 0, tls: tuple[Path, Path] | None = None
    ) -> AsyncIterator["ScriptedRoom"]:
        """Serve on a loopback port until left; may be opened again on the same port afterwards."""
        listening = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port = listening.getsockname()[1]
        app = Starlette(
            routes=[
                WebSocketRoute("/link", self._link),
                Route("/api/snapshots/{digest}", self._picture, methods=["PUT"]),
                Route("/api/stations/enrol", self._enrol, methods=["POST"]),
                Route("/api/stations/authority", self._authority),
                Route("/api/stations/enrol-by-code", self._enrol_by_code, methods=["POST"]),
            ]
        )
        self.scheme, certificate, key = ("https", *tls) if tls else ("http", None, None)
        config = uvicorn.Config(
            app,
            log_level="warning",
            ws_max_size=limits.FRAME_BYTES_MAX,
            lifespan="off",
            ssl_certfile=certificate,
            ssl_keyfile=key,
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve([listening]))
        try:
            yield self
        finally:
            await self.drop_links()
            server.should_exit = True
            await serving
            listening.close()

    async def _enrol(self, request: Request) -> Response:
        body = await request.json()
        if self.one_use.pop(body["station"], None) != body["secret"]:
            refusal = {"code": "bad_secret", "zh": "密钥无效。", "en": "The secret is not valid."}
            return JSONResponse(refusal, 403)
        self.stations[body["station"]] = body["public_key"]
        return JSONResponse(
            {"station": body["station"], "room_key": self.key.public, "room": "一号", "seat": 7}
        )

    async def _authority(self, request: Request) -> Response:
        return JSONResponse({"ca_pem": self.ca_pem})

    async def _enrol_by_code(self, request: Request) -> Response:
        body = await request.json()
        self.told_secrets.append(body["secret"])
        station = self.codes.pop(body["secret"], None)
        if station is None:
            refusal = {"code": "unknown_secret", "zh": "登记密钥无效。", "en": "The code is not valid."}
            return JSONResponse(refusal, 403)
        self.stations[station] = body["public_key"]
        return JSONResponse({"station": station, "room_key": self.key.public, "room": "一号", "seat": 7})

    async def _picture(self, request: Request) -> Response:
        digest, station = request.path_params["digest"], request.headers["x-kaochang-station"]
        statement = f"{digest}\n{request.headers['x-kaochang-attempt']}\n{station}"
        signature = request.headers["x-kaochang-signature"]
        assert verify(self.stations[station], Purpose.PICTURE, statement, signature)
        data = await request.body()
        self.picture_tries += 1
        if self.picture_status < 300:
            self.pictures[digest] = data
        if self.picture_code:
            told = {"code": self.picture_code, "zh": "不收。", "en": "Not taken."}
            return JSONResponse(told, self.picture_status)
        return Response(status_code=self.picture_status)

    async def _link(self, link: WebSocket) -> None:
        await link.accept()
        nonce = secrets.token_hex(16)
        await self._send(
            link,
            to_station.Challenge(
                protocol_min=1, protocol_max=1, server="r1", nonce=nonce, room_time=self.now()
            ),
        )
        try:
            hello = MESSAGES.validate_python(wire.read(await link.receive_text(), bytes_max=65_536))
            assert isinstance(hello, from_station.Hello)
            good = self.stations.get(hello.station) == hello.key and verify(
                hello.key, Purpose.LINK, f"{nonce}\nr1\n{hello.station}", hello.signature
            )
            if not good:
                await self._refuse(link, None, "not_enrolled", fatal=True)
                await link.close()
                return
            await self._send(
                link,
                to_station.Welcome(
                    protocol=1, room_key=self.key.public, seat=7, room="一号", room_time=self.now()
                ),
            )
            self._sockets[link] = hello.station
            while True:
                text = await link.receive_text()
                await self._take(
                    link, MESSAGES.validate_python(wire.read(text, bytes_max=limits.FRAME_BYTES_MAX))
                )
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._sockets.pop(link, None)

    async def _take(self, link: WebSocket, message: Any) -> None:
        self.received.append(message)
        match message:
            case from_station.Ping():
                assert self._office is not None
                head = HeadRef(**self._office.head.to_json())
                pong = to_station.Pong(sent_at=message.sent_at, room_time=self.now(), office_head=head)
                await self._send(link, pong)
            case from_station.SignIn():
                await self._sign_in(link, message)
            case from_station.Resume():
                states = [
                    to_station.StreamState(stream=key, seq=len(own) - 1)
                    for key, own in self.streams.items()
                    if own[0].body["attempt"] == message.attempt
                ]
                here = message.attempt not in self.moved
                resumed = to_station.Resumed(attempt=message.attempt, streams=states, seated_here=here)
                await self._send(link, resumed)
                await self._tell_orders(link, message.attempt)
            case from_station.Entries():
                await self._entries(link, message.entries)
            case from_station.SignedHead():
                read = read_head(self.stations[self._sockets[link]], message.statement, message.signature)
                assert read is not None
                self.heads.append(read)
            case from_station.SeatReport():
                self.reports.append(message)

    async def _entries(self, link: WebSocket, texts: list[str]) -> None:
        for text in texts:
            entry = parse(text)
            held = self.streams.get(entry.stream, [])
            if entry.seq < len(held):
                assert held[entry.seq].hash == entry.hash, "a fork"
            elif entry.stream in self.quarantine or not follows(entry, held[-1].head if held else None):
                self.quarantined.append(text)
                await self._send(
                    link,
                    to_station.OpenNewStream(
                        stream=entry.stream, held=len(held) - 1, reason="the test says so"
                    ),
                )
                continue
            else:
                read_body(entry, FROM_STATION)
                self.streams.setdefault(entry.stream, []).append(entry)
            if self.acknowledging:
                await self._send(link, to_station.Ack(stream=entry.stream, seq=entry.seq))

    async def _sign_in(self, link: WebSocket, message: from_station.SignIn) -> None:
        document, attempt = self.candidates.get(message.ticket, ("", ""))
        if document != message.document:
            await self._refuse(link, message.request, "unknown_candidate")
            return
        paper = paper_of(attempt, self.duration_ms).model_copy(update={"pictures": list(self.paper_pictures)})
        sealed = seal(paper, derive(self.secret, "seal", attempt))
        await self._send(
            link,
            to_station.SignedIn(
                request=message.request,
                facts=self.facts(attempt),
                paper=sealed,
                capture_secret=encode(derive(self.secret, "capture", attempt)),
                follows=self.follows.get(attempt),
                held=self.held.get(attempt, []),
                rules_acknowledged=attempt in self.held,
                handed_in=False,
            ),
        )
        await self._tell_orders(link, attempt)

    async def _tell_orders(self, link: WebSocket, attempt: str) -> None:
        for order in self._orders:
            if order.attempt == attempt:
                await self._send(link, order)

    def facts(self, attempt: str) -> AttemptFacts:
        card = CandidateCard(
            name="张三",
            ticket="T1",
            document_masked="4201**********1237",
            subject="安全",
            session="上午",
            room="一号",
        )
        capture = CapturePolicy(
            gap_ms_min=1_000,
            gap_ms_max=2_000,
            count_min=0,
            width_min=1280,
            height_min=720,
            start_spread_ms=100,
            forced=["login", "start", "flag", "hand_in"],
        )
        policy = SeatPolicy(
            earliest_hand_in_ms=self.earliest_hand_in_ms,
            time_left_warning_ms=600_000,
            time_left_warning_shown_ms=10_000,
            leave_grace_ms=5_000,
            rules=["保持安静。"],
            notice=["考试期间拍照。"],
            capture=capture,
        )
        return AttemptFacts(
            attempt=attempt,
            session="s1",
            seat=7,
            duration_ms=self.duration_ms,
            starts_at=self.now() + 60_000,
            card=card,
            policy=policy,
        )

    async def _refuse(self, link: WebSocket, request: str | None, code: str, *, fatal: bool = False) -> None:
        refused = to_station.Refused(
            request=request, code=code, sentence_zh="不行", sentence_en="no", fatal=fatal
        )
        await self._send(link, refused)

    async def _send(self, link: WebSocket, message: Any) -> None:
        with suppress(RuntimeError, WebSocketDisconnect):
            await link.send_text(wire.write(message.to_json()))


class _Server(uvicorn.Server):
    """Leaves the test run's signals alone."""

    def capture_signals(self) -> Any:
        return nullcontext()
