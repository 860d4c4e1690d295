"""Sessions with papers of a test's own making: a few items of several kinds, sealed as loading seals them."""

import os
from collections.abc import Mapping, Sequence

from question_bank.blueprint import Blueprint, ScoringRule, Section
from question_bank.items import Item, Kind
from question_bank.papers import DrawnPaper, ItemRef, Slot
from server.papers.access import wrapping_key
from server.papers.models import Paper, PaperDraw, SessionSecret
from server.papers.sealing import finish, wrap
from server.writer.desk import Desk
from tests.server.after_exam import MINUTE, answer, end, hand_in, names, registers
from tests.server.room import Room, Seat

BLUEPRINT = Blueprint(
    code="own",
    title="自编试卷",
    outline="own",
    full_score=10_000,
    sections=(
        Section(title="单选", kind=Kind.SINGLE, count=4, score_each=1_000),
        Section(title="多选", kind=Kind.MULTIPLE, count=1, score_each=1_000, rule=ScoringRule.PARTIAL),
        Section(title="简答", kind=Kind.SHORT_ANSWER, count=2, score_each=2_500),
    ),
)
"""Slots 1 to 4 single (the key is A), 5 multiple (A C), 6 and 7 short answers of 25 each."""

FOUR = ("甲", "乙", "丙", "丁")
ITEMS: Sequence[Item] = (
    *[Item(code=f"S{n}", kind=Kind.SINGLE, stem=f"单选 {n}", options=FOUR, key=(0,)) for n in range(1, 5)],
    Item(code="M", kind=Kind.MULTIPLE, stem="多选", options=FOUR, key=(0, 2)),
    Item(code="A1", kind=Kind.SHORT_ANSWER, stem="为什么？", reference="因为超载"),
    Item(code="A2", kind=Kind.SHORT_ANSWER, stem="怎么办？", reference="停工整改"),
)
RIGHT: Mapping[int, list[str]] = {1: ["A"], 2: ["A"], 3: ["A"], 4: ["A"], 5: ["A", "C"]}
"""Everything the machine scores, right: 50 of 100."""

BY_REF: Mapping[ItemRef, Item] = {(item.code, item.version): item for item in ITEMS}


def slots() -> tuple[Slot, ...]:
    """The one paper: every item in order, options as they stand."""
    sections = [0, 0, 0, 0, 1, 2, 2]
    return tuple(
        Slot(number, section, item.code, item.version, tuple(range(len(item.options))))
        for number, (section, item) in enumerate(zip(sections, ITEMS, strict=True), 1)
    )


async def seal_papers(room: Room, attempts: Sequence[str], session: str = "s1") -> None:
    """A sealed paper for each of these attempts."""
    secret = os.urandom(32)
    nonce, wrapped = wrap(secret, session, wrapping_key(room.key))

    def verb(desk: Desk) -> None:
        desk.db.merge(SessionSecret(session=session, nonce=nonce, wrapped=wrapped))
        desk.db.merge(
            PaperDraw(
                session=session,
                subject="theory",
                bank="own",
                bank_version="1",
                commitment="0" * 64,
                inputs="",
                report="",
            )
        )
        for attempt in attempts:
            done = finish(
                DrawnPaper("own", attempt, 0, slots()), BLUEPRINT, BY_REF, secret, "理论", 120 * MINUTE
            )
            desk.db.add(
                Paper(
                    attempt=attempt,
                    session=session,
                    items=done.items,
                    digest=done.paper.digest,
                    nonce=done.paper.nonce,
                    sealed=done.paper.sealed,
                    record_nonce=done.record_nonce,
                    record=done.record,
                )
            )

    await room.writer.submit(verb)


async def sat(
    room: Room,
    answers: Mapping[str, Mapping[int, list[str]]],
    session: str = "s1",
    *,
    batch: str = "b1",
    registered: bool = True,
    hands_in: bool = True,
) -> dict[str, Seat]:
    """A whole exam with these answers by candidate, ended and scored as far as machines can.

    hands_in: or the room collects it when the time is up.
    """
    candidates = list(answers)
    if registered:
        await registers(room, *candidates)
        await names(room, "proctor1", "proctor2")
    attempts = await room.plans(session, candidates=candidates, batch=batch)
    await seal_papers(room, attempts, session)
    seats = {
        key: await room.seats(attempt, session) for key, attempt in zip(candidates, attempts, strict=True)
    }
    await room.starts(session, list(seats.values()))
    for key, seat in seats.items():
        await answer(seat, answers[key])
    room.now += 60 * MINUTE
    for key, seat in seats.items():
        if hands_in:
            await hand_in(seat, answers[key])
    await end(room, session)
    return seats
