import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.blueprint import Blueprint, BlueprintError, ScoringRule, Section, read_blueprint
from question_bank.items import Kind

S3A = """
code = "s3a"
title = "施工员"
outline = "sgy"
full_score = 10000
[[sections]]
title = "判断题"
kind = "true_false"
count = 20
score_each = 100
[[sections]]
title = "单选题"
kind = "single"
count = 40
score_each = 100
[[sections]]
title = "多选题"
kind = "multiple"
count = 20
score_each = 200
rule = "per_right"
"""


class TestReadBlueprint:
    def test_reads_sections_in_order(self) -> None:
        blueprint = read_blueprint(S3A.encode())
        assert [section.kind for section in blueprint.sections] == [
            Kind.TRUE_FALSE,
            Kind.SINGLE,
            Kind.MULTIPLE,
        ]
        assert blueprint.sections[2].rule is ScoringRule.PER_RIGHT
        assert (blueprint.items, blueprint.full_score) == (80, 10_000)

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (("count = 40", "count = 39"), "sections sum to 9900"),
            (("full_score = 10000", "full_score = 100"), "full_score"),
            (("score_each = 200", "score_each = 2.0"), "sections.3.score_each"),
            (('kind = "single"', 'kind = "essay"'), "sections.2.kind"),
            (('"per_right"', '"generous"'), "sections.3.rule"),
            (('rule = "per_right"', "colour = 1"), "sections.3.colour"),
            (("count = 20", "count = 0"), "sections.1.count"),
            (('code = "s3a"', "code = "), "TOML"),
        ],
    )
    def test_refuses_with_the_place(self, change: tuple[str, str], told: str) -> None:
        with pytest.raises(BlueprintError, match=told):
            read_blueprint(S3A.replace(*change, 1).encode())

    @given(st.binary(max_size=300))
    def test_meets_any_bytes_with_a_refusal(self, raw: bytes) -> None:
        with pytest.raises(BlueprintError):
            read_blueprint(raw)

    def test_comes_back_equal_from_json(self) -> None:
        blueprint = read_blueprint(S3A.encode())
        assert Blueprint.model_validate_json(blueprint.model_dump_json()) == blueprint


class TestSection:
    def test_refuses_half_of_an_odd_hundredth(self) -> None:
        with pytest.raises(ValidationError, match="partial"):
            Section(title="多选", kind=Kind.MULTIPLE, count=1, score_each=25, rule=ScoringRule.PARTIAL)

    def test_refuses_partial_rules_where_one_option_is_right(self) -> None:
        with pytest.raises(ValidationError, match="right in part"):
            Section(title="单选", kind=Kind.SINGLE, count=1, score_each=100, rule=ScoringRule.PER_RIGHT)
