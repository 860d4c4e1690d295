"""``kaochang admin``: what is done to a room at the machine itself, by whoever holds its disk."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from recordings.second_copy.form import NoCopy
from recordings.second_copy.restoring import NotEmpty
from recordings.second_copy.restoring import restore as restore_copy
from server.app import PARTS, PROJECTED, PROJECTIONS, RoomServer, open_room
from server.clock import RoomClock
from server.data_folder import DataFolder, FolderInUse
from server.db import Database, upgrade
from server.errors import Refused
from server.people import actions, queries
from server.people.rules import Role, random_password
from server.settings import Settings, SettingsError, load
from server.stations import keys as room_keys
from server.stations.keys import KeysMissing, RoomKeys
from server.writer.day import Folding
from server.writer.desk import Desk
from server.writer.rebuild import rebuild as rebuild_projections
from server.writer.registers import COMMAND_LINE

T = TypeVar("T")

ROLES = click.Choice([role.value for role in Role])
DATA = click.argument("data", type=click.Path(file_okay=False, path_type=Path))


@click.group()
def command() -> None:
    """Keep a room: create, rebuild, restore, its certificate, its first people.

    The server keeps the second copy by itself: [second_copy] in kaochang.toml.
    """


@command.command(short_help="Make a room: keys, database, the first administrator.")
@DATA
@click.option(
    "--name", "names", multiple=True, help="Host name or address people use for the server; repeatable."
)
@click.option("--login", default="admin", show_default=True, help="Login name of the first administrator.")
def init(data: Path, names: tuple[str, ...], login: str) -> None:
    """Make a room in the folder DATA: keys, database and the first administrator, whose password is printed once."""
    folder = DataFolder(data)
    if data.exists() and any(one.name != folder.settings.name for one in data.iterdir()):
        raise click.ClickException(f"{data} 不是空目录。 {data} is not empty.")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if names:
        if folder.settings.exists():
            raise click.ClickException(
                f"{folder.settings} 已存在，请在其中写明 names。 Name them in that file."
            )
        quoted = ", ".join(f'"{name}"' for name in names)
        folder.settings.write_text(f"[listen]\nnames = [{quoted}]\n")
    with _said(), folder.held():
        settings = _settings(folder)
        room_keys.make(folder.keys, settings.listen.names, RoomClock(folder.clock_anchor).now_ms())
        password = random_password()
        opened = open_room(folder, settings)
        try:
            asyncio.run(_add(opened, login, "系统管理员", {Role.ADMINISTRATOR}, password))
        finally:
            opened.close()
    click.echo(f"考场已建立。 The room is made: {data}")
    click.echo(f"login: {login}")
    click.echo(f"password: {password}")
    _show_keys(folder, opened.keys)


@command.command(short_help="Show the room's certificate and fingerprints.")
@DATA
def ca(data: Path) -> None:
    """Show the room's certificate, to be installed on proctors' machines, and the fingerprints."""
    folder = DataFolder(data)
    with _said():
        settings = _settings(folder)
        keys = room_keys.load(folder.keys, settings.listen.names, RoomClock(folder.clock_anchor).now_ms())
    _show_keys(folder, keys)


@command.command(short_help="Write every projection again from the ledger.")
@DATA
def rebuild(data: Path) -> None:
    """Write every projection again from the ledger; the server of this room must be stopped."""
    folder = DataFolder(data)
    with _said(), folder.held():
        if not folder.exists:
            raise KeysMissing(f"{data}")
        read = _rebuilt(folder)
    click.echo(f"已由账本重建：{read} 条记录。 Rebuilt from {read} entries.")


@command.command(short_help="Make a room again from its second copy.")
@click.option(
    "--from",
    "copy",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The second copy's folder.",
)
@click.option(
    "--data",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="An empty folder to make the room again in.",
)
def restore(copy: Path, data: Path) -> None:
    """Make a room again from its second copy; seats bring the rest by themselves, or on a stick."""
    folder = DataFolder(data)
    try:
        found = restore_copy(copy, folder.path, folder.database, folder.store)
    except (NoCopy, NotEmpty) as error:
        raise click.ClickException(str(error)) from error
    with _said(), folder.held():
        _rebuilt(folder)
    torn = "，末行不完整已略去 (its torn last line left out)" if found.torn else ""
    click.echo(
        f"已恢复至第 {found.n} 条记录，{found.blobs} 个文件{torn}。"
        f" Restored up to entry {found.n}, {found.blobs} files."
    )


@command.group(short_help="Add people and passwords when nobody can log in.")
def people() -> None:
    """Add people and passwords when nobody can log in; otherwise the console does it. The server must be stopped."""


@people.command("add")
@DATA
@click.argument("login")
@click.option("--display-name", required=True, help="The name screens show.")
@click.option("--role", "roles", multiple=True, type=ROLES, help="A role; repeatable.")
@click.option("--employer", default="", help="Employer, kept for recusal.")
@click.option("--institution", default="", help="Training institution, kept for recusal.")
def add_person(
    data: Path, login: str, display_name: str, roles: tuple[str, ...], employer: str, institution: str
) -> None:
    """Register a person; the password is printed once."""
    password = random_password()
    with _opened(data) as opened:
        held = {Role(role) for role in roles}
        asyncio.run(_add(opened, login, display_name, held, password, employer, institution))
    click.echo(f"login: {login}")
    click.echo(f"password: {password}")


@people.command("password", short_help="Give a person a new password, printed once.")
@DATA
@click.argument("login")
def set_password(data: Path, login: str) -> None:
    """Give a person a new password, printed once; every login of theirs ends."""
    password = random_password()
    with _opened(data) as opened:
        asyncio.run(_set_password(opened, login, password))
    click.echo(f"login: {login}")
    click.echo(f"password: {password}")


@people.command("list")
@DATA
def list_people(data: Path) -> None:
    """List everybody with their roles."""
    with _opened(data) as opened, opened.database.read() as db:
        for person in queries.people(db):
            state = "" if person.active else "  (停用 inactive)"
            click.echo(
                f"{person.login:<20} {', '.join(sorted(person.roles)):<40} {person.display_name}{state}"
            )


def _rebuilt(folder: DataFolder) -> int:
    upgrade(folder.database)
    database = Database(folder.database)
    try:
        return rebuild_projections(database, Folding(PARTS), PROJECTIONS, PROJECTED)
    finally:
        database.close()


async def _add(
    opened: RoomServer,
    login: str,
    display_name: str,
    roles: set[Role],
    password: str,
    employer: str = "",
    institution: str = "",
) -> None:
    hashed = await opened.passwords.hash(password)
    await _do(
        opened,
        lambda desk: actions.add_person(
            desk,
            login=login,
            display_name=display_name,
            roles=roles,
            password_hash=hashed,
            by=COMMAND_LINE,
            employer=employer,
            institution=institution,
        ),
    )


async def _set_password(opened: RoomServer, login: str, password: str) -> None:
    hashed = await opened.passwords.hash(password)

    def verb(desk: Desk) -> None:
        row = queries.by_login(desk.db, login)
        if row is None:
            raise click.ClickException(f"没有登录名 {login}。 Nobody has the login name {login}.")
        actions.set_password(desk, row.id, hashed, by=COMMAND_LINE)

    await _do(opened, verb)


async def _do(opened: RoomServer, verb: Callable[[Desk], T]) -> T:
    async with opened.working():
        return await opened.writer.submit(verb)


def _settings(folder: DataFolder) -> Settings:
    return load(folder.settings) if folder.settings.exists() else Settings()


@contextmanager
def _opened(data: Path) -> Iterator[RoomServer]:
    folder = DataFolder(data)
    with _said(), folder.held():
        opened = open_room(folder, _settings(folder))
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def _said() -> Iterator[None]:
    """What went wrong, as one sentence for the person at the machine."""
    try:
        yield
    except Refused as refusal:
        raise click.ClickException(f"{refusal.sentence_zh} {refusal.sentence_en}") from refusal
    except FolderInUse as error:
        raise click.ClickException(
            f"考场服务器正在运行，请先停止。 Stop the room server first: {error}"
        ) from error
    except (KeysMissing, FileNotFoundError) as error:
        raise click.ClickException(f"这里没有考场。 There is no room here: {error}") from error
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def _show_keys(folder: DataFolder, keys: RoomKeys) -> None:
    click.echo(f"CA 证书 CA certificate: {folder.keys / 'ca.pem'}")
    click.echo(f"CA SHA-256: {keys.ca_fingerprint}")
    click.echo(f"考场密钥指纹 room key fingerprint: {keys.fingerprint}")
