"""Packages as bytes and keys as people write them: round trips, and every way of being wrong."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.blueprint import Blueprint, Section
from question_bank.items import Item, Kind
from question_bank.pictures import Picture
from server.bank import package_key
from server.bank.contents import BankContents, version_name
from server.bank.package_file import MAGIC, Header, NotAPackage, inside_of, pack, read_header, unpack
from server.bank.sealing import BankSealed
from tests.question_bank.builders import make_item, make_outline

KEY = bytes(range(32))
PLAN = Blueprint(
    code="p1",
    title="方案",
    outline="b",
    full_score=1_000,
    sections=(Section(title="单选", kind=Kind.SINGLE, count=10, score_each=100),),
)
PICTURE = Picture("image/png", b"\x89PNG not really, but nobody looks inside here")


def package(items: tuple[Item, ...] | None = None, key: bytes = KEY) -> bytes:
    """A package of these items."""
    shown = make_item("P1", markup="html", stem=f'<p>图<img src="picture:{PICTURE.name}"></p>')
    held = items or (make_item("A1"), make_item("A2", version=3), shown)
    outline = make_outline()
    name = version_name(outline, (item.digest() for item in held))
    contents = BankContents("b", name, "钢筋工", True, outline, held)
    header = Header(
        package="package-1",
        bank="b",
        version=name,
        title="钢筋工",
        live=True,
        items=len(held),
        blueprints=["p1"],
        session="s1",
        not_before=5,
        made_at=1,
        digest="0" * 64,
    )
    return pack(header, inside_of(contents, (PLAN,), {PICTURE.name: PICTURE}), key)[1]


class TestFile:
    def test_opens_to_what_went_in(self) -> None:
        opened = unpack(package(), KEY)
        assert [(item.code, item.version) for item in opened.contents.items] == [
            ("A1", 1),
            ("A2", 3),
            ("P1", 1),
        ]
        assert opened.contents.outline == make_outline()
        assert opened.blueprints == {"p1": PLAN}
        assert opened.pictures == {PICTURE.name: PICTURE}
        assert opened.contents.version == opened.header.version

    def test_says_in_plain_sight_what_it_is_and_nothing_of_any_item(self) -> None:
        file = package()
        header = json.loads(file[len(MAGIC) :].split(b"\n", 1)[0])
        assert (header["session"], header["not_before"], header["items"]) == ("s1", 5, 3)
        assert "题干".encode() not in file

    def test_another_key_opens_nothing(self) -> None:
        with pytest.raises(BankSealed):
            unpack(package(), bytes(32))

    def test_a_header_that_was_changed_opens_nothing(self) -> None:
        file = package().replace(b'"not_before": 5', b'"not_before": 4')
        read_header(file)
        with pytest.raises(BankSealed):
            unpack(file, KEY)

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_any_changed_byte_is_told(self, data: st.DataObject) -> None:
        file = bytearray(package())
        at = data.draw(st.integers(0, len(file) - 1))
        file[at] ^= data.draw(st.integers(1, 255))
        with pytest.raises((NotAPackage, BankSealed)):
            unpack(bytes(file), KEY)

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=300))
    def test_whatever_the_bytes_it_is_refused_in_words(self, junk: bytes) -> None:
        for file in (junk, MAGIC + junk, MAGIC + b"{}\n" + junk, package()[: len(junk) * 7]):
            with pytest.raises(NotAPackage):
                read_header(file)


class TestKey:
    @given(st.binary(min_size=32, max_size=32), st.sampled_from([1, 2]))
    def test_a_part_is_read_as_it_was_written(self, part: bytes, number: int) -> None:
        text = package_key.written(part, number, "package-1")
        assert len(text.split()) == 14
        for typed in (text, text.lower(), text.replace(" ", ""), text.replace(" ", "-"), f" {text}\n"):
            assert package_key.read(typed, "package-1") == (number, part)

    @given(st.binary(min_size=32, max_size=32), st.integers(0, 55))
    def test_a_slip_of_the_pen_is_told(self, part: bytes, at: int) -> None:
        text = package_key.written(part, 1, "package-1").replace(" ", "")
        slipped = text[:at] + ("7" if text[at] != "7" else "8") + text[at + 1 :]
        assert package_key.read(slipped, "package-1") is None

    def test_a_part_of_another_package_is_told(self) -> None:
        assert package_key.read(package_key.written(KEY, 1, "package-2"), "package-1") is None

    @given(st.text(max_size=80))
    def test_whatever_is_typed_never_raises(self, typed: str) -> None:
        assert package_key.read(typed, "package-1") is None

    def test_letters_that_look_like_digits_are_those_digits(self) -> None:
        text = package_key.written(bytes(32), 1, "package-1")
        assert package_key.read(text.replace("0", "O").replace("1", "l"), "package-1") == (1, bytes(32))

    def test_two_parts_give_the_key_and_one_is_random(self) -> None:
        parts = package_key.split(KEY)
        assert package_key.joined(*parts) == KEY
        assert package_key.split(KEY)[0] != parts[0]
