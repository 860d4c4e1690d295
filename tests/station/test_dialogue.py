"""What a seat hears from the room while it is busy with something else."""

from protocol.entry import parse
from protocol.to_station import Refused
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


def entry_hash(room: ScriptedRoom, attempt: str) -> str:
    """The hash of the only order given to this attempt."""
    (order,) = [one for one in room._orders if one.attempt == attempt]
    return parse(order.entry).hash
