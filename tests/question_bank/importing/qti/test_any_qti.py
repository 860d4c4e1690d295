"""Whatever is in a QTI file, the answer is a reading: never an exception, never an item lost in silence."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.exporting.qti import write_qti
from question_bank.importing.bank_file import BankReading
from question_bank.importing.qti import is_qti, read_qti
from question_bank.items import Item
from tests.question_bank.importing.qti.packing import (
    choice,
    in_v3,
    item_xml,
    manifest,
    packed,
    resource,
    response,
)
from tests.question_bank.importing.qti.test_reading import ENTRY, GAPS, MATCH, VARIABLE, inline, processing
from tests.question_bank.strategies import PICTURES, items

OFTEN = settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))

BODIES = [
    choice("甲", "<b>乙</b>"), ENTRY, MATCH, GAPS, f"<p>{inline('R', '甲', '乙')}</p>", "<p>____</p>", "<rubricBlock/>",
    '<extendedTextInteraction responseIdentifier="R"/>', '<sliderInteraction responseIdentifier="R"/>', "<prompt/>",
    choice("甲", "乙").replace("choice", "order"), "<hottextInteraction responseIdentifier='R'/>", "<math/>", "$x$",
    '<feedbackBlock identifier="solution"><p>因</p></feedbackBlock>', "<img/>", "<object data='x'/>", "<svg/>",
]  # fmt: skip
BEFORE = [
    response("A"), response("B", "A", cardinality="ordered"),
    response("W G1", "S G2", cardinality="multiple", base="directedPair"),
    response("A D", "B E", cardinality="multiple", base="directedPair"), response("7", base="float"), response("甲"),
    response(), response("甲", base="string", mapping='<mapEntry mapKey="乙" mappedValue="x"/><mapEntry/>'),
    '<outcomeDeclaration identifier="MAXSCORE"><defaultValue><value>1e99</value></defaultValue></outcomeDeclaration>',
    "<assessmentStimulusRef/>", "<responseDeclaration/>",
]  # fmt: skip
AFTER = [
    *(
        processing(f'<equal toleranceMode="relative" tolerance="{tolerance}">{VARIABLE}</equal>')
        for tolerance in ("", "x", "1e9", "-1")
    ),
    "<modalFeedback/>",
    "<responseProcessing/>",
    processing(f'<equalRounded figures="99">{VARIABLE}</equalRounded>'),
]


def accounted(reading: BankReading) -> None:
    """Every item there is was read or has a problem."""
    if len(reading.items) < reading.rows:
        assert reading.problems
    assert reading.items or reading.problems


@OFTEN
@given(
    st.lists(st.sampled_from(BEFORE), max_size=3),
    st.lists(st.sampled_from(BODIES), max_size=4),
    st.lists(st.sampled_from(AFTER), max_size=2),
)
def test_any_item_put_together(before: list[str], body: list[str], after: list[str]) -> None:
    raw = item_xml("".join(before), "".join(body), "".join(after))
    old, new = read_qti(raw), read_qti(in_v3(raw))
    accounted(old)
    assert [problem.code for problem in old.problems] == [problem.code for problem in new.problems]
    assert [item.model_dump() for item in old.items] == [item.model_dump() for item in new.items]


@OFTEN
@given(items(), st.data())
def test_an_item_with_a_piece_taken_out(item: Item, data: st.DataObject) -> None:
    raw = write_qti([item], PICTURES)
    accounted(read_qti(raw))
    start = data.draw(st.integers(0, len(raw)))
    cut = data.draw(st.integers(0, 40))
    damaged = raw[:start] + data.draw(st.binary(max_size=6)) + raw[start + cut :]
    is_qti(damaged)
    accounted(read_qti(damaged))


@OFTEN
@given(st.sampled_from(BODIES), st.data())
def test_an_item_with_a_tag_or_attribute_gone(body: str, data: st.DataObject) -> None:
    text = item_xml(BEFORE[0], body + choice("甲", "乙"), AFTER[0]).decode()
    pieces = re.split(r'(<[^>]*>|\s\w+="[^"]*")', text)
    gone = data.draw(st.sets(st.integers(0, len(pieces) - 1), max_size=3))
    raw = "".join(piece for place, piece in enumerate(pieces) if place not in gone).encode()
    accounted(read_qti(raw))
    is_qti(raw)


@OFTEN
@given(st.binary(max_size=200))
def test_any_bytes(noise: bytes) -> None:
    for raw in (noise, b"<assessmentItem>" + noise, b"PK\x03\x04" + noise):
        accounted(read_qti(raw))
        is_qti(raw)
    listed = manifest(resource("a.xml"), resource("b.xml"))
    accounted(
        read_qti(
            packed(
                {
                    "imsmanifest.xml": listed,
                    "a.xml": noise,
                    "b.xml": item_xml(response("A"), choice("甲", "乙")),
                }
            )
        )
    )
    accounted(read_qti(packed({"imsmanifest.xml": noise, "a.xml": item_xml()})))
