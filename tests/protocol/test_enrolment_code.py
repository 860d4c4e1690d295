"""Enrolment codes: read as they are typed by people."""

from hypothesis import given
from hypothesis import strategies as st

from protocol import enrolment_code
from protocol.enrolment_code import ALPHABET, EnrolmentCode


@given(
    text=st.text(ALPHABET, min_size=25, max_size=25), lower=st.booleans(), between=st.sampled_from("- \u3000")
)
def test_is_read_as_it_was_shown(text: str, lower: bool, between: str) -> None:
    code = EnrolmentCode(text[:15], text[15:])
    typed = str(code).replace("-", between)
    assert enrolment_code.read(typed.lower() if lower else typed) == code


@given(text=st.text())
def test_anything_else_is_refused_and_never_an_exception(text: str) -> None:
    try:
        found = enrolment_code.read(text)
    except enrolment_code.NotACode:
        return
    assert len(found.fingerprint + found.secret) == 25


def test_letters_that_look_like_digits_are_those_digits() -> None:
    assert enrolment_code.read("OIL01-OIL01-OIL01-OIL01-OIL01").fingerprint == "01101" * 3


def test_what_is_no_certificate_is_never_trusted() -> None:
    code = EnrolmentCode("0" * 15, "0" * 10)
    for text in ("", "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----", "室"):
        assert not code.trusts(text)
