"""kaochang bank check, as typed."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from kaochang.cli import main
from tests.question_bank.builders import BANK_HEADING, csv_bytes
from tests.question_bank.importing.test_bank_rows import MULTIPLE, SINGLE


def _check(path: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["bank", "check", str(path), *options])
    return result.exit_code, result.output


def test_a_good_bank_ends_with_nothing_to_say(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_bytes(csv_bytes([BANK_HEADING, SINGLE, MULTIPLE], "gbk"))
    code, text = _check(path)
    assert code == 0
    assert "2 / 2" in text
    assert "no problems" in text


def test_problems_are_printed_with_their_place_and_end_in_failure(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_bytes(csv_bytes([BANK_HEADING, SINGLE, [*MULTIPLE[:6], "AE", *MULTIPLE[7:]]]))
    code, text = _check(path)
    assert code == 1
    assert "G3 正确答案: “AE” → ABCD 之内" in text
    code, text = _check(path, "--json")
    told = json.loads(text)
    assert code == 1
    assert (told["items"], told["by_kind"]) == (1, {"true_false": 0, "single": 1, "multiple": 0})
    (problem,) = told["problems"]
    assert {key: problem[key] for key in ("row", "column", "found", "code")} == {
        "row": 3, "column": "正确答案", "found": "AE", "code": "answer_beyond_options",
    }  # fmt: skip


REAL = {
    "computer_security.csv": (171, 2, 2),
    "construction_project_management.csv": (139, 0, 1),
    "electrical_engineering.csv": (172, 0, 0),
    "security_study.csv": (135, 2, 0),
}


@pytest.mark.parametrize("name", REAL)
def test_real_banks(name: str) -> None:
    shared = os.environ.get("KAOCHANG_SHARED", "")
    path = Path(shared) / "data" / "banks" / name
    if not shared or not path.is_file():
        pytest.skip("KAOCHANG_SHARED does not name a folder with data/banks")
    code, text = _check(path, "--json")
    told = json.loads(text)
    items, problems, warnings = REAL[name]
    assert (told["items"], told["by_kind"]["single"]) == (items, items)
    assert [problem["code"] for problem in told["problems"]] == ["duplicate_item"] * problems
    found = [warning["code"] for warning in told["warnings"]]
    assert [code for code in found if code != "near_duplicate"] == ["same_stem"] * warnings
    assert code == (1 if problems else 0)
