"""The verbs of snapshots: a picture's bytes are asked about before they are read, and recorded when durable."""

from dataclasses import dataclass

from protocol import office_entries as office
from server.attempts.actions import pictures_bytes
from server.attempts.budget import PICTURES_FULL, Volume
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


class PicturesFull(Refused):
    """The attempt sent far more than its scheme asks for; what is here stays, what waits stays at the seat."""

    code = PICTURES_FULL
    status = 507
    zh = "本机发送的照片远超方案所需，考场不再接收；未发送的照片保留在本机。"
    en = "This seat sent far more pictures than its scheme asks for; the rest stays at the seat."

    def __init__(self, session: str, attempt: str) -> None:
        super().__init__()
        self.session, self.attempt = session, attempt


@dataclass(frozen=True, slots=True)
class Admitted:
    """A picture the room will take: of which session, and how large it must be at least."""

    session: str
    smallest: Size


def admit(desk: Desk, station: str, attempt: str, digest: str, size: int) -> Admitted:
    """Whether the room takes this picture from this station; asked before its bytes, ``size`` of them, are read."""
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
    scheme = scheme_of(session_row(desk.db, session))

    def usual(each: str) -> int:
        clock = day.part(Attempts).by_id[each].clock
        return pictures_bytes(scheme, [clock.duration_ms + clock.added_ms])

    if day.part(Snapshots).full(attempt, size, usual):
        raise PicturesFull(session, attempt)
    capture = scheme.capture
    smallest = Size(capture.width_min, capture.height_min)
    if announced is not None:
        smallest = Size(max(smallest.width, announced.width), max(smallest.height, announced.height))
    return Admitted(session, smallest)


def tell_full(desk: Desk, session: str, attempt: str, station: str) -> None:
    """A person is told once that the room takes no more pictures of this attempt."""
    if desk.day(session).part(Volume).may_alarm(attempt, PicturesFull.code):
        alarm = office.RoomAlarm(code=PicturesFull.code, attempt=attempt, station=station)
        desk.record(alarm, session=session, attempt=attempt)


def receive(desk: Desk, session: str, attempt: str, digest: str, size: int) -> None:
    """The bytes are durable in the store; a repeat changes nothing."""
    pictures = desk.day(session).part(Snapshots).of(attempt)
    if digest not in pictures.outstanding and (
        digest in pictures.early
        or digest in pictures.recent
        or has_received(desk.db, session, digest, attempt)
    ):
        return
    desk.record(
        office.SnapshotReceived(attempt=attempt, digest=digest, size=size),
        session=session,
        attempt=attempt,
    )
