"""Whole days of trouble at one seat: power cuts, failing syncs, lost links, quarantined streams, all at random.

The law: whatever the page showed as saved is in the room at the end, or something newer the candidate gave after it.
"""

import itertools
import random

import pytest

from station.seat import Seat
from station.view import view_of
from tests.forgetful_files import ForgetfulFiles
from tests.station.scripted_room import ScriptedRoom
from tests.station.seats import Seen, identity_in, running
from tests.station.test_seat import ATTEMPT, begin
from tests.station.waiting import until

RESPONSES = [list(some) for size in range(1, 6) for some in itertools.combinations("ABCDE", size)]
ROUNDS = 6


class Given:
    """What the candidate gave, in order, and the newest of it that a page showed as saved."""

    def __init__(self) -> None:
        self.by_slot: dict[int, list[list[str]]] = {slot: [] for slot in range(16, 21)}
        self.shown: dict[int, int] = {}

    def answer(self, seat: Seat, slot: int) -> None:
        given = self.by_slot[slot]
        response = RESPONSES[len(given) % len(RESPONSES)]
        seat.answer(slot, response)
        given.append(response)

    def see(self, seen: Seen) -> None:
        for one in seen.saved:
            self.shown[one.slot] = max(self.shown.get(one.slot, -1), self.by_slot[one.slot].index(one.response))

    def check(self, slot: int, response: list[str]) -> None:
        assert self.by_slot[slot].index(response) >= self.shown.get(slot, -1), f"item {slot} went back"


async def trouble(dice: random.Random, room: ScriptedRoom, disk: ForgetfulFiles, seat: Seat) -> None:
    """One thing that goes wrong."""
    assert seat.current is not None
    match dice.randrange(6):
        case 0:
            await room.drop_links()
        case 1:
            room.acknowledging = not room.acknowledging
        case 2:
            disk.break_next("sync")
        case 3:
            disk.break_next("write")
        case 4:
            room.quarantine.add(seat.current.journal.streams[-1].id)
        case 5:
            await seat.current.journal.flushed()


@pytest.mark.parametrize("seed", range(8))
async def test_nothing_shown_as_saved_is_lost(seed: int) -> None:
    dice, disk, given = random.Random(seed), ForgetfulFiles(), Given()
    async with ScriptedRoom(candidates={"T1": ("D1", ATTEMPT)}).open() as room:
        identity = identity_in(room)
        async with running(identity, disk, retry_s=0.01) as (seat, _):
            await begin(seat, room)
            kept = seat.clock.kept()
        for _ in range(ROUNDS):
            disk.crash(dice)
            async with running(identity, disk, kept=kept, retry_s=0.01) as (seat, seen):
                assert seat.stage == "exam"
                for one in view_of(seat).answers:
                    given.check(one.slot, one.response)
                for _ in range(dice.randint(1, 8)):
                    # At most as many as there are different responses, so that each can be told by itself.
                    slot = dice.randint(16, 20)
                    if len(given.by_slot[slot]) < len(RESPONSES):
                        given.answer(seat, slot)
                    if dice.random() < 0.4:
                        await trouble(dice, room, disk, seat)
                if dice.random() < 0.5:
                    await seat.current.journal.flushed()  # type: ignore[union-attr]
                given.see(seen)
        disk.crash(dice)
        room.acknowledging = True
        room.quarantine.clear()
        async with running(identity, disk, kept=kept, retry_s=0.01) as (seat, _):
            await until(lambda: seat.room.up and seat.unsent() == 0)
            held = room.answers()
            for slot, index in given.shown.items():
                given.check(slot, list(held[slot]))
                assert index >= 0
            assert held == {one.slot: "".join(one.response) for one in view_of(seat).answers if one.response}
