"""What the page says and the station cannot read."""

import json

import pytest

from station.page import read_message


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "sign_in", "ticket": "T" * 50, "document": "420111197005121237"},
        {"type": "sign_in", "ticket": "T1", "document": "420111197005121237", "more": "张三"},
        {"type": "unheard of", "document": "420111197005121237", "name": "张三"},
    ],
)
def test_what_was_typed_stands_in_no_log(wrong: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    assert read_message(json.dumps(wrong)) is None
    assert "the page said what is no message" in caplog.text
    assert "420111197005121237" not in caplog.text
    assert "张三" not in caplog.text
