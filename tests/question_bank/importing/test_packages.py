"""A zip from outside is read within its limits, or refused by the name of the entry that broke one."""

import io
import stat
import warnings
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.importing.limits import PACKAGE_ENTRIES_MAX, PACKAGE_FREE_BYTES
from question_bank.importing.packages import Package, open_package
from question_bank.importing.problems import Findings


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def opened(raw: bytes) -> tuple[Package | None, list[tuple[str, str]]]:
    findings = Findings()
    package = open_package(raw, findings)
    return package, [(problem.code, problem.found) for problem in findings.problems]


class TestOpenPackage:
    def test_gives_files_by_name(self) -> None:
        package, problems = opened(
            zipped(("a/b.xml", b"x"), ("__MACOSX/a", b""), ("d/", b""), ("图.png", b"y"))
        )
        assert package is not None
        assert (package.names, problems) == (("a/b.xml", "图.png"), [])
        assert package.read("a/b.xml", Findings()) == b"x"
        assert package.named("A/B.XML") == "a/b.xml"
        assert package.named("c") is None

    def test_reads_the_names_of_chinese_systems(self) -> None:
        raw = zipped(("ABCDEF.png", b"x")).replace(b"ABCDEF", "图一片".encode("gbk"))
        package, _ = opened(raw)
        assert package is not None
        assert package.names == ("图一片.png",)

    @pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd", "C:/a", "a\\..\\b"])
    def test_refuses_paths_that_lead_outside(self, name: str) -> None:
        assert opened(zipped((name, b"x")))[1] == [("unsafe_path", name.replace("\\", "/"))]

    def test_refuses_links(self) -> None:
        link = zipfile.ZipInfo("a")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        assert opened(zipped((link, b"/etc/passwd")))[1] == [("unsafe_path", "a")]

    def test_refuses_names_that_stand_twice(self) -> None:
        assert opened(zipped(("a", b"1"), ("a", b"2")))[1] == [("duplicate_entry", "a")]

    def test_refuses_archives_inside(self) -> None:
        assert opened(zipped(("a.zip", b"x"), ("b.xml", b"x")))[1] == [("nested_package", "a.zip")]

    def test_refuses_passwords(self) -> None:
        raw = bytearray(zipped(("a", b"x")))
        raw[6] |= 1
        raw[raw.index(b"PK\x01\x02") + 8] |= 1
        assert opened(bytes(raw))[1] == [("encrypted_package", "a")]

    def test_refuses_bombs_before_they_are_unpacked(self) -> None:
        assert opened(zipped(("a", bytes(PACKAGE_FREE_BYTES + 1))))[1] == [("package_too_large", "a")]
        many = zipped(*((str(number), b"") for number in range(PACKAGE_ENTRIES_MAX + 1)))
        assert opened(many)[1] == [("package_too_large", str(PACKAGE_ENTRIES_MAX + 1))]

    def test_refuses_entries_larger_than_they_say(self) -> None:
        raw = zipped(("a", b"x" * 5_000))
        start = raw.index(b"PK\x01\x02")
        lying = raw[: start + 24] + (10).to_bytes(4, "little") + raw[start + 28 :]
        findings = Findings()
        package = open_package(lying, findings)
        assert package is None or package.read("a", findings) is None
        assert findings.problems

    def test_refuses_what_is_no_zip(self) -> None:
        assert [code for code, _ in opened(b"PK\x03\x04nothing")[1]] == ["broken_package"]

    @settings(deadline=None, max_examples=150)
    @given(st.integers(0, 300), st.binary(min_size=1, max_size=6))
    def test_never_raises(self, place: int, noise: bytes) -> None:
        raw = zipped(("a.xml", b"<a>some text</a>"), ("b/c.png", b"12345"))
        findings = Findings()
        package = open_package(raw[:place] + noise + raw[place + len(noise) :], findings)
        for name in package.names if package else ():
            package.read(name, findings)  # type: ignore[union-attr]
        assert package is not None or findings.problems
