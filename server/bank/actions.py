"""The verbs of the bank keeper."""

from hashlib import sha256
from typing import ClassVar

from protocol.office_entries import RegisterChanged
from question_bank.blueprint import Blueprint
from server.bank.contents import BankContents, seal
from server.bank.models import BankBlueprint, BankVersion
from server.bank.queries import newest
from server.errors import Refused
from server.writer.desk import Desk


class BlueprintOfAnotherBank(Refused):
    """A blueprint names the outline it draws from."""

    code = "blueprint_of_another_bank"
    status = 409
    zh = "组卷方案 {blueprint} 使用的细目表是 {outline}，不是本题库 {bank}。"
    en = "Blueprint {blueprint} draws from outline {outline}, not from this bank {bank}."


class ImportProblems(Refused):
    """All or nothing: the file has problems, each with its place, and nothing was imported."""

    code = "import_problems"
    status: ClassVar[int] = 409
    zh = "文件中有 {count} 个问题，未导入任何内容。"
    en = "The file has {count} problems; nothing was imported."

    def __init__(self, problems: list[dict[str, object]]) -> None:
        self.problems = problems
        super().__init__(count=len(problems))

    def details(self) -> dict[str, object]:
        """The problems, for the table on the screen."""
        return {"problems": self.problems}


def keep_version(desk: Desk, contents: BankContents, key: bytes, by: str, *, live: bool) -> dict[str, object]:
    """Keep a bank version, sealed; the same content again changes nothing."""
    version = contents.version
    if desk.db.get(BankVersion, (contents.code, version)) is None:
        nonce, sealed = seal(contents, key)
        row = BankVersion(
            code=contents.code,
            version=version,
            title=contents.title,
            items=len(contents.items),
            points=0 if contents.outline is None else len(contents.outline.points),
            live=live,
            imported_at=desk.now,
            imported_by=by,
            nonce=nonce,
            sealed=sealed,
        )
        desk.db.add(row)
        desk.record(_changed(f"{contents.code}@{version}", "imported", by, contents), session=None)
    return {"bank": contents.code, "version": version, "items": len(contents.items)}


def keep_blueprint(desk: Desk, bank: str, blueprint: Blueprint, by: str) -> dict[str, object]:
    """Keep a blueprint beside its bank, replacing the one of its code; sessions hold their own copy."""
    kept = newest(desk.db, bank)
    if kept is None or blueprint.outline != bank:
        raise BlueprintOfAnotherBank(blueprint=blueprint.code, outline=blueprint.outline, bank=bank)
    desk.db.merge(
        BankBlueprint(bank=bank, code=blueprint.code, title=blueprint.title, body=blueprint.model_dump_json())
    )
    desk.record(
        RegisterChanged(
            noun="blueprint", key=f"{bank}/{blueprint.code}", verb="kept", by=by, digest=_digest(blueprint)
        ),
        session=None,
    )
    return {"bank": bank, "blueprint": blueprint.code}


def _changed(key: str, verb: str, by: str, contents: BankContents) -> RegisterChanged:
    digest = sha256(contents.model_dump_json().encode()).hexdigest()
    return RegisterChanged(noun="bank", key=key, verb=verb, by=by, digest=digest)


def _digest(blueprint: Blueprint) -> str:
    return sha256(blueprint.model_dump_json().encode()).hexdigest()
