"""Who sits down where: the one right candidate, at the one right machine, once a person has seen the document."""

import os
from dataclasses import replace

import pytest

from protocol.keys import decode
from protocol.paper import SeatItem, SeatOption, SeatPaper, SeatSection
from protocol.sealing import derive, open_paper, seal
from protocol.station_entries import HandedIn, ItemMarked
from protocol.to_station import SignedIn
from server.attempts import actions
from server.attempts.actions import AttemptNotNow, SeatTaken
from server.attempts.rules import A
from server.attempts.signing_in import (
    PHOTO_BYTES_MAX,
    AlreadyFinished,
    Machine,
    NoSessionNow,
    NotCheckedIn,
    UnknownCandidate,
    WrongSeat,
    sign_in,
    stream_states,
)
from server.candidates.models import Candidate
from server.candidates.rules import DocumentType, document_key
from server.errors import Refused
from server.papers.models import Paper, SessionSecret
from server.papers.queries import paper_key
from server.papers.sealing import wrap
from server.writer.desk import Desk
from tests.server.attempts.building import answer
from tests.server.room import Room, Seat

WRAPPING, SECRET = os.urandom(32), os.urandom(32)
DOCUMENT = "42011119700512123{}"
OPTIONS = [SeatOption(letter=letter, text=letter) for letter in ("A", "B")]


async def opened(room: Room, *candidates: str) -> list[str]:
    """A session at check-in whose candidates are registered and whose papers are sealed."""
    attempts = await room.plans(candidates=candidates)

    def verb(desk: Desk) -> None:
        nonce, wrapped = wrap(SECRET, "s1", WRAPPING)
        desk.db.add(SessionSecret(session="s1", nonce=nonce, wrapped=wrapped))
        for number, (candidate, attempt) in enumerate(zip(candidates, attempts, strict=True), 1):
            document = DOCUMENT.format(number)
            desk.db.add(
                Candidate(
                    id=candidate,
                    name=f"考生{number}",
                    document_type=next(iter(DocumentType)),
                    document=document,
                    document_key=document_key(document),
                    ticket=f"T{number}",
                )
            )
            desk.db.add(_paper(attempt))

    await room.writer.submit(verb)
    return attempts


async def comes_in(room: Room, *attempts: str) -> None:
    for attempt in attempts:
        await room.writer.submit(
            lambda desk, attempt=attempt: actions.check_in(
                desk, "s1", attempt, "p", reason=None, barred=False
            )
        )


def machine(number: int) -> Machine:
    return Machine(f"st{number}", number, "r1", "一号考场")


async def signs_in(
    room: Room,
    number: int,
    at: Machine | None = None,
    document: str | None = None,
    photo: bytes | None = None,
) -> SignedIn:
    return await room.writer.submit(
        lambda desk: sign_in(
            desk,
            at or machine(number),
            "request",
            f" T{number} ",
            document or DOCUMENT.format(number),
            WRAPPING,
            lambda _candidate: photo,
        )
    )


async def refused(
    room: Room, kind: type[Refused], number: int, at: Machine | None = None, **given: str
) -> None:
    """The sign-in is refused so, and leaves nothing."""
    n = room.writer.ledger.last_n
    with pytest.raises(kind):
        await signs_in(room, number, at, **given)  # type: ignore[arg-type]
    assert room.writer.ledger.last_n == n


class TestWhoMaySit:
    async def test_only_who_was_checked_in(self, room: Room) -> None:
        (one,) = await opened(room, "c1")
        await refused(room, NotCheckedIn, 1)
        await comes_in(room, one)
        signed = await signs_in(room, 1)
        assert signed.facts.attempt == one
        assert room.attempt(one).state is A.WAITING
        assert room.attempt(one).station == "st1"

    async def test_one_sentence_for_a_wrong_ticket_and_a_wrong_document(self, room: Room) -> None:
        await comes_in(room, *(await opened(room, "c1")))
        await refused(room, UnknownCandidate, 1, document="420111197005121299")
        await refused(room, UnknownCandidate, 9)

    async def test_nobody_in_another_room_or_a_closed_session(self, room: Room) -> None:
        await comes_in(room, *(await opened(room, "c1")))
        await refused(room, NoSessionNow, 1, replace(machine(1), room="r2"))
        await room.starts()
        await room.writer.submit(lambda desk: actions.end(desk, "s1", "p", "ordered", "fire"))
        await refused(room, NoSessionNow, 1)

    async def test_nobody_who_has_finished(self, room: Room) -> None:
        (one,) = await opened(room, "c1")
        await comes_in(room, one)
        await signs_in(room, 1)
        seat = Seat(room, "s1", one, "st1")
        await seat.opens()
        await room.starts(seats=[seat])
        await seat.says(HandedIn(by="candidate", answered=0, digest="0" * 64))
        await refused(room, AlreadyFinished, 1)


