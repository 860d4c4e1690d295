"""A station that follows a script: the real page's real socket, words checked by the protocol, no room behind it."""

import asyncio
import io
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from PIL import Image, ImageDraw
from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from protocol.keys import decode
from protocol.page import (
    Acknowledge,
    AcknowledgeRules,
    Answer,
    AnswersSaved,
    AnswerState,
    Clock,
    Confirm,
    FromPage,
    HandIn,
    Mark,
    RaiseHand,
    ReadNotice,
    Receipt,
    Replaced,
    SeatView,
    TimeNow,
    ToPage,
    TrySignIn,
)
from protocol.paper import SeatItem, SeatOption, SeatPaper, SeatSection
from protocol.seat import CandidateCard
from protocol.shapes import Closed

PAGE_FOLDER = Path(__file__).parents[2] / "station/static/exam"
CONTENT_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
MINUTE_MS = 60_000
FROM_PAGE: TypeAdapter[FromPage] = TypeAdapter(FromPage)


def jpeg(width: int, height: int) -> bytes:
    """A plain head and shoulders, so that a screen can be judged by eye."""
    image = Image.new("RGB", (width, height), "#dfe6ec")
    draw = ImageDraw.Draw(image)
    middle, size = width / 2, height / 5
    draw.ellipse(
        (middle - size * 0.8, height * 0.2, middle + size * 0.8, height * 0.2 + size * 2), fill="#c99d7c"
    )
    draw.ellipse((middle - size * 1.8, height * 0.66, middle + size * 1.8, height * 1.5), fill="#3f5d7d")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def options(*texts: str) -> list[SeatOption]:
    """Options in natural order."""
    return [SeatOption(letter=letter, text=text) for letter, text in zip("ABCDEF", texts, strict=False)]


def small_paper() -> SeatPaper:
    """Two true/false items, two single, one multiple."""
    return SeatPaper(
        attempt="attempt-1",
        subject="安全生产知识",
        max_score=10000,
        duration_ms=90 * MINUTE_MS,
        sections=[
            SeatSection(
                title="一、判断题",
                kind="true_false",
                score_each=1000,
                items=[
                    SeatItem(
                        slot=slot,
                        kind="true_false",
                        score=1000,
                        stem=f"判断题的题干之{slot}。",
                        options=options("正确", "错误"),
                    )
                    for slot in (1, 2)
                ],
            ),
            SeatSection(
                title="二、单选题",
                kind="single",
                score_each=2000,
                items=[
                    SeatItem(
                        slot=slot,
                        kind="single",
                        score=2000,
                        stem=f"单选题的题干之{slot}。",
                        options=options("甲", "乙", "丙", "丁"),
                    )
                    for slot in (3, 4)
                ],
            ),
            SeatSection(
                title="三、多选题",
                kind="multiple",
                score_each=4000,
                items=[
                    SeatItem(
                        slot=5,
                        kind="multiple",
                        score=4000,
                        stem="多选题的题干。",
                        options=options("甲", "乙", "丙", "丁", "戊"),
                    )
                ],
            ),
        ],
    )


CARD = CandidateCard(
    name="张晓明",
    ticket="20260112034",
    document_masked="4201**********1237",
    subject="安全生产知识",
    session="2026年第一批 上午场",
    room="武汉第一考点 3号考场",
)


