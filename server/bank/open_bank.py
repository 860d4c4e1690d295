"""One bank, opened in memory: every item that is not replaced, deciphered once, and where each version stands.

The text of a version never changes, so what was deciphered stays right; rows are read again when their count of changes
says that they moved.
"""

from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session

from question_bank.items import Item
from question_bank.outline import ContentOutline
from question_bank.papers import ItemRef
from server.bank import queries
from server.bank.contents import version_name
from server.bank.models import BankItem
from server.bank.rules import ItemState
from server.bank.sealing import BankSealed, unseal
from server.bank.search import Listed, listed
from server.errors import NotFound


class Standing(NamedTuple):
    """One version of one item as it stands; ``reason`` names a note."""

    code: str
    version: int
    state: ItemState
    tags: tuple[str, ...]
    made_by: str
    made_at: int
    proposed_by: str | None
    proposed_at: int | None
    decided_by: str | None
    decided_at: int | None
    reason: str | None
    since: int | None
    until: int | None

    @property
    def last(self) -> tuple[str, int]:
        """Who took the newest step, and when."""
        if self.decided_by is not None and self.decided_at is not None:
            return self.decided_by, self.decided_at
        if self.proposed_by is not None and self.proposed_at is not None:
            return self.proposed_by, self.proposed_at
        return self.made_by, self.made_at


@dataclass(frozen=True, slots=True)
class Published:
    """The newest published version; number 0 before there is one."""

    number: int
    version: str


class OpenBank:
    """See the module. Not safe for several threads at once: :class:`OpenBanks` lets one in at a time."""

    def __init__(self, code: str, key: bytes) -> None:
        self.code = code
        self._key = key
        self.title = ""
        self.live = True
        self.change = -1
        self.newest: dict[str, int] = {}
        """The newest version of every item, by code."""
        self.approved: dict[str, int] = {}
        """The version in use of every item that is in use."""
        self.published = Published(0, "")
        self.outline: ContentOutline | None = None
        """The outline as it is from the next published version on."""
        self._standing: dict[ItemRef, Standing] = {}
        self._versions: dict[str, list[int]] = {}
        self._items: dict[ItemRef, Item] = {}
        self._digests: dict[ItemRef, str] = {}
        self._listed: dict[str, Listed] = {}

    def refresh(self, db: Session) -> "OpenBank":
        """Take in what was committed since; raises NotFound for an unknown bank, BankSealed under another key."""
        row = queries.bank(db, self.code)
        if row is None:
            raise NotFound(what=f"bank {self.code}")
        if row.change == self.change:
            return self
        self.title, self.live = row.title, row.live
        for each in queries.rows_after(db, self.code, self.change):
            self._take(each)
        found = queries.newest(db, self.code)
        if found is not None:
            self.published = Published(found.number, found.version)
        self.outline = self.outline_at(db, self.published.number + 1)
        self.change = row.change
        return self

    def standing(self, ref: ItemRef) -> Standing:
        """Where a version stands; raises NotFound."""
        found = self._standing.get(ref)
        if found is None:
            raise NotFound(what=f"item {ref[0]} version {ref[1]}")
        return found

    def history(self, code: str) -> list[Standing]:
        """Every version of an item, oldest first; raises NotFound."""
        if code not in self._versions:
            raise NotFound(what=f"item {code}")
        return [self._standing[code, version] for version in sorted(self._versions[code])]

    def item(self, db: Session, ref: ItemRef) -> Item:
        """One version of an item, its key and all, without tags; raises NotFound."""
        found = self._items.get(ref)
        if found is None:
            sealed = queries.sealed_item(db, self.code, *ref)
            if sealed is None:
                raise NotFound(what=f"item {ref[0]} version {ref[1]}")
            found = self._items[ref] = self._opened(ref, sealed)
        return found

    def tagged(self, db: Session, ref: ItemRef) -> Item:
        """As :meth:`item`, with the tags it stands under."""
        tags = self.standing(ref).tags
        item = self.item(db, ref)
        return item.model_copy(update={"tags": tags}) if tags else item

    def digest(self, db: Session, ref: ItemRef) -> str:
        """The digest of an item without its tags, computed once."""
        found = self._digests.get(ref)
        if found is None:
            found = self._digests[ref] = self.item(db, ref).digest()
        return found

    def listed(self, db: Session) -> list[Listed]:
        """The newest version of every item as lists show and search it, by code."""
        if len(self._listed) != len(self.newest):
            for code, version in self.newest.items():
                if code not in self._listed:
                    standing = self._standing[code, version]
                    item = self.item(db, (code, version))
                    self._listed[code] = listed(item, standing.tags, standing.state, *standing.last)
            self._listed = dict(sorted(self._listed.items()))
        return list(self._listed.values())

    def outline_at(self, db: Session, number: int) -> ContentOutline | None:
        """The outline of the published version of this number."""
        kept = queries.outline_at(db, self.code, number)
        if kept is None:
            return None
        plain = unseal(self._key, kept.sealed, "outline", self.code, kept.since)
        return ContentOutline.model_validate_json(plain)

    def name_with(self, db: Session, approved: dict[str, int], outline: ContentOutline | None) -> str:
        """What a version of exactly these items would be called."""
        return version_name(outline, (self.digest(db, ref) for ref in sorted(approved.items())))

    def _take(self, row: BankItem) -> None:
        ref = (row.code, row.version)
        self._standing[ref] = _standing(row)
        versions = self._versions.setdefault(row.code, [])
        if row.version not in versions:
            versions.append(row.version)
        if row.version >= self.newest.get(row.code, 0):
            self.newest[row.code] = row.version
        if row.since is not None and row.until is None:
            self.approved[row.code] = row.version
        elif self.approved.get(row.code) == row.version:
            del self.approved[row.code]
        if row.state != ItemState.REPLACED and ref not in self._items:
            self._items[ref] = self._opened(ref, row.sealed)
        self._listed.pop(row.code, None)

    def _opened(self, ref: ItemRef, sealed: bytes) -> Item:
        item = Item.model_validate_json(unseal(self._key, sealed, "item", self.code, *ref))
        if (item.code, item.version) != ref:
            raise BankSealed(what=f"item {ref[0]} version {ref[1]}")
        return item


def _standing(row: BankItem) -> Standing:
    return Standing(
        row.code,
        row.version,
        ItemState(row.state),
        tuple(row.tags.split("\n")) if row.tags else (),
        row.made_by,
        row.made_at,
        row.proposed_by,
        row.proposed_at,
        row.decided_by,
        row.decided_at,
        row.reason,
        row.since,
        row.until,
    )
