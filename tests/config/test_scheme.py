from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.after_exam import Body, WindowStart
from config.exam_day import Reader
from config.problems import SchemeError
from config.rulings import Severity, VoidScope
from config.scheme import (
    SCHEME_FILE_BYTES_MAX,
    Scheme,
    load_scheme,
    read_scheme,
    scheme_from_canonical,
    shipped_schemes,
)
from config.shapes import SCORE_HUNDREDTHS_MAX, hundredths, score_text
from config.subjects import Delivery, Draw, Stage

SCHEMES = Path(__file__).parents[2] / "config/schemes"


@pytest.fixture(scope="module")
def s3a() -> Scheme:
    return shipped_schemes()["s3-a"]


@pytest.fixture(scope="module")
def s3b() -> Scheme:
    return shipped_schemes()["s3-b"]


@pytest.fixture(scope="module")
def demo() -> Scheme:
    return shipped_schemes()["demo"]


def altered(*changes: tuple[str, str], scheme: str = "s3-a") -> bytes:
    """The shipped file with each first string, which it must hold, replaced by the second."""
    text = (SCHEMES / f"{scheme}.toml").read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def problems(data: bytes) -> dict[str, tuple[str, str]]:
    """The faults of a scheme file: place -> (found, expected)."""
    with pytest.raises(SchemeError) as refused:
        read_scheme(data, "altered.toml")
    return {p.place: (p.found, p.expected) for p in refused.value.problems}


class TestShipped:
    def test_all_three_are_there(self) -> None:
        assert list(shipped_schemes()) == ["demo", "s3-a", "s3-b"]

    def test_s3a_says_what_its_notice_says(self, s3a: Scheme) -> None:
        (subject,) = s3a.subjects
        assert (subject.minutes, subject.full_score, subject.pass_score) == (120, 100_00, 60_00)
        assert (subject.delivery, subject.draw) == (Delivery.COMPUTER, Draw.PER_CANDIDATE)
        assert (s3a.opening.proctors_min, s3a.opening.rules_minutes_before) == (2, 10)
        assert s3a.opening.rules_readers == (Reader.PROCTOR,)
        assert [(w.since, w.working_days, w.by) for w in s3a.review_windows] == [
            (WindowStart.SESSION_END, 5, Body.CONFIRMING_BODY)
        ]
        assert (s3a.resit.months, s3a.retention.years_min, s3a.patrol.required) == (6, 3, True)
        assert (s3a.voiding.scope, s3a.voiding.by_analogy) == (VoidScope.BATCH, True)

    def test_s3b_says_what_its_notice_says(self, s3b: Scheme) -> None:
        theory = s3b.subjects_of(Stage.THEORY)
        assert [(s.code, s.minutes, s.full_score, s.pass_score, s.draw) for s in theory] == [
            ("safety", 90, 100_00, 60_00, Draw.ONE_FORM),
            ("trade", 90, 100_00, 60_00, Draw.ONE_FORM),
        ]
        (practical,) = s3b.subjects_of(Stage.PRACTICAL)
        assert (practical.delivery, practical.blueprint, practical.draw) == (Delivery.PAPER, None, None)
        assert (practical.requires, practical.within_months) == (("safety", "trade"), 6)
        assert s3b.opening.rules_readers == (Reader.QUALITY_SUPERVISOR,)
        assert [(w.name, w.since, w.working_days, w.by) for w in s3b.review_windows] == [
            ("upload", WindowStart.PRACTICAL_END, 5, Body.INSTITUTION),
            ("audit", WindowStart.UPLOAD, 5, Body.CONFIRMING_BODY),
        ]
        assert (s3b.resit.months, s3b.retention.until_higher_certificate) == (12, True)
        assert (s3b.voiding.scope, s3b.voiding.by_analogy) == (VoidScope.BATCH, False)
        assert (s3b.blacklist.violation_years, s3b.blacklist.fraud_years) == (1, 2)

    def test_the_demo_is_eight_minutes_with_windows_inside(self, demo: Scheme) -> None:
        (subject,) = demo.subjects
        assert subject.minutes == 8
        assert demo.admission.late_cutoff_minutes < subject.minutes
        assert demo.admission.earliest_hand_in_minutes < subject.minutes
        assert demo.capture.max_gap_s * 10 < subject.minutes * 60

    def test_photo_sizes_are_inclusive_kibibytes(self, s3a: Scheme) -> None:
        sizes = {p.code: (p.bytes_min, p.bytes_max) for p in s3a.photos}
        assert sizes == {"P1": (20 * 1024, 40 * 1024), "P2": (1, 80 * 1024)}

    @pytest.mark.parametrize("code", ["s3-a", "s3-b", "demo"])
    def test_every_number_says_where_it_comes_from(self, code: str) -> None:
        text = (SCHEMES / f"{code}.toml").read_text("utf-8")
        policy = text[text.index("[admission]") : text.index("[blacklist]")]
        numbers = [
            line for line in policy.splitlines() if "=" in line and line.split("=")[1].strip()[:1].isdigit()
        ]
        assert numbers
        if code != "demo":
            assert [line for line in numbers if "#" not in line] == []


