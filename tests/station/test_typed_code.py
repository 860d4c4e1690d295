"""A code typed at a machine: it says whom to trust, and nobody else hears its secret."""

from pathlib import Path

import pytest

from protocol import enrolment_code
from protocol.enrolment_code import EnrolmentCode
from station.enrolment import CannotEnrol, StationFiles
from station.identity import NotARoom
from station.typed_code import address_of, enrol_by_code
from tests.forgetful_files import ForgetfulFiles
from tests.station.scripted_room import ScriptedRoom
from tests.station.seats import running
from tests.station.test_enrolment import HOME, Certificates
from tests.station.waiting import until


def code_of(certificates: Certificates) -> EnrolmentCode:
    part = enrolment_code.fingerprint_part(certificates.pem)
    return EnrolmentCode(part, enrolment_code.new_secret())


class TestTyped:
    async def test_the_code_alone_makes_a_station_of_its_room(self, tmp_path: Path) -> None:
        own, files = Certificates(tmp_path), ForgetfulFiles()
        code = code_of(own)
        scripted = ScriptedRoom(ca_pem=own.pem, codes={code.secret: "st1"})
        async with scripted.open(tls=(own.certificate, own.key)) as room:
            typed = str(code).lower().replace("-", " ")
            identity = await enrol_by_code(typed, f"127.0.0.1:{room.port}", StationFiles(files, HOME))
            assert (identity.station, identity.room_key, identity.ca) == ("st1", room.key.public, own.pem)
            files.crash()
            kept = StationFiles(files, HOME).read()
            assert kept is not None
            assert (kept.station, kept.key.public, kept.address) == (
                "st1",
                identity.key.public,
                identity.address,
            )
            async with running(kept, ForgetfulFiles(), tls=kept.tls()) as (seat, _):
                await until(lambda: seat.room.up)

    async def test_another_rooms_server_is_told_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        own, other = Certificates(tmp_path / "a"), Certificates(tmp_path / "b")
        code, files = code_of(own), ForgetfulFiles()
        scripted = ScriptedRoom(ca_pem=other.pem, codes={code.secret: "st1"})
        async with scripted.open(tls=(other.certificate, other.key)) as room:
            with pytest.raises(CannotEnrol, match="nothing was told"):
                await enrol_by_code(str(code), room.address, StationFiles(files, HOME))
        assert room.told_secrets == []
        assert StationFiles(files, HOME).read() is None

    async def test_who_shows_the_rooms_ca_without_its_key_is_told_nothing(self, tmp_path: Path) -> None:
        """The CA certificate is no secret: anybody can show it, but not speak TLS under it."""
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        own, between = Certificates(tmp_path / "a"), Certificates(tmp_path / "b")
        code = code_of(own)
        scripted = ScriptedRoom(ca_pem=own.pem, codes={code.secret: "st1"})
        async with scripted.open(tls=(between.certificate, between.key)) as room:
            with pytest.raises(CannotEnrol, match="cannot be reached"):
                await enrol_by_code(str(code), room.address, StationFiles(ForgetfulFiles(), HOME))
        assert room.told_secrets == []

    async def test_a_used_code_is_refused_with_the_rooms_sentence(self, tmp_path: Path) -> None:
        own = Certificates(tmp_path)
        async with ScriptedRoom(ca_pem=own.pem).open(tls=(own.certificate, own.key)) as room:
            with pytest.raises(CannotEnrol, match="登记密钥无效"):
                await enrol_by_code(str(code_of(own)), room.address, StationFiles(ForgetfulFiles(), HOME))

    @pytest.mark.parametrize("typed", ["", "ABC", "U" * 25, "1" * 24, "1" * 26, "登记码登记码"])
    async def test_what_is_no_code_asks_nobody(self, typed: str) -> None:
        with pytest.raises(CannotEnrol, match="25"):
            await enrol_by_code(typed, "127.0.0.1:1", StationFiles(ForgetfulFiles(), HOME))

    async def test_a_far_address_without_tls_is_refused(self) -> None:
        with pytest.raises((CannotEnrol, NotARoom)):
            await enrol_by_code("1" * 25, "http://192.0.2.1:1", StationFiles(ForgetfulFiles(), HOME))


class TestAddress:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            (" 10.0.0.5 ", "https://10.0.0.5:8443"),
            ("room.example:9000", "https://room.example:9000"),
            ("https://room.example/", "https://room.example:8443"),
            ("http://127.0.0.1:80", "http://127.0.0.1:80"),
        ],
    )
    def test_is_completed(self, typed: str, meant: str) -> None:
        assert address_of(typed) == meant

    @pytest.mark.parametrize("typed", ["", "://", "ftp://a", "https://a:b", "a/b", "https://"])
    def test_or_refused(self, typed: str) -> None:
        with pytest.raises(CannotEnrol):
            address_of(typed)
