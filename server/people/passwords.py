"""Passwords: hashed and checked with Argon2 in threads of their own, with bounded tries for each login name."""

import asyncio
from collections import OrderedDict, deque
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from server.clock import RoomClock
from server.db import Database
from server.errors import Refused
from server.people import queries
from server.people.rules import PASSWORD_CHARS_MAX, Person
from server.settings import Argon2, Logins

CHECKS_AT_ONCE = 2
"""Each holds its memory; further ones wait. Not the threads that commits wait in."""

LOGINS_WAITING_MAX = 64
"""Logins that may wait for their check, some three seconds of work; one more comes again. Signatures always wait."""

LOGINS_WATCHED_MAX = 10_000
"""Login names whose tries are remembered; beyond it the one not tried for longest is forgotten."""


class WrongPassword(Refused):
    """Login name or password is wrong; which of them is not told."""

    code = "wrong_password"
    status = 401
    zh = "登录名或密码不正确。"
    en = "Login name or password is wrong."


class TooManyTries(Refused):
    """Too many wrong passwords for this login name."""

    code = "too_many_tries"
    status = 429
    zh = "该登录名密码错误次数过多，请 {seconds} 秒后再试。"
    en = "Too many wrong passwords for this login name. Try again in {seconds} seconds."


class TooManyLogins(Refused):
    """More people, or machines, try to log in at once than can be checked."""

    code = "busy"
    status = 503
    zh = "同时登录的请求过多，请稍候重试。"
    en = "Too many logins at once. Try again in a moment."
    headers = {"Retry-After": "2"}


class PasswordTooShort(Refused):
    """A new password has fewer characters than the settings ask, or more than hashing takes."""

    code = "password_length"
    zh = "密码应为 {least} 至 {most} 个字符。"
    en = "A password has {least} to {most} characters."


class Tries:
    """How often each login name was tried without success; in memory, so a restart forgets it."""

    def __init__(self, most: int, window_ms: int) -> None:
        self._most = most
        self._window = window_ms
        self._tried: OrderedDict[str, deque[int]] = OrderedDict()

    def begin(self, login: str, now: int) -> int:
        """Count a try; the milliseconds to wait when there were too many, else 0.

        A try counts from its beginning, so that many at the same time are not many more.
        """
        tried = self._tried.setdefault(login, deque(maxlen=self._most))
        self._tried.move_to_end(login)
        while len(self._tried) > LOGINS_WATCHED_MAX:
            self._tried.popitem(last=False)
        while tried and tried[0] <= now - self._window:
            tried.popleft()
        if len(tried) == self._most:
            return tried[0] + self._window - now
        tried.append(now)
        return 0

    def take_back(self, login: str) -> None:
        """The newest try was a right one: it does not count, and those before it still do."""
        tried = self._tried.get(login)
        if tried:
            tried.pop()

    def passed(self, login: str) -> None:
        """The password was right: forget the tries before."""
        self._tried.pop(login, None)


class Passwords:
    """Hashes and checks passwords of the people of one room."""

    def __init__(self, database: Database, clock: RoomClock, logins: Logins, argon2: Argon2) -> None:
        self._database = database
        self._clock = clock
        self._chars_min = logins.password_chars_min
        self._tries = Tries(logins.tries_max, logins.tries_window_s * 1000)
        self._hasher = PasswordHasher(argon2.passes, argon2.memory_kib, argon2.lanes)
        self._threads = ThreadPoolExecutor(CHECKS_AT_ONCE, "password")
        self._waiting = 0
        # An unknown login name must take as long as a known one.
        self._nobody = self._hasher.hash("nobody")

    async def hash(self, password: str) -> str:
        """The hash to keep of a new password; raises :class:`PasswordTooShort`."""
        if not self._chars_min <= len(password) <= PASSWORD_CHARS_MAX:
            raise PasswordTooShort(least=self._chars_min, most=PASSWORD_CHARS_MAX)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hasher.hash, password)

    async def check(self, login: str, password: str, *, at: str | None = None) -> Person:
        """The person whose login name and password these are: to log in, or to sign ``at`` the console of somebody.

        Tries at a console are its own: nobody outside can keep a proctor from signing by trying wrong passwords.
        Raises :class:`WrongPassword`, :class:`TooManyTries`, :class:`TooManyLogins`. Checked in a thread, never on
        the loop.
        """
        login = login.strip().lower()
        if at is None and self._waiting >= LOGINS_WAITING_MAX:
            raise TooManyLogins()
        tried = login if at is None else f"{login} at {at}"
        wait_ms = self._tries.begin(tried, self._clock.now_ms())
        if wait_ms:
            raise TooManyTries(seconds=-(-wait_ms // 1000))
        self._waiting += at is None
        try:
            found = await asyncio.get_running_loop().run_in_executor(
                self._threads, self._checked, login, password
            )
        finally:
            self._waiting -= at is None
        if found is None:
            raise WrongPassword()
        self._tries.passed(tried)
        return found

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _checked(self, login: str, password: str) -> Person | None:
        with self._database.read() as db:
            row = queries.by_login(db, login)
            found = None if row is None else queries.person(db, row.id)
            kept = self._nobody if row is None else row.password_hash
        if not self._matches(kept, password[: PASSWORD_CHARS_MAX + 1]):
            return None
        return found if found is not None and found.active else None

    def _matches(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
