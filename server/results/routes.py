"""Results over HTTP: seen by those who review, and as a workbook once they are confirmed."""

import asyncio
from collections import Counter
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from server.candidates.rules import masked_document
from server.db import Database
from server.people.access import requires
from server.people.rules import Person, Role
from server.results import queries
from server.results.actions import NotConfirmed, record_export
from server.results.rules import VERDICTS_ZH, CandidateResult, SubjectResult
from server.results.schemas import CandidateResultShown, ResultsShown
from server.sessions.queries import scheme_of, session_row
from server.sessions.rules import SessionState
from server.web import TheDatabase, TheWriter
from server.workbooks import Value, write_workbook

ROUTER = APIRouter(prefix="/api/sessions/{session}", tags=["results"])

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FINAL = frozenset({SessionState.CONFIRMED, SessionState.ARCHIVED})
"""States of a session whose results may leave."""

SeesResults = Annotated[
    Person, requires(Role.EXAM_OFFICE, Role.REVIEWER, Role.CONFIRMING_BODY, Role.ARCHIVIST)
]
TakesResults = Annotated[Person, requires(Role.EXAM_OFFICE, Role.CONFIRMING_BODY, Role.ARCHIVIST)]


@ROUTER.get("/results")
def results(session: str, _by: SeesResults, database: TheDatabase) -> ResultsShown:
    """Every candidate with the theory verdict; provisional until the session is confirmed."""
    with database.read() as db:
        row = session_row(db, session)
        found = queries.results_of(db, session, leaving=False)
        return ResultsShown(
            session=row.id,
            title=row.title,
            state=row.state,
            final=row.state in FINAL,
            counts=dict(Counter(one.verdict.value for one in found)),
            candidates=[CandidateResultShown.of(one) for one in found],
        )


@ROUTER.get("/results.xlsx", response_class=Response)
async def workbook(
    session: str, by: TakesResults, database: TheDatabase, writer: TheWriter, documents: bool = False
) -> Response:
    """Confirmed results as a workbook; who took it, and whether with full document numbers, is recorded first."""
    data = await asyncio.to_thread(_workbook, database, session, documents)
    await writer.submit(lambda desk: record_export(desk, session, by.id, documents=documents))
    headers = {"content-disposition": f'attachment; filename="results-{session}.xlsx"'}
    return Response(data, media_type=WORKBOOK, headers=headers)


def _workbook(database: Database, session: str, documents: bool) -> bytes:
    with database.read() as db:
        row = session_row(db, session)
        if row.state not in FINAL:
            raise NotConfirmed(state=row.state)
        titles = queries.theory_titles(scheme_of(row))
        found = queries.results_of(db, session, leaving=True)
    headings = ["序号", "准考证号", "姓名", "证件号码", "单位", "培训机构", *titles, "结论"]
    lines = [_line(number, one, documents) for number, one in enumerate(found, 1)]
    return write_workbook("成绩", headings, lines)


def _line(number: int, one: CandidateResult, documents: bool) -> list[Value]:
    document = one.document if documents else masked_document(one.document)
    who: list[Value] = [number, one.ticket, one.name, document, one.employer, one.institution]
    return [*who, *[_score(each) for each in one.subjects], VERDICTS_ZH[one.verdict]]


def _score(one: SubjectResult) -> Value:
    if one.score is None:
        return one.text
    return one.score // 100 if one.score % 100 == 0 else one.score / 100
