"""The record form: filled from the ledger, corrected with reasons, signed by two different people, then immutable."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from protocol import office_entries as office
from protocol import station_entries as station
from recordings.bundle.form import heads_digest
from server.attempts import actions as attempts
from server.errors import Refused
from server.people.rules import Person, Role
from server.records import actions
from server.records.actions import NotOfThisRoom, NotScoredYet, NotYourField, RecordImmutable
from server.records.rules import CorrectedField, Record
from server.records.schemas import RecordShown
from server.sessions.actions import NotNow, ReasonNeeded
from server.sessions.rules import SessionFacts, SessionState
from tests.server.after_exam import MINUTE, answer, end, lived, score
from tests.server.room import Room, Seat, open_room

FINGERPRINT = "ab12 " * 16


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


def proctor(name: str) -> Person:
    return Person(name, name, name, frozenset({Role.PROCTOR}))


async def sign(room: Room, by: str) -> dict[str, object]:
    return await room.writer.submit(lambda desk: actions.sign(desk, "s1", proctor(by), FINGERPRINT))


async def shown(room: Room) -> RecordShown:
    return await room.writer.submit(lambda desk: actions.shown(desk, "s1", FINGERPRINT))


async def correct(
    room: Room,
    value: str = "另有一名巡考",
    reason: str = "口头报告",
    field: CorrectedField = CorrectedField.REMARKS,
) -> None:
    await room.writer.submit(lambda desk: actions.correct(desk, "s1", proctor("proctor1"), field, value, reason))


def state(room: Room) -> SessionState:
    return room.day().part(SessionFacts).state


class TestForm:
    async def test_counts_who_was_expected_came_and_did_not(self, room: Room) -> None:
        await lived(room)
        await end(room)
        counts = (await shown(room)).form.counts
        assert (counts["expected"], counts["attended"], counts["absent"]) == (3, 2, 1)
        assert (counts["handed_in"], counts["collected"], counts["pictures"]) == (1, 1, 8)

    async def test_refused_at_the_door_counts_as_absent(self, room: Room) -> None:
        await lived(room)
        await room.writer.submit(
            lambda desk: attempts.refuse(desk, "s1", "s1-c3", "proctor1", "no_document", "未带身份证")
        )
        await end(room)
        form = (await shown(room)).form
        assert (form.counts["absent"], form.counts["refused"]) == (1, 1)
        told = next(one for one in form.events if one.type == "attempt.refused")
        assert (told.seat, told.name, told.by, told.reason) == (3, "考生c3", "老师proctor1", "未带身份证")
        assert told.facts["code"] == "no_document"

    async def test_names_who_read_the_rules_and_when(self, room: Room) -> None:
        await lived(room)
        form = (await shown(room)).form
        assert form.rules is not None
        assert (form.rules.by, form.rules.waived) == ("老师proctor1", False)
        assert form.start_confirmed_by == ["老师proctor1", "老师proctor2"]
        assert form.started_at is not None

    async def test_tells_pauses_time_given_and_machine_changes_with_reasons(self, room: Room) -> None:
        seats = await lived(room)
        pause = room.now
        await room.records(office.SessionPaused(paused_at=pause, by="proctor1"))
        room.now += 5 * MINUTE
        await room.records(office.SessionResumed(resumed_at=room.now, by="proctor1"))
        await room.writer.submit(lambda desk: attempts.extend(desk, "s1", "s1-c2", "proctor1", 3, "键盘失灵"))
        await room.writer.submit(
            lambda desk: attempts.allow_seat_change(desk, "s1", "s1-c2", "proctor2", 9, "机器死机")
        )
        await room.records(office.AttemptSeated(attempt="s1-c2", station="station-9", seat=9))
        assert seats["c2"].station != "station-9"
        form = (await shown(room)).form
        assert [one.type for one in form.events if one.seat == 9] == [
            "attempt.extended",
            "attempt.seat_change_allowed",
            "attempt.seated",
        ]
        assert next(one for one in form.events if one.type == "attempt.extended").reason == "键盘失灵"
        assert (form.paused_ms, form.counts["machine_changes"], form.counts["extended"]) == (5 * MINUTE, 1, 1)

    async def test_tells_a_late_admission(self, room: Room) -> None:
        await lived(room)
        room.now -= 50 * MINUTE
        await room.records(office.AttemptCheckedIn(attempt="s1-c3", by="proctor1"))
        form = (await shown(room)).form
        assert ([one.name for one in form.late], form.counts["late"]) == (["考生c3"], 1)

    async def test_tells_violations_with_the_statement_or_that_it_was_declined(self, room: Room) -> None:
        await lived(room)
        note = await room.writer.submit(lambda desk: desk.note("手机在桌上"))
        await room.records(
            office.VoidProposed(
                ruling="v1",
                attempt="s1-c2",
                code="device_use",
                scope="batch",
                statement=None,
                statement_declined=True,
                by="proctor1",
                note=note,
            ),
            office.VoidSigned(ruling="v1", attempt="s1-c2", by="proctor2"),
        )
        await end(room)
        form = (await shown(room)).form
        (told,) = form.violations
        assert (told.by, told.signed_by, told.reason) == ("老师proctor1", "老师proctor2", "手机在桌上")
        assert (told.statement_declined, told.state) == (True, "signed")
        assert told.title.startswith("使用禁止带入考场")
        # The candidate sat: voided is not absent.
        assert (form.counts["attended"], form.counts["voided"]) == (2, 1)

    async def test_is_the_same_folded_from_a_checkpoint(self, room: Room) -> None:
        await lived(room)
        await end(room)
        await correct(room)
        day = room.day()
        assert room.writer.folding.load("s1", room.writer.folding.dump(day)).part(Record) == day.part(Record)


class TestCorrect:
    async def test_stands_beside_what_the_ledger_says(self, room: Room) -> None:
        await lived(room)
        await end(room)
        await correct(room, "实到 2 人，一人中途离场", "现场清点", CorrectedField.ATTENDED)
        form = (await shown(room)).form
        (told,) = form.corrections
        assert (told.field, told.value, told.by) == ("attended", "实到 2 人，一人中途离场", "老师proctor1")
        assert told.reason == "现场清点"
        assert form.counts["attended"] == 2

    async def test_needs_a_reason(self, room: Room) -> None:
        await lived(room)
        with pytest.raises(ReasonNeeded):
            await correct(room, reason=" ")

    async def test_is_refused_once_two_have_signed(self, room: Room) -> None:
        await lived(room)
        await end(room)
        await sign(room, "proctor1")
        await sign(room, "proctor2")
        with pytest.raises(RecordImmutable):
            await correct(room)


class TestPatrol:
    """巡考: sees all, changes nothing, writes its own record."""

    async def test_writes_what_it_saw_with_its_name_and_time(self, room: Room) -> None:
        await lived(room)
        told = lambda desk: actions.write_patrol(desk, "s1", "proctor2", " 两名监考员在岗 ")  # noqa: E731
        await room.writer.submit(told)
        (line,) = (await shown(room)).form.corrections
        assert (line.field, line.value, line.by, line.reason) == ("patrol", "两名监考员在岗", "老师proctor2", None)
        assert "在岗" not in "".join(row.text for row in room.writer.ledger.entries())

    async def test_says_nothing_is_no_record_and_after_two_signatures_it_is_too_late(self, room: Room) -> None:
        await lived(room)
        with pytest.raises(ReasonNeeded):
            await room.writer.submit(lambda desk: actions.write_patrol(desk, "s1", "p", "  "))
        await end(room)
        await sign(room, "proctor1")
        await room.writer.submit(lambda desk: actions.write_patrol(desk, "s1", "p", "巡考到场"))
        assert await sign(room, "proctor2") == {"signed_by": ["proctor2"], "signed": False}, "a new form"
        await sign(room, "proctor1")
        with pytest.raises(RecordImmutable):
            await room.writer.submit(lambda desk: actions.write_patrol(desk, "s1", "p", "again"))

    @pytest.mark.parametrize(
        ("role", "field"),
        [
            (Role.PATROL, CorrectedField.ATTENDED),
            (Role.PATROL, CorrectedField.REMARKS),
            (Role.PROCTOR, CorrectedField.PATROL),
        ],
    )
    async def test_changes_nothing_else_and_nobody_writes_for_it(
        self, room: Room, role: Role, field: CorrectedField
    ) -> None:
        await lived(room)
        by = Person("x", "x", "x", frozenset({role}))
        with pytest.raises(NotYourField):
            await room.writer.submit(lambda desk: actions.correct(desk, "s1", by, field, "a", "b"))


class TestSign:
    async def test_takes_two_different_people(self, room: Room) -> None:
        await lived(room)
        await end(room)
        assert await sign(room, "proctor1") == {"signed_by": ["proctor1"], "signed": False}
        assert await sign(room, "proctor1") == {"signed_by": ["proctor1"], "signed": False}
        assert state(room) is SessionState.ENDED
        assert (await sign(room, "proctor2"))["signed"] is True
        assert state(room) is SessionState.SIGNED

    async def test_one_person_is_never_two(self, room: Room) -> None:
        """Whatever stands on the ledger, the state follows two different people only."""
        await lived(room)
        await end(room)
        twice = office.RecordSigned(by="proctor1", form_digest="a" * 64, heads_digest="b" * 64)
        await room.records(twice, twice)
        assert state(room) is SessionState.ENDED

    async def test_a_repeat_of_a_signer_is_harmless_and_a_third_is_refused(self, room: Room) -> None:
        await lived(room)
        await end(room)
        for by in ("proctor1", "proctor2"):
            await sign(room, by)
        assert (await sign(room, "proctor2"))["signed"] is True
        with pytest.raises(RecordImmutable):
            await sign(room, "proctor3")
        assert len(room.day().part(Record).signatures) == 2

    async def test_both_sign_the_same_text_over_the_same_heads(self, room: Room) -> None:
        await lived(room)
        await end(room)
        heads = [stream.head for stream in room.day().streams.values()]
        await sign(room, "proctor1")
        # A picture that trickles in between changes neither.
        await room.records(office.SnapshotReceived(attempt="s1-c1", digest=hashlib.sha256(b"x").hexdigest(), size=1))
        await sign(room, "proctor2")
        record = room.day().part(Record)
        assert record.heads_digest == heads_digest(heads)
        assert [one.by for one in record.signatures] == ["proctor1", "proctor2"]

    async def test_a_form_corrected_in_between_is_signed_anew(self, room: Room) -> None:
        await lived(room)
        await end(room)
        await sign(room, "proctor1")
        await correct(room)
        assert await sign(room, "proctor2") == {"signed_by": ["proctor2"], "signed": False}
        assert state(room) is SessionState.ENDED
        assert (await sign(room, "proctor1"))["signed"] is True

    async def test_the_signed_form_is_kept_as_it_was(self, room: Room) -> None:
        await lived(room)
        await end(room)
        for by in ("proctor1", "proctor2"):
            await sign(room, by)
        before = (await shown(room)).form
        await room.records(office.RoomAlarm(code="quarantined", attempt="s1-c1", detail="late"))
        assert (await shown(room)).form == before
        assert (await shown(room)).signed

    async def test_waits_until_everybody_is_scored(self, room: Room) -> None:
        seats = await lived(room)
        await end(room)
        await answer(seats["c2"], {1: ["A"]})
        room.now += 1
        late = seats["c2"]
        await late_answer(room, late)
        with pytest.raises(NotScoredYet):
            await sign(room, "proctor1")
        assert (await shown(room)).waiting == ["not_scored"]
        await score(room)
        assert (await sign(room, "proctor1"))["signed"] is False

    async def test_is_refused_while_the_exam_runs(self, room: Room) -> None:
        await lived(room)
        with pytest.raises(NotNow):
            await sign(room, "proctor1")

    async def test_is_for_the_rooms_own_staff(self, room: Room) -> None:
        await lived(room)
        await end(room)
        stranger = Person("x", "x", "x", frozenset({Role.EXAM_OFFICE}))
        with pytest.raises(NotOfThisRoom):
            await room.writer.submit(lambda desk: actions.sign(desk, "s1", stranger, FINGERPRINT))

    async def test_refusals_have_sentences_in_both_languages(self) -> None:
        for refusal in (RecordImmutable(), NotOfThisRoom(), NotScoredYet(count=2)):
            assert isinstance(refusal, Refused)
            assert refusal.sentence_zh
            assert refusal.sentence_en


async def late_answer(room: Room, seat: Seat) -> None:
    """An answer given before the end, delivered after the session ended."""
    given = room.now - 119 * MINUTE
    await seat.says(station.AnswerSaved(slot=2, response=["B", "C"]), at=given)
