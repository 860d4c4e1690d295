"""An entry is its exact text; a chain holds from its first to its last, or not at all."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import limits, wire
from protocol.entry import GENESIS, BadEntry, Entry, Head, compose, digest, follows, parse

AT = 1_780_000_000_000
GOOD = {
    "at": AT,
    "body": {"slot": 1},
    "prev": GENESIS,
    "seq": 0,
    "stream": "st-1",
    "type": "answer.saved",
    "v": 1,
}


def changed(**fields: object) -> str:
    return wire.write({**GOOD, **fields})


def chain(length: int) -> list[Entry]:
    entries = [compose(None, "st-1", AT, "stream.opened", {})]
    while len(entries) < length:
        entries.append(
            compose(entries[-1].head, "st-1", AT + len(entries), "answer.saved", {"slot": len(entries)})
        )
    return entries


class TestParse:
    def test_reads_what_compose_wrote(self) -> None:
        for entry in chain(3):
            assert parse(entry.text) == entry

    def test_keeps_the_text_verbatim(self) -> None:
        text = json.dumps(GOOD)
        entry = parse(text)
        assert entry.text == text
        assert entry.hash == digest(text) != digest(wire.write(GOOD))

    @given(
        at=st.integers(-1, 10**17),
        seq=st.integers(-1, limits.STREAM_ENTRIES_MAX + 1),
        version=st.integers(-1, 3),
        body=st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=6) | st.lists(st.text(max_size=3))),
        kind=st.sampled_from(["answer.saved", "", "a b"]),
        tail=st.sampled_from(["", "}", " ", ',"v":1}']),
    )
    def test_reads_the_same_whichever_way_it_takes(
        self, at: int, seq: int, version: int, body: dict[str, object], kind: str, tail: str
    ) -> None:
        text = wire.write({**GOOD, "at": at, "seq": seq, "v": version, "body": body, "type": kind}) + tail
        # A space after the first brace changes nothing for JSON, and is not how entries are written.
        spaced = text.replace("{", "{ ", 1)
        try:
            other = parse(spaced)
        except BadEntry:
            with pytest.raises(BadEntry):
                parse(text)
            return
        assert replace(other, text=text, hash=digest(text)) == parse(text)

    @pytest.mark.parametrize("key", ["slot", "at"])
    def test_refuses_a_key_that_stands_twice(self, key: str) -> None:
        text = changed(body={"slot": 1})
        with pytest.raises(BadEntry, match="twice"):
            parse(text.replace(f'"{key}":', f'"{key}":1,"{key}":', 1))

    @pytest.mark.parametrize("levels", [limits.DEPTH_MAX - 2, limits.DEPTH_MAX - 1, limits.DEPTH_MAX])
    def test_counts_depth_from_the_envelope(self, levels: int) -> None:
        text = changed(body={"deep": 0}).replace("0}", "[" * levels + "]" * levels + "}", 1)
        if levels + 2 <= limits.DEPTH_MAX:
            assert parse(text).text == text
        else:
            with pytest.raises(BadEntry, match="nested"):
                parse(text)

    @pytest.mark.parametrize(
        "text",
        [
            changed(extra=1),
            wire.write({key: value for key, value in GOOD.items() if key != "v"}),
            changed(stream=""),
            changed(stream="st 1"),
            changed(stream="st-1\n"),
            changed(stream="s" * (limits.ID_CHARS_MAX + 1)),
            changed(stream=7),
            changed(seq=-1),
            changed(seq=limits.STREAM_ENTRIES_MAX),
            changed(seq=True),
            changed(seq=1.0),
            changed(prev="0" * 63),
            changed(prev="0" * 64 + "\n"),
            changed(prev="F" * 64),
            changed(prev=None),
            changed(at=-1),
            changed(at=True),
            changed(at=1.5),
            changed(at=str(AT)),
            changed(type="answer saved"),
            changed(type="answer.saved\n"),
            changed(type=None),
            changed(v=0),
            changed(v=True),
            changed(v="1"),
            changed(body=[]),
            changed(body=None),
            changed(body={"text": "x" * limits.ENTRY_BYTES_MAX}),
            json.dumps(GOOD, indent=1),
            wire.write(GOOD) + "\n",
            "[]",
            "",
            "\ud800",
        ],
    )
    def test_refuses(self, text: str) -> None:
        with pytest.raises(BadEntry):
            parse(text)

    @given(st.text(max_size=300))
    def test_says_nothing_but_bad_entry(self, text: str) -> None:
        with pytest.raises(BadEntry):
            parse(text)

    @given(
        st.fixed_dictionaries(
            {
                key: st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just({})
                for key in GOOD
            }
        )
    )
    def test_says_nothing_but_bad_entry_of_any_fields(self, fields: dict[str, object]) -> None:
        try:
            entry = parse(json.dumps(fields))
        except BadEntry:
            return
        assert wire.read(entry.text, bytes_max=limits.ENTRY_BYTES_MAX) == fields


class TestFollows:
    def test_a_chain_follows_itself(self) -> None:
        entries = chain(5)
        assert follows(entries[0], None)
        assert all(follows(two, one.head) for one, two in pairwise(entries))

    @pytest.mark.parametrize(
        "after",
        [
            Head("st-1", 0, chain(2)[0].hash),
            Head("st-1", 1, chain(2)[0].hash),
            Head("st-2", 1, chain(2)[1].hash),
            Head("st-1", 2, chain(2)[1].hash),
            None,
        ],
    )
    def test_nothing_else_does(self, after: Head | None) -> None:
        assert not follows(chain(3)[2], after)

    def test_a_first_entry_names_no_hash_before_it(self) -> None:
        assert not follows(parse(changed(prev="1" * 64)), None)
        assert not follows(parse(changed(seq=1)), None)

    @given(st.integers(0, 7), st.data())
    def test_one_changed_byte_breaks_the_chain(self, place: int, data: st.DataObject) -> None:
        entries = chain(8)
        text = entries[place].text
        at = data.draw(st.integers(0, len(text) - 1))
        other = data.draw(st.characters(codec="ascii").filter(lambda char: char != text[at]))
        try:
            forged = parse(text[:at] + other + text[at + 1 :])
        except BadEntry:
            return
        assert forged.hash != entries[place].hash
        if place < 7:
            assert not follows(entries[place + 1], forged.head)
