"""What a seat hears from the room while it is busy with something else."""

from protocol.entry import parse
from protocol.to_station import ENTRIES_FULL, Refused
from station.view import view_of
from tests.forgetful_files import ForgetfulFiles
from tests.station.scripted_room import ScriptedRoom
from tests.station.seats import identity_in, running
from tests.station.waiting import until


class TestOrdersBehindASignIn:
    """The room seats a candidate and gives its orders in the same instant; the seat is still keeping the time."""

    async def test_they_bind_once_the_candidate_sits_and_those_of_another_never_do(self) -> None:
        scripted = ScriptedRoom(candidates={"T1": ("D1", "a1")})

        async def orders_come_in_between() -> None:
            for attempt in ("a2", "a1"):
                await scripted.start(attempt)
            body = {"attempt": "a2", "by": "p1", "note": None}
            await scripted.order("a2", "attempt.suspended", body)
            # What is said last is heard last: the orders have arrived by then, and are never sent again.
            await scripted.say(Refused(request=None, code="told", sentence_zh="听到", sentence_en="Heard."))
            await until(lambda: seat.refusal is not None)
            assert seat.current is None

        async with (
            scripted.open() as room,
            running(identity_in(room), ForgetfulFiles(), keep_time=orders_come_in_between) as (seat, _),
        ):
            await until(lambda: seat.room.up)
            await seat.sign_in("T1", "D1")
            await until(lambda: room.entries("order.heard"))
            await seat.confirm(True)
            await seat.read_notice()
            await until(lambda: seat.stage == "rules")
            await seat.read_rules()
            await seat.held(seat.answer(1, ["A"]))
            heard = [one.body["order"]["hash"] for one in room.entries("order.heard")]
            assert heard == [entry_hash(room, "a1")]


class TestARoomThatTakesNoMore:
    async def test_is_told_to_the_candidate_whose_answers_stay_at_the_seat(self) -> None:
        scripted = ScriptedRoom(candidates={"T1": ("D1", "a1")})
        async with scripted.open() as room, running(identity_in(room), ForgetfulFiles()) as (seat, seen):
            await until(lambda: seat.room.up)
            await seat.sign_in("T1", "D1")
            await seat.confirm(True)
            await seat.read_notice()
            await room.start("a1")
            await until(lambda: seat.stage == "rules")
            await seat.read_rules()
            room.acknowledging = False
            full = Refused(request=None, code=ENTRIES_FULL, sentence_zh="已达上限", sentence_en="Full.")
            await room.say(full)
            await until(lambda: view_of(seat).refusal == "已达上限")
            seat.answer(1, ["B"])
            await until(lambda: [(one.slot, one.saved) for one in seen.saved] == [(1, "seat")])
            assert seat.stage == "exam"
            room.acknowledging = True
            await room.drop_links()
            await until(lambda: view_of(seat).refusal is None and room.answers() == {1: "B"})


def entry_hash(room: ScriptedRoom, attempt: str) -> str:
    """The hash of the only order given to this attempt."""
    (order,) = [one for one in room._orders if one.attempt == attempt]
    return parse(order.entry).hash
