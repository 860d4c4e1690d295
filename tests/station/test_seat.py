"""One seat against a room over real sockets: sign-in to receipt, and through everything that breaks between."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from protocol.answers import answers_digest
from protocol.shapes import HeadRef
from protocol.to_station import HeldAnswer, Order
from station.refusals import NoRoom, NoSuchItem, NotNow, RoomRefused, SeatTaken, TooEarly
from station.seat import Seat
from station.view import view_of
from tests.forgetful_files import ForgetfulFiles
from tests.station.scripted_room import DURATION_MS, ScriptedRoom
from tests.station.seats import identity_in, running
from tests.station.waiting import until

ATTEMPT = "a1"


@pytest.fixture
async def room() -> AsyncIterator[ScriptedRoom]:
    scripted = ScriptedRoom(candidates={"T1": ("D1", ATTEMPT), "T2": ("D2", "a2")})
    async with scripted.open() as opened:
        yield opened


@pytest.fixture
def disk() -> ForgetfulFiles:
    return ForgetfulFiles()


async def sit_down(seat: Seat, ticket: str = "T1", document: str = "D1") -> None:
    await until(lambda: seat.room.up)
    await seat.sign_in(ticket, document)
    await seat.confirm(True)
    await seat.read_notice()


async def begin(seat: Seat, room: ScriptedRoom) -> None:
    await sit_down(seat)
    await room.start(ATTEMPT)
    await until(lambda: seat.stage == "rules")
    await seat.read_rules()
    assert seat.stage == "exam"


class TestAnOrdinaryDay:
    async def test_from_sign_in_to_the_receipt(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        async with running(identity_in(room), disk) as (seat, seen):
            await sit_down(seat)
            await room.start(ATTEMPT)
            # The seat may stand at the rules before it has told so, and what changes in between is told as one.
            await until(lambda: seen.stages[-1] == "rules")
            await seat.read_rules()
            assert view_of(seat).paper is not None
            seat.answer(1, ["A"])
            seat.answer(16, ["C", "A"])
            seat.mark(16, True)
            held = seat.held(seat.answer(1, ["B"]))
            await held
            assert room.answers() == {1: "B", 16: "AC"}
            assert {(one.slot, one.saved) for one in seen.saved} >= {(1, "seat"), (1, "room"), (16, "room")}
            await seat.hand_in()
            await until(lambda: view_of(seat).receipt is not None and seat.current.hand_in_delivered())  # type: ignore[union-attr]
            receipt = view_of(seat).receipt
            assert receipt is not None
            assert (receipt.answered, receipt.total, receipt.delivered) == (2, 20, True)
            assert receipt.digest == answers_digest({1: ["B"], 16: ["A", "C"]})
            await until(lambda: room.heads and room.heads[-1].head.seq == len(room.entries()) - 1)
            assert room.heads[-1].office is not None
            assert seen.stages == ["sign_in", "confirm", "notice", "waiting", "rules", "exam", "handed_in"]
            assert seen.pictures == ["hand_in"]

    async def test_a_start_in_the_future_opens_the_paper_then(
        self, room: ScriptedRoom, disk: ForgetfulFiles
    ) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await sit_down(seat)
            await room.start(ATTEMPT, in_ms=300)
            await until(lambda: room.entries("order.heard"))
            assert seat.stage == "waiting"
            assert room.entries("paper.opened") == []
            await until(lambda: seat.stage == "rules")
            assert room.now() >= seat.current.attempt.clock.started_at  # type: ignore[union-attr, operator]

    async def test_time_up_hands_in_by_itself(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await sit_down(seat)
            await room.start(ATTEMPT, in_ms=150 - DURATION_MS)
            await until(lambda: seat.stage == "rules")
            await seat.read_rules()
            seat.answer(2, ["A"])
            await until(lambda: room.entries("handed_in"))
            assert room.entries("handed_in")[0].body["by"] == "time_up"
            end = seat.current.attempt.clock.end_at  # type: ignore[union-attr]
            assert end is not None
            assert 0 <= room.entries("handed_in")[0].at - end <= 200
            with pytest.raises(NotNow):
                seat.answer(3, ["A"])


class TestRefusals:
    async def test_signing_in_without_a_room_says_so(self, disk: ForgetfulFiles) -> None:
        async with running(identity_in(ScriptedRoom(port=9)), disk) as (seat, _):
            with pytest.raises(NoRoom):
                await seat.sign_in("T1", "D1")

    async def test_the_rooms_own_sentence_is_passed_on(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await until(lambda: seat.room.up)
            with pytest.raises(RoomRefused) as refused:
                await seat.sign_in("T1", "wrong")
            assert (refused.value.code, refused.value.zh) == ("unknown_candidate", "不行")

    async def test_handing_in_too_early(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        room.earliest_hand_in_ms = 1_800_000
        async with running(identity_in(room), disk) as (seat, _):
            await begin(seat, room)
            with pytest.raises(TooEarly, match="30 more minutes"):
                await seat.hand_in()
            assert seat.stage == "exam"

    async def test_an_answer_that_fits_no_item(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await begin(seat, room)
            for slot, letters in ((21, ["A"]), (1, ["C"]), (6, ["A", "B"])):
                with pytest.raises(NoSuchItem):
                    seat.answer(slot, letters)
            seat.answer(6, [])

    async def test_a_taken_seat_takes_nobody_else(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await begin(seat, room)
            with pytest.raises(SeatTaken):
                await seat.sign_in("T2", "D2")

    async def test_not_me_calls_a_proctor_and_frees_the_seat(
        self, room: ScriptedRoom, disk: ForgetfulFiles
    ) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await until(lambda: seat.room.up)
            await seat.sign_in("T1", "D1")
            await seat.confirm(False)
            assert seat.stage == "sign_in"
            await until(lambda: room.entries("hand.raised"))
            assert room.entries("hand.raised")[0].body == {"raised": True, "cause": "not_me"}
            await sit_down(seat, "T2", "D2")
            assert seat.current.attempt_id == "a2"  # type: ignore[union-attr]


class TestOrders:
    async def test_pause_resume_and_extend_move_the_end(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await begin(seat, room)
            start = seat.current.attempt.clock.started_at  # type: ignore[union-attr]
            assert start is not None
            await room.order(ATTEMPT, "session.paused", {"paused_at": start + 1_000, "by": "p1"})
            await until(lambda: seat.stage == "paused")
            with pytest.raises(NotNow):
                seat.answer(1, ["A"])
            await room.order(ATTEMPT, "session.resumed", {"resumed_at": start + 4_000, "by": "p1"})
            await room.order(ATTEMPT, "session.extended", {"by_ms": 60_000, "by": "p1", "note": None})
            await until(lambda: len(room.entries("order.heard")) == 4)
            assert seat.current.attempt.clock.end_at == start + DURATION_MS + 3_000 + 60_000  # type: ignore[union-attr]
            assert seat.stage == "exam"

    async def test_suspend_void_and_lift(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await begin(seat, room)
            one = {"attempt": ATTEMPT, "by": "p1", "note": None}
            await room.order(ATTEMPT, "attempt.suspended", one)
            await until(lambda: seat.stage == "suspended")
            await room.order(ATTEMPT, "attempt.unsuspended", one)
            await until(lambda: seat.stage == "exam")
            await room.order(ATTEMPT, "void.signed", {"ruling": "r1", "attempt": ATTEMPT, "by": "p2"})
            await until(lambda: seat.stage == "voided")
            assert view_of(seat).paper is None
            lifted = {"ruling": "r1", "attempt": ATTEMPT, "outcome": "lifted", "by": "c1", "note": None}
            await room.order(ATTEMPT, "void.decided", lifted)
            await until(lambda: seat.stage == "exam")

    async def test_collecting_hands_in_and_revoking_goes_on(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await begin(seat, room)
            await room.order(ATTEMPT, "session.collected", {"cause": "ordered", "by": "p1", "note": None})
            await until(lambda: seat.stage == "handed_in")
            assert seat.current.attempt.handed_in.by == "collected"  # type: ignore[union-attr]
            await room.order(ATTEMPT, "attempt.hand_in_revoked", {"attempt": ATTEMPT, "by": "p1", "note": None})
            await until(lambda: seat.stage == "exam")
            seat.answer(1, ["A"])

    async def test_a_message_stays_until_acknowledged(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        identity = identity_in(room)
        async with running(identity, disk) as (seat, _):
            await begin(seat, room)
            body = {"attempt": ATTEMPT, "message": "m1", "text": "0" * 64, "warning": True, "by": "p1"}
            await room.order(ATTEMPT, "message.sent", body, text="请保持安静")
            await until(lambda: view_of(seat).notices)
        disk.crash()
        async with running(identity, disk) as (seat, _):
            notice = view_of(seat).notices[0]
            assert (notice.message, notice.text, notice.warning) == ("m1", "请保持安静", True)
            seat.acknowledge("m1")
            seat.acknowledge("m1")
            assert view_of(seat).notices == []
            await until(lambda: room.entries("message.acknowledged"))
        assert len(room.entries("message.acknowledged")) == 1

    async def test_a_requested_picture_is_asked_for_once(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        async with running(identity_in(room), disk) as (seat, seen):
            await begin(seat, room)
            await room.order(ATTEMPT, "snapshot.requested", {"attempt": ATTEMPT, "flag": None, "by": "p1"})
            await until(lambda: seen.pictures == ["flag"])

    async def test_an_order_of_another_key_or_attempt_binds_nobody(
        self, room: ScriptedRoom, disk: ForgetfulFiles
    ) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await begin(seat, room)
            stranger = ScriptedRoom()
            await stranger.order(ATTEMPT, "void.signed", {"ruling": "r1", "attempt": ATTEMPT, "by": "p2"})
            forged = stranger._orders[0]
            await room.say(forged)
            await room.order(ATTEMPT, "void.signed", {"ruling": "r1", "attempt": "a9", "by": "p2"})
            good = room._orders[-1]
            await room.say(Order(attempt="a9", entry=good.entry, signature=good.signature))
            await seat.held(seat.answer(1, ["A"]))
            assert seat.stage == "exam"
            assert len(room.entries("order.heard")) == 1

    async def test_a_repeated_order_counts_once(self, room: ScriptedRoom, disk: ForgetfulFiles) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await begin(seat, room)
            await room.order(ATTEMPT, "session.extended", {"by_ms": 60_000, "by": "p1", "note": None})
            for _ in range(5):
                await room.say(room._orders[-1])
            await seat.held(seat.answer(1, ["A"]))
            await until(lambda: len(room.entries("order.heard")) == 2)
            assert seat.current.attempt.clock.added_ms == 60_000  # type: ignore[union-attr]


class TestOffline:
    async def test_everything_goes_on_and_is_delivered_when_the_link_returns(
        self, room: ScriptedRoom, disk: ForgetfulFiles
    ) -> None:
        async with running(identity_in(room), disk) as (seat, seen):
            await begin(seat, room)
            await seat.held(seat.answer(1, ["A"]))
            room.acknowledging = False
            await room.drop_links()
            await until(lambda: not seat.room.up)
            for slot in range(2, 21):
                seat.answer(slot, ["A"])
            await until(lambda: {one.slot for one in seen.saved if one.saved == "seat"} == set(range(1, 21)))
            room.acknowledging = True
            await until(lambda: room.answers() == dict.fromkeys(range(1, 21), "A"))
            await until(lambda: all(one.saved == "room" for one in view_of(seat).answers))
            assert [one.body["state"] for one in room.entries("link.changed")] == ["lost", "back"]
            assert len(room.streams) == 1

    async def test_a_thousand_unacknowledged_entries_keep_to_the_window(
        self, room: ScriptedRoom, disk: ForgetfulFiles
    ) -> None:
        async with running(identity_in(room), disk) as (seat, _):
            await begin(seat, room)
            await seat.held(seat.answer(1, ["A"]))
            room.acknowledging = False
            for number in range(1_000):
                seat.answer(6 + number % 10, ["ABCD"[number % 4]])
            held = len(room.entries())
            await until(lambda: len(room.entries()) >= held + 512)
            seat.room.link.wake()
            await seat.current.journal.flushed()  # type: ignore[union-attr]
            assert len(room.entries()) == held + 512
            room.acknowledging = True
            await room.drop_links()
            await until(lambda: len(room.entries("answer.saved")) == 1_001)


class TestRestart:
    async def test_a_power_cut_loses_nothing_that_was_shown_as_saved(
        self, room: ScriptedRoom, disk: ForgetfulFiles
    ) -> None:
        identity = identity_in(room)
        async with running(identity, disk) as (seat, seen):
            await begin(seat, room)
            await room.drop_links()
            room.acknowledging = False
            for slot in range(1, 6):
                seat.answer(slot, ["B"])
            await seat.current.journal.flushed()  # type: ignore[union-attr]
            shown = {one.slot: one.response for one in seen.saved}
            kept = seat.clock.kept()
        disk.crash()
        room.acknowledging = True
        async with running(identity, disk, kept=kept) as (seat, _):
            assert seat.stage == "exam"
            assert {one.slot: one.response for one in view_of(seat).answers} == shown
            await until(lambda: room.answers() == dict.fromkeys(range(1, 6), "B") and len(room.streams) == 2)
            last = list(room.streams.values())[-1][0]
            assert last.body["reason"] == "restart"
            assert last.body["follows"] == next(iter(room.streams.values()))[-1].head.to_json()

    async def test_a_restart_offline_opens_the_paper_and_keeps_the_time(self, disk: ForgetfulFiles) -> None:
        scripted = ScriptedRoom(candidates={"T1": ("D1", ATTEMPT)})
        async with scripted.open() as room:
            identity = identity_in(room)
            async with running(identity, disk) as (seat, _):
                await begin(seat, room)
                before = view_of(seat).clock
                kept = seat.clock.kept()
            port = room.port
        disk.crash()
        async with running(identity, disk, kept=kept) as (seat, _):
            assert seat.stage == "exam"
            view = view_of(seat)
            assert view.paper is not None
            assert view.clock is not None
            assert before is not None
            end = [clock.room_time + clock.remaining_ms for clock in (before, view.clock)]
            assert abs(end[0] - end[1]) <= 2
            seat.answer(1, ["A"])
            async with scripted.open(port):
                await until(lambda: scripted.answers() == {1: "A"})


    async def test_a_system_clock_set_ahead_and_two_reboots_hand_nothing_in(self, disk: ForgetfulFiles) -> None:
        scripted = ScriptedRoom(candidates={"T1": ("D1", ATTEMPT)})
        async with scripted.open() as room:
            identity = identity_in(room)
            async with running(identity, disk) as (seat, _):
                await begin(seat, room)
            port = room.port
        # Nothing kept of the offset, and this machine's clock is months ahead of the scripted room's.
        for _ in range(2):
            disk.crash()
            async with running(identity, disk) as (seat, _):
                assert not seat.clock.certain
                assert seat.stage == "exam"
                seat.answer(1, ["A"])
                await seat.current.journal.flushed()  # type: ignore[union-attr]
        async with scripted.open(port), running(identity, disk) as (seat, _):
            await until(lambda: scripted.answers() == {1: "A"} and seat.clock.certain)
            assert seat.stage == "exam"
            await until(lambda: len(scripted.entries("clock.changed")) == 3)
            assert {one.body["cause"] for one in scripted.entries("clock.changed")} == {"rebooted_offline"}


class TestRepair:
    async def test_a_quarantined_entry_moves_on_to_a_new_stream_unnoticed(
        self, room: ScriptedRoom, disk: ForgetfulFiles
    ) -> None:
        identity = identity_in(room)
        async with running(identity, disk) as (seat, _):
            await begin(seat, room)
            await seat.held(seat.answer(1, ["A"]))
            first = seat.current.journal.streams[0].id  # type: ignore[union-attr]
            room.quarantine.add(first)
            await asyncio.gather(*[seat.held(seat.answer(slot, ["B"])) for slot in range(2, 6)])
            assert room.answers() == {1: "A", 2: "B", 3: "B", 4: "B", 5: "B"}
            assert len(room.streams) == 2
            opened = list(room.streams.values())[1][0]
            assert opened.body["reason"] == "repair"
            assert opened.body["follows"] == room.streams[first][-1].head.to_json()
            assert seat.stage == "exam"
        disk.crash()
        streams = len(room.streams)
        async with running(identity, disk) as (seat, _):
            await until(lambda: seat.room.up and seat.stage == "exam")
            await seat.held(seat.answer(6, ["C"]))
            assert len(room.streams) == streams + 1
            assert len(room.quarantined) >= 1

    async def test_a_room_that_takes_nothing_is_not_flooded(
        self, room: ScriptedRoom, disk: ForgetfulFiles
    ) -> None:
        class All(set[str]):
            def __contains__(self, stream: object) -> bool:
                return True

        async with running(identity_in(room), disk) as (seat, seen):
            await begin(seat, room)
            room.quarantine = All()
            seat.answer(1, ["A"])
            await until(lambda: not seat.current.outbox.ready)  # type: ignore[union-attr]
            seat.answer(2, ["A"])
            await until(lambda: any(one.slot == 2 for one in seen.saved))
            assert len(seat.current.journal.streams) <= 5  # type: ignore[union-attr]
            assert seat.stage == "exam"


class TestMachineChange:
    async def test_the_other_machine_goes_on_with_what_the_room_holds(
        self, room: ScriptedRoom, disk: ForgetfulFiles
    ) -> None:
        room.held[ATTEMPT] = [HeldAnswer(slot=1, response=["B"], marked=True)]
        room.follows[ATTEMPT] = HeadRef(stream="old", seq=9, hash="0" * 64)
        await room.start(ATTEMPT, in_ms=-60_000)
        async with running(identity_in(room, "st2"), disk) as (seat, _):
            await sit_down(seat)
            await until(lambda: seat.stage == "exam")
            view = view_of(seat)
            assert [(one.slot, one.response, one.marked, one.saved) for one in view.answers] == [
                (1, ["B"], True, "room")
            ]
            assert view.clock is not None
            assert abs(view.clock.remaining_ms - (DURATION_MS - 60_000)) < 2_000
            opened = next(iter(room.streams.values()))[0]
            assert opened.body["reason"] == "machine_change"
            assert opened.body["follows"] == room.follows[ATTEMPT].to_json()

    async def test_the_machine_that_was_left_delivers_what_it_has_and_is_free(
        self, room: ScriptedRoom, disk: ForgetfulFiles
    ) -> None:
        identity = identity_in(room)
        async with running(identity, disk) as (seat, _):
            await begin(seat, room)
            await seat.held(seat.answer(1, ["A"]))
            room.acknowledging = False
            await room.drop_links()
            await until(lambda: not seat.room.up)
            seat.answer(2, ["B"])
            await seat.current.journal.flushed()  # type: ignore[union-attr]
        disk.crash()
        room.acknowledging = True
        room.moved.add(ATTEMPT)
        async with running(identity, disk) as (seat, _):
            await until(lambda: seat.stage == "sign_in" and room.answers() == {1: "A", 2: "B"})
            await sit_down(seat, "T2", "D2")
