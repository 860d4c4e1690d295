"""How an answer reads on one line of a timeline."""

import pytest

from protocol.entry import compose
from protocol.station_entries import AnswerSaved
from server.live.timeline import RESPONSE_CHARS, line
from server.writer.day import Recorded


def _said(*response: str, answers: bool = True) -> object:
    body = AnswerSaved(slot=1, response=list(response))
    entry = compose(None, "s1", 1_780_000_000_000, "answer.saved", body.to_json())
    recorded = Recorded(1, entry, body, "s1", "a1", entry.at, None, True)
    return line(recorded, lambda _: None, answers=answers, scores=True).facts["response"]


@pytest.mark.parametrize(
    ("response", "shown"),
    [
        (("A", "C"), "AC"),
        (("B", "", "A"), "B | — | A"),
        (("24", "36"), "24 | 36"),
        (("先断电，\n再救人。",), "先断电， 再救人。"),
        ((), ""),
    ],
)
def test_letters_stand_together_and_texts_apart(response: tuple[str, ...], shown: str) -> None:
    assert _said(*response) == shown


def test_a_long_text_is_cut_to_a_glance() -> None:
    said = _said("字" * 2_000)
    assert isinstance(said, str)
    assert len(said) == RESPONSE_CHARS
    assert said.endswith("…")


def test_who_may_not_read_answers_reads_none() -> None:
    assert _said("先断电", answers=False) == ""
