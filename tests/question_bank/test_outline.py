import pytest
from pydantic import ValidationError

from question_bank.outline import AssessmentPoint, ContentOutline, Importance, Range
from tests.question_bank.builders import make_outline


def test_lists_leaves_with_their_parents_and_points_in_order() -> None:
    outline = make_outline(tops=2, subs=1, leaves=2, points=2)
    assert [tuple(each.code for each in path) for path in outline.leaves()][:2] == [
        ("1", "1.1", "1.1.1"),
        ("1", "1.1", "1.1.2"),
    ]
    assert [point.code for point in outline.points][:3] == ["1.1.1-00", "1.1.1-01", "1.1.2-00"]


def test_comes_back_equal_from_json() -> None:
    outline = make_outline()
    assert ContentOutline.model_validate_json(outline.model_dump_json()) == outline


class TestRefuses:
    def _outline(self, weight: int = 10_000, leaf_weight: int = 10_000, codes: str = "abc") -> ContentOutline:
        points = tuple(AssessmentPoint(code=code, name="点", importance=Importance.X) for code in codes)
        leaf = Range(code="1.1.1", name="三", weight=leaf_weight, points=points)
        second = Range(code="1.1", name="二", weight=weight, children=(leaf,))
        return ContentOutline(
            code="O", title="细目表", ranges=(Range(code="1", name="一", weight=weight, children=(second,)),)
        )

    def test_nothing_wrong(self) -> None:
        assert len(self._outline().points) == 3

    def test_a_top_level_that_is_not_a_hundred(self) -> None:
        with pytest.raises(ValidationError, match="weigh 9000"):
            self._outline(weight=9_000)

    def test_children_that_do_not_sum_to_their_parent(self) -> None:
        with pytest.raises(ValidationError, match=r"1\.1: children weigh 9999"):
            self._outline(leaf_weight=9_999)

    def test_codes_that_stand_twice(self) -> None:
        with pytest.raises(ValidationError, match="twice: a"):
            self._outline(codes="aba")

    def test_a_leaf_without_points(self) -> None:
        with pytest.raises(ValidationError, match="hold points"):
            self._outline(codes="")
