"""How entries change attempts: one function for each entry type that concerns them."""

from dataclasses import replace

from protocol import office_entries as office
from protocol import station_entries as station
from protocol.entry import BadEntry, parse
from protocol.entry_types import FROM_OFFICE, ORDERS, read_body
from protocol.exam_clock import ExamClock
from protocol.shapes import Closed
from server.attempts.rules import (
    RUNNING,
    TRANSITIONS,
    A,
    Attempt,
    Attempts,
    Held,
    Late,
    OrderRef,
    counts,
)
from server.writer.day import Part, Recorded


def tick(clock: ExamClock, body: Closed) -> ExamClock:
    """What an order does to a clock; the same for the room's view and the seat's."""
    match body:
        case office.SessionStarted():
            return clock.start(body.starts_at)
        case office.SessionPaused():
            return clock.pause(body.paused_at)
        case office.SessionResumed():
            return clock.resume(body.resumed_at)
        case office.SessionExtended() | office.AttemptExtended():
            return clock.extend(body.by_ms)
    return clock


def _move(attempt: Attempt, verb: str) -> None:
    # A seat may say what the room has overruled meanwhile (handed in while being collected): then nothing moves.
    _stand(attempt, TRANSITIONS.get((attempt.standing, verb), attempt.standing))


def _stand(attempt: Attempt, state: A) -> None:
    if attempt.before_void is not None:
        attempt.before_void = state
    else:
        attempt.state = state


def _listed(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.AttemptListed)
    clock = ExamClock(body.duration_ms)
    # Who is listed while the session runs is bound by what it was ordered before, and has heard nothing of it.
    bound = replace(attempts.session_clock, duration_ms=body.duration_ms)
    attempts.by_id[body.attempt] = Attempt(
        body.attempt,
        body.candidate,
        body.subject,
        body.seat,
        bound,
        clock,
        orders=list(attempts.session_orders),
    )


def _session_order(attempts: Attempts, one: Recorded) -> None:
    ref = _ref(one)
    attempts.session_orders.append(ref)
    attempts.session_clock = tick(attempts.session_clock, one.body)
    for attempt in attempts.by_id.values():
        attempt.orders.append(ref)
        attempt.clock = tick(attempt.clock, one.body)


def _attempt_order(attempts: Attempts, one: Recorded) -> None:
    attempt = _of(attempts, one)
    attempt.orders.append(_ref(one))
    _obey(attempt, one.body, one.entry.at)
    match one.body:
        case office.VoidSigned():
            if attempt.state is not A.VOIDED:
                attempt.before_void = attempt.state
            attempt.state = A.VOIDED
        case office.VoidDecided() if one.body.outcome == "lifted" and attempt.before_void is not None:
            attempt.state, attempt.before_void = attempt.before_void, None


def _obey(attempt: Attempt, body: Closed, at: int) -> None:
    """What an order does to its attempt, but for a void, which hangs on its ruling."""
    attempt.clock = tick(attempt.clock, body)
    match body:
        case office.AttemptSuspended():
            _move(attempt, "suspend")
        case office.AttemptUnsuspended():
            _unsuspend(attempt)
        case office.AttemptCollected():
            _close(attempt, "collect", at, body.cause)
        case office.HandInRevoked():
            _move(attempt, "revoke_hand_in")
            attempt.handed_in_at = attempt.handed_in_by = attempt.receipt = None
        case office.MessageSent():
            attempt.unread_messages.append(body.message)


def _unsuspend(attempt: Attempt) -> None:
    if attempt.standing is A.SUSPENDED:
        back = A.RUNNING if attempt.away_since is None else A.AWAY
        _stand(attempt, back if attempt.rules_acknowledged else A.WAITING)


def _checked_in(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.AttemptCheckedIn)
    attempt = attempts.by_id[body.attempt]
    _move(attempt, "check_in")
    attempt.checked_in_by = body.by


def _refused(attempts: Attempts, one: Recorded) -> None:
    _move(_of(attempts, one), "refuse")


def _absent(attempts: Attempts, one: Recorded) -> None:
    _move(_of(attempts, one), "absent")


