"""kaochang bank draw, as typed."""

import json
from importlib import resources
from pathlib import Path

import openpyxl
from click.testing import CliRunner

from kaochang.cli import main

SAMPLE = Path(str(resources.files("question_bank") / "samples" / "sgy-tujian"))
FILES = (
    "--items", str(SAMPLE / "items.csv"),
    "--outline", str(SAMPLE / "outline.csv"),
    "--blueprint", str(SAMPLE / "blueprint-s3a.toml"),
)  # fmt: skip


def _draw(*options: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["bank", "draw", *options])
    return result.exit_code, result.output


def test_says_how_alike_the_papers_are() -> None:
    code, text = _draw(*FILES, "--papers", "12", "--json")
    told = json.loads(text)
    assert code == 0
    [report] = told["report"]
    assert report["papers"] == 12
    assert report["expected"]["highest"] - report["expected"]["lowest"] <= 200
    assert report["neighbour_overlap_max"] <= told["overlap_max"]
    assert told["reasons"] == []


def test_the_same_seed_draws_the_same_and_another_other_papers(tmp_path: Path) -> None:
    def papers(seed: str, name: str) -> list[tuple[object, ...]]:
        code, _ = _draw(*FILES, "--papers", "3", "--seed", seed, "--out", str(tmp_path / name))
        assert code == 0
        rows = openpyxl.load_workbook(tmp_path / name)["试卷 papers"].iter_rows(values_only=True)
        return [tuple(row) for row in rows][1:]

    first = papers("骰子 3 1 4", "a.xlsx")
    assert first == papers("骰子 3 1 4", "b.xlsx")
    assert first != papers("骰子 3 1 5", "c.xlsx")
    assert len(first) == 3 * 80 or len(first) == 3 * 60


def test_a_bank_that_cannot_fill_is_told_in_sentences(tmp_path: Path) -> None:
    blueprint = tmp_path / "b.toml"
    blueprint.write_text(
        'code = "B"\ntitle = "试卷"\noutline = "sgy-tujian"\nfull_score = 100000\n'
        '[[sections]]\ntitle = "排序题"\nkind = "ordering"\ncount = 100\nscore_each = 1000\n'
    )
    code, text = _draw(*FILES[:4], "--blueprint", str(blueprint))
    assert code == 1
    assert "needs 100 ordering items, at best 0" in text


def test_problems_of_files_are_named(tmp_path: Path) -> None:
    blueprint = tmp_path / "b.toml"
    blueprint.write_text("code = 1")
    code, text = _draw(*FILES[:4], "--blueprint", str(blueprint))
    assert (code, "b.toml: code" in text) == (1, True)
    items = tmp_path / "items.csv"
    items.write_text("题型,题干,选项A,选项B,正确答案\n单选题,问,甲,乙,D\n")
    code, text = _draw("--items", str(items), *FILES[2:])
    assert (code, "items.csv: 1 problems" in text) == (1, True)
