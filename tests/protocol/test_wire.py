"""The reader takes one JSON object that every parser understands alike, and says what is wrong with all else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import wire
from protocol.limits import DEPTH_MAX

LIMIT = 65_536


def nested(depth: int) -> str:
    """An object ``depth`` levels deep, the outermost counted."""
    return '{"a":' * (depth - 1) + "{}" + "}" * (depth - 1)


REFUSED = {
    "duplicate key": '{"a":1,"a":1}',
    "duplicate key inside": '{"a":[{"b":1,"c":2,"b":3}]}',
    "duplicate key written differently": '{"a":1,"\\u0061":2}',
    "escaped lone surrogate": '{"a":"\\ud800"}',
    "escaped lone surrogate as a key": '{"\\udfff":1}',
    "surrogates in the wrong order": '{"a":"\\udc00\\ud800"}',
    "lone surrogate": '{"a":"\ud800"}',
    "surrogate as UTF-8": b'{"a":"\xed\xa0\x80"}',
    "overlong UTF-8": b'{"a":"\xc0\xaf"}',
    "NaN": '{"a":NaN}',
    "Infinity": '{"a":Infinity}',
    "-Infinity": '{"a":-Infinity}',
    "a number past a double": '{"a":1e999}',
    "an integer past a double": '{"a":9007199254740992}',
    "a negative integer past a double": '{"a":-9007199254740992}',
    "thousands of digits": '{"a":' + "9" * 5_000 + "}",
    "leading zero": '{"a":01}',
    "trailing bytes": '{"a":1}x',
    "a second value": '{"a":1}{"a":1}',
    "trailing NUL": '{"a":1}\x00',
    "BOM": "\ufeff{}",
    "BOM as bytes": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "one level too deep": nested(DEPTH_MAX + 1),
    "arrays too deep": '{"a":' + "[" * DEPTH_MAX + "]" * DEPTH_MAX + "}",
    "deeper than any stack": "[" * 60_000,
    "single quotes": "{'a':1}",
    "a comment": '{"a":1/**/}',
    "a trailing comma": '{"a":1,}',
    "a control character": '{"a":"\x01"}',
    "an array": "[1]",
    "a string": '"a"',
    "a number": "1",
    "null": "null",
    "nothing": "",
}


class TestRead:
    @pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
    def test_refuses(self, text: str | bytes) -> None:
        with pytest.raises(wire.Malformed) as refusal:
            wire.read(text, bytes_max=LIMIT)
        str(refusal.value).encode()

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ('{"a":9007199254740991,"b":-9007199254740991}', {"a": 2**53 - 1, "b": -(2**53) + 1}),
            ('{"a":"\\ud83d\\ude00"}', {"a": "😀"}),
            ('{"a":"\\\\ud800"}', {"a": "\\ud800"}),
            ('  {"a" : 1 }\n', {"a": 1}),
            ('{"a":1.5}', {"a": 1.5}),
            ('{"名":"𠮷·"}'.encode(), {"名": "𠮷·"}),
        ],
    )
    def test_reads(self, text: str | bytes, value: dict[str, object]) -> None:
        assert wire.read(text, bytes_max=LIMIT) == value

    def test_reads_the_deepest_allowed(self) -> None:
        assert wire.read(nested(DEPTH_MAX), bytes_max=LIMIT)

    def test_wide_is_not_deep(self) -> None:
        value = {"a": [{"b": [number]} for number in range(1_000)]}
        assert wire.read(wire.write(value), bytes_max=LIMIT) == value

    def test_counts_bytes_not_characters(self) -> None:
        text = '{"a":"考场"}'
        size = len(text.encode())
        assert wire.read(text, bytes_max=size)
        with pytest.raises(wire.Malformed):
            wire.read(text, bytes_max=size - 1)


class TestNothingButMalformed:
    """Whatever comes, the one way to say no is Malformed."""

    @given(st.binary(max_size=400))
    def test_bytes(self, data: bytes) -> None:
        _read_or_malformed(data)

    @given(st.text(max_size=400))
    def test_text(self, text: str) -> None:
        _read_or_malformed(text)

    @given(
        st.lists(
            st.sampled_from(
                ['{"a":', "[", "]", "}", ",", '"\\ud800"', '"a"', "1e400", "-", "NaN", "9" * 20, ":"]
            )
        )
    )
    def test_pieces_of_json(self, pieces: list[str]) -> None:
        _read_or_malformed("".join(pieces))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-wire.INTEGER_MAX, wire.INTEGER_MAX)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text('abc名\n"\\', max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


class TestWrite:
    @given(st.dictionaries(st.text("xyz\x00\u2028", max_size=3), JSON, max_size=4))
    def test_is_read_back_and_has_one_form(self, value: dict[str, object]) -> None:
        text = wire.write(value)
        assert wire.read(text, bytes_max=LIMIT) == value
        assert wire.write(wire.read(text, bytes_max=LIMIT)) == text
        assert "\n" not in text

    def test_sorts_keys_and_leaves_no_space(self) -> None:
        assert wire.write({"b": [1, 2], "a": "考"}) == '{"a":"考","b":[1,2]}'

    def test_refuses_what_is_no_json(self) -> None:
        with pytest.raises(ValueError, match="JSON compliant"):
            wire.write({"a": float("nan")})


def _read_or_malformed(text: str | bytes) -> None:
    try:
        value = wire.read(text, bytes_max=LIMIT)
    except wire.Malformed as refusal:
        str(refusal).encode("utf-8", "backslashreplace")
    else:
        assert isinstance(value, dict)
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
