"""What is said about banks over HTTP. No shape here has a field for a stem or a key."""

from pydantic import BaseModel

from server.bank.models import BankVersion


class BankShown(BaseModel):
    """One version of a bank."""

    code: str
    version: str
    title: str
    items: int
    points: int
    live: bool
    imported_at: int
    blueprints: list[str]

    @classmethod
    def of(cls, row: BankVersion, blueprints: list[str]) -> "BankShown":
        """From the row and the codes of its bank's blueprints."""
        return cls(**row.model_dump(exclude={"imported_by", "nonce", "sealed"}), blueprints=blueprints)
