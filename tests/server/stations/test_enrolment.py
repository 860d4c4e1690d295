"""Enrolment over HTTP: one-use secrets, a lost answer, a wiped machine, a retired one."""

import httpx
import pytest

from protocol import enrolment_code
from protocol.keys import SigningKey
from server.app import RoomServer
from server.people.rules import Role
from server.stations.queries import station_by_id
from server.stations.routes import CODE_TRIES_MAX, CODE_WINDOW_MS
from tests.server.conftest import ClientOf, command

R = Role
HOUR_MS = 3_600_000


@pytest.fixture
async def office(as_: ClientOf) -> httpx.AsyncClient:
    return await as_(R.EXAM_OFFICE)


@pytest.fixture
async def place(office: httpx.AsyncClient) -> str:
    """A room of six seats."""
    site = (await office.post("/api/sites", json={"name": "s"}, headers=command())).json()
    asked = {"site": site["id"], "name": "一号机房", "layout": {"rows": 2, "columns": 3}}
    return (await office.post("/api/rooms", json=asked, headers=command())).json()["id"]


async def secrets_of(office: httpx.AsyncClient, room: str, *seats: int) -> list[dict[str, object]]:
    answer = await office.post(f"/api/rooms/{room}/enrolment", json={"seats": list(seats) or None})
    assert answer.status_code == 200, answer.text
    return answer.json()


def asked(line: dict[str, object], key: SigningKey) -> dict[str, object]:
    return {"station": line["station"], "secret": line["secret"], "public_key": key.public}


async def enrol(client: httpx.AsyncClient, line: dict[str, object], key: SigningKey) -> httpx.Response:
    return await client.post("/api/stations/enrol", json=asked(line, key))


def key_of(room: RoomServer, station: object) -> str | None:
    with room.database.read() as db:
        row = station_by_id(db, str(station))
        assert row is not None
        return row.public_key


class TestIssue:
    async def test_the_file_holds_a_line_for_every_seat(
        self, office: httpx.AsyncClient, place: str, room: RoomServer
    ) -> None:
        lines = await secrets_of(office, place)
        assert [line["seat"] for line in lines] == [1, 2, 3, 4, 5, 6]
        assert len({line["secret"] for line in lines}) == 6
        for line in lines:
            assert line.keys() == {"station", "secret", "seat", "ca_pem", "room_key", "address"}
            assert line["room_key"] == room.keys.room.public
            assert line["ca_pem"] == room.keys.ca_pem
            assert str(line["address"]).startswith("https://")

    async def test_no_secret_is_kept_or_told_by_the_ledger(
        self, office: httpx.AsyncClient, place: str, room: RoomServer
    ) -> None:
        secret = str((await secrets_of(office, place, 1))[0]["secret"])
        await room.writer.submit(lambda desk: None)
        kept = room.database.path.read_bytes() + room.database.path.with_suffix(".sqlite-wal").read_bytes()
        assert secret.encode() not in kept

    async def test_an_unknown_seat_or_room_is_refused(self, office: httpx.AsyncClient, place: str) -> None:
        for path, seats in ((place, [7]), ("room-0", None)):
            answer = await office.post(f"/api/rooms/{path}/enrolment", json={"seats": seats})
            assert answer.status_code == 404

    async def test_proctors_make_no_stations(self, as_: ClientOf, place: str) -> None:
        proctor = await as_(R.PROCTOR)
        assert (await proctor.post(f"/api/rooms/{place}/enrolment", json={})).status_code == 403


