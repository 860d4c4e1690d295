"""What every request meets before its route: where it comes from, how large it is, and the headers of the answer."""

import asyncio
import json
import re
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES_MAX = 1_048_576
"""Bytes of an ordinary body; one more is answered with 413. Uploads have limits of their own."""

BODY_SILENCE_S_MAX = 20.0
"""Seconds in which nothing of a body may come; then the request is given up with 408."""

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    # "no-referrer" would turn the Origin of our own forms into "null".
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), display-capture=()",
}

TOO_LARGE = ("请求内容超过上限。", "The body is larger than it may be.")

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SecurityHeaders:
    """Add the headers above to every answer; what the API says is never kept by a cache."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


class OwnOrigin:
    """Refuse what another site's page sends: a request that may change something, or a socket.

    A browser always names its origin there. Stations name none and carry no login, so a request without an origin
    passes only without cookies.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "websocket" or (scope["type"] == "http" and scope["method"] not in _SAFE)
        if not asked or is_own(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4403, "reason": "foreign_origin"})
        else:
            await refuse(
                send,
                403,
                "foreign_origin",
                "请求来自其他网站，已拒绝。",
                "The request came from another site.",
            )


def is_own(scope: Scope) -> bool:
    """Whether a request names this server as its origin, or has neither an origin nor a cookie."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is None:
        return "cookie" not in headers
    scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
    return origin == f"{scheme}://{headers.get('host', '')}"


class BodyLimit:
    """Refuse a body past the limit before it is held in memory.

    ``uploads`` are requests with limits of their own, in bytes, by method and whole path; a ``*`` stands for one part
    of the path. None: the route reads the body itself, piece by piece, once it knows who asks, and counts.
    """

    def __init__(
        self, app: ASGIApp, uploads: Mapping[str, int | None], silence_s: float = BODY_SILENCE_S_MAX
    ) -> None:
        self._app = app
        self._silence_s = silence_s
        self._uploads = [
            (re.compile(re.escape(upload).replace(r"\*", "[^/]+")), limit)
            for upload, limit in uploads.items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = self._limit(scope) if scope["type"] == "http" else None
        if limit is None:
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > limit:
            zh, en = f"请求内容超过 {limit} 字节。", f"The body is larger than {limit} bytes."
            await refuse(send, 413, "too_large", zh, en)
            return
        size, whole = 0, False

        async def counted() -> Message:
            nonlocal size, whole
            # What is waited for after the body is that the other end leaves, and that may take its time.
            try:
                async with asyncio.timeout(None if whole else self._silence_s):
                    message = await receive()
            except TimeoutError:
                # The only kind of exception that reading a body lets through.
                raise HTTPException(408) from None
            size += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if size > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)

    def _limit(self, scope: Scope) -> int | None:
        asked = f"{scope['method']} {scope['path']}"
        return next((limit for upload, limit in self._uploads if upload.fullmatch(asked)), BODY_BYTES_MAX)


async def refuse(send: Send, status: int, code: str, zh: str, en: str) -> None:
    """Answer with a refusal of the one shape, below the routes."""
    body = json.dumps({"code": code, "zh": zh, "en": en}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
