"""Pictures on their way to the room: by HTTP, after the answers, until each is acknowledged.

The spool's folder is the list of what waits; nothing else is kept. A picture the room will never take is set aside
where it lies and told once; everything else is tried again with a growing wait.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Final

import httpx

from protocol.keys import Purpose
from station.identity import Identity
from station.spool import PictureDamaged, Spool, SpooledPicture

ENTRIES_FIRST: Final = 16
"""With more entries than this unacknowledged, pictures wait: answers go first."""

RETRY_S_FIRST, RETRY_S_MAX = 0.5, 15.0
"""Seconds before a picture that was not taken is tried again: doubled from the first to the longest."""

LOOK_S = 5.0
"""Seconds between looks into the spool when nobody said that something is there."""

UPLOAD_S_MAX = 30.0
"""Seconds one picture may take."""

NEVER: Final = frozenset({409, 411, 413, 415, 422})
"""Answers that no repetition changes, but for the codes of :data:`AGAIN`."""

NEVER_CODES: Final = frozenset({"not_its_picture", "pictures_full"})
"""Refusals of other answers that no repetition changes."""

AGAIN: Final = frozenset({"announce_first", "digest_mismatch"})
"""Refusals that pass: the entry is still on its way, or the bytes were damaged on theirs."""

BUSY: Final = frozenset({429, 503, 507})
"""Answers after which no other picture is offered for a while."""

_LOG = logging.getLogger(__name__)


class Uploads:
    """One seat's pictures. ``attempt_of`` names the attempt a digest was announced for, ``unsent`` the entries waiting.

    The client may be shared by many seats; it carries the pinned TLS.
    """

    def __init__(
        self,
        identity: Identity,
        spool: Spool,
        client: httpx.AsyncClient,
        attempt_of: Callable[[str], str | None],
        unsent: Callable[[], int | None],
    ) -> None:
        self._identity, self._spool, self._client = identity, spool, client
        self._attempt_of, self._unsent = attempt_of, unsent
        self._awake = asyncio.Event()
        self._refused: dict[str, str] = {}
        self.sent = 0

    @property
    def refused(self) -> dict[str, str]:
        """Pictures the room will never take, by digest, with the reason."""
        return dict(self._refused)

    def wake(self) -> None:
        """A picture was taken, or the link is back."""
        self._awake.set()

    def wanted(self, digests: Iterable[str]) -> None:
        """The room misses these: what it once refused is offered again."""
        for digest in digests:
            self._refused.pop(digest, None)
        self._awake.set()

    async def run(self) -> None:
        """Send what waits until cancelled."""
        wait_s = RETRY_S_FIRST
        while True:
            sent_all = await self._send_waiting()
            wait_s = RETRY_S_FIRST if sent_all else min(RETRY_S_MAX, wait_s * 2)
            pause_s = LOOK_S if sent_all else wait_s * random.uniform(0.5, 1)  # noqa: S311 - jitter, nothing secret
            try:
                await asyncio.wait_for(self._awake.wait(), pause_s)
            except TimeoutError:
                continue
            finally:
                self._awake.clear()

    async def _send_waiting(self) -> bool:
        """Offer every picture once, oldest first; False when one has to be tried again."""
        all_taken = True
        for picture in self._spool.waiting():
            attempt = self._attempt_of(picture.digest)
            if picture.digest in self._refused or attempt is None:
                continue
            unsent = self._unsent()
            if unsent is None or unsent > ENTRIES_FIRST:
                return False
            outcome = await self._send(picture, attempt)
            if outcome is _Outcome.STOP:
                return False
            all_taken &= outcome is _Outcome.DONE
        return all_taken

    async def _send(self, picture: SpooledPicture, attempt: str) -> "_Outcome":
        digest, station = picture.digest, self._identity.station
        try:
            data = await asyncio.to_thread(self._spool.read, digest)
        except (PictureDamaged, KeyError) as error:
            _LOG.error("%s", error)
            return _Outcome.DONE
        statement = f"{digest}\n{attempt}\n{station}"
        headers = {
            "Content-Type": "image/jpeg",
            "X-Kaochang-Station": station,
            "X-Kaochang-Attempt": attempt,
            "X-Kaochang-Signature": self._identity.key.sign(Purpose.PICTURE, statement),
        }
        name = self._identity.server_name
        try:
            answer = await self._client.put(
                f"{self._identity.address}/api/snapshots/{digest}",
                content=data,
                headers=headers,
                extensions={"sni_hostname": name} if name else {},
                timeout=UPLOAD_S_MAX,
            )
        except httpx.HTTPError as error:
            _LOG.info("picture %s was not sent: %s", digest, error)
            return _Outcome.STOP
        if answer.is_success:
            self._spool.acknowledged(digest)
            self.sent += 1
            return _Outcome.DONE
        return self._refuse(digest, answer)

    def _refuse(self, digest: str, answer: httpx.Response) -> "_Outcome":
        code, sentence = _told(answer)
        if code in NEVER_CODES or (answer.status_code in NEVER and code not in AGAIN):
            self._refused[digest] = sentence
            _LOG.error("照片未被接收 picture %s will never be taken: %s", digest, sentence)
            return _Outcome.DONE
        _LOG.info("picture %s was not taken: %s", digest, sentence)
        return _Outcome.STOP if answer.status_code in BUSY else _Outcome.AGAIN


class _Outcome(Enum):
    DONE, AGAIN, STOP = range(3)


def _told(answer: httpx.Response) -> tuple[str, str]:
    """The refusal's code and sentence; the bare status when it is none of the room's own."""
    try:
        told = answer.json()
        return str(told["code"]), f"{told['zh']} {told['en']}"
    except (ValueError, KeyError, TypeError):
        return "", f"HTTP {answer.status_code}"
