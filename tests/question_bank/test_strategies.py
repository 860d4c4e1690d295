"""What the other tests draw from is what an import could have left."""

from hypothesis import HealthCheck, given, settings

from question_bank.importing.sanitising import sanitised
from question_bank.items import Item
from tests.question_bank.strategies import PICTURES, items


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(items())
def test_items_are_whole_and_their_html_is_settled(item: Item) -> None:
    assert Item.model_validate_json(item.model_dump_json()) == item
    assert set(item.pictures) <= set(PICTURES)
    for asked in (item, *item.parts):
        if asked.markup == "html":
            assert sanitised(asked.stem) == asked.stem
