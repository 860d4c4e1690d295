"""What every request meets before its route: where it comes from, how large it is, and the headers of the answer."""

import json
import re
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES_MAX = 1_048_576
"""Bytes of an ordinary body; one more is answered with 413. Uploads have limits of their own."""

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

TOO_LARGE = (f"请求内容超过 {BODY_BYTES_MAX} 字节。", f"The body is larger than {BODY_BYTES_MAX} bytes.")

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

    ``uploads`` are path prefixes that limit themselves; a ``*`` in one stands for one part of the path.
    """

    def __init__(self, app: ASGIApp, uploads: Sequence[str]) -> None:
        self._app = app
        patterns = (re.escape(prefix).replace(r"\*", "[^/]+") for prefix in uploads)
        self._uploads = re.compile("|".join(patterns) or r"(?!)")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._uploads.match(scope["path"]):
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > BODY_BYTES_MAX:
            await refuse(send, 413, "too_large", *TOO_LARGE)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > BODY_BYTES_MAX:
                # The only kind of exception that reading a body lets through.
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)


async def refuse(send: Send, status: int, code: str, zh: str, en: str) -> None:
    """Answer with a refusal of the one shape, below the routes."""
    body = json.dumps({"code": code, "zh": zh, "en": en}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