class TestWhere:
    async def test_at_the_planned_seat(self, room: Room) -> None:
        await comes_in(room, *(await opened(room, "c1", "c2")))
        await refused(room, WrongSeat, 1, machine(7))
        await signs_in(room, 1)

    async def test_at_a_machine_not_placed_yet(self, room: Room) -> None:
        await comes_in(room, *(await opened(room, "c1")))
        assert (await signs_in(room, 1, replace(machine(1), seat=None))).facts.seat == 1

    async def test_not_where_another_sits(self, room: Room) -> None:
        await comes_in(room, *(await opened(room, "c1", "c2")))
        at = replace(machine(1), seat=None)
        await signs_in(room, 1, at)
        await refused(room, SeatTaken, 2, at)

    async def test_again_at_the_same_machine_as_often_as_needed(self, room: Room) -> None:
        (one,) = await opened(room, "c1")
        await comes_in(room, one)
        for _ in range(3):
            await signs_in(room, 1)
        assert room.attempt(one).machine_changes == 0

    async def test_at_another_machine_only_when_a_proctor_says_so(self, room: Room) -> None:
        (one,) = await opened(room, "c1")
        await comes_in(room, one)
        await signs_in(room, 1)
        await refused(room, AttemptNotNow, 1, replace(machine(1), station="st-spare"))
        await room.writer.submit(lambda desk: actions.allow_seat_change(desk, "s1", one, "p", 30, "broken"))
        await refused(room, AttemptNotNow, 1, replace(machine(1), station="st-spare"))
        await signs_in(room, 1, machine(30))
        assert (room.attempt(one).seat, room.attempt(one).machine_changes) == (30, 1)
        await refused(room, WrongSeat, 1)

    async def test_at_the_same_seat_with_its_machine_replaced(self, room: Room) -> None:
        (one,) = await opened(room, "c1")
        await comes_in(room, one)
        await signs_in(room, 1)
        await room.writer.submit(
            lambda desk: actions.allow_seat_change(desk, "s1", one, "p", 1, "new machine")
        )
        await signs_in(room, 1, replace(machine(1), station="st-spare"))
        assert room.attempt(one).station == "st-spare"


class TestWhatTheSeatGets:
    async def test_a_paper_its_key_opens_and_no_key(self, room: Room) -> None:
        (one,) = await opened(room, "c1")
        await comes_in(room, one)
        signed = await signs_in(room, 1)
        assert open_paper(signed.paper, paper_key(SECRET, one)).attempt == one
        assert len(decode(signed.capture_secret)) == 32
        assert derive(SECRET, "seal", one).hex() not in signed.model_dump_json()
        assert DOCUMENT.format(1) not in signed.model_dump_json()
        assert (signed.held, signed.follows, signed.rules_acknowledged) == ([], None, False)

    async def test_what_the_room_holds_after_a_machine_change(self, room: Room) -> None:
        (one,) = await opened(room, "c1")
        await comes_in(room, one)
        await signs_in(room, 1)
        seat = Seat(room, "s1", one, "st1")
        await seat.opens()
        await room.starts(seats=[seat])
        await seat.says(answer(3, "A"), answer(1, "B"), answer(3), ItemMarked(slot=2, marked=True))
        await room.writer.submit(lambda desk: actions.allow_seat_change(desk, "s1", one, "p", 30, "broken"))
        signed = await signs_in(room, 1, machine(30))
        assert [(held.slot, held.response, held.marked) for held in signed.held] == [
            (1, ["B"], False),
            (2, [], True),
            (3, [], False),
        ]
        assert seat.head is not None
        assert signed.follows is not None
        assert signed.follows.to_json() == seat.head.to_json()
        assert signed.rules_acknowledged
        assert [(state.stream, state.seq) for state in stream_states(room.day(), one)] == [
            (seat.stream, seat.head.seq)
        ]

    @pytest.mark.parametrize(("size", "sent"), [(PHOTO_BYTES_MAX, True), (PHOTO_BYTES_MAX + 1, False)])
    async def test_a_photo_only_when_it_fits(self, room: Room, size: int, sent: bool) -> None:
        await comes_in(room, *(await opened(room, "c1")))
        signed = await signs_in(room, 1, photo=b"x" * size)
        assert (signed.facts.card.photo is not None) is sent


def _paper(attempt: str) -> Paper:
    seen = SeatPaper(
        attempt=attempt,
        subject="理论",
        max_score=100,
        duration_ms=1,
        sections=[
            SeatSection(
                title="一",
                kind="single",
                score_each=100,
                items=[SeatItem(slot=1, kind="single", score=100, stem="?", options=OPTIONS)],
            )
        ],
    )
    sealed = seal(seen, paper_key(SECRET, attempt))
    return Paper(
        attempt=attempt,
        session="s1",
        items=1,
        digest=sealed.digest,
        nonce=sealed.nonce,
        sealed=sealed.sealed,
        record_nonce="",
        record="",
    )
