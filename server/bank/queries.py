"""Every SELECT of the bank."""

from sqlmodel import Session, col, select

from question_bank.blueprint import Blueprint
from server.bank.contents import BankContents, unseal
from server.bank.models import BankBlueprint, BankVersion


def versions(db: Session) -> list[BankVersion]:
    """All versions, newest first within a bank."""
    return list(db.exec(select(BankVersion).order_by(BankVersion.code, col(BankVersion.imported_at).desc())))


def newest(db: Session, code: str) -> BankVersion | None:
    """The version imported last."""
    return db.exec(
        select(BankVersion).where(BankVersion.code == code).order_by(col(BankVersion.imported_at).desc())
    ).first()


def blueprints(db: Session, bank: str) -> list[Blueprint]:
    """The blueprints of a bank."""
    rows = db.exec(select(BankBlueprint).where(BankBlueprint.bank == bank).order_by(BankBlueprint.code))
    return [Blueprint.model_validate_json(row.body) for row in rows]


def blueprint(db: Session, bank: str, code: str) -> Blueprint | None:
    """One blueprint of a bank."""
    row = db.get(BankBlueprint, (bank, code))
    return None if row is None else Blueprint.model_validate_json(row.body)


def contents(db: Session, code: str, version: str, key: bytes) -> BankContents | None:
    """The items of a version; raises BankSealed when the key is another."""
    row = db.get(BankVersion, (code, version))
    return None if row is None else unseal(row.code, row.version, row.nonce, row.sealed, key)
