"""The verbs that make machines stations of the room."""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from server.errors import NotFound, Refused
from server.rooms import queries as rooms
from server.stations.models import SecretRow, StationRow
from server.stations.rules import StationState, new_secret, secret_digest, station_id
from server.writer.desk import Desk
from server.writer.registers import changed


class UnknownSecret(Refused):
    """No such station, or another secret; which of them is not told."""

    code = "unknown_secret"
    status = 403
    zh = "登记密钥无效或已被使用，请由考务人员重新生成。"
    en = "The enrolment secret is not valid or was used. Have the exam office make a new one."


class SecretExpired(Refused):
    """The secret was right once."""

    code = "secret_expired"
    status = 403
    zh = "登记密钥已过期，请由考务人员重新生成。"
    en = "The enrolment secret has expired. Have the exam office make a new one."


class TooManyTries(Refused):
    """Somebody tries out codes from this address."""

    code = "too_many_tries"
    status = 429
    zh = "登记码输错次数过多，请 {seconds} 秒后再试。"
    en = "Wrong enrolment codes too many times. Try again in {seconds} seconds."


@dataclass(frozen=True, slots=True)
class Issued:
    """A secret as it leaves the room, once: on a stick, in an image, never in a table."""

    station: str
    seat: int
    secret: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a machine is told when it has become a station."""

    station: str
    room: str
    seat: int


def issue_secrets(
    desk: Desk,
    room: str,
    seats: Sequence[int] | None,
    hours: int,
    *,
    by: str,
    make: Callable[[], str] = new_secret,
) -> list[Issued]:
    """Make one-use secrets for a room's seats (None: all), in place of those before; ``make`` makes one.

    An enrolled station goes on until another machine enrols in its place.
    """
    if rooms.room_by_id(desk.db, room) is None:
        raise NotFound(what="考场 room")
    numbers = [place.number for place in rooms.seats_of(desk.db, room)]
    wanted = numbers if seats is None else sorted(set(seats))
    missing = [seat for seat in wanted if seat not in numbers]
    if missing:
        raise NotFound(what=f"机位 seat {missing[0]}")
    issued = [Issued(station_id(room, seat), seat, make()) for seat in wanted]
    known = {row.id: row for row in desk.db.exec(select(StationRow).where(StationRow.room == room))}
    for one in issued:
        row = known.get(one.station) or StationRow(id=one.station, room=room, seat=one.seat)
        if row.state == StationState.RETIRED:
            row.state = StationState.EXPECTED
        desk.db.add(row)
    desk.db.flush()
    ids = [one.station for one in issued]
    for secret in desk.db.exec(select(SecretRow).where(col(SecretRow.station).in_(ids))):
        desk.db.delete(secret)
    desk.db.flush()
    expires_at = desk.now + hours * 3_600_000
    desk.db.add_all(
        [
            SecretRow(
                station=one.station, digest=secret_digest(one.secret), expires_at=expires_at, issued_by=by
            )
            for one in issued
        ]
    )
    row_ = {"room": room, "seats": wanted, "expires_at": expires_at}
    changed(desk, "station", room, "secrets_issued", by=by, row=row_)
    return issued


def check_secret(db: Session, station: str, secret: str, public_key: str, now: int) -> SecretRow:
    """The secret's row when this machine may enrol with it; raises UnknownSecret or SecretExpired.

    The same machine may ask again with the same key: its answer may have been lost on the way.
    """
    row = db.get(SecretRow, station)
    if row is None or not hmac.compare_digest(row.digest, secret_digest(secret)):
        raise UnknownSecret()
    if row.used_by is not None and row.used_by != public_key:
        raise UnknownSecret()
    if row.expires_at <= now:
        raise SecretExpired()
    return row


def station_of_code(db: Session, secret: str) -> str:
    """The station a typed secret is for; raises UnknownSecret."""
    row = db.exec(select(SecretRow).where(SecretRow.digest == secret_digest(secret))).first()
    if row is None:
        raise UnknownSecret()
    return row.station


def enrol(desk: Desk, station: str, secret: str, public_key: str) -> Enrolled:
    """Make the machine that holds this key the station; the one before, if there was one, no longer is."""
    kept = check_secret(desk.db, station, secret, public_key, desk.now)
    row = desk.db.get(StationRow, station)
    assert row is not None
    room = rooms.room_by_id(desk.db, row.room)
    assert room is not None
    if kept.used_by is None:
        kept.used_by = public_key
        row.state, row.public_key, row.enrolled_at = StationState.ENROLLED, public_key, desk.now
        desk.db.add_all([kept, row])
        changed(desk, "station", station, "enrolled", by=kept.issued_by, row=row.model_dump())
    return Enrolled(station, room.name, row.seat)


def retire(desk: Desk, station: str, *, by: str) -> StationRow:
    """Take a machine out of the room: its key and its secret no longer open anything."""
    row = desk.db.get(StationRow, station)
    if row is None:
        raise NotFound(what="考试机 station")
    row.state, row.public_key = StationState.RETIRED, None
    secret = desk.db.get(SecretRow, station)
    if secret is not None:
        desk.db.delete(secret)
    desk.db.add(row)
    changed(desk, "station", station, "retired", by=by, row=row.model_dump())
    return row
