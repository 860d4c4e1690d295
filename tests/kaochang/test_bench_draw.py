"""kaochang bench draw, as typed."""

import json

from click.testing import CliRunner

from kaochang.cli import main


def _bench(*options: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["bench", "draw", *options])
    return result.exit_code, result.output


def test_prints_what_was_drawn_and_how_alike_it_is() -> None:
    code, text = _bench("--papers", "20", "--items", "40", "--bank", "1000", "--json")
    figures = json.loads(text)
    assert code == 0
    assert (figures["papers"], figures["items_per_paper"], figures["bank_items"]) == (20, 40, 1000)
    assert 0 < figures["seconds"] < 60
    assert figures["expected_score_max"] - figures["expected_score_min"] <= 1
    assert figures["overlap_neighbours_max"] <= figures["overlap_max"] <= 40
    assert 1 <= figures["exposure_max"] <= 20


def test_a_bank_that_is_too_small_is_refused_in_a_sentence() -> None:
    code, text = _bench("--papers", "2", "--items", "100", "--bank", "50")
    assert code == 1
    assert "at best" in text
