"""A signed head is believed only as its exact text under the key of the stream's author."""

import pytest

from protocol import wire
from protocol.keys import Purpose, SigningKey
from protocol.shapes import HeadRef
from protocol.witness import STATEMENT_BYTES_MAX, read_head, sign_head

KEY, OTHER = SigningKey.generate(), SigningKey.generate()
HEAD = HeadRef(stream="st-1", seq=7, hash="1" * 64)
OFFICE = HeadRef(stream="office-1", seq=199_999, hash="2" * 64)


class TestReadHead:
    @pytest.mark.parametrize("office", [None, OFFICE])
    def test_gives_back_what_was_signed(self, office: HeadRef | None) -> None:
        statement, signature = sign_head(KEY, HEAD, office, 1_780_000_000_000)
        found = read_head(KEY.public, statement, signature)
        assert found is not None
        assert (found.head, found.office, found.at) == (HEAD, office, 1_780_000_000_000)

    def test_is_none_under_another_key_text_or_purpose(self) -> None:
        statement, signature = sign_head(KEY, HEAD, OFFICE, 1)
        assert read_head(OTHER.public, statement, signature) is None
        assert read_head(KEY.public, statement.replace('"seq":7', '"seq":8'), signature) is None
        assert read_head(KEY.public, statement, KEY.sign(Purpose.ORDER, statement)) is None

    @pytest.mark.parametrize(
        "statement",
        ["", "[]", '{"kind":"head"}', '{"kind":"head","kind":"head"}', "{}" + " " * STATEMENT_BYTES_MAX],
    )
    def test_what_is_signed_and_no_head_is_malformed(self, statement: str) -> None:
        with pytest.raises(wire.Malformed):
            read_head(KEY.public, statement, KEY.sign(Purpose.HEAD, statement))

    def test_the_longest_statement_fits_its_limit(self) -> None:
        longest = HeadRef(stream="s" * 64, seq=199_999, hash="f" * 64)
        statement, signature = sign_head(KEY, longest, longest, 2**53 - 1)
        assert len(statement) <= STATEMENT_BYTES_MAX
        assert read_head(KEY.public, statement, signature) is not None
