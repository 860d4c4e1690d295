"""Session packages over HTTP: made and taken away sealed, brought in, and opened by two people after their time.

No answer here is kept by the command table: a part of a key is shown once and stands nowhere.
"""

import asyncio
import hashlib
import os

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from protocol.bank_entries import BankPackageMoved
from server.bank import actions, package_key, queries
from server.bank.access import Keeper, PartHolder
from server.bank.models import BankPackage
from server.bank.open_bank import OpenBank
from server.bank.open_packages import AnotherPerson, OpenPackages, TheOpenPackages
from server.bank.package_file import (
    PACKAGE_BYTES_MAX,
    Header,
    Inside,
    inside_of,
    pack,
    read_header,
    unpack,
)
from server.bank.package_schemas import (
    NewPackage,
    PackageShown,
    PartEntered,
    PartShown,
    TypedPart,
    WhoSeesPart,
)
from server.bank.working import TheWorking
from server.errors import Forbidden, NotFound, Refused
from server.people.access import LoginFirst, ThePasswords
from server.people.actions import check_password
from server.people.passwords import Passwords
from server.people.rules import Person, Role
from server.web import TheClock, TheDatabase, TheWriter, read_upload
from server.writer.desk import Desk
from server.writer.registers import new_id
from server.writer.writer import Writer

ROUTER = APIRouter(prefix="/api/packages", tags=["packages"], route_class=LoginFirst)

UPLOADS = {"POST /api/packages/take": PACKAGE_BYTES_MAX}
"""Requests with larger bodies than others, and how large."""

HOLDERS = frozenset({Role.BANK_KEEPER, Role.EXAM_OFFICE, Role.CONFIRMING_BODY})
"""Roles of whoever is shown or enters a part: never who works in a room."""


PACKAGES_MAX = 100
"""Packages kept at once; one more is refused until an old one is discarded."""


class TooManyPackages(Refused):
    """Packages take room on the disk the answers are kept on."""

    code = "too_many_packages"
    zh = "服务器上已有 {limit} 个题包，请先删除不再需要的题包。"
    en = "There are {limit} packages here already. Discard one that is no longer needed."


class NotYet(Refused):
    """The package's time has not come by the room's clock."""

    code = "package_not_yet"
    zh = "未到题包规定的开启时间，已拒绝并记录本次尝试。"
    en = "The package's time has not come. This was refused and is on record."


class WrongPart(Refused):
    """What was typed is no part of this package's key."""

    code = "wrong_part"
    zh = "输入的内容不是该题包的密钥段，请逐字核对。本次尝试已记录。"
    en = "This is no part of this package's key. Compare it letter by letter. The try is on record."


class OtherPackage(Refused):
    """Two different files under one name."""

    code = "other_package"
    zh = "已有同名但内容不同的题包。"
    en = "A package of this name with other contents is here already."


@ROUTER.get("")
def packages(_by: PartHolder, database: TheDatabase, open_ones: TheOpenPackages) -> list[PackageShown]:
    """Packages made or taken in here, the newest first."""
    with database.read() as db:
        query = select(BankPackage).order_by(col(BankPackage.kept_at).desc(), BankPackage.id)
        # Not the files: a hundred of them are more than the server's memory.
        rows = list(db.exec(query.options(defer(BankPackage.file))))  # type: ignore[arg-type]
        return [_shown(row, open_ones) for row in rows]


