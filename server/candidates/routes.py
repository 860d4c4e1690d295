"""The register of candidates, its rosters and photos."""

from collections.abc import Mapping
from typing import IO, Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from config.calendar import shanghai_day
from config.photos import PhotoProfile
from config.scheme import Scheme
from config.subjects import Delivery
from server.candidates import actions, queries
from server.candidates.actions import PhotosRefused
from server.candidates.models import Candidate
from server.candidates.photos import ZIP_BYTES_MAX, PhotosReading, keep_photos, read_photos
from server.candidates.roster import ROSTER_BYTES_MAX, Roster, read_roster
from server.candidates.rules import DocumentType, masked_document
from server.candidates.schemas import (
    CandidateChange,
    CandidateShown,
    DocumentAsked,
    DocumentShown,
    NewCandidate,
    PhotosTaken,
    RosterTaken,
    listed_json,
)
from server.db import Database
from server.errors import NotFound
from server.people.access import CommandId, ExamOffice, MeetsCandidates, requires
from server.people.rules import Person, Role
from server.web import TheClock, TheDatabase, TheSchemes, TheStore, TheWriter, read_upload
from server.workbooks import write_workbook
from server.writer.desk import Desk

ROUTER = APIRouter(prefix="/api/candidates", tags=["candidates"])

UPLOADS = {"POST /api/candidates/roster": None, "POST /api/candidates/photos": None}
"""Requests whose routes count their own bodies."""

PAGE_MAX = 500
"""Candidates of one answer; the next page begins after the last ticket."""

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FullReader = Annotated[Person, requires(Role.EXAM_OFFICE, Role.CONFIRMING_BODY, Role.ARCHIVIST)]


@ROUTER.get("")
def candidates(
    _by: MeetsCandidates,
    database: TheDatabase,
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = PAGE_MAX,
) -> list[CandidateShown]:
    """Candidates by ticket, those after a ticket."""
    with database.read() as db:
        return [CandidateShown.of(row) for row in queries.candidates(db, after, limit)]


@ROUTER.get("/export.xlsx", response_class=Response)
def export(_by: ExamOffice, database: TheDatabase) -> Response:
    """The register as a workbook, document numbers masked."""
    headings = [
        "准考证号",
        "姓名",
        "证件号码",
        "性别",
        "单位",
        "培训机构",
        "职业（工种）",
        "级别",
        "补考",
        "照片",
    ]
    with database.read() as db:
        rows = [_exported(row) for row in queries.candidates(db)]
    headers = {"content-disposition": 'attachment; filename="candidates.xlsx"'}
    return Response(write_workbook("考生", headings, rows), media_type=WORKBOOK, headers=headers)


@ROUTER.get("/{candidate}")
def candidate(candidate: str, _by: MeetsCandidates, database: TheDatabase) -> CandidateShown:
    """One candidate."""
    return CandidateShown.of(_row(database, candidate))


@ROUTER.get("/{candidate}/photo", response_class=Response)
def photo(candidate: str, _by: MeetsCandidates, database: TheDatabase, store: TheStore) -> Response:
    """The registered photo."""
    data = queries.photo_of(store, _row(database, candidate))
    if data is None:
        raise NotFound(what="照片 photo")
    return Response(data, media_type="image/jpeg")


@ROUTER.post("/{candidate}/document")
async def show_document(
    candidate: str, asked: DocumentAsked, by: FullReader, database: TheDatabase, writer: TheWriter
) -> DocumentShown:
    """The full document number; who asked, and why, is recorded before it is told."""
    row = await run_in_threadpool(_row, database, candidate)
    number = await writer.submit(lambda desk: actions.show_document(desk, candidate, asked.reason, by.id))
    return DocumentShown(document_type=DocumentType(row.document_type), document=number)


@ROUTER.post("", status_code=201, response_model=CandidateShown)
async def add_candidate(
    asked: NewCandidate, by: ExamOffice, command: CommandId, writer: TheWriter
) -> dict[str, Any]:
    """Register one candidate."""
    return await writer.submit(
        lambda desk: _shown(actions.add_candidate(desk, asked.line(), shanghai_day(desk.now), by=by.id)),
        command=command,
    )


