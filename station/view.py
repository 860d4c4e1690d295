"""What the page is shown, read from the seat whole."""

from protocol.page import Clock, Notice, Receipt, SeatView
from protocol.paper import SeatPaper
from protocol.seat import SeatPolicy
from station.seat import Seat
from station.sitting import Sitting

PAPER_STAGES = frozenset({"exam", "handed_in"})
"""Stages whose page needs the answers; the paper itself is shown in ``exam`` alone."""


def view_of(seat: Seat) -> SeatView:
    """The whole view of this moment."""
    sitting, stage = seat.current, seat.stage
    camera = seat.reporter.condition()[0]
    refusal = seat.refusal or seat.full
    shown = SeatView(
        stage=stage,
        seat=seat.room.welcome.seat if seat.room.welcome else seat.identity.seat,
        link="connected" if seat.room.up else "offline",
        camera=camera,
        refusal=refusal.zh if refusal else None,
        refusal_en=refusal.en if refusal else None,
    )
    if sitting is None or sitting.facts is None:
        return shown
    facts = sitting.facts
    return shown.model_copy(
        update={
            "seat": facts.seat,
            "clock": clock_of(seat, sitting),
            "card": facts.card,
            "paper": _shown_paper(sitting) if stage == "exam" else None,
            "answers": sitting.answer_states() if stage in PAPER_STAGES else [],
            "notices": _notices(sitting),
            "receipt": _receipt(sitting),
            "hand_raised": sitting.attempt.hand_raised,
            **_policy(facts.policy),
        }
    )


def clock_of(seat: Seat, sitting: Sitting) -> Clock:
    """Time as this seat counts it now."""
    now, clock = seat.clock.now(), sitting.attempt.clock
    started = clock.started_at is not None and now >= clock.started_at
    assert sitting.facts is not None
    return Clock(
        room_time=now,
        remaining_ms=clock.remaining_ms(now),
        running=started and clock.paused_at is None and sitting.attempt.handed_in is None,
        starts_at=clock.started_at if clock.started_at is not None else sitting.facts.starts_at,
    )


def _shown_paper(sitting: Sitting) -> SeatPaper | None:
    """The paper without its pictures' bytes: the page fetches the ones it shows."""
    return sitting.paper and sitting.paper.model_copy(update={"pictures": []})


def _policy(policy: SeatPolicy) -> dict[str, object]:
    return {
        "notice_text": policy.notice,
        "rules_text": policy.rules,
        "earliest_hand_in_ms": policy.earliest_hand_in_ms,
        "time_left_warning_ms": policy.time_left_warning_ms,
        "time_left_warning_shown_ms": policy.time_left_warning_shown_ms,
    }


def _notices(sitting: Sitting) -> list[Notice]:
    warnings = {message.message: message.warning for message in sitting.attempt.messages}
    return [
        Notice(message=message, text=sitting.texts.get(message, ""), warning=warnings.get(message, False))
        for message in sitting.attempt.unread
    ]


def _receipt(sitting: Sitting) -> Receipt | None:
    handed_in = sitting.attempt.handed_in
    if handed_in is None:
        return None
    return Receipt(
        answered=handed_in.answered,
        total=sitting.paper.slots() if sitting.paper else 0,
        at=handed_in.at,
        digest=handed_in.digest,
        delivered=sitting.hand_in_delivered(),
    )
