"""The room server put together: what each noun of the exam day brings, and the one web application over it."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from sqlmodel import SQLModel
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from config.scheme import Scheme, all_schemes
from protocol.version import SOFTWARE
from recordings.second_copy.copying import Room as CopiedRoom
from recordings.store import Store, StoreDamaged
from server import answers, middleware
from server.attempts import budget as attempts_budget
from server.attempts import folding as attempts_folding
from server.attempts import projection as attempts_projection
from server.attempts import routes as attempts_routes
from server.attempts.models import AttemptRow
from server.bank import content_routes as bank_content_routes
from server.bank import export_routes as bank_export_routes
from server.bank import item_routes as bank_item_routes
from server.bank import lock_routes as bank_lock_routes
from server.bank import package_routes as bank_package_routes
from server.bank import routes as bank_routes
from server.bank.key_file import KeyFile
from server.bank.lock import BankLock
from server.bank.open_banks import OpenBanks
from server.candidates import routes as candidates_routes
from server.candidates.models import Candidate
from server.clock import RoomClock
from server.corrections import folding as corrections_folding
from server.data_folder import DataFolder
from server.db import Database, upgrade
from server.evidence import routes as evidence_routes
from server.evidence.second_copy import SecondCopy
from server.hand_scoring import folding as hand_scoring_folding
from server.hand_scoring import routes as hand_scoring_routes
from server.live import cards, clock_routes, console_routes, station_routes
from server.live.clock_doubt import ClockDoubt
from server.live.hub import Hub
from server.live.link import LinkRoom
from server.live.links import Links
from server.live.orders import Orders
from server.live.presence import Presence
from server.live.watching import Watching
from server.papers.access import wrapping_key
from server.papers.queries import exposure_of
from server.people import routes as people_routes
from server.people.passwords import Passwords, Tries
from server.records import folding as records_folding
from server.records import routes as records_routes
from server.results import correction_routes
from server.results import projection as results_projection
from server.results import routes as results_routes
from server.results import rules as results_rules
from server.results.models import ResultRow
from server.results.scorer import Scorer
from server.reviews import folding as reviews_folding
from server.reviews import routes as reviews_routes
from server.reviews.actions import refuse_recused, why_recused
from server.reviews.calendars import Calendars
from server.rooms import routes as rooms_routes
from server.rooms.queries import room_by_id
from server.rulings import folding as rulings_folding
from server.rulings import projection as rulings_projection
from server.rulings import routes as rulings_routes
from server.rulings.models import FlagRow, VoidRow
from server.rulings.queries import barred
from server.schedule import Timetable
from server.sessions import projection as sessions_projection
from server.sessions import routes as sessions_routes
from server.sessions import rules as sessions_rules
from server.sessions.queries import live_sessions
from server.settings import Settings
from server.snapshots import folding as snapshots_folding
from server.snapshots import projection as snapshots_projection
from server.snapshots import routes as snapshots_routes
from server.snapshots.intake import Intake
from server.snapshots.models import SnapshotRow
from server.snapshots.thumbnails import Thumbnails
from server.stations import keys as room_keys
from server.stations import routes as stations_routes
from server.stations.keys import RoomKeys
from server.statistics import routes as statistics_routes
from server.web import TheClock, TheWriter
from server.writer.day import Folding, Part
from server.writer.writer import Projection, Writer

CONSOLE = Path(__file__).parent / "static" / "console"

PARTS: Sequence[Part[Any]] = (
    sessions_rules.PART,
    attempts_folding.PART,
    attempts_budget.PART,
    snapshots_folding.PART,
    rulings_folding.PART,
    hand_scoring_folding.PART,
    corrections_folding.PART,
    results_rules.PART,
    records_folding.PART,
    reviews_folding.PART,
)
"""What each noun folds of the day, lowest first; a checkpoint is of exactly these."""

PROJECTIONS: Sequence[Projection] = (
    sessions_projection.PROJECTION,
    attempts_projection.PROJECTION,
    snapshots_projection.PROJECTION,
    rulings_projection.PROJECTION,
    results_projection.PROJECTION,
)
"""The rows each noun keeps of the day."""

PROJECTED: Sequence[type[SQLModel]] = (AttemptRow, ResultRow, FlagRow, VoidRow, SnapshotRow)
"""Tables only projections write: emptied and written again by ``kaochang admin rebuild``."""

ROUTERS: Sequence[APIRouter] = (
    people_routes.ROUTER,
    rooms_routes.ROUTER,
    stations_routes.ROUTER,
    candidates_routes.ROUTER,
    bank_lock_routes.ROUTER,
    bank_routes.ROUTER,
    bank_item_routes.ROUTER,
    bank_content_routes.ROUTER,
    bank_export_routes.ROUTER,
    bank_package_routes.ROUTER,
    sessions_routes.ROUTER,
    attempts_routes.ROUTER,
    snapshots_routes.ROUTER,
    rulings_routes.ROUTER,
    hand_scoring_routes.ROUTER,
    results_routes.ROUTER,
    correction_routes.ROUTER,
    statistics_routes.ROUTER,
    records_routes.ROUTER,
    reviews_routes.ROUTER,
    evidence_routes.ROUTER,
    console_routes.ROUTER,
    station_routes.ROUTER,
    clock_routes.ROUTER,
)
"""What each noun answers over HTTP and sockets."""

UPLOADS: Mapping[str, int | None] = {
    **bank_routes.UPLOADS,
    **bank_package_routes.UPLOADS,
    **candidates_routes.UPLOADS,
    **snapshots_routes.UPLOADS,
    **attempts_routes.UPLOADS,
}
"""Requests whose bodies may be larger than others, as each noun says of its own."""


@dataclass(frozen=True, slots=True)
class RoomServer:
    """One room's parts, opened; the writer works only between start and stop."""

    folder: DataFolder
    settings: Settings
    clock: RoomClock
    keys: RoomKeys
    database: Database
    store: Store
    writer: Writer
    passwords: Passwords
    schemes: Mapping[str, Scheme]
    open_banks: OpenBanks

    @asynccontextmanager
    async def working(self) -> AsyncIterator["RoomServer"]:
        """Let the writer work on this loop, and let it finish at the end."""
        self.writer.start()
        try:
            yield self
        finally:
            await self.writer.stop()

    def close(self) -> None:
        """Give all files and threads back."""
        self.passwords.close()
        self.database.close()


