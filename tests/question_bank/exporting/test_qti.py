"""A bank written as QTI is the same bank when read again, and an ordinary package for everybody else."""

import io
import re
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from question_bank.blanks import Blank
from question_bank.exporting.qti import write_qti
from question_bank.exporting.xhtml import ExportError
from question_bank.importing.qti import is_qti, read_qti
from question_bank.items import Item, Kind
from tests.question_bank.builders import make_item
from tests.question_bank.strategies import PICTURES, banks, items

OFTEN = settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))


def again(written: list[Item]) -> list[Item]:
    reading = read_qti(write_qti(written, PICTURES))
    # Made-up items may well repeat a question; that is another test's story.
    problems = [each for each in reading.problems if each.code not in ("duplicate_item", "contradicting_key")]
    assert [(each.code, each.found) for each in problems] == []
    assert all(PICTURES[name] == picture for name, picture in reading.pictures.items())
    return list(reading.items)


def foreign(written: list[Item]) -> list[Item]:
    """The package as somebody reads it who knows nothing of us."""
    stripped = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_qti(written, PICTURES))) as source,
        zipfile.ZipFile(stripped, "w") as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == "imsmanifest.xml":
                data = re.sub(
                    rb"<kaochang:item.*?</kaochang:item>|<kaochang:item[^>]*/>", b"", data, flags=re.DOTALL
                )
            target.writestr(name, data)
    return list(read_qti(stripped.getvalue()).items)


class TestRoundTrip:
    @OFTEN
    @given(banks())
    def test_gives_equal_items(self, bank: list[Item]) -> None:
        assert again(bank) == bank

    @pytest.mark.parametrize(
        "stem",
        ["  a  b ", "a\n\nb", "\tc", "$x$ \\(y\\)", "<b>&amp;</b>", "]]>", "_____", "a\u00a0b\u3000", "a\rb"],
    )
    def test_keeps_every_character_of_a_text(self, stem: str) -> None:
        item = make_item(stem=stem, solution=stem)
        assert again([item]) == [item]

    def test_keeps_blanks_the_stem_does_not_show(self) -> None:
        for stem in ("无", "一____", "____ ____ ____"):
            blanks = (Blank(accepted=("a",)), Blank(number="１，000", tolerance="0.5", accepted=(" b ",)))
            item = Item(code="Q", kind=Kind.FILL_IN, stem=stem, blanks=blanks)
            assert again([item]) == [item]

    def test_is_the_same_file_every_time(self) -> None:
        bank = [make_item("Q1"), make_item("甲 2", Kind.MULTIPLE)]
        assert write_qti(bank, {}) == write_qti(bank, {})

    def test_an_item_changed_elsewhere_is_read_as_it_stands(self) -> None:
        raw, changed = write_qti([make_item("Q1", point="A-01")], {}), io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(changed, "w") as target:
            for name in source.namelist():
                data = source.read(name).replace(b"<qti-value>B</qti-value>", b"<qti-value>C</qti-value>")
                target.writestr(name, data)
        (item,) = read_qti(changed.getvalue()).items
        assert (item.key, item.point, item.code) == ((2,), "", "Q1")


class TestForOthers:
    @OFTEN
    @given(items(kinds=(Kind.TRUE_FALSE, Kind.SINGLE, Kind.MULTIPLE, Kind.ORDERING, Kind.MATCHING)))
    def test_kind_and_key_are_told_by_the_item_alone(self, item: Item) -> None:
        read = foreign([item])
        # Options that differ in white space or case of a formula only are the same to a reader.
        for other in read:
            assert (other.key, len(other.options)) == (item.key, len(item.options))
            assert other.kind in (item.kind, Kind.TRUE_FALSE)

    def test_words_and_numbers_of_blanks_are_told(self) -> None:
        blanks = (Blank(accepted=("甲", "乙")), Blank(number="3.14", tolerance="0.01"))
        (read,) = foreign([Item(code="Q", kind=Kind.FILL_IN, stem="____和____", blanks=blanks)])
        assert (read.stem, read.blanks) == ("____和____", blanks)

    def test_a_case_stays_one(self) -> None:
        parts = (
            make_item("C-1", Kind.TRUE_FALSE),
            Item(code="C-2", kind=Kind.SHORT_ANSWER, stem="为什么？", reference="因为"),
        )
        (read,) = foreign(
            [Item(code="C", kind=Kind.CASE, stem="材料", parts=parts, solution="解析", score=600)]
        )
        assert [part.kind for part in read.parts] == [Kind.TRUE_FALSE, Kind.SHORT_ANSWER]
        assert (read.solution, read.score) == ("解析", 600)
        assert "材料" in read.stem
        assert "为什么？" in read.stem

    def test_the_package_is_whole(self) -> None:
        picture = next(iter(PICTURES))
        item = make_item(
            "甲", markup="html", stem=f'<p>图<img src="picture:{picture}" alt=""></p><math><mi>x</mi></math>'
        )
        raw = write_qti([item], PICTURES)
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            names = set(package.namelist())
            manifest = etree.fromstring(package.read("imsmanifest.xml"))
            xml = etree.fromstring(package.read("items/00001.xml"))
        listed = {str(file.get("href")) for file in manifest.iter("{*}file")}
        assert names == listed | {"imsmanifest.xml"}
        assert is_qti(raw)
        spaces = {etree.QName(element).namespace for element in xml.iter("*")}
        assert spaces == {"http://www.imsglobal.org/xsd/imsqtiasi_v3p0", "http://www.w3.org/1998/Math/MathML"}
        assert xml.get("identifier") == "item-1"


class TestRefusals:
    def test_a_picture_that_is_not_at_hand(self) -> None:
        item = make_item(markup="html", stem=f'<img src="picture:{"0" * 64}" alt="">')
        with pytest.raises(ExportError):
            write_qti([item], {})

    @pytest.mark.parametrize("field", ["stem", "code", "solution", "point"])
    def test_a_character_no_xml_can_carry(self, field: str) -> None:
        with pytest.raises(ExportError):
            write_qti([make_item(**{field: "a\x01b"})], {})
