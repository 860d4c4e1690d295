"""What a published version of a bank holds, opened."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from question_bank.items import Item
from question_bank.outline import ContentOutline
from question_bank.pinned_bank import PinnedBank, facts_of


@dataclass(frozen=True)
class BankContents:
    """Items with their keys, by code, and the outline they are filed under (None: a bank without assessment points)."""

    code: str
    version: str
    title: str
    live: bool
    outline: ContentOutline | None
    items: tuple[Item, ...]

    def pinned(self, salt: bytes | None = None, exposure: Mapping[str, int] | None = None) -> PinnedBank:
        """What a draw may know of it. salt: see facts_of. exposure: on how many papers each item was in the past."""
        facts = tuple(facts_of(item, salt) for item in self.items)
        return PinnedBank(self.code, self.version, self.outline, facts, exposure or {})


def version_name(outline: ContentOutline | None, digests: Iterable[str]) -> str:
    """A version's name is what it holds: SHA-256 over outline and items in the order of their codes, 16 characters."""
    digest = hashlib.sha256(b"kaochang bank version 2\n")
    digest.update(b"" if outline is None else outline.model_dump_json().encode())
    for each in digests:
        digest.update(each.encode())
    return digest.hexdigest()[:16]