@ROUTER.post("", status_code=201)
async def make(
    asked: NewPackage, by: Keeper, working: TheWorking, clock: TheClock, open_ones: TheOpenPackages
) -> PackageShown:
    """Seal the newest version of a bank for one session; the key's two parts are then shown, once, to two people."""
    now, name = clock.now_ms(), new_id("package")

    def work(db: Session, bank: OpenBank, _key: bytes) -> tuple[Header, bytes, bytes, Inside]:
        contents = working.banks.contents(db, bank.code, bank.published.version)
        plans = [queries.blueprint(db, bank.code, code) for code in asked.blueprints]
        found = tuple(plan for plan in plans if plan is not None)
        if len(found) != len(asked.blueprints) or not contents.items:
            raise NotFound(what=f"bank {bank.code} with blueprints {', '.join(asked.blueprints)}")
        pictures = dict(working.banks.pictures(db, bank.code, contents.items))
        header = Header(
            package=name,
            bank=bank.code,
            version=contents.version,
            title=contents.title,
            live=contents.live,
            items=len(contents.items),
            blueprints=list(asked.blueprints),
            session=asked.session,
            intended_for=asked.intended_for,
            not_before=asked.not_before,
            made_at=now,
            digest="0" * 64,
        )
        inside, key = inside_of(contents, found, pictures), os.urandom(package_key.KEY_BYTES)
        return *pack(header, inside, key), key, inside

    header, file, key, inside = await working.look(asked.bank, work)
    row = _row(header, file, by.id, now, made_here=True)

    def verb(desk: Desk) -> None:
        _keep(desk, row)
        refs = [(item.code, item.version) for item in inside.items]
        actions.read(desk, header.bank, "package", refs, by.id)
        _record(desk, "made", row, header, by.id)

    await working.writer.submit(verb)
    open_ones.made(name, package_key.split(key))
    return _shown(row, open_ones)


@ROUTER.post("/take", status_code=201)
async def take(
    request: Request,
    by: PartHolder,
    writer: TheWriter,
    database: TheDatabase,
    clock: TheClock,
    open_ones: TheOpenPackages,
) -> PackageShown:
    """Bring a package in, as the request's body; it stays sealed."""
    with await read_upload(request, PACKAGE_BYTES_MAX) as upload:
        file = upload.read()
    header, _ = await asyncio.to_thread(read_header, file)
    row = _row(header, file, by.id, clock.now_ms(), made_here=False)

    def verb(desk: Desk) -> None:
        kept = desk.db.get(BankPackage, row.id)
        if kept is None:
            _keep(desk, row)
            _record(desk, "taken", row, header, by.id)
        elif kept.digest != row.digest:
            raise OtherPackage()

    await writer.submit(verb)
    with database.read() as db:
        return _shown(_kept(db, header.package), open_ones)


@ROUTER.get("/{package}/file")
def download(package: str, _by: PartHolder, database: TheDatabase) -> Response:
    """The sealed file, to be carried on a stick."""
    with database.read() as db:
        row = _kept(db, package)
    headers = {"content-disposition": f'attachment; filename="{package}.kpkg"'}
    return Response(row.file, media_type="application/octet-stream", headers=headers)


@ROUTER.post("/{package}/part")
async def show_part(
    package: str,
    asked: WhoSeesPart,
    by: PartHolder,
    writer: TheWriter,
    database: TheDatabase,
    passwords: ThePasswords,
    open_ones: TheOpenPackages,
) -> PartShown:
    """Show the next part of a new package's key to one person, once; a second person may use the same console."""
    person = await _person(by, asked.login, asked.password, passwords)
    with database.read() as db:
        row = _kept(db, package)
    number, text = open_ones.show(package, person.id)
    await _write(writer, "part_shown", row, person.id, number)
    return PartShown(part=number, text=text)


@ROUTER.post("/{package}/open")
async def enter_part(
    package: str,
    asked: TypedPart,
    by: PartHolder,
    writer: TheWriter,
    database: TheDatabase,
    clock: TheClock,
    passwords: ThePasswords,
    open_ones: TheOpenPackages,
) -> PartEntered:
    """Enter one part of a package's key; the second part, by a second person, opens it."""
    person = await _person(by, asked.login, asked.password, passwords)
    with database.read() as db:
        row = _kept(db, package)
    header = Header.model_validate_json(row.header)
    if clock.now_ms() < header.not_before:
        await _write(writer, "too_early", row, person.id)
        raise NotYet()
    part = package_key.read(asked.part, package)
    if part is None:
        await _write(writer, "wrong_part", row, person.id)
        raise WrongPart()
    try:
        entering = open_ones.enter(package, *part, person.id)
    except AnotherPerson:
        await _write(writer, "wrong_part", row, person.id, part[0])
        raise
    await _write(writer, "part_entered", row, person.id, entering.number)
    if entering.key is None:
        return PartEntered(entered=1, opened=False)
    opened = await asyncio.to_thread(unpack, row.file, entering.key)
    await _write(writer, "opened", row, person.id)
    open_ones.opened(opened)
    return PartEntered(entered=2, opened=True)


