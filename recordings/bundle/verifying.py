"""Verifying a bundle: offline, from its one file and a fingerprint given from outside."""

from pathlib import Path
from typing import BinaryIO

from protocol.keys import BadKey, check_public, fingerprint, same_fingerprint
from recordings.bundle.contents import Contents
from recordings.bundle.verdict import Verdict
from recordings.bundle.walking import Walker


def verify_file(path: Path, trust: str | None) -> Verdict:
    """The verdict on a file; raises OSError when it cannot be read. See :func:`verify`."""
    with path.open("rb") as bundle:
        return verify(bundle, trust)


def verify(bundle: BinaryIO, trust: str | None) -> Verdict:
    """The verdict on a bundle; memory stays the same however large it is.

    ``trust`` is the room's fingerprint as printed on its record form. Without it, or with another's, a whole bundle
    proves only that it is as some room made it.
    """
    verdict = Verdict(trusted=None if trust is None else False)
    walk = Walker(bundle, verdict).walk()
    if walk is None:
        return verdict
    manifest = walk.manifest
    verdict.session, verdict.attempt, verdict.made_at = manifest.session, manifest.attempt, manifest.made_at
    try:
        verdict.room = fingerprint(check_public(manifest.room_key))
    except BadKey:
        verdict.room = None
    if trust is not None:
        verdict.trusted = verdict.room is not None and same_fingerprint(trust, verdict.room)
    Contents(bundle, walk, verdict).check()
    return verdict
