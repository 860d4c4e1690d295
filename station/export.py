"""``kaochang-station export``: this seat's journal as one file on a USB stick, for a room that cannot be reached."""

import time
from pathlib import Path

import click

from protocol import journal_file
from protocol.files import DiskFiles, Files
from protocol.keys import SigningKey
from protocol.shapes import HeadRef
from protocol.version import SOFTWARE
from protocol.witness import sign_head
from station.disk import InlineDisk
from station.enrolment import CannotEnrol, StationFiles
from station.journal import Journal
from station.room_clock import LinuxMachine, OffsetFile, RoomClock


class _OnlyReading(DiskFiles):
    """The station may be writing: what looks like a torn tail now is its next line."""

    def truncate(self, path: Path, size: int) -> None:
        """Leave it."""

    def make_folder(self, folder: Path) -> None:
        """It is there."""


class NothingToExport(Exception):
    """There is no journal here; the message says so."""


def exported(files: Files, home: Path, station: str, key: SigningKey, at: int) -> bytes:
    """The whole journal of a seat's folder; the newest head of every stream is signed at ``at``.

    Raises NothingToExport.
    """
    folder = home / "attempts"
    names = files.list(folder) if files.exists(folder) else []
    texts: list[str] = []
    aside: list[tuple[str, int, str]] = []
    heads: list[tuple[str, str]] = []
    for name in names:
        journal = Journal(files, folder / name, InlineDisk())
        aside += [(f"{name}/{damage.file}", damage.line, damage.reason) for damage in journal.damage]
        for stream in journal.streams:
            texts += [text for text in stream.texts if text is not None]
            if stream.head is not None:
                heads.append(sign_head(key, HeadRef(**stream.head.to_json()), None, at))
    if not texts:
        raise NothingToExport(f"{home}: 没有可导出的考试日志。 There is no journal of an exam here")
    return journal_file.write(station, at, SOFTWARE, texts, aside, heads)


@click.command()
@click.option(
    "--data",
    "home",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Folder of this seat.",
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(home: Path, file: Path) -> None:
    """Write this seat's journal to FILE; the station may be running."""
    files = _OnlyReading()
    try:
        identity = StationFiles(files, home).read()
        if identity is None:
            raise NothingToExport(f"{home}: 本机没有登记过。 No station was ever enrolled here")
        clock = RoomClock(LinuxMachine(), OffsetFile(files, home / "clock.json").read())
        data = exported(files, home, identity.station, identity.key, clock.now())
    except (NothingToExport, CannotEnrol) as error:
        raise click.ClickException(str(error)) from error
    file.write_bytes(data)
    read = journal_file.read(file.read_bytes())
    entries = sum(len(stream.entries) for stream in read.streams)
    day = time.strftime("%Y-%m-%d %H:%M", time.localtime(read.written_at / 1000))
    click.echo(f"{file}: {len(read.streams)} 个日志流 streams, {entries} 条记录 entries, {day}")
    for fault in read.faults:
        click.echo(f"  ! {fault}")
