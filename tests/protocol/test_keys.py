"""A signature holds for one key, one purpose and one exact text."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from protocol.keys import (
    BadKey,
    Purpose,
    SigningKey,
    check_public,
    decode,
    encode,
    fingerprint,
    same_fingerprint,
    verify,
)

KEY, OTHER = SigningKey.generate(), SigningKey.generate()
TEXT = '{"考场":1}'
SIGNED = KEY.sign(Purpose.ORDER, TEXT)


class TestVerify:
    def test_takes_what_the_key_signed(self) -> None:
        assert verify(KEY.public, Purpose.ORDER, TEXT, SIGNED)

    @pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.ORDER])
    def test_refuses_another_purpose(self, purpose: Purpose) -> None:
        assert not verify(KEY.public, purpose, TEXT, SIGNED)

    @pytest.mark.parametrize(
        ("public", "text", "signature"),
        [
            (OTHER.public, TEXT, SIGNED),
            (KEY.public, TEXT + " ", SIGNED),
            (KEY.public, "\ud800", SIGNED),
            (KEY.public, TEXT, OTHER.sign(Purpose.ORDER, TEXT)),
            (KEY.public, TEXT, encode(b"\x00" * 64)),
            (KEY.public, TEXT, SIGNED[:-4]),
            (KEY.public, TEXT, "not base64"),
            (KEY.public, TEXT, "考" * 88),
            (KEY.public, TEXT, ""),
            ("", TEXT, SIGNED),
            ("考" * 44, TEXT, SIGNED),
            (encode(b"\x01" * 31), TEXT, SIGNED),
        ],
    )
    def test_refuses_without_raising(self, public: str, text: str, signature: str) -> None:
        assert not verify(public, Purpose.ORDER, text, signature)

    def test_no_purpose_begins_another(self) -> None:
        lines = [f"{purpose}\n" for purpose in Purpose]
        assert not any(one != two and one.startswith(two) for one in lines for two in lines)


class TestPem:
    def test_is_read_back(self) -> None:
        again = SigningKey.from_pem(KEY.to_pem())
        assert again.public == KEY.public
        assert again.to_raw() == KEY.to_raw()

    def test_refuses_what_is_no_such_key(self) -> None:
        curve = generate_private_key(SECP256R1())
        unencrypted = serialization.NoEncryption()
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
        locked = serialization.BestAvailableEncryption(b"secret")
        for pem in (
            b"",
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            curve.private_bytes(*form, unencrypted),
            curve.private_bytes(*form, locked),
        ):
            with pytest.raises(BadKey):
                SigningKey.from_pem(pem)


class TestPublic:
    def test_is_44_characters(self) -> None:
        assert len(KEY.public) == 44
        assert check_public(KEY.public) == KEY.public

    @pytest.mark.parametrize("public", ["", "考", encode(b"\x01" * 33), KEY.public + "\n", KEY.public[:-1]])
    def test_refuses_what_is_no_key(self, public: str) -> None:
        with pytest.raises(BadKey):
            check_public(public)


class TestFingerprint:
    def test_is_sixteen_groups_of_four(self) -> None:
        groups = fingerprint(KEY.public).split(" ")
        assert len(groups) == 16
        assert {len(group) for group in groups} == {4}

    def test_is_the_same_however_typed(self) -> None:
        printed = fingerprint(KEY.public)
        assert same_fingerprint(printed, printed.upper().replace(" ", ":"))
        assert same_fingerprint(printed, printed.replace(" ", ""))
        assert not same_fingerprint(printed, fingerprint(OTHER.public))
        assert not same_fingerprint("", "")


class TestBase64:
    def test_is_read_strictly(self) -> None:
        assert decode(encode(b"\x00\xff")) == b"\x00\xff"
        for text in ("AAA", "AA==AA", "A A=", "AAA=\n", "考"):
            with pytest.raises(ValueError, match=r"base64|ASCII"):
                decode(text)
