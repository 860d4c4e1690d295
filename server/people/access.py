"""Who is asking: the login's cookie, the person behind it, and the roles a route asks for.

A route says ``person: Annotated[Person, requires(Role.PROCTOR)]``; the same works for a socket.
"""

import hashlib
from collections.abc import Callable, Coroutine, Set
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import Response

from server.db import Database
from server.errors import Forbidden, Refused
from server.people import queries
from server.people.actions import check_password, token_digest
from server.people.passwords import Passwords
from server.people.rules import MEETS_CANDIDATES, NOT_THE_BANK, STAFF_OF_ONE_ROOM, Person, Role, on_duty
from server.web import TheClock, TheDatabase

COOKIE_TLS = "__Host-kaochang-login"
COOKIE_PLAIN = "kaochang-login"
"""The demo console's, over plain HTTP on 127.0.0.1: there a cookie cannot be Secure."""


class NotLoggedIn(Refused):
    """No login, or one that ended."""

    code = "not_logged_in"
    status = 401
    zh = "请先登录。"
    en = "Please log in."


class NotOnDuty(Refused):
    """Another room's proctor has no say in this one."""

    code = "not_of_the_room"
    status = 403
    zh = "您不是本场次的值班人员，不能执行此操作。"
    en = "You are not on duty in this session."


def cookie_name(connection: HTTPConnection) -> str:
    """What the login's cookie is called on this connection."""
    return COOKIE_TLS if is_tls(connection) else COOKIE_PLAIN


def is_tls(connection: HTTPConnection) -> bool:
    """Whether this connection is encrypted."""
    return connection.scope["scheme"] in ("https", "wss")


def give_cookie(connection: HTTPConnection, response: Response, token: str, hours: int) -> None:
    """Hand the login's token to the browser, out of reach of scripts and other sites."""
    response.set_cookie(
        cookie_name(connection),
        token,
        max_age=hours * 3600,
        path="/",
        secure=is_tls(connection),
        httponly=True,
        samesite="strict",
    )


def take_cookie(connection: HTTPConnection, response: Response) -> None:
    """Make the browser forget the login."""
    response.delete_cookie(
        cookie_name(connection), path="/", secure=is_tls(connection), httponly=True, samesite="strict"
    )


def login_token(connection: HTTPConnection) -> str | None:
    """The login's token as the browser sent it."""
    return connection.cookies.get(cookie_name(connection))


def logged_in(connection: HTTPConnection, database: TheDatabase, clock: TheClock) -> Person:
    """The person who is logged in on this connection; raises :class:`NotLoggedIn`."""
    token = login_token(connection)
    if token is None:
        raise NotLoggedIn()
    with database.read() as db:
        person = queries.logged_in(db, token_digest(token), clock.now_ms())
    if person is None:
        raise NotLoggedIn()
    return person


Me = Annotated[Person, Depends(logged_in)]


class LoginFirst(APIRoute):
    """A route whose body is read for people of the room only.

    The framework reads and spools a form before it asks who sends it, and anybody could fill the disk that way.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's own handler behind a login."""
        handle = super().get_route_handler()

        async def handle_known(request: Request) -> Response:
            state = request.app.state
            await run_in_threadpool(logged_in, request, state.database, state.clock)
            return await handle(request)

        return handle_known


def requires(*roles: Role) -> Any:
    """A dependency that gives the person when they hold one of these roles; raises NotLoggedIn or Forbidden."""

    def permitted(person: Me) -> Person:
        if person.roles.isdisjoint(roles):
            raise Forbidden()
        return person

    return Depends(permitted)


def may_see_room(database: Database, session: str, person: Person, roles: Set[Role]) -> bool:
    """Whether a person sees this room in one of these roles, as :func:`sees_the_room` asks."""
    return _is_of_it(database, session, person, STAFF_OF_ONE_ROOM & roles, roles - STAFF_OF_ONE_ROOM)


def _is_of_it(database: Database, session: str, person: Person, roles: Set[Role], beside: Set[Role]) -> bool:
    if not person.roles.isdisjoint(beside):
        return True
    with database.read() as db:
        return on_duty(queries.staff_of(db, session), person.id, roles)


def sees_the_room(*roles: Role) -> Any:
    """As :func:`requires`, for reading what is of one session's room: its staff sees their own floor alone.

    Patrol, office and those who review see every room. Raises NotLoggedIn, Forbidden, NotOnDuty.
    """
    return of_the_room(*(STAFF_OF_ONE_ROOM & set(roles)), beside=set(roles) - STAFF_OF_ONE_ROOM)


def of_the_room(*roles: Role, beside: Set[Role] = frozenset()) -> Any:
    """As :func:`requires`, for a route of one session: who holds only ``roles`` is on duty in it, ``beside`` need not.

    Raises NotLoggedIn, Forbidden, NotOnDuty.
    """

    def permitted(session: str, person: Me, database: TheDatabase) -> Person:
        if person.roles.isdisjoint({*roles, *beside}):
            raise Forbidden()
        if not _is_of_it(database, session, person, frozenset(roles), beside):
            raise NotOnDuty()
        return person

    return Depends(permitted)


def _command(
    connection: HTTPConnection,
    person: Me,
    idempotency_key: Annotated[str, Header(min_length=8, max_length=200, pattern=r"^[\x21-\x7e]+$")],
) -> str:
    scope = connection.scope
    said = "\n".join((person.id, scope["method"], scope["path"], idempotency_key))
    return hashlib.sha256(said.encode()).hexdigest()


CommandId = Annotated[str, Depends(_command)]
"""The id of a command from a screen, its own for each person and address, for ``writer.submit(…, command=…)``."""


def _passwords(connection: HTTPConnection) -> Passwords:
    passwords: Passwords = connection.app.state.passwords
    return passwords


ThePasswords = Annotated[Passwords, Depends(_passwords)]

Administrator = Annotated[Person, requires(Role.ADMINISTRATOR)]
ExamOffice = Annotated[Person, requires(Role.EXAM_OFFICE)]
OfficeOrAdministrator = Annotated[Person, requires(Role.EXAM_OFFICE, Role.ADMINISTRATOR)]
MeetsCandidates = Annotated[Person, requires(*MEETS_CANDIDATES)]
NotTheBank = Annotated[Person, requires(*NOT_THE_BANK)]


async def second_person(
    passwords: Passwords, login: str | None, password: str | None, *, at: Person
) -> Person | None:
    """The second person whose password was given at this console; None when nobody's was. Raises WrongPassword."""
    if login is None or password is None:
        return None
    return await check_password(passwords, login, password, at=at)
