"""What the page says and the station cannot read, and the pictures it asks for."""

import hashlib
import json
from pathlib import Path

import httpx
import pytest

from protocol.keys import encode
from protocol.paper import SeatPicture
from station.guard import Guard
from station.page import COOKIE, Doorkeeper, PageServer, read_message
from station.seat import Seat
from station.view import view_of
from tests.forgetful_files import ForgetfulFiles
from tests.station.scripted_room import ScriptedRoom
from tests.station.seats import HOME, identity_in, running
from tests.station.waiting import until

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>'
NAME = hashlib.sha256(SVG).hexdigest()


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "sign_in", "ticket": "T" * 50, "document": "420111197005121237"},
        {"type": "sign_in", "ticket": "T1", "document": "420111197005121237", "more": "张三"},
        {"type": "unheard of", "document": "420111197005121237", "name": "张三"},
    ],
)
def test_what_was_typed_stands_in_no_log(wrong: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    assert read_message(json.dumps(wrong)) is None
    assert "the page said what is no message" in caplog.text
    assert "420111197005121237" not in caplog.text
    assert "张三" not in caplog.text


class TestPictures:
    """A picture of the paper is served to the page that shows it, and to nobody else."""

    async def test_only_by_cookie_only_during_the_exam_and_as_a_picture_alone(self) -> None:
        picture = SeatPicture(name=NAME, media_type="image/svg+xml", data=encode(SVG))
        room, files = (
            ScriptedRoom(candidates={"T1": ("D1", "a1")}, paper_pictures=[picture]),
            ForgetfulFiles(),
        )
        async with room.open(), running(identity_in(room), files) as (seat, _):
            door = Doorkeeper(files, HOME, lambda: 80)
            async with _page_of(seat, door) as page:
                await _sit_down(seat)
                assert (await page.get(f"/pictures/{NAME}")).status_code == 404
                await room.start("a1")
                await until(lambda: seat.stage == "rules")
                assert (await page.get(f"/pictures/{NAME}")).status_code == 404
                await seat.read_rules()
                got = await page.get(f"/pictures/{NAME}")
                assert (got.status_code, got.content) == (200, SVG)
                assert got.headers["content-type"] == "image/svg+xml"
                assert got.headers["x-content-type-options"] == "nosniff"
                assert got.headers["cache-control"] == "no-store"
                assert "sandbox" in got.headers["content-security-policy"]
                assert (await page.get(f"/pictures/{'0' * 64}")).status_code == 404
                page.cookies.clear()
                assert (await page.get(f"/pictures/{NAME}")).status_code == 403
                paper = view_of(seat).paper
                assert paper is not None
                assert paper.pictures == []


def _page_of(seat: Seat, door: Doorkeeper) -> httpx.AsyncClient:
    app = PageServer(seat, Guard(seat), door, Path("nowhere")).app()
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(
        transport=transport,
        base_url="http://127.0.0.1:80",
        headers={"host": "127.0.0.1:80"},
        cookies={COOKIE: door.cookie()},
    )


async def _sit_down(seat: Seat) -> None:
    await until(lambda: seat.room.up)
    await seat.sign_in("T1", "D1")
    await seat.confirm(True)
    await seat.read_notice()
