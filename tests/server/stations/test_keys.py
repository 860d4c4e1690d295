"""The room's keys: made once, private, renewed when they end or the server gets another name."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from protocol.keys import fingerprint
from server.stations import keys
from server.stations.keys import KeysMissing, RoomKeys

NOW = 1_780_000_000_000
DAY_MS = 86_400_000


@pytest.fixture
def made(tmp_path: Path) -> RoomKeys:
    return keys.make(tmp_path / "keys", ["room.lan", "192.168.10.2"], NOW)


def certificate(made: RoomKeys) -> x509.Certificate:
    return x509.load_pem_x509_certificate(made.certificate_file.read_bytes())


class TestMake:
    def test_only_the_owner_reads_any_of_them(self, made: RoomKeys) -> None:
        folder = made.certificate_file.parent
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for file in folder.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name

    def test_never_replaces_a_rooms_keys(self, made: RoomKeys) -> None:
        with pytest.raises(FileExistsError):
            keys.make(made.certificate_file.parent, [], NOW)

    def test_the_certificate_bears_the_names_given_and_the_loopback(self, made: RoomKeys) -> None:
        named = certificate(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert set(named.get_values_for_type(x509.DNSName)) == {"localhost", "room.lan"}
        addresses = {str(one) for one in named.get_values_for_type(x509.IPAddress)}
        assert addresses == {"127.0.0.1", "::1", "192.168.10.2"}

    def test_the_authority_can_make_no_further_authority(self, made: RoomKeys) -> None:
        ca = x509.load_pem_x509_certificate(made.ca_pem.encode())
        limits = ca.extensions.get_extension_for_class(x509.BasicConstraints).value
        assert (limits.ca, limits.path_length) == (True, 0)
        certificate(made).verify_directly_issued_by(ca)

    def test_openssl_takes_them_as_a_server_does(self, made: RoomKeys) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made.certificate_file, made.certificate_key_file)
        ssl.create_default_context(cadata=made.ca_pem)


class TestLoad:
    def test_gives_the_same_room(self, made: RoomKeys) -> None:
        again = keys.load(made.certificate_file.parent, ["192.168.10.2", "room.lan"], NOW)
        assert again.room.public == made.room.public
        assert again.fingerprint == fingerprint(made.room.public)
        assert certificate(again) == certificate(made)

    def test_another_name_gets_another_certificate_under_the_same_authority(self, made: RoomKeys) -> None:
        before = certificate(made)
        again = keys.load(made.certificate_file.parent, ["other.lan"], NOW)
        assert certificate(again) != before
        assert again.ca_pem == made.ca_pem

    def test_a_certificate_that_ends_soon_is_renewed(self, made: RoomKeys) -> None:
        folder, names = made.certificate_file.parent, ["room.lan", "192.168.10.2"]
        before = certificate(made)
        days = keys.SERVER_DAYS - keys.RENEW_DAYS
        keys.load(folder, names, NOW + (days - 1) * DAY_MS)
        assert certificate(made) == before
        keys.load(folder, names, NOW + days * DAY_MS)
        end = datetime.fromtimestamp(NOW / 1000, UTC) + timedelta(days=days + keys.SERVER_DAYS)
        assert abs(certificate(made).not_valid_after_utc - end) < timedelta(days=1)

    def test_a_certificate_without_its_key_is_issued_anew(self, made: RoomKeys) -> None:
        """What a power cut between the two files leaves."""
        (made.certificate_file.parent / "server.key.pem").unlink()
        again = keys.load(made.certificate_file.parent, [], NOW)
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            again.certificate_file, again.certificate_key_file
        )

    def test_no_room_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(KeysMissing, match=r"room\.pem"):
            keys.load(tmp_path, [], NOW)
