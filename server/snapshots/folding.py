"""How entries change what is known of pictures."""

from protocol import office_entries as office
from protocol import station_entries as station
from server.snapshots.rules import Outstanding, Pictures, Snapshots
from server.writer.day import Part, Recorded


def _of(snapshots: Snapshots, attempt: str | None) -> Pictures:
    assert attempt is not None
    return snapshots.by_attempt.setdefault(attempt, Pictures())


def _taken(snapshots: Snapshots, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, station.SnapshotTaken)
    found = Outstanding(body.taken_at, body.width, body.height)
    _of(snapshots, one.attempt).announce(body.digest, found)


def _missed(snapshots: Snapshots, one: Recorded) -> None:
    _of(snapshots, one.attempt).missed += 1


def _received(snapshots: Snapshots, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.SnapshotReceived)
    _of(snapshots, body.attempt).receive(body.digest, body.size)


PART = Part(
    Snapshots,
    {"snapshot.taken": _taken, "snapshot.missed": _missed, "snapshot.received": _received},
    by_attempt="by_attempt",
)
