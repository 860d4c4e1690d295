"""A machine becomes a station once, remembers it, and trusts only the room's own CA and key."""

import datetime
import ipaddress
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from protocol.keys import SigningKey
from station.enrolment import CannotEnrol, EnrolmentLine, StationFiles, enrol, line_for, read_lines
from station.identity import NotARoom, pinned_tls
from tests.forgetful_files import ForgetfulFiles
from tests.station.scripted_room import ScriptedRoom
from tests.station.seats import running
from tests.station.waiting import until

HOME = Path("/seat")


@pytest.fixture
async def room() -> AsyncIterator[ScriptedRoom]:
    async with ScriptedRoom(one_use={"st1": "secret"}).open() as opened:
        yield opened


def line_in(room: ScriptedRoom, **changes: object) -> EnrolmentLine:
    line = {"station": "st1", "secret": "secret", "address": room.address, "room_key": room.key.public, "seat": 7}
    return EnrolmentLine.model_validate({**line, **changes})


class Certificates:
    """A CA of its own and a server certificate for 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "room")])
        ca = self._builder(ca_name, ca_name, ca_key.public_key()).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self.pem = ca.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
        own_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        own = self._builder(own_name, ca_name, key.public_key()).add_extension(address, critical=False)
        self.certificate, self.key = folder / "server.pem", folder / "server.key"
        self.certificate.write_bytes(own.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        self.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def _builder(
        self, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
    ) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
        )


class TestEnrol:
    async def test_is_remembered_through_a_power_cut(self, room: ScriptedRoom) -> None:
        disk = ForgetfulFiles()
        identity = await enrol(line_in(room), StationFiles(disk, HOME))
        disk.crash()
        again = StationFiles(disk, HOME).read()
        assert again is not None
        assert (again.station, again.room_key, again.seat) == ("st1", room.key.public, 7)
        assert again.key.public == identity.key.public == room.stations["st1"]

    async def test_a_used_secret_is_refused_with_the_rooms_sentence(self, room: ScriptedRoom) -> None:
        disk = ForgetfulFiles()
        await enrol(line_in(room), StationFiles(disk, HOME))
        with pytest.raises(CannotEnrol, match="密钥无效"):
            await enrol(line_in(room), StationFiles(disk, Path("/other")))

    async def test_another_rooms_key_is_not_believed(self, room: ScriptedRoom) -> None:
        line = line_in(room, room_key=SigningKey.generate().public)
        with pytest.raises(CannotEnrol, match="another room"):
            await enrol(line, StationFiles(ForgetfulFiles(), HOME))

    async def test_no_server_is_a_sentence(self) -> None:
        with pytest.raises(CannotEnrol, match="cannot be reached"):
            await enrol(line_in(ScriptedRoom(port=9)), StationFiles(ForgetfulFiles(), HOME))

    def test_a_damaged_identity_says_enrol_again(self) -> None:
        disk = ForgetfulFiles()
        disk.make_folder(HOME)
        disk.create(HOME / "station.json").write(b"{")
        with pytest.raises(CannotEnrol, match="enrol again"):
            StationFiles(disk, HOME).read()


class TestPinnedTls:
    async def test_the_rooms_own_ca_opens_the_link_and_no_other_does(self, tmp_path: Path) -> None:
        stranger, own = Certificates(tmp_path), Certificates(tmp_path)
        scripted = ScriptedRoom(one_use={"st1": "secret"})
        async with scripted.open(tls=(own.certificate, own.key)) as room:
            disk = ForgetfulFiles()
            with pytest.raises(CannotEnrol, match="certificate"):
                await enrol(line_in(room, ca_pem=stranger.pem), StationFiles(disk, HOME))
            identity = await enrol(line_in(room, ca_pem=own.pem), StationFiles(disk, HOME))
            async with running(identity, disk, tls=identity.tls()) as (seat, _):
                await until(lambda: seat.room.up)

    def test_plain_http_is_for_loopback_alone(self) -> None:
        assert pinned_tls("http://127.0.0.1:8000", None) is None
        for address in ("http://10.0.0.7", "ftp://127.0.0.1", "https://10.0.0.7"):
            with pytest.raises(NotARoom):
                pinned_tls(address, None)


class TestFile:
    def test_one_line_of_many_by_id_or_seat(self) -> None:
        room = ScriptedRoom(port=9)
        data = json.dumps([line_in(room, station=f"r.{n}", seat=n).model_dump() for n in (1, 2)]).encode()
        lines = read_lines(data, "f.json")
        assert line_for(lines, "r.2", "f.json").seat == 2
        assert line_for(lines, "1", "f.json").station == "r.1"
        with pytest.raises(CannotEnrol, match="--station"):
            line_for(lines, None, "f.json")

    @pytest.mark.parametrize("data", [b"", b"[1]", b"\xff", b'{"station": "a"}'])
    def test_something_else_is_no_enrolment_file(self, data: bytes) -> None:
        with pytest.raises(CannotEnrol, match="登记文件"):
            read_lines(data, "f.json")
