"""The verbs of snapshots: a picture's bytes are asked about before they are read, and recorded when durable."""

from dataclasses import dataclass

from protocol import office_entries as office
from server.attempts.queries import attempt_row
from server.attempts.rules import Attempts
from server.errors import Refused
from server.sessions.queries import scheme_of, session_row
from server.snapshots.pictures import Size
from server.snapshots.queries import has_received
from server.snapshots.rules import EARLY_MAX, Snapshots
from server.writer.desk import Desk


class NotItsPicture(Refused):
    """A station sends pictures of attempts that sat at it."""

    code = "not_its_picture"
    status = 403
    zh = "该应试不在此考试机上。"
    en = "This attempt never sat at this station."


class AnnounceFirst(Refused):
    """Bytes may run ahead of their entries, but not without end."""

    code = "announce_first"
    zh = "尚未登记的照片过多（最多 {limit} 张），请先发送抓拍记录。"
    en = "Too many pictures came before they were announced (at most {limit}). Send their entries first."


@dataclass(frozen=True, slots=True)
class Admitted:
    """A picture the room will take: of which session, and how large it must be at least."""

    session: str
    smallest: Size


def admit(desk: Desk, station: str, attempt: str, digest: str) -> Admitted:
    """Whether the room takes this picture from this station; asked before its bytes are read."""
    session = attempt_row(desk.db, attempt).session
    day = desk.day(session)
    sits = day.part(Attempts).by_id[attempt].station == station
    sat = any(each.attempt == attempt and each.station == station for each in day.streams.values())
    if not (sits or sat):
        raise NotItsPicture()
    pictures = day.part(Snapshots).of(attempt)
    announced = pictures.outstanding.get(digest)
    if announced is None and len(pictures.early) >= EARLY_MAX and digest not in pictures.early:
        raise AnnounceFirst(limit=EARLY_MAX)
    capture = scheme_of(session_row(desk.db, session)).capture
    smallest = Size(capture.width_min, capture.height_min)
    if announced is not None:
        smallest = Size(max(smallest.width, announced.width), max(smallest.height, announced.height))
    return Admitted(session, smallest)


def receive(desk: Desk, session: str, attempt: str, digest: str) -> None:
    """The bytes are durable in the store; a repeat changes nothing."""
    pictures = desk.day(session).part(Snapshots).of(attempt)
    if digest not in pictures.outstanding and (
        digest in pictures.early
        or digest in pictures.recent
        or has_received(desk.db, session, digest, attempt)
    ):
        return
    desk.record(office.SnapshotReceived(attempt=attempt, digest=digest), session=session, attempt=attempt)