class ScriptedStation:
    """Holds what a station holds and does what it is told; ``heard`` is everything the page said, in order."""

    def __init__(self, paper: SeatPaper, stage: str = "sign_in", remaining_ms: int = 60 * MINUTE_MS) -> None:
        self.paper = paper
        self.heard: list[Closed] = []
        self.answers: dict[int, AnswerState] = {}
        self.saving = True
        self.pages: list[WebSocket] = []
        self.remaining_ms = remaining_ms
        self._changed = asyncio.Event()
        self.view = SeatView(
            stage="connecting",
            seat=12,
            link="connected",
            camera="ok",
            earliest_hand_in_ms=30 * MINUTE_MS,
            time_left_warning_ms=10 * MINUTE_MS,
            notice_text=["考试期间摄像头会随机拍照，照片只用于本场考试的监督。"],
            rules_text=["保持安静。", "不得离开考试页面。"],
        )
        self.change(stage=stage)

    def clock(self) -> Clock:
        """The time as this station counts it: started as long ago as the paper's time is used."""
        room_time = time.time_ns() // 1_000_000
        used = self.paper.duration_ms - self.remaining_ms
        return Clock(
            room_time=room_time, remaining_ms=self.remaining_ms, running=self.view.stage == "exam",
            starts_at=room_time - used if self.view.stage != "waiting" else room_time + 5 * MINUTE_MS,
        )  # fmt: skip

    def change(self, **fields: object) -> None:
        """Change the view; what a stage always shows comes along."""
        stage = fields.get("stage", self.view.stage)
        shown_paper = self.paper.model_copy(update={"pictures": []})
        shown = {
            "card": None if stage in ("connecting", "sign_in") else CARD,
            "paper": shown_paper if stage in ("exam", "paused", "suspended") else None,
        }
        self.view = SeatView.model_validate(self.view.model_copy(update={**shown, **fields}).model_dump())

    async def push(self, **fields: object) -> None:
        """Change the view and send it."""
        self.change(**fields)
        await self._say(
            self.view.model_copy(update={"clock": self.clock(), "answers": list(self.answers.values())})
        )

    async def tell_time(self, remaining_ms: int) -> None:
        """The clock as an order made it."""
        self.remaining_ms = remaining_ms
        await self._say(TimeNow(clock=self.clock()))

    async def cut(self) -> None:
        """Lose the socket, as a station does that is killed."""
        for page in self.pages:
            await page.close(1012)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until what was heard fulfils this."""
        async with asyncio.timeout(10):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def said(self, kind: type[Closed]) -> list[Closed]:
        """All messages of one type."""
        return [message for message in self.heard if isinstance(message, kind)]

    async def save_held_back(self) -> None:
        """Answer what was withheld, newest state of each item, and save again from now on."""
        self.saving = True
        edited = [message for message in self.heard if isinstance(message, Answer | Mark)]
        for message in edited:
            self._keep(message)
        await self._say(AnswersSaved(answers=[self.answers[slot] for slot in {edit.slot for edit in edited}]))

    async def page_socket(self, page: WebSocket) -> None:
        """One page at a time: the newest."""
        await page.accept()
        for other in self.pages:
            await other.send_text(Replaced().model_dump_json())
        self.pages = [page]
        await self.push()
        try:
            while True:
                message = FROM_PAGE.validate_json(await page.receive_text())
                self.heard.append(message)
                await self._answer(message)
                self._changed.set()
        except WebSocketDisconnect:
            if page in self.pages:
                self.pages.remove(page)
            self._changed.set()

    async def _say(self, message: ToPage) -> None:
        for page in self.pages:
            await page.send_text(message.model_dump_json())

    def _keep(self, edit: Answer | Mark) -> AnswerState:
        before = self.answers.get(edit.slot) or AnswerState(
            slot=edit.slot, response=[], marked=False, saved="seat"
        )
        update = {"response": edit.response} if isinstance(edit, Answer) else {"marked": edit.marked}
        saved = "room" if self.view.link == "connected" else "seat"
        self.answers[edit.slot] = before.model_copy(update={**update, "saved": saved})
        return self.answers[edit.slot]

    async def _answer(self, message: FromPage) -> None:
        match message:
            case TrySignIn(ticket=CARD.ticket, document="420111197005121237"):
                await self.push(stage="confirm", refusal=None, refusal_en=None)
            case TrySignIn():
                await self.push(
                    refusal="准考证号或证件号码不正确，请核对后重新输入。",
                    refusal_en="The ticket or document number is not right. Please check and type again.",
                )
            case Confirm(me=me):
                await self.push(stage="notice" if me else "sign_in", hand_raised=not me)
            case ReadNotice():
                await self.push(stage="waiting")
            case AcknowledgeRules():
                await self.push(stage="exam")
            case Answer() | Mark() if self.saving:
                await self._say(AnswersSaved(answers=[self._keep(message)]))
            case RaiseHand(raised=raised):
                await self.push(hand_raised=raised)
            case Acknowledge(message=read):
                await self.push(notices=[notice for notice in self.view.notices if notice.message != read])
            case HandIn():
                receipt = Receipt(
                    answered=sum(bool(answer.response) for answer in self.answers.values()),
                    total=self.paper.slots(),
                    at=time.time_ns() // 1_000_000,
                    digest="3fa9c17e52b0" + "0" * 52,
                    delivered=True,
                )
                await self.push(stage="handed_in", receipt=receipt)
            case _:
                pass


@asynccontextmanager
async def serve(station: ScriptedStation) -> AsyncIterator[str]:
    """Serve page, socket and camera on a loopback port; yields the address."""
    picture = jpeg(640, 360)

    async def camera(_: Request) -> Response:
        return Response(picture, media_type="image/jpeg", headers={"Cache-Control": "no-store"})

    async def paper_picture(request: Request) -> Response:
        found = {one.name: one for one in station.paper.pictures}.get(request.path_params["name"])
        if found is None:
            return Response(status_code=404)
        return Response(
            decode(found.data), media_type=found.media_type, headers={"Cache-Control": "no-store"}
        )

    files = StaticFiles(directory=PAGE_FOLDER, html=True)
    inner = Starlette(
        routes=[
            Route("/camera.jpg", camera),
            Route("/pictures/{name}", paper_picture),
            WebSocketRoute("/page", station.page_socket),
            Mount("/", files),
        ]
    )

    async def app(scope, receive, send):  # type: ignore[no-untyped-def]
        async def with_policy(message):  # type: ignore[no-untyped-def]
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"content-security-policy", CONTENT_POLICY.encode()),
                ]
            await send(message)

        await inner(scope, receive, with_policy)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", lifespan="off", ws="websockets-sansio")
        )
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            await station.cut()
            server.should_exit = True
            await task
