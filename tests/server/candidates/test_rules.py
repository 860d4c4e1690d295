"""Names and documents: what is the same, what is wrong, what is shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.candidates.rules import (
    DocumentType,
    Sex,
    check_character,
    document_fault,
    document_key,
    masked_document,
    same_document,
    same_name,
    sex_of_id,
)

TODAY = date(2026, 5, 20)
ID = DocumentType.RESIDENT_ID


def fault(number: str, kind: DocumentType = ID) -> str | None:
    return document_fault(kind, document_key(number), TODAY)


class TestDocuments:
    @pytest.mark.parametrize(
        "number",
        [
            "420111197005121237",  # a region long renamed
            "810000199408230021",  # a residence permit of Hong Kong
            "11010519491231002X",
            "11010519491231002x",
            "１１０１０５１９４９１２３１００２Ｘ",
            " 110105 19491231 002X ",
        ],
    )
    def test_odd_but_valid(self, number: str) -> None:
        assert fault(number) is None

    @pytest.mark.parametrize(
        ("number", "code"),
        [
            ("420111197005121236", "id_check"),
            ("42011119700512123", "id_shape"),
            ("4201111970051212377", "id_shape"),
            ("42011119700512123Y", "id_shape"),
            ("4.20111197005121E+17", "id_shape"),
            ("٤٢٠١١١١٩٧٠٠٥١٢١٢٣٧", "id_shape"),
            ("420111700512123", "id_shape"),
        ],
    )
    def test_wrong(self, number: str, code: str) -> None:
        assert fault(number) == code

    @pytest.mark.parametrize(
        "birth", ["19700230", "20260520", "20260521", "18991231", "19701301", "00000000"]
    )
    def test_a_birth_date_is_real_and_past(self, birth: str) -> None:
        start = f"420111{birth}123"
        assert fault(start + check_character(start)) == "id_birth"

    def test_yesterdays_birth_is_past(self) -> None:
        start = "42011120260519123"
        assert fault(start + check_character(start)) is None

    @given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
    def test_one_changed_digit_is_always_found(self, digits: str, place: int, by: int) -> None:
        changed = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
        assert check_character(digits) != check_character(changed)

    @pytest.mark.parametrize(
        "kind", [DocumentType.PASSPORT, DocumentType.HK_MACAO_PERMIT, DocumentType.OFFICER_CARD]
    )
    def test_other_documents_have_their_own_shapes(self, kind: DocumentType) -> None:
        assert fault("E12345678", kind) is None
        assert fault("南字第12345678号", kind) is None
        assert fault("E1", kind) == "document_shape"

    def test_the_same_however_it_was_typed(self) -> None:
        assert same_document("11010519491231002X", "11010519491231002x ")
        assert same_document("E12345678", "ｅ1234 5678")
        assert not same_document("E12345678", "E12345679")
        assert not same_document("", "")

    @pytest.mark.parametrize(
        ("number", "shown"),
        [
            ("420111197005121237", "420***********1237"),
            ("E12345678", "E******78"),
            ("E12", "***"),
            ("", ""),
        ],
    )
    def test_masked(self, number: str, shown: str) -> None:
        assert masked_document(number) == shown

    def test_sex_by_the_seventeenth_digit(self) -> None:
        assert sex_of_id("420111197005121237") is Sex.MALE
        assert sex_of_id("810000199408230021") is Sex.FEMALE


class TestNames:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("阿卜杜拉·买买提", "阿卜杜拉•买买提"),
            ("阿卜杜拉·买买提", "阿卜杜拉．买买提"),
            ("阿卜杜拉·买买提", "阿卜杜拉・买买提"),
            ("张 三", "张三"),
            ("张　三", "张三"),
            ("José", "Jose\u0301"),
            ("Anna Smith", "ANNA SMITH"),
            ("\uf9e1", "\u674e"),  # a compatibility form of 李
        ],
    )
    def test_written_differently(self, one: str, other: str) -> None:
        assert same_name(one, other)

    @pytest.mark.parametrize(("one", "other"), [("张三", "张山"), ("𠮷田", "吉田"), ("王𬭚", "王镠")])
    def test_not_the_same(self, one: str, other: str) -> None:
        assert not same_name(one, other)