class TestPassing:
    @pytest.mark.parametrize(
        ("score", "passed"), [("60", True), ("59.5", False), ("59.99", False), ("100", True)]
    )
    def test_sixty_passes_and_nothing_is_rounded(self, s3a: Scheme, score: str, passed: bool) -> None:
        assert s3a.subject("theory").is_passed(hundredths(score)) is passed


class TestRulings:
    def test_a_code_may_void_less_than_the_scheme(self, s3b: Scheme) -> None:
        assert s3b.void_scope("copying") is VoidScope.BATCH
        assert s3b.void_scope("identical_answers") is VoidScope.SUBJECT

    def test_only_serious_conduct_may_be_proposed_for_the_blacklist(self, s3b: Scheme) -> None:
        assert not s3b.may_propose_blacklist("left_seat")
        assert s3b.may_propose_blacklist("copying")
        assert s3b.may_propose_blacklist("impersonation")

    def test_degrees_are_in_order(self) -> None:
        assert [s.value for s in Severity] == ["一般", "严重", "特别严重"]

    def test_unknown_codes_are_key_errors(self, s3a: Scheme) -> None:
        with pytest.raises(KeyError):
            s3a.void_scope("whistling")
        with pytest.raises(KeyError):
            s3a.subject("singing")


class TestSeatTerms:
    def test_values_are_of_the_subject_in_milliseconds(self, s3b: Scheme) -> None:
        terms = s3b.seat_terms("trade")
        assert terms.duration_ms == 90 * 60_000
        assert terms.earliest_hand_in_ms == 30 * 60_000
        assert (terms.time_left_warning_ms, terms.time_left_warning_shown_ms) == (600_000, 10_000)
        assert (terms.gap_ms_min, terms.gap_ms_max, terms.leave_grace_ms) == (5_000, 25_000, 5_000)
        assert terms.forced == ("login", "start", "flag", "hand_in")

    @pytest.mark.parametrize("code", ["s3-a", "s3-b", "demo"])
    def test_texts_name_the_values_that_hold(self, code: str) -> None:
        scheme = shipped_schemes()[code]
        subject = scheme.subjects[0]
        zh, en = scheme.seat_terms(subject.code), scheme.seat_terms(subject.code, "en")
        assert any(f"考试时间 {subject.minutes} 分钟" in line for line in zh.rules)
        assert any(f"{subject.minutes} minutes" in line for line in en.rules)
        assert "{" not in "".join((*zh.rules, *zh.notice, *en.rules, *en.notice))
        assert len(zh.rules) == len(en.rules)


class TestDigest:
    def test_it_does_not_hang_on_layout(self, s3a: Scheme) -> None:
        spaced = altered(('full_score = "100"', 'full_score   =   "100.00"  # the same'))
        assert read_scheme(b"\xef\xbb\xbf# a comment\n" + spaced, "x.toml").digest == s3a.digest

    @pytest.mark.parametrize(
        "change",
        [
            ('pass_score = "60"', 'pass_score = "60.5"'),
            ("grace_s = 5", "grace_s = 6"),
            ('version = "1"', 'version = "2"'),
            ("by_analogy = true", "by_analogy = false"),
            ('documents = ["id_card"]', 'documents = ["id_card", "ticket"]'),
        ],
    )
    def test_every_value_counts(self, s3a: Scheme, change: tuple[str, str]) -> None:
        assert read_scheme(altered(change), "x.toml").digest != s3a.digest

    def test_what_does_not_apply_is_not_written(self, s3a: Scheme, s3b: Scheme) -> None:
        assert b"null" not in s3a.canonical
        assert b"null" not in s3b.canonical

    @pytest.mark.parametrize("code", ["s3-a", "s3-b", "demo"])
    def test_a_session_reads_its_scheme_back(self, code: str) -> None:
        scheme = shipped_schemes()[code]
        kept = scheme_from_canonical(scheme.canonical, scheme.digest)
        assert kept == scheme
        assert kept.pin == scheme.pin == (scheme.code, scheme.version, scheme.digest)

    def test_a_changed_copy_is_refused(self, s3a: Scheme) -> None:
        changed = s3a.canonical.replace(b'"pass_score":"60"', b'"pass_score":"50"')
        with pytest.raises(SchemeError, match="digest"):
            scheme_from_canonical(changed, s3a.digest)


class TestScores:
    @given(st.integers(0, SCORE_HUNDREDTHS_MAX))
    def test_text_and_hundredths_are_the_same(self, score: int) -> None:
        assert hundredths(score_text(score)) == score

    @pytest.mark.parametrize(
        "bad", [60, 60.0, "60.005", "-1", "1e2", " 60", "060", "", "６０", "60.", ".5", True]
    )
    def test_anything_but_a_plain_decimal_is_refused(self, bad: object) -> None:
        with pytest.raises(ValueError, match="decimal"):
            hundredths(bad)


