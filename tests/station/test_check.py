"""The machine check says in one table what is fit and what is not, and what to do."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from protocol.files import DiskFiles
from protocol.keys import SigningKey
from station.check import Finding, check_camera, check_disk, check_machine, check_room
from station.enrolment import EnrolmentLine, StationFiles, enrol
from tests.forgetful_files import ForgetfulFiles
from tests.station.scripted_room import ScriptedRoom
from tests.station.seats import identity_in


@pytest.fixture
async def room() -> AsyncIterator[ScriptedRoom]:
    async with ScriptedRoom(one_use={"st1": "secret"}).open() as opened:
        yield opened


def fits(findings: list[Finding]) -> dict[str, bool]:
    return {finding.what.split()[-1]: finding.fit for finding in findings}


class TestCheckMachine:
    async def test_an_enrolled_machine(self, room: ScriptedRoom, tmp_path: Path) -> None:
        line = EnrolmentLine(station="st1", secret="secret", address=room.address, room_key=room.key.public)
        await enrol(line, StationFiles(DiskFiles(), tmp_path))
        findings = await asyncio.to_thread(check_machine, DiskFiles(), tmp_path, "drawn:1")
        found = fits(findings)
        assert found["room"] is True
        assert found["camera"] is True
        # The scripted room lives in another year than this machine.
        assert found["clock"] is False

    def test_a_machine_that_was_never_enrolled(self, tmp_path: Path) -> None:
        findings = check_machine(DiskFiles(), tmp_path, "drawn:1")
        assert fits(findings)["enrolment"] is False

    async def test_a_machine_this_room_does_not_know(self, room: ScriptedRoom) -> None:
        identity = identity_in(room)
        room.stations["st1"] = SigningKey.generate().public
        assert fits(await check_room(identity)) == {"room": False}


class TestParts:
    @pytest.mark.parametrize("words", ["drawn:x", "webcam", "folder:/nowhere", "video:/nowhere.mp4"])
    def test_a_camera_that_is_not_there_is_a_sentence(self, words: str) -> None:
        finding = check_camera(words)
        assert not finding.fit
        assert finding.found

    def test_a_full_disk_is_found_before_the_exam(self) -> None:
        small = ForgetfulFiles(disk_bytes=10 * 1_048_576)
        assert fits(list(check_disk(small, Path("/seat"))))["disk"] is False
