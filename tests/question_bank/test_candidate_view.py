import json

from question_bank.candidate_view import seen_paper
from question_bank.items import Kind
from question_bank.papers import Slot
from tests.question_bank.builders import make_blueprint, make_item


def _seen() -> dict[str, object]:
    items = {
        ("T-CODE", 1): make_item("T-CODE", Kind.TRUE_FALSE, stem="判断", solution="SECRET-SOLUTION"),
        ("S-CODE", 3): make_item(
            "S-CODE", version=3, stem="单选", options=("甲", "乙", "丙"), solution="SECRET-SOLUTION"
        ),
    }
    slots = (Slot(1, 0, "T-CODE", 1, (0, 1)), Slot(2, 1, "S-CODE", 3, (2, 0, 1)))
    return dict(seen_paper(make_blueprint(1, 1, 0, each=500), slots, items))


def test_shows_options_in_displayed_order_under_natural_letters() -> None:
    sections = _seen()["sections"]
    assert isinstance(sections, list)
    assert sections[1]["items"] == [
        {
            "number": 2,
            "kind": "single",
            "markup": "text",
            "stem": "单选",
            "options": [
                {"letter": "A", "text": "丙"},
                {"letter": "B", "text": "甲"},
                {"letter": "C", "text": "乙"},
            ],
            "premises": [],
            "blanks": 0,
            "case": None,
            "score": 500,
        }
    ]
    assert (sections[0]["max_score"], sections[0]["rule"]) == (500, "all_or_nothing")


def test_holds_no_key_no_solution_and_no_code() -> None:
    told = json.dumps(_seen(), ensure_ascii=False)
    for secret in ("key", "SECRET", "CODE", "solution", "difficulty", "answer"):
        assert secret not in told
