"""Every SELECT of the bank; what is sealed comes out sealed."""

from collections.abc import Iterable, Iterator

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from question_bank.blueprint import Blueprint
from server.bank.models import (
    Bank,
    BankBlueprint,
    BankItem,
    BankOutline,
    BankPicture,
    BankVersion,
)
from server.bank.rules import ItemState

ROWS_AT_ONCE = 1_000


def banks(db: Session) -> list[Bank]:
    """All banks by code."""
    return list(db.exec(select(Bank).order_by(Bank.code)))


def bank(db: Session, code: str) -> Bank | None:
    """One bank."""
    return db.get(Bank, code)


def any_sealed(db: Session) -> bool:
    """Whether anything is sealed under a bank key."""
    return db.exec(select(BankItem.code).limit(1)).first() is not None


def counts(db: Session, code: str) -> dict[str, int]:
    """How many items of a bank stand where: the newest version of each counts."""
    newest = (
        select(BankItem.code, func.max(BankItem.version).label("version"))
        .where(BankItem.bank == code, BankItem.state != ItemState.ARRIVING)
        .group_by(BankItem.code)
        .subquery()
    )
    rows = db.exec(
        select(BankItem.state, func.count())
        .join(newest, (col(BankItem.code) == newest.c.code) & (col(BankItem.version) == newest.c.version))
        .where(BankItem.bank == code)
        .group_by(BankItem.state)
    )
    return dict(rows.all())


def versions(db: Session, code: str) -> list[BankVersion]:
    """Published versions of a bank, newest first."""
    query = select(BankVersion).where(BankVersion.bank == code).order_by(col(BankVersion.number).desc())
    return list(db.exec(query))


def newest(db: Session, code: str) -> BankVersion | None:
    """The version published last."""
    query = select(BankVersion).where(BankVersion.bank == code).order_by(col(BankVersion.number).desc())
    return db.exec(query.limit(1)).first()


def version(db: Session, code: str, name: str) -> BankVersion | None:
    """A version by its name."""
    query = select(BankVersion).where(BankVersion.bank == code, BankVersion.version == name)
    return db.exec(query.order_by(col(BankVersion.number).desc()).limit(1)).first()


def refs_of(db: Session, code: str, number: int) -> list[tuple[str, int]]:
    """Code and version of every item the published version of this number holds, by code."""
    query = (
        select(BankItem.code, BankItem.version)
        .where(
            BankItem.bank == code,
            col(BankItem.since) <= number,
            or_(col(BankItem.until).is_(None), col(BankItem.until) > number),
        )
        .order_by(BankItem.code)
    )
    return [(item, version) for item, version in db.exec(query)]


def outline_at(db: Session, code: str, number: int) -> BankOutline | None:
    """The sealed outline that stands in the published version of this number."""
    query = select(BankOutline).where(BankOutline.bank == code, BankOutline.since <= number)
    return db.exec(query.order_by(col(BankOutline.since).desc()).limit(1)).first()


def rows_after(db: Session, code: str, change: int) -> Iterator[BankItem]:
    """Every version of every item that changed after this count, detached."""
    query = select(BankItem).where(
        BankItem.bank == code, BankItem.change > change, BankItem.state != ItemState.ARRIVING
    )
    for row in db.exec(query.execution_options(yield_per=ROWS_AT_ONCE)):
        yield row
        db.expunge(row)


def sealed_item(db: Session, code: str, item: str, number: int) -> bytes | None:
    """The sealed text of one version of one item."""
    row = db.get(BankItem, (code, item, number))
    return None if row is None else row.sealed


def arrived(db: Session, code: str) -> int:
    """How many rows of an unfinished import there are."""
    query = select(func.count()).where(BankItem.bank == code, BankItem.state == ItemState.ARRIVING)
    return db.exec(query).one()


def picture_names(db: Session, code: str) -> set[str]:
    """Names of all pictures of a bank."""
    return set(db.exec(select(BankPicture.name).where(BankPicture.bank == code)))


def pictures(db: Session, code: str, names: Iterable[str]) -> list[BankPicture]:
    """These pictures, sealed; who is not there is missing."""
    wanted, found = sorted(set(names)), []
    for at in range(0, len(wanted), ROWS_AT_ONCE):
        piece = wanted[at : at + ROWS_AT_ONCE]
        query = select(BankPicture).where(BankPicture.bank == code, col(BankPicture.name).in_(piece))
        found += list(db.exec(query))
    return found


def pictures_size(db: Session, code: str, names: Iterable[str]) -> int:
    """Bytes of these pictures together."""
    wanted, size = sorted(set(names)), 0
    for at in range(0, len(wanted), ROWS_AT_ONCE):
        piece = wanted[at : at + ROWS_AT_ONCE]
        query = select(func.coalesce(func.sum(BankPicture.size), 0))
        size += db.exec(query.where(BankPicture.bank == code, col(BankPicture.name).in_(piece))).one()
    return size


def blueprints(db: Session, code: str) -> list[Blueprint]:
    """The blueprints of a bank."""
    rows = db.exec(select(BankBlueprint).where(BankBlueprint.bank == code).order_by(BankBlueprint.code))
    return [Blueprint.model_validate_json(row.body) for row in rows]


def blueprint_codes(db: Session, code: str) -> list[str]:
    """Codes of the blueprints of a bank."""
    query = select(BankBlueprint.code).where(BankBlueprint.bank == code).order_by(BankBlueprint.code)
    return list(db.exec(query))


def blueprint(db: Session, code: str, name: str) -> Blueprint | None:
    """One blueprint of a bank."""
    row = db.get(BankBlueprint, (code, name))
    return None if row is None else Blueprint.model_validate_json(row.body)
