"""kaochang bank export and template, as typed."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kaochang.cli import main
from question_bank.importing import read_bank
from tests.question_bank.builders import BANK_HEADING, csv_bytes
from tests.question_bank.importing.test_bank_rows import MULTIPLE, SINGLE


def bank(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["bank", *map(str, arguments)])


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "bank.csv"
    path.write_bytes(csv_bytes([BANK_HEADING, SINGLE, MULTIPLE], "gbk"))
    return path


class TestExport:
    @pytest.mark.parametrize("name", ["out.xlsx", "out.zip"])
    def test_what_was_converted_is_read_again_as_the_same_items(self, csv_file: Path, name: str) -> None:
        out = csv_file.with_name(name)
        result = bank("export", csv_file, out)
        assert (result.exit_code, "2 道试题" in result.output) == (0, True)
        assert read_bank(out.read_bytes()).items == read_bank(csv_file.read_bytes()).items
        assert sorted(path.name for path in csv_file.parent.iterdir()) == ["bank.csv", name]

    def test_there_and_back_through_both_formats(self, csv_file: Path) -> None:
        first, second = csv_file.with_name("a.zip"), csv_file.with_name("b.xlsx")
        assert bank("export", csv_file, first).exit_code == 0
        assert bank("export", first, second).exit_code == 0
        assert read_bank(second.read_bytes()).items == read_bank(csv_file.read_bytes()).items

    def test_a_file_with_problems_is_not_converted(self, csv_file: Path) -> None:
        csv_file.write_bytes(csv_bytes([BANK_HEADING, SINGLE, [*MULTIPLE[:6], "AE", *MULTIPLE[7:]]]))
        out = csv_file.with_name("out.xlsx")
        result = bank("export", csv_file, out)
        assert (result.exit_code, out.exists()) == (1, False)
        assert "G3 正确答案" in result.output

    def test_nothing_is_overwritten_unasked(self, csv_file: Path) -> None:
        out = csv_file.with_name("out.xlsx")
        out.write_bytes(b"mine")
        assert (bank("export", csv_file, out).exit_code, out.read_bytes()) == (2, b"mine")
        assert bank("export", csv_file, out, "--overwrite").exit_code == 0
        assert out.read_bytes() != b"mine"

    def test_a_name_that_says_nothing_needs_a_format(self, csv_file: Path) -> None:
        out = csv_file.with_name("out.bin")
        assert bank("export", csv_file, out).exit_code == 2
        assert bank("export", csv_file, out, "--format", "qti").exit_code == 0
        assert read_bank(out.read_bytes()).format == "qti"

    def test_a_folder_that_is_not_there_is_said_in_one_sentence(self, csv_file: Path) -> None:
        result = bank("export", csv_file, csv_file.parent / "none" / "out.xlsx")
        assert (result.exit_code, result.output.startswith("Error: 无法写入")) == (1, True)


@pytest.mark.parametrize("layout", ["item", "option"])
def test_a_template_checks_clean(tmp_path: Path, layout: str) -> None:
    out = tmp_path / "form.xlsx"
    assert bank("template", out, "--layout", layout).exit_code == 0
    result = bank("check", out)
    assert (result.exit_code, "没有错误" in result.output, "案例 case: 1" in result.output) == (0, True, True)


def test_every_command_explains_itself() -> None:
    for name in ("check", "export", "import", "template"):
        result = bank(name, "--help")
        assert (result.exit_code, "Usage:" in result.output) == (0, True)
