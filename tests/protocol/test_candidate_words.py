"""No type that reaches a seat or its page has a field that could hold a key."""

import inspect
import types
from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic import BaseModel

from protocol import page, paper, seat, to_station
from protocol.shapes import Closed

MODULES = (paper, seat, page, to_station)

ALLOWED = {
    "AnswerState": {"response"},
    "HeldAnswer": {"response"},
    "SignedIn": {"capture_secret", "rules_acknowledged"},
    "Order": {"paper_key"},
    "Welcome": {"room_key"},
    "Refused": {"code"},
    "Receipt": {"answered"},
    "Answer": {"response"},
    "AnswersSaved": {"answers"},
    "SeatView": {"answers"},
}
"""What a candidate answered, and keys of other kinds: the sealed paper's after the start, the room's public one."""

SUSPECT = (
    "key",
    "answer",
    "correct",
    "right",
    "solution",
    "explanation",
    "analysis",
    "response",
    "difficulty",
    "importance",
    "point",
    "score_rule",
    "secret",
    "scoring",
    "code",
    "item_id",
)


def models() -> Iterator[type[BaseModel]]:
    """Every closed type these modules define or reach through their fields."""
    waiting: list[type[BaseModel]] = [
        member
        for module in MODULES
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Closed) and member is not Closed
    ]
    seen: set[type[BaseModel]] = set()
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue
        seen.add(model)
        yield model
        for field in model.model_fields.values():
            waiting += _models_in(field.annotation)


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if inspect.isclass(annotation) and not isinstance(annotation, types.GenericAlias):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for part in get_args(annotation) for model in _models_in(part)]


EVERY = sorted(models(), key=lambda model: (model.__module__, model.__name__))


@pytest.mark.parametrize("model", EVERY, ids=lambda model: f"{model.__module__}.{model.__name__}")
class TestEveryModel:
    def test_has_no_field_named_like_a_key(self, model: type[BaseModel]) -> None:
        suspicious = {name for name in model.model_fields if any(word in name for word in SUSPECT)}
        assert suspicious <= ALLOWED.get(model.__name__, set())

    def test_is_closed_and_holds_no_open_field(self, model: type[BaseModel]) -> None:
        assert model.model_config.get("extra") == "forbid"
        for name, field in model.model_fields.items():
            said = str(field.annotation)
            assert not any(open_type in said for open_type in ("Any", "dict", "object", "Mapping")), name


class TestTheWalk:
    def test_reaches_the_items_of_a_paper(self) -> None:
        assert {paper.SeatItem, paper.SeatOption, paper.SealedPaper, seat.SeatPolicy, page.SeatView} <= set(
            EVERY
        )

    def test_an_item_is_what_is_shown_of_it(self) -> None:
        assert set(paper.SeatItem.model_fields) == {
            "slot",
            "kind",
            "markup",
            "stem",
            "options",
            "premises",
            "blanks",
            "case",
            "score",
        }
        assert set(paper.SeatOption.model_fields) == {"letter", "text"}
        assert set(paper.SeatSection.model_fields) == {"title", "kind", "score_each", "cases", "items"}
        assert set(paper.SeatCase.model_fields) == {"markup", "stem"}
        assert set(paper.SeatPaper.model_fields) == {
            "attempt",
            "subject",
            "max_score",
            "duration_ms",
            "sections",
            "pictures",
        }
