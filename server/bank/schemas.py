"""What is said about banks over HTTP.

Texts and keys of items stand in :class:`ItemShown` and the excerpts of :class:`ItemListed` alone, which only bank
keepers are given, each time on the ledger.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from protocol.limits import TEXT_CHARS_MAX
from question_bank.blueprint import BLUEPRINT_BYTES_MAX
from question_bank.items import CODE_CHARS_MAX, Item
from question_bank.outline import ContentOutline
from server.bank.actions import REFS_MAX
from server.bank.models import Bank, BankVersion
from server.bank.open_bank import Standing
from server.bank.search import Found, Listed

BankCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.\-]{1,64}$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_CHARS_MAX)]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


TRIAL_PAPERS_MAX = 2_000
"""Papers of one draw on trial, about a second's work."""


class Asked(BaseModel):
    """The base of what is asked: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class VersionShown(BaseModel):
    """One published version; ``version`` names it by what it holds."""

    number: int
    version: str
    items: int
    points: int
    published_at: int
    by: str

    @classmethod
    def of(cls, row: BankVersion) -> "VersionShown":
        """From the row."""
        return cls(
            number=row.number,
            version=row.version,
            items=row.items,
            points=row.points,
            published_at=row.made_at,
            by=row.made_by,
        )


class BankShown(BaseModel):
    """One bank: what can be drawn from it today, and where its items stand.

    version, items, points, published_at: of the newest published version; "", 0, 0 and None before there is one.
    states: how many items stand where, each counted once by its newest version.
    """

    code: str
    title: str
    live: bool
    version: str
    items: int
    points: int
    published_at: int | None
    blueprints: list[str]
    states: dict[str, int]

    @classmethod
    def of(
        cls, row: Bank, newest: BankVersion | None, blueprints: list[str], states: dict[str, int]
    ) -> "BankShown":
        """From the rows."""
        return cls(
            code=row.code,
            title=row.title,
            live=row.live,
            version="" if newest is None else newest.version,
            items=0 if newest is None else newest.items,
            points=0 if newest is None else newest.points,
            published_at=None if newest is None else newest.made_at,
            blueprints=blueprints,
            states=states,
        )


class NewBank(Asked):
    """A bank to make, empty."""

    code: BankCode
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    live: bool = True


class RefAsked(Asked):
    """One version of one item."""

    code: Annotated[str, Field(min_length=1, max_length=CODE_CHARS_MAX)]
    version: Annotated[int, Field(ge=1, le=2**31)]


Refs = Annotated[list[RefAsked], Field(min_length=1, max_length=REFS_MAX)]


class StepAsked(Asked):
    """A step with these items; returning and retiring need the reason."""

    refs: Refs
    reason: Reason = ""


class TagsAsked(Asked):
    """Labels to put on these items and to take off."""

    refs: Refs
    add: Annotated[list[Tag], Field(max_length=20)] = []
    remove: Annotated[list[Tag], Field(max_length=20)] = []


class ItemAsked(Asked):
    """An item as edited: ``item`` is the whole item as JSON, its ``version`` left out of account.

    expected_version: the version that was opened, 0 for a new item. propose: hand it in for approval at once.
    """

    item: dict[str, Any]
    expected_version: Annotated[int, Field(ge=0, le=2**31)]
    propose: bool = False


class VersionName(BaseModel):
    """A published version by number and name."""

    number: int
    version: str


class Moved(BaseModel):
    """What a command on items came to: how many, and the published version it brought about, if any."""

    items: int
    published: VersionName | None = None


class Saved(BaseModel):
    """The version an edit made."""

    code: str
    version: int
    state: str


class ItemListed(BaseModel):
    """One item in a list. by, at: who took the newest step with it, and when. exposure: on how many papers of
    past sessions it was, whichever version of it.
    """

    code: str
    version: int
    kind: str
    stem: str
    point: str
    difficulty: int | None
    tags: list[str]
    state: str
    exposure: int | None
    by: str
    at: int

    @classmethod
    def of(cls, listed: Listed, exposure: int) -> "ItemListed":
        """From what is held in memory."""
        return cls(
            code=listed.code,
            version=listed.version,
            kind=listed.kind,
            stem=listed.stem,
            point=listed.point,
            difficulty=listed.difficulty,
            tags=list(listed.tags),
            state=listed.state,
            exposure=exposure,
            by=listed.by,
            at=listed.at,
        )


class Facets(BaseModel):
    """How everything that was found divides; of tags the most frequent."""

    kinds: dict[str, int]
    states: dict[str, int]
    points: dict[str, int]
    tags: dict[str, int]


class ItemsShown(BaseModel):
    """One page of what was found. ``people``: the display names of who stands in ``by``."""

    total: int
    facets: Facets
    items: list[ItemListed]
    people: dict[str, str]

    @classmethod
    def of(cls, found: Found, shown: list[ItemListed], people: dict[str, str]) -> "ItemsShown":
        """From what was found and the page of it that is shown."""
        facets = Facets(kinds=found.kinds, states=found.states, points=found.points, tags=found.tags)
        return cls(total=len(found.items), facets=facets, items=shown, people=people)


class StandingShown(BaseModel):
    """One version of an item in its history. ``in_use``: it is in the newest published version."""

    code: str
    version: int
    state: str
    made_by: str
    made_at: int
    proposed_by: str | None
    proposed_at: int | None
    decided_by: str | None
    decided_at: int | None
    reason: str
    since: int | None
    until: int | None
    in_use: bool

    @classmethod
    def of(cls, standing: Standing, reason: str) -> "StandingShown":
        """From what is held in memory, and the text of the reason."""
        return cls(
            code=standing.code,
            version=standing.version,
            state=standing.state,
            made_by=standing.made_by,
            made_at=standing.made_at,
            proposed_by=standing.proposed_by,
            proposed_at=standing.proposed_at,
            decided_by=standing.decided_by,
            decided_at=standing.decided_at,
            reason=reason,
            since=standing.since,
            until=standing.until,
            in_use=standing.since is not None and standing.until is None,
        )


class ItemShown(BaseModel):
    """One version of an item, whole, its key and all, and where it stands."""

    item: Item
    digest: str
    newest: int
    standing: StandingShown
    people: dict[str, str]


class HistoryShown(BaseModel):
    """Every version of an item, oldest first."""

    versions: list[StandingShown]
    people: dict[str, str]


class WaitingShown(BaseModel):
    """Items that wait for approval: references alone. ``mine``: proposed by who asks, who may not approve them."""

    refs: list[RefAsked]
    mine: int


class ImportTaken(BaseModel):
    """What an import came to.

    new, changed: items that are proposed from here on, as first and as next versions; unchanged: already there like
    this. version, items: the newest published version and how many items it holds. warnings refuse nothing.
    """

    bank: str
    format: str
    new: int
    changed: int
    unchanged: int
    retagged: int
    pictures: int
    version: str
    items: int
    blueprints: list[str]
    warnings: list[dict[str, Any]]
    unlisted: int


class Coverage(BaseModel):
    """Whether the bank fills a blueprint, and what is missing."""

    fills: bool
    reasons: list[str]


class PictureTaken(BaseModel):
    """A picture that was taken in; an item shows it as ``picture:<name>``."""

    name: str
    media_type: str
    bytes: int


class OutlineShown(BaseModel):
    """The content outline, whole, or null."""

    outline: ContentOutline | None


class OutlineAsked(Asked):
    """An outline as JSON, whole; its code is the bank's."""

    outline: dict[str, Any]


class BlueprintAsked(Asked):
    """A blueprint as fields, or as the text of its TOML file."""

    blueprint: dict[str, Any] | None = None
    toml: Annotated[str, Field(max_length=BLUEPRINT_BYTES_MAX)] | None = None


class BlueprintKept(BaseModel):
    """A blueprint that is kept."""

    bank: str
    blueprint: str


class TrialAsked(Asked):
    """A draw on trial of so many papers."""

    blueprint: BankCode
    papers: Annotated[int, Field(ge=1, le=TRIAL_PAPERS_MAX)] = 30
    mode: Literal["per_candidate", "one_form"] = "per_candidate"


class TrialDrawn(BaseModel):
    """How alike the papers of a trial are; ``report`` is the draw's own (deviations, overlap, exposure, expected
    scores). ``items``: how many the version holds.
    """

    version: str
    papers: int
    items: int
    report: dict[str, Any]


def refs_of(asked: list[RefAsked]) -> list[tuple[str, int]]:
    """As the bank names items."""
    return [(each.code, each.version) for each in asked]


def outcome(model: BaseModel) -> dict[str, Any]:
    """As JSON values, for the outcome of a command."""
    return model.model_dump(mode="json")