@ROUTER.post("/{package}/close", status_code=204)
async def close(
    package: str, by: PartHolder, writer: TheWriter, database: TheDatabase, open_ones: TheOpenPackages
) -> None:
    """Forget what was opened; papers that are loaded stay loaded."""
    with database.read() as db:
        row = _kept(db, package)
    header = Header.model_validate_json(row.header)
    if open_ones.close(header.session, header.bank):
        await _write(writer, "closed", row, by.id)


@ROUTER.delete("/{package}", status_code=204)
async def discard(
    package: str, by: PartHolder, writer: TheWriter, database: TheDatabase, open_ones: TheOpenPackages
) -> None:
    """Delete a package's file here; papers that are loaded stay loaded."""
    with database.read() as db:
        row = _kept(db, package)
    header = Header.model_validate_json(row.header)

    def verb(desk: Desk) -> None:
        kept = desk.db.get(BankPackage, package)
        if kept is not None:
            desk.db.delete(kept)
            _record(desk, "discarded", row, header, by.id)

    await writer.submit(verb)
    if open_ones.is_open(header.session, header.bank, package):
        open_ones.close(header.session, header.bank)


def _keep(desk: Desk, row: BankPackage) -> None:
    if len(desk.db.exec(select(BankPackage.id)).all()) >= PACKAGES_MAX:
        raise TooManyPackages(limit=PACKAGES_MAX)
    desk.db.add(row)


async def _person(by: Person, login: str | None, password: str | None, passwords: Passwords) -> Person:
    """Who acts: the person logged in, or another who proves who they are at the same console."""
    if login is None or password is None:
        return by
    person = await check_password(passwords, login, password, at=by)
    if person.roles.isdisjoint(HOLDERS):
        raise Forbidden()
    return person


def _kept(db: Session, package: str) -> BankPackage:
    row = db.get(BankPackage, package)
    if row is None:
        raise NotFound(what=f"package {package}")
    return row


def _row(header: Header, file: bytes, by: str, now: int, *, made_here: bool) -> BankPackage:
    return BankPackage(
        id=header.package,
        digest=hashlib.sha256(file).hexdigest(),
        header=header.model_dump_json(),
        made_here=made_here,
        kept_by=by,
        kept_at=now,
        size=len(file),
        file=file,
    )


def _shown(row: BankPackage, open_ones: OpenPackages) -> PackageShown:
    header = Header.model_validate_json(row.header)
    return PackageShown(
        header=header,
        digest=row.digest,
        bytes=row.size,
        made_here=row.made_here,
        kept_at=row.kept_at,
        parts_shown=open_ones.shown(row.id) if row.made_here else None,
        parts_entered=open_ones.entered(row.id),
        opened=open_ones.is_open(header.session, header.bank, row.id),
    )


async def _write(writer: Writer, step: str, row: BankPackage, by: str, part: int | None = None) -> None:
    header = Header.model_validate_json(row.header)
    await writer.submit(lambda desk: _record(desk, step, row, header, by, part))


def _record(
    desk: Desk, step: str, row: BankPackage, header: Header, by: str, part: int | None = None
) -> None:
    desk.record(
        BankPackageMoved.model_validate(
            {
                "step": step,
                "package": row.id,
                "digest": row.digest,
                "bank": header.bank,
                "version": header.version,
                "session": header.session,
                "not_before": header.not_before,
                "part": part,
                "by": by,
            }
        ),
        session=None,
    )
