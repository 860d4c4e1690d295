"""Passwords: how many tries, and what is kept."""

import asyncio
import time

import pytest

from server.app import RoomServer
from server.people.passwords import (
    LOGINS_WAITING_MAX,
    LOGINS_WATCHED_MAX,
    Passwords,
    PasswordTooShort,
    TooManyLogins,
    TooManyTries,
    Tries,
    WrongPassword,
)
from server.settings import Settings
from tests.server.conftest import PASSWORD


class TestTries:
    def test_one_past_the_limit_waits_for_the_first_to_leave_the_window(self) -> None:
        tries = Tries(3, 60_000)
        assert [tries.begin("a", now) for now in (0, 1_000, 2_000)] == [0, 0, 0]
        assert tries.begin("a", 3_000) == 57_000
        assert tries.begin("b", 3_000) == 0
        assert tries.begin("a", 60_000) == 0
        assert tries.begin("a", 60_000) == 1_000

    def test_a_refused_try_does_not_lengthen_the_wait(self) -> None:
        tries = Tries(1, 1_000)
        tries.begin("a", 0)
        assert tries.begin("a", 999) == 1
        assert tries.begin("a", 1_000) == 0

    def test_the_right_password_forgets_the_tries_before(self) -> None:
        tries = Tries(2, 60_000)
        tries.begin("a", 0)
        tries.passed("a")
        assert [tries.begin("a", 1), tries.begin("a", 1)] == [0, 0]

    def test_names_watched_are_bounded(self) -> None:
        tries = Tries(1, 60_000)
        for number in range(LOGINS_WATCHED_MAX + 1):
            tries.begin(str(number), 0)
        assert tries.begin("0", 0) == 0
        assert tries.begin(str(LOGINS_WATCHED_MAX), 0) > 0

    def test_a_right_one_among_wrong_ones_takes_only_itself_back(self) -> None:
        tries = Tries(2, 60_000)
        assert tries.begin("r1.1", 0) == 0
        assert tries.begin("r1.1", 1) == 0
        tries.take_back("r1.1")
        assert tries.begin("r1.1", 2) == 0
        assert tries.begin("r1.1", 3) > 0
        tries.take_back("nobody")


class TestPasswords:
    async def test_checks_a_second_signature(self, room: RoomServer, person_of) -> None:
        person = await person_of(login="second")
        assert (await room.passwords.check(" Second ", PASSWORD)) == person
        for login, password in (("second", "wrong"), ("nobody", PASSWORD), ("second", "")):
            with pytest.raises(WrongPassword):
                await room.passwords.check(login, password)

    async def test_an_unknown_name_is_bounded_like_a_known_one(self, room: RoomServer) -> None:
        for _ in range(room.settings.logins.tries_max):
            with pytest.raises(WrongPassword):
                await room.passwords.check("nobody", "x")
        with pytest.raises(TooManyTries):
            await room.passwords.check("nobody", "x")

    async def test_nobody_outside_keeps_a_proctor_from_signing(self, room: RoomServer, person_of) -> None:
        person = await person_of(login="second")
        for _ in range(room.settings.logins.tries_max):
            with pytest.raises(WrongPassword):
                await room.passwords.check("second", "x")
        with pytest.raises(TooManyTries):
            await room.passwords.check("second", PASSWORD)
        assert await room.passwords.check("second", PASSWORD, at="proctor1") == person
        for _ in range(room.settings.logins.tries_max):
            with pytest.raises(WrongPassword):
                await room.passwords.check("second", "x", at="proctor1")
        with pytest.raises(TooManyTries):
            await room.passwords.check("second", PASSWORD, at="proctor1")

    async def test_a_flood_of_logins_is_bounded_and_a_signature_passes_it(
        self, room: RoomServer, person_of
    ) -> None:
        person = await person_of(login="second")
        flood = [
            asyncio.create_task(room.passwords.check(f"name{number}", "x"))
            for number in range(LOGINS_WAITING_MAX + 10)
        ]
        signature = asyncio.create_task(room.passwords.check("second", PASSWORD, at="proctor1"))
        ended = await asyncio.gather(*flood, return_exceptions=True)
        assert sum(isinstance(one, TooManyLogins) for one in ended) == 10
        assert await signature == person
        with pytest.raises(WrongPassword):
            await room.passwords.check("after", "x")

    @pytest.mark.parametrize("length", [9, 201])
    async def test_a_new_password_has_a_length(self, room: RoomServer, length: int) -> None:
        with pytest.raises(PasswordTooShort):
            await room.passwords.hash("x" * length)

    async def test_what_is_kept_is_argon2id_as_the_settings_say(self, room: RoomServer) -> None:
        passwords = Passwords(room.database, room.clock, Settings().logins, Settings().argon2)
        started = time.perf_counter()
        kept = await passwords.hash(PASSWORD)
        assert time.perf_counter() - started > 0.005
        assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        passwords.close()
