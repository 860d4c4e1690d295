import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.items import CHOICES, Item, Kind, code_from_content
from tests.question_bank.builders import make_item


class TestItem:
    @pytest.mark.parametrize("kind", sorted(CHOICES))
    def test_comes_back_equal_from_json(self, kind: Kind) -> None:
        item = make_item(kind=kind, difficulty=65, score=50, point="A-01", solution="因为")
        assert Item.model_validate_json(item.model_dump_json()) == item

    @pytest.mark.parametrize(
        "values",
        [
            {"key": (4,)},
            {"key": (-1,)},
            {"key": ()},
            {"key": (0, 1)},
            {"stem": "  "},
            {"options": ("一", " ")},
            {"options": ("一",)},
            {"options": tuple("一二三四五六七八九")},
            {"difficulty": 101},
            {"score": 0},
        ],
    )
    def test_refuses_what_no_paper_could_hold(self, values: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            make_item(**values)

    @pytest.mark.parametrize("key", [(2, 0), (0, 0)])
    def test_refuses_a_key_out_of_order_or_twice(self, key: tuple[int, ...]) -> None:
        with pytest.raises(ValidationError):
            make_item(kind=Kind.MULTIPLE, key=key)

    def test_refuses_a_true_false_item_with_other_options(self) -> None:
        with pytest.raises(ValidationError):
            make_item(kind=Kind.TRUE_FALSE, options=("错误", "正确"))


class TestDigest:
    def test_names_everything(self) -> None:
        item = make_item()
        changes: list[dict[str, object]] = [
            {"key": (2,)}, {"version": 2}, {"solution": "x"}, {"point": "A"}, {"difficulty": 1}, {"stem": "y"},
        ]  # fmt: skip
        digests = {make_item(**change).digest() for change in changes} | {item.digest()}
        assert len(digests) == len(changes) + 1
        assert make_item().digest() == item.digest()


class TestShufflable:
    @pytest.mark.parametrize(
        "last",
        [
            "以上都是",
            "以上说法都正确",
            "上述各项均不正确",
            "都正确",
            "A和B都对",
            "A、C",
            "AB项",
            "All of the above",
        ],
    )
    def test_keeps_options_that_speak_of_the_others(self, last: str) -> None:
        assert not make_item(options=("甲", "乙", "丙", last)).shufflable

    @pytest.mark.parametrize(
        "option", ["以人为本", "A级防火门", "HRB400", "C30混凝土", "全部受力钢筋", "0.5 m 以上"]
    )
    def test_shuffles_everything_else(self, option: str) -> None:
        assert make_item(options=("甲", "乙", "丙", option)).shufflable

    def test_keeps_options_a_stem_speaks_of(self) -> None:
        assert not make_item(stem="选项A与选项B相比").shufflable

    def test_never_turns_true_and_false(self) -> None:
        assert not make_item(kind=Kind.TRUE_FALSE).shufflable


class TestCodeFromContent:
    @given(st.text(min_size=1), st.lists(st.text(), min_size=2, max_size=4))
    def test_is_the_same_for_full_width_and_spaced_forms(self, stem: str, options: list[str]) -> None:
        spaced = " ".join(stem)
        texts = tuple(options)
        assert code_from_content(Kind.SINGLE, stem, texts) == code_from_content(
            Kind.SINGLE, f" {stem}\n", texts
        )
        assert code_from_content(Kind.SINGLE, "ＡＢ 1", texts) == code_from_content(Kind.SINGLE, "AB1", texts)
        assert len(code_from_content(Kind.SINGLE, spaced, texts)) == 16
