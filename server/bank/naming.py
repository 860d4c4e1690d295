"""How entries name items: ``code@version``, few one by one, many by number and digest."""

import hashlib
from collections.abc import Iterable

from protocol.bank_entries import ITEMS_LISTED_MAX, ItemsNamed
from question_bank.papers import ItemRef

NAMES_BYTES_MAX = 12_000
"""Bytes of all names one entry lists; an entry has 16,384 in all."""


def named(refs: Iterable[ItemRef]) -> ItemsNamed:
    """These items, in this order."""
    names = [f"{code}@{version}" for code, version in refs]
    digest = hashlib.sha256("\n".join(names).encode(errors="surrogatepass")).hexdigest()
    few = len(names) <= ITEMS_LISTED_MAX and sum(len(name.encode()) + 3 for name in names) <= NAMES_BYTES_MAX
    return ItemsNamed(count=len(names), digest=digest, names=names if few else [])
