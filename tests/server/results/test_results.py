"""Results: the verdict over all theory subjects, what a void reads, and what may leave."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import openpyxl
import pytest

from protocol import office_entries as office
from server.attempts.rules import Attempts
from server.people.rules import Role
from server.results import routes
from server.results.queries import results_of
from server.results.rules import (
    CandidateResult,
    SubjectOutcome,
    SubjectResult,
    Verdict,
    verdict,
    written,
)
from tests.server.after_exam import end, lived
from tests.server.room import Room, open_room
from tests.server.rooms_people import client, login, plain_app
from tests.server.serving import serving


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


def found(room: Room, session: str = "s1", *, leaving: bool = False) -> list[CandidateResult]:
    with room.database.read() as db:
        return results_of(db, session, leaving=leaving)


def only(room: Room, candidate: str, *, leaving: bool = False) -> tuple[CandidateResult, SubjectResult]:
    one = next(each for each in found(room, leaving=leaving) if each.candidate == candidate)
    (subject,) = one.subjects
    return one, subject


async def void(room: Room, attempt: str) -> None:
    await room.records(
        office.VoidProposed(
            ruling="v1",
            attempt=attempt,
            code="copying",
            scope="batch",
            statement=None,
            statement_declined=True,
            by="proctor1",
            note=None,
        ),
        office.VoidSigned(ruling="v1", attempt=attempt, by="proctor2"),
    )


async def confirm(room: Room, session: str = "s1") -> None:
    """The end of a review, as entries."""
    moved = []
    for attempt in room.day(session).part(Attempts).by_id.values():
        if attempt.seated_at is not None:
            moved += [
                office.ResultMoved(attempt=attempt.id, step="under_review", by="r"),
                office.ResultMoved(attempt=attempt.id, step="confirmed", by="b"),
            ]
    sign = [office.RecordSigned(by=by, form_digest="a" * 64, heads_digest="b" * 64) for by in ("p1", "p2")]
    step = [office.SessionMoved(step="under_review", by="r"), office.SessionMoved(step="confirmed", by="b")]
    await room.records(*sign, step[0], *moved, step[1], session=session)


class TestVerdict:
    @pytest.mark.parametrize(
        ("subjects", "expected"),
        [
            ([], Verdict.PENDING),
            ([SubjectOutcome(6000, 6000)], Verdict.PASSED),
            ([SubjectOutcome(5950, 6000)], Verdict.NOT_PASSED),
            ([SubjectOutcome(5999, 6000)], Verdict.NOT_PASSED),
            ([SubjectOutcome(10000, 6000), SubjectOutcome(None, 6000)], Verdict.PENDING),
            ([SubjectOutcome(10000, 6000), SubjectOutcome(5950, 6000)], Verdict.NOT_PASSED),
            ([SubjectOutcome(5000, 6000), SubjectOutcome(None, 6000)], Verdict.NOT_PASSED),
            ([SubjectOutcome(6000, 6000), SubjectOutcome(6000, 6000)], Verdict.PASSED),
            ([SubjectOutcome(None, 6000, absent=True)], Verdict.NOT_PASSED),
            ([SubjectOutcome(10000, 6000), SubjectOutcome(None, 6000, absent=True)], Verdict.NOT_PASSED),
            ([SubjectOutcome(10000, 6000, voided=True), SubjectOutcome(0, 6000)], Verdict.VOIDED),
        ],
    )
    def test_over_all_subjects(self, subjects: list[SubjectOutcome], expected: Verdict) -> None:
        assert verdict(subjects) is expected

    @pytest.mark.parametrize(
        ("score", "text"),
        [(0, "0"), (5950, "59.5"), (6000, "60"), (3325, "33.25"), (5, "0.05"), (10000, "100")],
    )
    def test_a_score_is_written_exactly(self, score: int, text: str) -> None:
        assert written(score) == text


class TestResultsOfASession:
    async def test_everybody_has_a_line_absent_ones_too(self, room: Room) -> None:
        await lived(room)
        await end(room)
        assert [(one.candidate, one.verdict) for one in found(room)] == [
            ("c1", Verdict.PASSED),
            ("c2", Verdict.NOT_PASSED),
            ("c3", Verdict.NOT_PASSED),
        ]
        assert only(room, "c1")[1].score == 10000
        assert only(room, "c3")[1].text == "缺考"

    async def test_a_voided_score_reads_cancelled_and_never_zero(self, room: Room) -> None:
        await lived(room)
        await end(room)
        await void(room, "s1-c1")
        one, subject = only(room, "c1")
        assert (one.verdict, subject.text, subject.score) == (Verdict.VOIDED, "成绩取消", None)

    async def test_lifting_a_void_gives_the_score_back(self, room: Room) -> None:
        await lived(room)
        await end(room)
        await void(room, "s1-c1")
        await room.records(
            office.VoidDecided(ruling="v1", attempt="s1-c1", outcome="lifted", by="body", note=None)
        )
        one, subject = only(room, "c1")
        assert (one.verdict, subject.text) == (Verdict.PASSED, "100")

    async def test_nothing_unconfirmed_is_among_what_leaves(self, room: Room) -> None:
        await lived(room)
        await end(room)
        assert only(room, "c1", leaving=True)[0].verdict is Verdict.PENDING
        await confirm(room)
        one, subject = only(room, "c1", leaving=True)
        assert (one.verdict, subject.score) == (Verdict.PASSED, 10000)

    async def test_subjects_of_other_sessions_of_the_batch_count_with_it(self, room: Room) -> None:
        await room.plans("t1", candidates=["c1"], scheme="s3-b")
        await room.plans("t2", candidates=["c1"], scheme="s3-b", room="r2")
        one = found(room, "t1")[0]
        assert [each.subject for each in one.subjects] == ["safety", "trade"]
        # Both sessions list the first subject here; the second subject is in none of them.
        assert one.subjects[1].attempt is None
        assert one.verdict is Verdict.PENDING


class TestOverHttp:
    async def ask(self, room: Room, path: str, *roles: Role) -> httpx.Response:
        app = plain_app(room)
        app.include_router(routes.ROUTER)
        token = await login(room, *roles)
        async with serving(app) as port, client(port, token) as asking:
            return await asking.get(path)

    @pytest.mark.parametrize("role", [Role.PROCTOR, Role.BANK_KEEPER, Role.PATROL, Role.ADMINISTRATOR])
    async def test_scores_are_not_for_everybody(self, room: Room, role: Role) -> None:
        await room.plans()
        assert (await self.ask(room, "/api/sessions/s1/results", role)).status_code == 403

    async def test_documents_are_masked(self, room: Room) -> None:
        await lived(room)
        await end(room)
        answer = await self.ask(room, "/api/sessions/s1/results", Role.REVIEWER)
        told = answer.json()
        assert told["final"] is False
        assert told["candidates"][0]["document_masked"].count("*") > 5
        assert told["counts"] == {"passed": 1, "not_passed": 2}
        assert "4201111970050" not in answer.text

    async def test_no_workbook_before_confirmation(self, room: Room) -> None:
        await lived(room)
        await end(room)
        answer = await self.ask(room, "/api/sessions/s1/results.xlsx", Role.EXAM_OFFICE)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_confirmed")

    async def test_the_workbook_holds_scores_as_numbers_and_is_recorded(self, room: Room) -> None:
        await lived(room)
        await end(room)
        await void(room, "s1-c2")
        await confirm(room)
        answer = await self.ask(room, "/api/sessions/s1/results.xlsx?documents=true", Role.ARCHIVIST)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert lines[0][-2:] == ["专业知识", "结论"]
        assert [line[-2:] for line in lines[1:]] == [
            [100, "合格"],
            ["成绩取消", "成绩取消"],
            ["缺考", "不合格"],
        ]
        assert "*" not in str(lines[1][3])
        with room.database.read_ledger() as ledger:
            told = [row.text for row in ledger.entries() if row.session is None]
        assert sum('"verb":"exported_with_documents"' in text for text in told) == 1

    async def test_masked_documents_leave_by_default(self, room: Room) -> None:
        await lived(room)
        await end(room)
        await confirm(room)
        answer = await self.ask(room, "/api/sessions/s1/results.xlsx", Role.CONFIRMING_BODY)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert "*" in str(sheet["D2"].value)
