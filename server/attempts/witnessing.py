"""A seat's signed head: kept when it is its own, and compared with what the room holds at that place."""

from protocol.office_entries import RoomAlarm
from protocol.witness import HeadStatement
from server.attempts.budget import Volume
from server.attempts.receiving import Author
from server.errors import Refused
from server.writer.desk import Desk


class NotYourStream(Refused):
    """A station bears witness for its own streams only."""

    code = "not_your_stream"
    status = 403
    zh = "签名的记录流不属于该考试机。"
    en = "The signed head is of a stream that is not this station's."


def keep_head(desk: Desk, author: Author, statement: HeadStatement, text: str, signature: str) -> None:
    """Keep the newest signed head of a stream; another history than the room's is alarmed, never overwritten."""
    head = statement.head
    session = desk.session_of(head.stream)
    stream = None if session is None else desk.day(session).streams.get(head.stream)
    if session is None or stream is None or stream.attempt is None or stream.station != author.station:
        raise NotYourStream()
    held = desk.hash_at(head.stream, head.seq)
    if held is not None and held != head.hash and _may_alarm(desk, session, stream.attempt):
        desk.record(
            RoomAlarm(
                code="head_differs", attempt=stream.attempt, station=stream.station, detail=f"seq {head.seq}"
            ),
            session=session,
            attempt=stream.attempt,
        )
    desk.ledger.sign_head(head.stream, head.seq, text, signature)


def _may_alarm(desk: Desk, session: str, attempt: str) -> bool:
    return desk.day(session).part(Volume).may_alarm(attempt, "head_differs")