class TestEnrol:
    async def test_a_machine_becomes_the_station_of_its_seat(
        self, office: httpx.AsyncClient, anyone: httpx.AsyncClient, place: str, room: RoomServer
    ) -> None:
        line = (await secrets_of(office, place, 3))[0]
        key = SigningKey.generate()
        answer = await enrol(anyone, line, key)
        assert answer.status_code == 200
        assert answer.json() == {
            "station": line["station"], "room_key": line["room_key"], "room": "一号机房", "seat": 3,
        }  # fmt: skip
        assert key_of(room, line["station"]) == key.public
        shown = (await office.get("/api/stations", params={"room": place})).json()
        assert [(one["seat"], one["state"]) for one in shown] == [(3, "enrolled")]

    async def test_a_lost_answer_is_asked_for_again(
        self, office: httpx.AsyncClient, anyone: httpx.AsyncClient, place: str
    ) -> None:
        line = (await secrets_of(office, place, 1))[0]
        key = SigningKey.generate()
        first, again = await enrol(anyone, line, key), await enrol(anyone, line, key)
        assert first.json() == again.json()

    async def test_a_secret_serves_one_machine(
        self, office: httpx.AsyncClient, anyone: httpx.AsyncClient, place: str, room: RoomServer
    ) -> None:
        line = (await secrets_of(office, place, 1))[0]
        key = SigningKey.generate()
        await enrol(anyone, line, key)
        second = await enrol(anyone, line, SigningKey.generate())
        assert second.status_code == 403
        assert second.json()["code"] == "unknown_secret"
        assert key_of(room, line["station"]) == key.public

    async def test_a_wrong_secret_and_an_unknown_station_sound_alike(
        self, office: httpx.AsyncClient, anyone: httpx.AsyncClient, place: str
    ) -> None:
        one, other = await secrets_of(office, place, 1, 2)
        key = SigningKey.generate()
        crossed = await enrol(anyone, {**one, "secret": other["secret"]}, key)
        unknown = await enrol(anyone, {**one, "station": "nobody"}, key)
        assert crossed.status_code == unknown.status_code == 403
        assert crossed.json() == unknown.json()

    async def test_a_secret_ends_after_its_hours(
        self, office: httpx.AsyncClient, anyone: httpx.AsyncClient, place: str, room: RoomServer
    ) -> None:
        line = (await secrets_of(office, place, 1))[0]
        room.clock.set_to(room.clock.now_ms() + 24 * HOUR_MS)
        answer = await enrol(anyone, line, SigningKey.generate())
        assert answer.json()["code"] == "secret_expired"

    async def test_a_wiped_machine_enrols_again_with_a_new_secret(
        self, office: httpx.AsyncClient, anyone: httpx.AsyncClient, place: str, room: RoomServer
    ) -> None:
        line = (await secrets_of(office, place, 1))[0]
        old, new = SigningKey.generate(), SigningKey.generate()
        await enrol(anyone, line, old)
        again = (await secrets_of(office, place, 1))[0]
        assert key_of(room, line["station"]) == old.public
        assert (await enrol(anyone, again, new)).json()["station"] == line["station"]
        assert key_of(room, line["station"]) == new.public

    async def test_what_is_no_key_is_malformed(
        self, office: httpx.AsyncClient, anyone: httpx.AsyncClient, place: str
    ) -> None:
        line = (await secrets_of(office, place, 1))[0]
        body = asked(line, SigningKey.generate()) | {"public_key": "A" * 44}
        assert (await anyone.post("/api/stations/enrol", json=body)).status_code == 422

    async def test_who_has_no_secret_writes_nothing(
        self, anyone: httpx.AsyncClient, room: RoomServer
    ) -> None:
        before = room.writer.ledger.last_n
        line: dict[str, object] = {"station": "x", "secret": "A" * 32}
        await enrol(anyone, line, SigningKey.generate())
        assert room.writer.ledger.last_n == before


class TestRetire:
    async def test_a_retired_machine_is_no_station_until_it_gets_a_secret(
        self, office: httpx.AsyncClient, anyone: httpx.AsyncClient, place: str, room: RoomServer
    ) -> None:
        line = (await secrets_of(office, place, 1))[0]
        await enrol(anyone, line, SigningKey.generate())
        gone = await office.post(f"/api/stations/{line['station']}/retire", headers=command())
        assert gone.json()["state"] == "retired"
        assert key_of(room, line["station"]) is None
        assert (await enrol(anyone, line, SigningKey.generate())).status_code == 403
        again = (await secrets_of(office, place, 1))[0]
        assert (await enrol(anyone, again, SigningKey.generate())).status_code == 200