@ROUTER.patch("/{candidate}", response_model=CandidateShown)
async def change_candidate(
    candidate: str, asked: CandidateChange, by: ExamOffice, command: CommandId, writer: TheWriter
) -> dict[str, Any]:
    """Change a candidate."""
    given = asked.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    return await writer.submit(
        lambda desk: _shown(
            actions.change_candidate(desk, candidate, given, shanghai_day(desk.now), by=by.id)
        ),
        command=command,
    )


@ROUTER.post("/roster", response_model=RosterTaken)
async def take_roster(
    request: Request,
    scheme: str,
    by: ExamOffice,
    command: CommandId,
    clock: TheClock,
    writer: TheWriter,
    schemes: TheSchemes,
) -> dict[str, Any]:
    """Take a roster (xlsx or csv, the body) whole, or answer with every problem in it."""
    subjects = {
        one.code: one.title.zh
        for one in _scheme(schemes, scheme).subjects
        if one.delivery is Delivery.COMPUTER
    }
    with await read_upload(request, ROSTER_BYTES_MAX) as file:
        raw = file.read()
    roster = await run_in_threadpool(read_roster, raw, subjects, shanghai_day(clock.now_ms()))
    return await writer.submit(lambda desk: _taken(desk, roster, by.id), command=command)


@ROUTER.post("/photos", response_model=PhotosTaken)
async def take_photos(
    request: Request,
    scheme: str,
    by: ExamOffice,
    command: CommandId,
    database: TheDatabase,
    store: TheStore,
    writer: TheWriter,
    schemes: TheSchemes,
    profile: str | None = None,
) -> dict[str, Any]:
    """Take a zip of photos (the body) whole, or answer with every file that fails; the scheme says what is a photo."""
    chosen = _profile(_scheme(schemes, scheme), profile)
    with await read_upload(request, ZIP_BYTES_MAX) as file:
        reading = await run_in_threadpool(_checked_photos, file, chosen, database)
        if reading.problems:
            raise PhotosRefused(reading.problems, reading.unlisted)
        digests = await run_in_threadpool(keep_photos, file, reading, store.put)
    return await writer.submit(lambda desk: _photos_set(desk, digests, by.id), command=command)


def _scheme(schemes: Mapping[str, Scheme], code: str) -> Scheme:
    scheme = schemes.get(code)
    if scheme is None:
        raise NotFound(what=f"方案 scheme {code}")
    return scheme


def _profile(scheme: Scheme, code: str | None) -> PhotoProfile:
    found = next((one for one in scheme.photos if code in (None, one.code)), None)
    if found is None:
        raise NotFound(what=f"照片规格 photo profile {code}")
    return found


def _checked_photos(file: IO[bytes], profile: PhotoProfile, database: Database) -> PhotosReading:
    with database.read() as db:
        known = queries.candidates(db)
    return read_photos(file, profile, known)


def _taken(desk: Desk, roster: Roster, by: str) -> dict[str, Any]:
    counts = actions.take_roster(desk, roster, by)
    desk.db.flush()
    ids = queries.by_documents(desk.db, (line.document_key for line in roster.lines))
    warnings = [actions.problem_json(one) for one in roster.findings.warnings]
    return {**counts, "lines": listed_json(roster, ids), "warnings": warnings}


def _photos_set(desk: Desk, digests: dict[str, str], by: str) -> dict[str, Any]:
    counts = actions.set_photos(desk, digests, by)
    desk.db.flush()
    return {**counts, "without_photo": queries.without_photo(desk.db)}


def _row(database: Database, candidate: str) -> Candidate:
    with database.read() as db:
        row = queries.candidate_by_id(db, candidate)
    if row is None:
        raise NotFound(what="考生 candidate")
    return row


def _shown(row: Candidate) -> dict[str, Any]:
    return CandidateShown.of(row).model_dump(mode="json")


def _exported(row: Candidate) -> list[str]:
    return [
        row.ticket,
        row.name,
        masked_document(row.document),
        {"male": "男", "female": "女"}.get(row.sex or "", ""),
        row.employer,
        row.institution,
        row.occupation,
        row.level,
        "是" if row.resit else "",
        "有" if row.photo else "无",
    ]