def _seated(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.AttemptSeated)
    attempt = attempts.by_id[body.attempt]
    if attempt.station is not None and attempt.station != body.station:
        attempt.machine_changes += 1
        attempt.streams_left = len(attempt.closed_streams) + (attempt.stream is not None)
    attempt.station, attempt.seat, attempt.allowed_seat = body.station, body.seat, None
    attempt.seated_at = one.entry.at
    # A page that was left at the old machine, or before its restart, never comes back.
    _back(attempt, one.entry.at)
    _move(attempt, "seat")


def _seat_change(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.SeatChangeAllowed)
    attempts.by_id[body.attempt].allowed_seat = body.seat


def _late_admitted(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.LateAdmitted)
    attempt = attempts.by_id[body.attempt]
    for late in attempt.late:
        if late.stream != body.stream:
            continue
        toucher = attempt.touched.get(late.slot, late.stream)
        if attempt.age(toucher) > attempt.age(late.stream):
            continue
        if not attempt.clock.accepts(late.at):
            attempt.not_counted += 1
            continue
        attempt.answers[late.slot] = Held(late.response, late.at, late.n, "seat")
        attempt.touched[late.slot] = late.stream
    attempt.late = [late for late in attempt.late if late.stream != body.stream]


def _opened(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    if not isinstance(body, station.StreamOpened):
        return
    attempt = attempts.by_id[body.attempt]
    if attempt.station not in (None, body.station):
        # From a machine the attempt has left, late or on a stick: older than everything written at the seat now.
        attempt.closed_streams.insert(attempt.streams_left, one.entry.stream)
        attempt.streams_left += 1
        return
    if attempt.stream is not None:
        attempt.closed_streams.append(attempt.stream)
    attempt.stream = one.entry.stream
    if body.reason in ("sign_in", "machine_change"):
        # A machine that was never told anything hears every order anew.
        attempt.told.clear()
        attempt.heard_clock = ExamClock(attempt.clock.duration_ms)


def _order_heard(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.OrderHeard)
    attempt = _of(attempts, one)
    kind, at, order = read_order(body)
    if body.order.hash not in [ref.hash for ref in attempt.orders]:
        # The room lost this order with its disk; the seat's copy bears the room's own signature.
        attempt.orders.insert(
            attempt.heard, OrderRef(one.n, kind, body.order.stream, body.order.seq, body.order.hash)
        )
        _obey(attempt, order, at)
    if one.entry.stream == attempt.stream and body.order.hash not in attempt.told:
        attempt.told.append(body.order.hash)
        attempt.heard_clock = tick(attempt.heard_clock, order)


def read_order(body: station.OrderHeard) -> tuple[str, int, Closed]:
    """Type, instant and body of the order a seat heard, from its own copy; raises BadEntry."""
    order = parse(body.text)
    if order.type not in ORDERS:
        raise BadEntry(f"{order.type} is no order")
    return order.type, order.at, read_body(order, FROM_OFFICE)


def _paper_opened(attempts: Attempts, one: Recorded) -> None:
    _of(attempts, one).paper_opened = True


def _rules(attempts: Attempts, one: Recorded) -> None:
    attempt = _of(attempts, one)
    attempt.rules_acknowledged = True
    _move(attempt, "run")


def _answer(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.AnswerSaved)
    attempt = _of(attempts, one)
    attempt.last_at = max(attempt.last_at, one.entry.at)
    if one.entry.stream != attempt.stream:
        attempt.late.append(Late(one.entry.stream, body.slot, body.response, one.entry.at, one.n))
        return
    attempt.touched[body.slot] = one.entry.stream
    vouched = counts(attempt.heard_clock, one.entry.at, one.received_at)
    if vouched is None or (attempt.handed_in_at is not None and attempt.handed_in_by != "collected_by_room"):
        attempt.not_counted += 1
        return
    if attempt.clock_doubt:
        vouched = "seat"
    attempt.answers[body.slot] = Held(body.response, one.entry.at, one.n, vouched)


def _marked(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.ItemMarked)
    if not _current(attempts, one):
        return
    marks = _of(attempts, one).marks
    if body.marked and body.slot not in marks:
        marks.append(body.slot)
    elif not body.marked and body.slot in marks:
        marks.remove(body.slot)


def _left(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.PageLeft)
    attempt = _of(attempts, one)
    if not _current(attempts, one):
        return
    if attempt.away_since is None:
        attempt.away_since = one.entry.at
        attempt.away_times += 1
    if body.cause not in attempt.away:
        attempt.away.append(body.cause)
    _move(attempt, "leave")


def _returned(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.PageReturned)
    attempt = _of(attempts, one)
    if not _current(attempts, one):
        return
    if body.cause in attempt.away:
        attempt.away.remove(body.cause)
    if not attempt.away:
        _back(attempt, one.entry.at)
        _move(attempt, "return")


def _back(attempt: Attempt, at: int) -> None:
    if attempt.away_since is not None:
        attempt.away_ms += max(0, at - attempt.away_since)
    attempt.away_since = None
    attempt.away.clear()


def _camera(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.CameraChanged)
    if _current(attempts, one):
        _of(attempts, one).camera = "clear" if body.state == "back" else body.state


def _link(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.LinkChanged)
    attempt = _of(attempts, one)
    if not _current(attempts, one):
        return
    if body.state == "lost":
        attempt.link_losses += 1
    else:
        attempt.offline_ms += body.offline_ms
        attempt.clock_doubt = False


def _clock(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.ClockChanged)
    if body.cause == "rebooted_offline" and _current(attempts, one):
        _of(attempts, one).clock_doubt = True


def _hand(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.HandRaised)
    if _current(attempts, one):
        attempt = _of(attempts, one)
        if not body.raised:
            attempt.hand_raised_at = None
        elif attempt.hand_raised_at is None:
            attempt.hand_raised_at = one.entry.at


def _hand_answered(attempts: Attempts, one: Recorded) -> None:
    _of(attempts, one).hand_raised_at = None


def _acknowledged(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.MessageAcknowledged)
    unread = _of(attempts, one).unread_messages
    if body.message in unread:
        unread.remove(body.message)


def _handed_in(attempts: Attempts, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.HandedIn)
    attempt = _of(attempts, one)
    if not _current(attempts, one):
        return
    if attempt.standing in RUNNING:
        _close(attempt, "collect" if body.by == "collected" else "hand_in", one.entry.at, body.by)
    attempt.handed_in_by, attempt.handed_in_at = body.by, one.entry.at
    attempt.receipt = body.digest


def _close(attempt: Attempt, verb: str, at: int, by: str) -> None:
    if (attempt.standing, verb) in TRANSITIONS:
        _move(attempt, verb)
        _back(attempt, at)
        attempt.handed_in_at = at
        attempt.handed_in_by = "collected_by_room" if verb == "collect" and by != "collected" else by


def _of(attempts: Attempts, one: Recorded) -> Attempt:
    assert one.attempt is not None
    return attempts.by_id[one.attempt]


def _current(attempts: Attempts, one: Recorded) -> bool:
    """Whether the seat's newest stream says it: what an older one tells late is history, not how things are."""
    return one.entry.stream == _of(attempts, one).stream


def _ref(one: Recorded) -> OrderRef:
    return OrderRef(one.n, one.entry.type, one.entry.stream, one.entry.seq, one.entry.hash)


PART = Part(
    Attempts,
    {
        "attempt.listed": _listed,
        "attempt.checked_in": _checked_in,
        "attempt.refused": _refused,
        "attempt.absent": _absent,
        "attempt.seated": _seated,
        "attempt.seat_change_allowed": _seat_change,
        "attempt.late_admitted": _late_admitted,
        **{kind: _session_order for kind in sorted(ORDERS) if kind.startswith("session.")},
        **{kind: _attempt_order for kind in sorted(ORDERS) if not kind.startswith("session.")},
        "stream.opened": _opened,
        "order.heard": _order_heard,
        "paper.opened": _paper_opened,
        "rules.acknowledged": _rules,
        "answer.saved": _answer,
        "item.marked": _marked,
        "page.left": _left,
        "page.returned": _returned,
        "camera.changed": _camera,
        "link.changed": _link,
        "clock.changed": _clock,
        "hand.raised": _hand,
        "hand.answered": _hand_answered,
        "message.acknowledged": _acknowledged,
        "handed_in": _handed_in,
    },
    by_attempt="by_id",
)