async def codes_of(office: httpx.AsyncClient, room: str, *seats: int) -> list[dict[str, object]]:
    answer = await office.post(f"/api/rooms/{room}/enrolment-codes", json={"seats": list(seats) or None})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def types(client: httpx.AsyncClient, code: object, key: SigningKey) -> httpx.Response:
    secret = enrolment_code.read(str(code)).secret
    asked = {"secret": secret, "public_key": key.public}
    return await client.post("/api/stations/enrol-by-code", json=asked)


class TestTypedCodes:
    async def test_a_code_names_the_rooms_ca_and_one_seat(
        self, office: httpx.AsyncClient, anyone: httpx.AsyncClient, place: str, room: RoomServer
    ) -> None:
        codes = await codes_of(office, place, 2, 5)
        assert [one["seat"] for one in codes] == [2, 5]
        shown = (await anyone.get("/api/stations/authority")).json()
        assert shown == {"ca_pem": room.keys.ca_pem}
        for one in codes:
            assert enrolment_code.read(str(one["code"])).trusts(shown["ca_pem"])
        key = SigningKey.generate()
        answer = await types(anyone, codes[1]["code"], key)
        assert (answer.status_code, answer.json()["seat"]) == (200, 5)
        assert answer.json()["room_key"] == room.keys.room.public
        assert key_of(room, codes[1]["station"]) == key.public

    async def test_is_used_once_but_its_own_machine_may_ask_again(
        self, office: httpx.AsyncClient, anyone: httpx.AsyncClient, place: str
    ) -> None:
        (one,) = await codes_of(office, place, 1)
        key, other = SigningKey.generate(), SigningKey.generate()
        for _ in range(2):
            assert (await types(anyone, one["code"], key)).status_code == 200
        assert (await types(anyone, one["code"], other)).json()["code"] == "unknown_secret"

    async def test_lives_as_long_as_the_settings_say(
        self, office: httpx.AsyncClient, anyone: httpx.AsyncClient, place: str, room: RoomServer
    ) -> None:
        (one,) = await codes_of(office, place, 1)
        room.clock.set_to(int(str(one["expires_at"])))
        answer = await types(anyone, one["code"], SigningKey.generate())
        assert (answer.status_code, answer.json()["code"]) == (403, "secret_expired")

    async def test_a_new_one_takes_the_place_of_the_one_before(
        self, office: httpx.AsyncClient, anyone: httpx.AsyncClient, place: str
    ) -> None:
        (first,), (second,) = await codes_of(office, place, 1), await codes_of(office, place, 1)
        assert (await types(anyone, first["code"], SigningKey.generate())).status_code == 403
        assert (await types(anyone, second["code"], SigningKey.generate())).status_code == 200

    async def test_is_not_guessed_at_without_end(
        self, office: httpx.AsyncClient, anyone: httpx.AsyncClient, place: str, room: RoomServer
    ) -> None:
        (one,) = await codes_of(office, place, 1)
        for _ in range(CODE_TRIES_MAX):
            assert (await types(anyone, "0" * 25, SigningKey.generate())).status_code == 403
        assert (await types(anyone, one["code"], SigningKey.generate())).status_code == 429
        room.clock.set_to(room.clock.now_ms() + CODE_WINDOW_MS)
        assert (await types(anyone, one["code"], SigningKey.generate())).status_code == 200

    async def test_no_code_is_kept(self, office: httpx.AsyncClient, place: str, room: RoomServer) -> None:
        (one,) = await codes_of(office, place, 1)
        secret = enrolment_code.read(str(one["code"])).secret
        await room.writer.submit(lambda desk: None)
        kept = room.database.path.read_bytes() + room.database.path.with_suffix(".sqlite-wal").read_bytes()
        assert secret.encode() not in kept
