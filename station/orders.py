"""An order is obeyed only when the room's own key signed it and it concerns this seat."""

from protocol.entry import BadEntry, Entry, parse
from protocol.entry_types import FROM_OFFICE, ORDERS, read_body
from protocol.keys import Purpose, verify
from protocol.shapes import Closed
from protocol.to_station import Order


class NotAnOrder(ValueError):
    """What arrived binds nobody; the message says why, for the log and the room's alarm."""


def checked_order(message: Order, room_key: str, attempt: str) -> tuple[Entry, Closed]:
    """The order's entry and its body, its signature checked against the key pinned at enrolment.

    Raises :class:`NotAnOrder`.
    """
    if message.attempt != attempt:
        raise NotAnOrder(f"an order for {message.attempt}, here sits {attempt}")
    if not verify(room_key, Purpose.ORDER, message.entry, message.signature):
        raise NotAnOrder("the signature is not that of this room's key")
    try:
        entry = parse(message.entry)
        body = read_body(entry, FROM_OFFICE)
    except BadEntry as error:
        raise NotAnOrder(str(error)) from error
    if entry.type not in ORDERS:
        raise NotAnOrder(f"{entry.type} is no order")
    if getattr(body, "attempt", attempt) != attempt:
        raise NotAnOrder("the signed order names another attempt")
    return entry, body
