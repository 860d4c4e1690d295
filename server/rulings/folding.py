"""How entries change flags and voids: one function for each entry type that concerns them."""

from protocol import office_entries as office
from protocol import station_entries as station
from server.rulings.rules import (
    PAGE_LEFT,
    TRANSITIONS,
    AttemptRulings,
    Flag,
    RoomWideAlarm,
    Rulings,
    Void,
    VoidState,
)
from server.writer.day import Part, Recorded


def _of(rulings: Rulings, attempt: str) -> AttemptRulings:
    return rulings.by_attempt.setdefault(attempt, AttemptRulings())


def _flag_raised(rulings: Rulings, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.FlagRaised)
    _of(rulings, body.attempt).flags.setdefault(
        body.flag,
        Flag(
            body.flag,
            body.attempt,
            body.code,
            body.severity,
            body.source,
            body.by,
            one.entry.at,
            list(body.evidence),
            body.note,
        ),
    )


def _flag_closed(rulings: Rulings, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.FlagClosed)
    flag = _of(rulings, body.attempt).flags[body.flag]
    flag.outcome, flag.closed_by, flag.closed_at = body.outcome, body.by, one.entry.at


def _void_proposed(rulings: Rulings, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.VoidProposed)
    _of(rulings, body.attempt).voids[body.ruling] = Void(
        body.ruling,
        body.attempt,
        body.code,
        body.scope,
        list(body.flags),
        body.statement,
        body.statement_declined,
        body.by,
        one.entry.at,
        body.note,
        source=body.source,
    )


def _void_signed(rulings: Rulings, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.VoidSigned)
    void = _move(rulings, body.attempt, body.ruling, "sign")
    void.signed_by = body.by


def _void_withdrawn(rulings: Rulings, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.VoidWithdrawn)
    _move(rulings, body.attempt, body.ruling, "withdraw")


def _void_decided(rulings: Rulings, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.VoidDecided)
    void = _move(rulings, body.attempt, body.ruling, body.outcome)
    void.decided_by, void.decided_note = body.by, body.note


def _move(rulings: Rulings, attempt: str, ruling: str, verb: str) -> Void:
    void = rulings.by_attempt[attempt].voids[ruling]
    void.state = VoidState(TRANSITIONS[void.state, verb])
    return void


def _left(rulings: Rulings, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.PageLeft)
    assert one.attempt is not None
    found = _of(rulings, one.attempt)
    if found.left_at is None:
        found.left_n, found.left_at = one.n, one.entry.at
    if body.cause not in found.left_by:
        found.left_by.append(body.cause)


def _returned(rulings: Rulings, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.PageReturned)
    assert one.attempt is not None
    found = _of(rulings, one.attempt)
    if body.cause in found.left_by:
        found.left_by.remove(body.cause)
    if found.left_by:
        return  # still away in another way
    away_ms = body.away_ms if found.left_at is None else max(body.away_ms, one.entry.at - found.left_at)
    found.left_at = None
    for flag in found.flags.values():
        if flag.code == PAGE_LEFT and flag.source == "machine" and flag.duration_ms is None:
            flag.duration_ms = away_ms


def _seated(rulings: Rulings, one: Recorded) -> None:
    # A page that was left at the old machine, or before its restart, never comes back.
    assert one.attempt is not None
    if one.attempt in rulings.by_attempt:
        rulings.by_attempt[one.attempt].left_at = None
        rulings.by_attempt[one.attempt].left_by.clear()


def _alarm(rulings: Rulings, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.RoomAlarm)
    if body.attempt is None:
        key = f"n{one.n}"
        rulings.alarms[key] = RoomWideAlarm(key, body.code, one.entry.at, body.detail)


PART = Part(
    Rulings,
    {
        "flag.raised": _flag_raised,
        "flag.closed": _flag_closed,
        "void.proposed": _void_proposed,
        "void.signed": _void_signed,
        "void.withdrawn": _void_withdrawn,
        "void.decided": _void_decided,
        "attempt.seated": _seated,
        "page.left": _left,
        "page.returned": _returned,
        "room.alarm": _alarm,
    },
    by_attempt="by_attempt",
)
