"""The templates handed out: what they show as examples imports as they say."""

import io

import openpyxl
import pytest

from question_bank.exporting.templates import LAYOUTS
from question_bank.importing import read_bank
from question_bank.items import Kind


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_examples_import_clean_and_show_every_kind(layout: str) -> None:
    reading = read_bank(LAYOUTS[layout]())
    assert (reading.problems, reading.warnings) == ((), ())
    assert [item.kind for item in reading.items] == list(Kind)
    assert {part.kind for item in reading.items for part in item.parts} == {Kind.TRUE_FALSE, Kind.SINGLE}


def test_both_layouts_ask_the_same() -> None:
    by_item, by_option = (read_bank(LAYOUTS[layout]()).items for layout in ("item", "option"))
    assert [item.stem for item in by_item] == [item.stem for item in by_option]
    assert [[blank.accepted for blank in item.blanks] for item in by_item] == [
        [blank.accepted for blank in item.blanks] for item in by_option
    ]
    for one, other in zip(by_item, by_option, strict=True):
        assert [one.options[place] for place in one.key] == [other.options[place] for place in other.key]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_kinds_and_difficulties_are_offered_and_explained(layout: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(LAYOUTS[layout]()))
    offered = [each.formula1 for each in book["试题"].data_validations.dataValidation]
    assert any("案例题" in each for each in offered)
    assert any("较难" in each for each in offered)
    about = [cell for row in book["填写说明"].iter_rows(values_only=True) for cell in row]
    assert any("A file is taken whole" in str(cell) or "One row is one option" in str(cell) for cell in about)
    assert all(about)
