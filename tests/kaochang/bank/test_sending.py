"""kaochang bank import: what a keeper has on disk reaches a running room over its own door."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kaochang.cli import main
from kaochang.exam_office import Office
from kaochang.room_process import RoomProcess
from question_bank.exporting.templates import LAYOUTS

pytestmark = [pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RoomProcess, Office]]:
    """A room whose keepers have founded the bank key."""
    room = RoomProcess(tmp_path_factory.mktemp("sending") / "room")
    room.found()
    room.start()
    office = room.office()
    try:
        office.hire()
        office.unlock_bank()
        yield room, office
    finally:
        office.close()
        room.stop()


def send(room: tuple[RoomProcess, Office], path: Path, *more: str, **environment: str) -> Result:
    process, office = room
    keeper = office.logins["keeper"]
    known = {
        "KAOCHANG_LOGIN": keeper.login,
        "KAOCHANG_PASSWORD": keeper.password,
        "KAOCHANG_BANK_PASSPHRASE": office.passphrases["keeper"],
        **environment,
    }
    ca = str(process.data / "keys" / "ca.pem")
    arguments = [
        "bank",
        "import",
        str(path),
        "--server",
        process.address,
        "--ca",
        ca,
        "--bank",
        "site",
        *more,
    ]
    return CliRunner().invoke(main, arguments, env=known)


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.xlsx"
    path.write_bytes(LAYOUTS["item"]())
    return path


def test_items_are_proposed_and_the_same_again_changes_nothing(
    room: tuple[RoomProcess, Office], form: Path
) -> None:
    first = send(room, form, "--title", "安全")
    assert (first.exit_code, "新 new 8" in first.output) == (0, True)
    assert "另一位题库管理员" in first.output
    again = send(room, form)
    assert (again.exit_code, "未变 unchanged 8" in again.output) == (0, True)


def test_a_locked_bank_is_unlocked_with_the_keepers_passphrase(
    room: tuple[RoomProcess, Office], form: Path
) -> None:
    room[1].desk("keeper").do("/api/bank/lock", {})
    refused = send(room, form, KAOCHANG_BANK_PASSPHRASE="something else entirely")
    assert (refused.exit_code, "拒绝" in refused.output) == (1, True)
    assert send(room, form).exit_code == 0


def test_a_file_with_problems_is_not_sent(room: tuple[RoomProcess, Office], tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("题型,题干,选项A,选项B,答案\n单选,题,甲,乙,C\n")
    result = send(room, path)
    assert result.exit_code == 1
    assert "E2 答案" in result.output
    assert "未发送" in result.output


def test_refusals_and_silence_are_one_sentence(room: tuple[RoomProcess, Office], form: Path) -> None:
    wrong = send(room, form, KAOCHANG_PASSWORD="not the password")
    assert (wrong.exit_code, wrong.output.count("\n")) == (1, 1)
    keeper = ["--login", "x", "--password", "y"]
    away = ["bank", "import", str(form), "--server", "http://127.0.0.1:9", *keeper, "--bank"]
    silent = CliRunner().invoke(main, [*away, "b"])
    assert (silent.exit_code, "无法连接" in silent.output) == (1, True)
    assert CliRunner().invoke(main, [*away, "a b"]).exit_code == 2