class ExamDay:
    """What works beside the writer while the room is open: links, orders, the timetable and the scorer."""

    def __init__(self, room: RoomServer) -> None:
        wrapping = wrapping_key(room.keys.room)
        self._room = room
        self.presence = Presence(room.clock.now_ms)
        self.clock_doubt = ClockDoubt(room.clock)
        self.orders = Orders(room.writer, room.database, wrapping)
        self.link_room = LinkRoom(
            room.writer,
            room.database,
            room.clock,
            self.clock_doubt,
            room.keys.room.public,
            wrapping,
            self._photo_of,
            self._title_of,
            Links(room.writer),
        )
        self.thumbnails = Thumbnails(room.store, room.folder.thumbnails)
        self.intake = Intake(room.writer, room.database, room.store, self.thumbnails)
        self.hub = Hub(room.writer, room.database, room.clock, self.presence, cards.load)
        self._watching = Watching(room.writer, self.presence, room.clock, wrapping)
        self._scorer = Scorer(room.writer, room.database, wrapping)
        self._timetable = Timetable(room.writer, room.database, room.clock, self.clock_doubt, self.orders)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Take up every live session from the ledger, then let the timetable and the scorer work."""
        with self._room.database.read() as db:
            live = live_sessions(db)
        for session in live:
            await self._room.writer.submit(lambda desk, session=session: desk.day(session))  # type: ignore[misc]
            await self._watching.watch(session)
            self._scorer.watch(session)
        self._watching.start()
        self._timetable.start()
        try:
            yield
        finally:
            await self._timetable.stop()
            await self._watching.stop()
            await self._scorer.stop()
            self.thumbnails.close()

    def _photo_of(self, candidate: Candidate) -> bytes | None:
        if candidate.photo is None:
            return None
        try:
            return self._room.store.get(candidate.photo)
        except (FileNotFoundError, StoreDamaged):
            return None

    def _title_of(self, room: str) -> str:
        with self._room.database.read() as db:
            row = room_by_id(db, room)
        return room if row is None else row.name


def _second_copy(room: RoomServer) -> SecondCopy | None:
    chosen = room.settings.second_copy
    if not chosen.folder:
        return None
    copied = CopiedRoom(room.folder.path, room.folder.database, room.folder.store, room.keys.room.public)
    return SecondCopy(copied, Path(chosen.folder), chosen.every_s, room.clock.now_ms)


@asynccontextmanager
async def _kept(copy: SecondCopy | None) -> AsyncIterator[None]:
    """Keep the second copy until everything of the block is committed and copied."""
    if copy is None:
        yield
        return
    copy.start()
    try:
        yield
    finally:
        await asyncio.to_thread(copy.stop)


def open_room(folder: DataFolder, settings: Settings) -> RoomServer:
    """Open a room's folder, its tables brought up to date; raises KeysMissing where there is no room.

    The caller holds the folder (:meth:`DataFolder.held`).
    """
    clock = RoomClock(folder.clock_anchor)
    keys = room_keys.load(folder.keys, settings.listen.names, clock.now_ms())
    upgrade(folder.database)
    database = Database(folder.database)
    writer = Writer(database, clock, keys.room, Folding(PARTS), PROJECTIONS)
    passwords = Passwords(database, clock, settings.logins, settings.argon2)
    schemes = all_schemes(folder.schemes)
    banks = OpenBanks(_monotonic_ms, settings.bank.idle_minutes * 60_000)
    return RoomServer(
        folder, settings, clock, keys, database, Store(folder.store), writer, passwords, schemes, banks
    )


def _monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def create_app(room: RoomServer) -> FastAPI:
    """The web application of an opened room; its lifespan starts and stops the writer."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with _kept(copy), room.working(), day.working(), bank_lock.watched():
            yield

    day, copy = ExamDay(room), _second_copy(room)
    bank_lock = BankLock(room.writer, room.open_banks, KeyFile(room.folder.bank_key, room.settings.argon2))
    app = routes_only(lifespan=lifespan)
    state = app.state
    state.settings, state.clock, state.keys = room.settings, room.clock, room.keys
    state.database, state.store = room.database, room.store
    state.writer, state.passwords = room.writer, room.passwords
    state.schemes = room.schemes
    chosen = room.settings.review.calendar
    state.calendars = Calendars([Path(chosen)] if chosen else room.folder.calendars)
    state.open_banks, state.bank_lock = room.open_banks, bank_lock
    state.clock_doubt = day.clock_doubt
    state.presence, state.orders, state.link_room = day.presence, day.orders, day.link_room
    state.intake, state.thumbnails, state.hub = day.intake, day.thumbnails, day.hub
    state.exposure_of = exposure_of
    state.barred, state.refuse_recused, state.why_recused = barred, refuse_recused, why_recused
    state.second_copy = copy
    state.code_tries = Tries(stations_routes.CODE_TRIES_MAX, stations_routes.CODE_WINDOW_MS)
    if CONSOLE.is_dir():
        app.mount("/", ConsolePages(directory=CONSOLE, html=True), name="console")
    app.add_middleware(middleware.BodyLimit, uploads=UPLOADS)
    app.add_middleware(middleware.OwnOrigin)
    app.add_middleware(middleware.SecurityHeaders)
    return app


