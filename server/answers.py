"""How what went wrong becomes an answer: ``{code, zh, en}`` for every refusal, 422 for what is malformed only."""

from typing import Any

from fastapi import FastAPI, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from server.errors import Refused
from server.middleware import TOO_LARGE

_STATUS = {
    404: ("not_found", "没有这个地址。", "There is nothing at this address."),
    405: ("method_not_allowed", "此地址不支持该操作。", "This address does not take that method."),
    408: ("too_slow", "请求内容传输超时，请重试。", "The body took too long to come. Try again."),
    413: ("too_large", *TOO_LARGE),
}

SOCKET_CODE_BASE = 4000
"""A socket refused with HTTP status s is closed with code 4000 + s."""


class RefusalShown(BaseModel):
    """A refusal as screens get it; ``problems`` where there is more than one thing to put right."""

    code: str
    zh: str
    en: str
    problems: list[dict[str, Any]] | None = None


def install(app: FastAPI) -> None:
    """Make the app answer refusals, malformed requests and unknown addresses in the one shape."""
    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, plain)


async def refused(connection: Request | WebSocket, refusal: Exception) -> Any:
    """A verb or a permission said no."""
    assert isinstance(refusal, Refused)
    if isinstance(connection, WebSocket):
        await connection.close(SOCKET_CODE_BASE + refusal.status, refusal.code)
        return None
    body = {"code": refusal.code, "zh": refusal.sentence_zh, "en": refusal.sentence_en, **refusal.details()}
    return JSONResponse(body, refusal.status, headers=refusal.headers)


async def malformed(_request: Request, error: Exception) -> Response:
    """The request is not of its shape. What was sent is not repeated: it may be a password."""
    assert isinstance(error, RequestValidationError)
    problems = [{"place": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
    return JSONResponse(
        {
            "code": "malformed",
            "zh": "请求格式不正确。",
            "en": "The request is malformed.",
            "problems": problems,
        },
        422,
    )


async def plain(_request: Request, error: Exception) -> Response:
    """What the web layer refuses by itself."""
    assert isinstance(error, HTTPException)
    code, zh, en = _STATUS.get(error.status_code, ("refused", "请求被拒绝。", "The request was refused."))
    return JSONResponse({"code": code, "zh": zh, "en": en}, error.status_code, headers=error.headers)
