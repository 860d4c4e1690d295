"""Reading photos: profiles, real JPEGs, one for each person, zips nobody meant well."""

import io
import tracemalloc

import pytest

from config.photos import PhotoProfile
from config.scheme import shipped_schemes
from server.candidates import photos
from server.candidates.models import Candidate
from server.candidates.photos import PhotosReading, read_photos
from tests.server.candidates.files import document, gbk_zipped, jpeg, zipped

PROFILES = {profile.code: profile for profile in shipped_schemes()["s3-a"].photos}
P1, P2 = PROFILES["P1"], PROFILES["P2"]
KIB = 1024

ZHANG = Candidate(
    id="c1",
    name="张三",
    document_type="resident_id",
    document=document(1),
    document_key=document(1),
    ticket="1",
)
MEI = Candidate(
    id="c2", name="阿依·古丽", document_type="passport", document="E-123", document_key="E-123", ticket="2"
)
FILE = f"张三-{document(1)}.jpg"


def read(raw: bytes, profile: PhotoProfile = P2) -> PhotosReading:
    return read_photos(io.BytesIO(raw), profile, [ZHANG, MEI])


def codes(raw: bytes, profile: PhotoProfile = P2) -> list[tuple[str, str]]:
    return [(one.file, one.code) for one in read(raw, profile).problems]


class TestTakes:
    @pytest.mark.parametrize("pack", [zipped, gbk_zipped])
    def test_names_as_each_system_packs_them(self, pack) -> None:
        reading = read(pack({FILE: jpeg(), f"照片/阿依•古丽-{'E'}.jpg": jpeg()}))
        assert list(reading.files) == ["c1"]
        assert [(one.file, one.code) for one in reading.problems] == [
            ("照片/阿依•古丽-E.jpg", "unknown_document")
        ]

    def test_a_number_with_its_own_hyphen_belongs_to_nobody_by_the_last_one(self) -> None:
        """The profile splits at the last hyphen (S0): such a document cannot be written in it, and is told."""
        assert codes(zipped({"阿依·古丽-E-123.jpg": jpeg()})) == [("阿依·古丽-E-123.jpg", "unknown_document")]

    def test_endings_and_x_in_any_case_and_folders_and_what_a_mac_adds(self) -> None:
        files = {
            f"一班/张三-{document(1)}.JPEG": jpeg(),
            "__MACOSX/._张三.jpg": b"x",
            "一班/.DS_Store": b"x",
        }
        reading = read(zipped(files))
        assert (list(reading.files), reading.problems) == (["c1"], [])

    @pytest.mark.parametrize(
        ("size", "code"),
        [(20 * KIB, None), (40 * KIB, None), (20 * KIB - 1, "too_small"), (40 * KIB + 1, "too_large")],
    )
    def test_both_ends_of_p1_are_included(self, size: int, code: str | None) -> None:
        found = codes(zipped({FILE: jpeg(size)}), P1)
        assert found == ([] if code is None else [(FILE, code)])

    @pytest.mark.parametrize(("size", "code"), [(80 * KIB, None), (80 * KIB + 1, "too_large")])
    def test_p2_is_at_most_80_kib(self, size: int, code: str | None) -> None:
        assert codes(zipped({FILE: jpeg(size)})) == ([] if code is None else [(FILE, code)])


class TestNames:
    @pytest.mark.parametrize(
        ("name", "data", "code"),
        [
            (f"张三-{document(1)}.png", jpeg(form="PNG"), "ending"),
            (f"张三{document(1)}.jpg", jpeg(), "no_hyphen"),
            (f"张三-{document(2)}.jpg", jpeg(), "unknown_document"),
            (f"李四-{document(1)}.jpg", jpeg(), "another_name"),
            (FILE, b"a text file called .jpg", "not_jpeg"),
            (FILE, jpeg(form="PNG"), "not_jpeg"),
            (FILE, jpeg()[:900], "not_jpeg"),
            (FILE, b"", "not_jpeg"),
            (FILE, jpeg(size=(6000, 6000))[: 80 * KIB], "too_many_pixels"),
        ],
    )
    def test_every_failing_file_has_its_reason(self, name: str, data: bytes, code: str) -> None:
        assert codes(zipped({name: data})) == [(name, code)]

    def test_one_for_each_person(self) -> None:
        found = codes(zipped({FILE: jpeg(), f"二/张三-{document(1)}.jpeg": jpeg()}))
        assert found == [(f"二/张三-{document(1)}.jpeg", "twice")]

    def test_the_reasons_speak_both_languages(self) -> None:
        (problem,) = read(zipped({FILE: jpeg(80 * KIB + 1)})).problems
        assert "81920" in problem.zh
        assert "81920" in problem.en


class TestZips:
    def test_what_is_no_zip(self) -> None:
        assert codes(b"no zip") == [("", "broken_zip")]
        assert codes(zipped({FILE: jpeg()})[:-30]) == [("", "broken_zip")]

    def test_a_part_that_lies_about_its_bytes(self) -> None:
        raw = bytearray(zipped({FILE: jpeg()}))
        raw[60:200] = b"\xff" * 140
        assert codes(bytes(raw)) == [(FILE, "damaged")]

    def test_a_bomb_is_read_no_further_than_the_limit(self) -> None:
        assert codes(zipped({FILE: b"\0" * 50_000_000})) == [(FILE, "too_large")]

    @pytest.mark.parametrize("wide", [False, True])
    def test_a_directory_without_end_is_not_read(self, wide: bool) -> None:
        """The reader makes an object of every line of it before anybody can count them."""
        line = b"PK\x01\x02" + bytes(42)
        directory = line * (2 * photos.ZIP_DIRECTORY_BYTES_MAX // len(line))
        size = len(directory)
        claimed = 46 if wide else size
        end = b"PK\x05\x06" + bytes(4) + b"\x01\x00\x01\x00" + claimed.to_bytes(4, "little") + bytes(6)
        if wide:
            record = (
                b"PK\x06\x06" + (44).to_bytes(8, "little") + bytes(28) + size.to_bytes(8, "little") + bytes(8)
            )
            end = record + b"PK\x06\x07" + bytes(4) + size.to_bytes(8, "little") + bytes(4) + end
        tracemalloc.start()
        assert codes(directory + end) == [("", "too_many_files")]
        assert tracemalloc.get_traced_memory()[1] < 3 * size
        tracemalloc.stop()

    def test_too_many_files(self) -> None:
        raw = zipped({f"{number}.jpg": b"" for number in range(photos.ZIP_FILES_MAX + 1)})
        assert codes(raw) == [("", "too_many_files")]