class TestRefusals:
    def test_every_fault_is_listed_with_place_found_expected(self) -> None:
        found = problems(
            altered(
                ('pass_score = "60"', "pass_score = 60"),
                ("late_cutoff_minutes = 30", 'late_cutoff_minutes = "30"'),
                ("proctors_min = 2", "proctors_min = 1"),
                ("grace_s = 5", "grace_s = 5\ncolour = 1"),
                ("by_analogy = true", 'by_analogy = "yes"'),
                ('from = "session_end"', 'from = "christmas"'),
                ("months = 6 ", "# "),
                ("max_gap_s = 25", "max_gap_s = 4"),
            )
        )
        assert set(found) == {
            "subjects[0].pass_score",
            "admission.late_cutoff_minutes",
            "opening.proctors_min",
            "leaving.colour",
            "voiding.by_analogy",
            "review_windows[0].from",
            "resit.months",
            "capture.max_gap_s",
        }
        assert found["opening.proctors_min"] == ("1", ">= 2")
        assert found["resit.months"][0].endswith("nothing")
        assert found["capture.max_gap_s"] == ("4", ">= min_gap_s (5)")
        assert "session_end" in found["review_windows[0].from"][1]

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            (('pass_score = "60"', 'pass_score = "101"'), "subjects[0].pass_score"),
            (('full_score = "100"', 'full_score = "0"'), "subjects[0].full_score"),
            (('draw = "per_candidate"', ""), "subjects[0].draw"),
            (('blueprint = "s3a"', 'requires = ["theory"]'), "subjects[0].requires"),
            (('blueprint = "s3a"', 'requires = ["magic"]'), "subjects[0].requires"),
            (('blueprint = "s3a"', "within_months = 6"), "subjects[0].within_months"),
            (("late_cutoff_minutes = 30", "late_cutoff_minutes = 121"), "admission.late_cutoff_minutes"),
            (("time_left_minutes = 10", "time_left_minutes = 120"), "warnings.time_left_minutes"),
            (("min_count = 240", "min_count = 1441"), "capture.min_count"),
            (('"flag", "hand_in"]', '"flag", "flag"]'), "capture.forced_at[3]"),
            (('from = "session_end"', 'from = "practical_end"'), "review_windows[0].from"),
            (('from = "session_end"', 'from = "upload"'), "review_windows[0].from"),
            (('code = "left_seat"', 'code = "copying"'), "ruling_codes[8].code"),
            (("bytes_max = 40960", "bytes_max = 20479"), "photos[1].bytes_max"),
            (("闭卷", "{open_book}"), "reading.rules.zh[3]"),
            (("闭卷", "闭卷}"), "reading.rules.zh[3]"),
            (('"practice"]', '"formal"]'), "run_types[2]"),
            (("format = 1", "format = 2"), "format"),
            (('code = "s3-a"', 'code = "S3 A"'), "code"),
            (('version = "1"', "version = 2020-07-01T00:00:00"), "version"),
            (('from = "session_end"', 'since = "session_end"'), "review_windows[0].since"),
        ],
    )
    def test_contradictions_are_named(self, change: tuple[str, str], place: str) -> None:
        assert place in problems(altered(change))

    def test_paper_subjects_have_no_blueprint(self) -> None:
        found = problems(
            altered(('delivery = "paper"', 'delivery = "paper"\nblueprint = "s3b"'), scheme="s3-b")
        )
        assert list(found) == ["subjects[2].blueprint"]

    def test_a_subject_cannot_require_a_later_one(self) -> None:
        found = problems(altered(("sequence = 3", "sequence = 1"), scheme="s3-b"))
        assert set(found) == {"subjects[2].sequence", "subjects[2].requires"}

    @pytest.mark.parametrize(
        "data",
        [b"", b"\xff\xfe", "标题 = '考'".encode("gbk"), b"code = ", b"code = 'a'\ncode = 'b'", b"x = nan"],
    )
    def test_what_is_no_scheme_is_refused(self, data: bytes) -> None:
        assert problems(data)

    def test_a_file_too_long_is_refused(self) -> None:
        assert "file" in problems(b"#" * (SCHEME_FILE_BYTES_MAX + 1))

    def test_the_message_names_file_and_place(self, tmp_path: Path) -> None:
        path = tmp_path / "ours.toml"
        path.write_bytes(altered(("grace_s = 5", "grace_s = -1")))
        with pytest.raises(SchemeError, match=r"ours\.toml(.|\n)*leaving\.grace_s"):
            load_scheme(path)

    def test_a_scheme_does_not_change(self, s3a: Scheme) -> None:
        with pytest.raises(ValidationError):
            s3a.version = "2"  # type: ignore[misc]
