"""What the room server writes of its banks, on the centre's stream: who unlocked, read, changed and published what.

Items are named ``code@version``; no text of an item ever stands here.
"""

from typing import Annotated, Literal

from pydantic import Field

from protocol.shapes import Closed, Digest, Id, Instant

ITEMS_LISTED_MAX = 200
"""Items one entry names one by one; of more it gives number and digest."""

Note = Digest | None
ItemName = Annotated[str, Field(min_length=3, max_length=80)]


class ItemsNamed(Closed):
    """Which items: their number, the SHA-256 of their names one a line, and the names where they are few."""

    count: Annotated[int, Field(ge=0)]
    digest: Digest
    names: Annotated[list[ItemName], Field(max_length=ITEMS_LISTED_MAX)]


class BankLockMoved(Closed):
    """The bank key was made, brought into memory or taken out of it, or who may do so changed.

    ``by`` is ``room`` where the time named in the settings was over; ``keeper`` is the person admitted or removed.
    """

    step: Literal[
        "founded", "unlocked", "unlock_failed", "locked", "timed_out", "admitted", "removed", "changed"
    ]
    by: Id
    keeper: Id | None = None


class BankItemsRead(Closed):
    """A person was shown these items, or took them along."""

    bank: Id
    purpose: Literal[
        "list",
        "item",
        "history",
        "preview",
        "import",
        "export",
        "trial",
        "package",
        "statistics",
        "correction",
    ]
    items: ItemsNamed
    by: Id


class BankItemsMoved(Closed):
    """A person made versions of items or took a step with them; ``note`` names the reason."""

    bank: Id
    step: Literal["drafted", "imported", "proposed", "approved", "returned", "retired", "restored", "tagged"]
    items: ItemsNamed
    by: Id
    note: Note = None


class BankVersionPublished(Closed):
    """A version of a bank that can be drawn from; its name is a digest of what it holds."""

    bank: Id
    number: Annotated[int, Field(ge=1)]
    version: Id
    items: Annotated[int, Field(ge=0)]
    points: Annotated[int, Field(ge=0)]
    by: Id


class BankPackageMoved(Closed):
    """A sealed session package: made, its key's parts shown, taken in here, its parts entered, opened.

    ``digest``: SHA-256 of the whole file. ``part``: which half of the key. ``too_early`` and ``wrong_part`` are tries
    that were refused.
    """

    step: Literal[
        "made",
        "part_shown",
        "taken",
        "too_early",
        "wrong_part",
        "part_entered",
        "opened",
        "closed",
        "discarded",
    ]
    package: Id
    digest: Digest
    bank: Id
    version: Id
    session: Id
    not_before: Instant
    part: Literal[1, 2] | None = None
    by: Id
