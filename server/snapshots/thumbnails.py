"""Small pictures for walls and film strips: made by worker threads, kept beside the store, never on the loop.

They are a cache: a lost one is made again, and nothing of them is synced.
"""

import asyncio
import io
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from recordings.store import Store

THUMBNAIL = (320, 180)
"""Pixels a thumbnail fits into."""

QUALITY = 72
WORKERS = 2
"""Threads; Pillow decodes outside the interpreter's lock."""

WARM_MAX = 64
"""Thumbnails made ahead that may wait; one more is made when somebody looks."""


class Thumbnails:
    """Thumbnails by the digest of their picture."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="thumbnail")
        self._making: dict[str, asyncio.Future[bytes]] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def get(self, digest: str) -> bytes:
        """A thumbnail's JPEG; raises FileNotFoundError or StoreDamaged as the store does."""
        making = self._making.get(digest)
        if making is None:
            loop = asyncio.get_running_loop()
            making = loop.run_in_executor(self._workers, self._kept_or_made, digest)
            self._making[digest] = making
            making.add_done_callback(lambda _done: self._making.pop(digest, None))
        # One caller that goes away must not take the picture from the others.
        return await asyncio.shield(making)

    def warm(self, digest: str) -> None:
        """Make a thumbnail before anyone looks, unless too many wait already."""
        if len(self._making) < WARM_MAX:
            task = asyncio.ensure_future(self.get(digest))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())

    def close(self) -> None:
        """Give the threads back."""
        self._workers.shutdown(wait=True, cancel_futures=True)

    def _kept_or_made(self, digest: str) -> bytes:
        path = self._folder / digest[:2] / f"{digest}.jpg"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            made = thumbnail(self._store.get(digest))
        path.parent.mkdir(mode=0o700, exist_ok=True)
        part = path.with_suffix(f".{secrets.token_hex(4)}.part")
        part.write_bytes(made)
        os.replace(part, path)
        return made


def thumbnail(data: bytes) -> bytes:
    """A JPEG made small; the decoder skips what a small one does not need."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        picture.draft("RGB", THUMBNAIL)
        picture.thumbnail(THUMBNAIL)
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
