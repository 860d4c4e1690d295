"""Pictures 插图 of items: bytes named by their SHA-256, referred to from an item's HTML as ``picture:<name>``."""

import hashlib
import re
from dataclasses import dataclass

PICTURE_BYTES_MAX = 1_048_576
"""One picture of an item; a larger one is refused at import."""

MEDIA_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")

_REFERENCE = re.compile(r"\bsrc=\"picture:([0-9a-f]{64})\"")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture. media_type: one of MEDIA_TYPES; an SVG was sanitised at import and carries no script."""

    media_type: str
    data: bytes

    @property
    def name(self) -> str:
        """SHA-256 (hex) of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


def pictures_in(*texts: str) -> tuple[str, ...]:
    """The names of the pictures these HTML texts refer to, each once, in order."""
    return tuple(dict.fromkeys(name for text in texts for name in _REFERENCE.findall(text)))
