"""A journal file is whole or refused; a fault in one stream costs no other."""

import pytest

from protocol import journal_file
from protocol.entry import Entry, compose
from protocol.journal_file import BadJournalFile
from protocol.keys import SigningKey
from protocol.shapes import HeadRef
from protocol.witness import sign_head

AT = 1_780_000_000_000
KEY = SigningKey.generate()


def stream(name: str, answers: int) -> list[Entry]:
    body = {"author": "station", "station": "st1", "session": "s1", "attempt": "a1", "key": KEY.public}
    entries = [compose(None, name, AT, "stream.opened", {**body, "follows": None, "reason": "sign_in"})]
    for slot in range(1, answers + 1):
        entries.append(
            compose(entries[-1].head, name, AT + slot, "answer.saved", {"slot": slot, "response": ["A"]})
        )
    return entries


def file_of(*streams: list[Entry], heads: list[tuple[str, str]] | None = None) -> bytes:
    texts = [entry.text for one in streams for entry in one]
    return journal_file.write("st1", AT, "0.1.0", texts, [("x.ndjson", 4, "not JSON")], heads or [])


class TestRead:
    def test_gives_back_every_stream_with_its_exact_texts(self) -> None:
        one, two = stream("one", 3), stream("two", 2)
        signed = sign_head(KEY, HeadRef(**one[-1].head.to_json()), None, AT)
        found = journal_file.read(file_of(one, two, heads=[signed]))
        assert [[entry.text for entry in part.entries] for part in found.streams] == [
            [entry.text for entry in part] for part in (one, two)
        ]
        assert found.station == "st1"
        assert found.faults == ["x.ndjson:4: not JSON"]
        assert found.heads[0].read is not None
        assert found.heads[0].read.head.hash == one[-1].hash

    def test_a_signature_of_another_key_is_no_witness(self) -> None:
        one = stream("one", 1)
        signed = sign_head(SigningKey.generate(), HeadRef(**one[-1].head.to_json()), None, AT)
        assert journal_file.read(file_of(one, heads=[signed])).heads[0].read is None

    def test_a_stream_with_a_gap_counts_up_to_it(self) -> None:
        one, two = stream("one", 4), stream("two", 2)
        del one[2]
        found = journal_file.read(file_of(one, two))
        assert [len(part.entries) for part in found.streams] == [2, 3]
        assert "does not follow" in str(found.streams[0].fault)

    def test_every_flipped_byte_is_noticed(self) -> None:
        whole = file_of(stream("one", 2))
        for place in range(len(whole)):
            changed = bytearray(whole)
            changed[place] ^= 0x01
            with pytest.raises(BadJournalFile):
                journal_file.read(bytes(changed))

    def test_a_file_cut_anywhere_is_refused_with_what_to_do(self) -> None:
        whole = file_of(stream("one", 2))
        for size in range(0, len(whole) - 1, 11):
            with pytest.raises(BadJournalFile):
                journal_file.read(whole[:size])
        with pytest.raises(BadJournalFile, match="export it again"):
            journal_file.read(whole[:-1])