def routes_only(**how: Any) -> FastAPI:
    """Every route and how refusals are answered, with no room behind them: enough to describe the API."""
    app = FastAPI(
        title="Kaochang room server",
        version=SOFTWARE,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        responses={"4XX": {"model": answers.RefusalShown}},
        **how,
    )
    answers.install(app)
    for router in (*ROUTERS, _HEALTH):
        app.include_router(router)
    return app


_HEALTH = APIRouter(prefix="/api", tags=["health"])


@_HEALTH.get("/health")
async def health(request: Request, writer: TheWriter, clock: TheClock) -> dict[str, Any]:
    """Whether the room takes entries, up to where it has, its time, and how the second copy stands.

    Anyone may ask, so that a fault of the copy is told without its words: they name folders and stand in the log.
    """
    copy: SecondCopy | None = request.app.state.second_copy
    kept = None if copy is None else copy.state
    return {
        "writing": not writer.failed.is_set(),
        "n": writer.ledger.last_n,
        "room_time": clock.now_ms(),
        "software": SOFTWARE,
        "clock_unconfirmed": clock.rebooted,
        "second_copy": kept and asdict(kept) | {"fault": kept.fault and "not_kept"},
    }


class ConsolePages(StaticFiles):
    """The console's files; an address of its own routes, such as /sessions/7, gets the one page."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, or the page for what is no file's name; addresses below /api stay unknown."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or path.startswith("api") or "." in Path(path).name:
                raise
            response = await super().get_response("index.html", scope)
        # Built names carry a digest of their content; the page that names them does not.
        lasting = path.startswith("assets/")
        response.headers["cache-control"] = "max-age=31536000, immutable" if lasting else "no-cache"
        return response
