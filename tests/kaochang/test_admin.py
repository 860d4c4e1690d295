"""``kaochang admin``: a room made from nothing, and what is said when there is none."""

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from kaochang.admin import command
from kaochang.room_process import RoomProcess
from server.data_folder import DataFolder


def admin(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments])


def said(result: Result, word: str) -> str:
    """What stands behind a word at the beginning of a line."""
    found = re.search(rf"^{word}: (.+)$", result.output, re.MULTILINE)
    assert found is not None, result.output
    return found[1]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    data = tmp_path_factory.mktemp("rooms") / "room"
    return data, admin("init", data, "--name", "room.lan")


class TestInit:
    def test_makes_a_room_and_prints_its_first_password(self, made: tuple[Path, Result]) -> None:
        data, result = made
        assert result.exit_code == 0, result.output
        assert DataFolder(data).exists
        assert said(result, "login") == "admin"
        assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", said(result, "password"))

    def test_never_twice_in_one_folder(self, made: tuple[Path, Result]) -> None:
        again = admin("init", made[0])
        assert again.exit_code == 1
        assert "not empty" in again.output

    def test_the_password_stands_nowhere_in_the_room(self, made: tuple[Path, Result]) -> None:
        data, result = made
        password = said(result, "password").encode()
        assert not [file for file in data.rglob("*") if file.is_file() and password in file.read_bytes()]


class TestCa:
    def test_shows_the_same_fingerprints_each_time(self, made: tuple[Path, Result]) -> None:
        data, result = made
        shown = admin("ca", data)
        for line in ("CA SHA-256", "考场密钥指纹 room key fingerprint"):
            assert said(shown, line) == said(result, line)


class TestPeople:
    def test_are_added_listed_and_given_new_passwords(self, made: tuple[Path, Result]) -> None:
        data = made[0]
        added = admin("people", "add", data, "wang", "--display-name", "王建国", "--role", "proctor")
        assert added.exit_code == 0, added.output
        assert "王建国" in admin("people", "list", data).output
        changed = admin("people", "password", data, "wang")
        assert said(changed, "password") != said(added, "password")

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("add", "w", "--display-name", "x"), "2 to 40"),
            (
                ("add", "both", "--display-name", "x", "--role", "proctor", "--role", "bank_keeper"),
                "separate",
            ),
            (("add", "admin", "--display-name", "x"), "taken"),
            (("password", "nobody"), "Nobody"),
        ],
    )
    def test_refusals_are_sentences(
        self, made: tuple[Path, Result], arguments: tuple[str, ...], sentence: str
    ) -> None:
        verb, *rest = arguments
        result = admin("people", verb, made[0], *rest)
        assert result.exit_code == 1
        assert sentence in result.output


class TestNoRoom:
    @pytest.mark.parametrize("verb", [("ca",), ("rebuild",), ("people", "list")])
    def test_is_said(self, verb: tuple[str, ...], tmp_path: Path) -> None:
        for data in (tmp_path, tmp_path / "missing"):
            result = admin(*verb, data)
            assert result.exit_code == 1, result.output
            assert "There is no room here" in result.output


class TestServe:
    @pytest.fixture
    def served(self, tmp_path: Path) -> RoomProcess:
        room = RoomProcess(tmp_path / "room")
        room.found()
        room.start()
        yield room
        room.stop()

    def test_one_folder_has_one_server_and_a_kill_frees_it(self, served: RoomProcess) -> None:
        second = subprocess.run(
            [sys.executable, "-m", "kaochang", "serve", served.data, "--port", "1"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert second.returncode == 1
        assert "open in another process" in second.stderr
        assert "Stop the room server first" in admin("rebuild", served.data).output
        served.kill()
        served.start()
        assert admin("rebuild", served.data).exit_code == 1
        served.stop()
        assert admin("rebuild", served.data).exit_code == 0

    def test_the_printed_password_opens_the_room_over_its_own_tls(self, served: RoomProcess) -> None:
        administrator = served.office().desk("administrator")
        assert administrator.get("/api/me")["roles"] == ["administrator"]
        with pytest.raises(httpx.ConnectError, match="certificate"):
            httpx.get(f"{served.address}/api/health", trust_env=False)
