"""The office over HTTP, on a real server: both of S3-B's theory subjects, and a draw proved by what is revealed."""

from collections.abc import Iterator

import pytest

from kaochang.exam_office import Office, OfficeRefused
from kaochang.fictional import people
from kaochang.room_process import RoomProcess
from protocol.paper import SeatPaper
from protocol.sealing import open_paper
from question_bank.commitment import inputs_from_json
from question_bank.papers import DrawnPaper
from question_bank.proof import verify
from server.attempts.queries import attempts_of_session
from server.data_folder import DataFolder
from server.db import Database
from server.papers.access import wrapping_key
from server.papers.queries import paper_key, paper_record, sealed_paper, session_secret
from server.papers.sealing import PaperRecord
from server.stations.keys import load

pytestmark = [pytest.mark.timeout(180)]

SUBJECTS = {"safety": ("safety", "安全生产知识"), "trade": ("gangjin", "钢筋工")}
SEATS = 6


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RoomProcess, Office]]:
    """One room whose office has planned and loaded a session for each theory subject of S3-B."""
    room = RoomProcess(tmp_path_factory.mktemp("office") / "room")
    room.found()
    room.start()
    office = room.office()
    try:
        office.hire()
        place = office.furnish(SEATS + 1, columns=4, spare=[SEATS + 1])
        who = people(SEATS, seed=5, batch="W")
        both = "安全生产知识、职业（工种）理论知识"
        ids = office.register(who, "s3-b", subjects=both, photos=False)
        for subject, (folder, title) in SUBJECTS.items():
            bank = office.stock(folder, title)
            office.plan(
                subject,
                room=place,
                batch="2026-1",
                title=title,
                scheme="s3-b",
                subject=subject,
                bank=bank,
                blueprint="s3b",
                candidates=list(ids.values()),
            )
        yield room, office
    finally:
        office.close()
        room.stop()


def opened(room: RoomProcess, session: str) -> dict[str, tuple[SeatPaper, PaperRecord]]:
    """Every paper of a session as its seat would see it, and its record."""
    database = Database(DataFolder(room.data).database)
    keys = load(DataFolder(room.data).keys, [], 0)
    try:
        with database.read() as db:
            secret = session_secret(db, session, wrapping_key(keys.room))
            attempts = [each.id for each in attempts_of_session(db, session)]
            return {
                attempt: (
                    open_paper(sealed_paper(db, attempt), paper_key(secret, attempt)),
                    paper_record(db, attempt, secret),
                )
                for attempt in attempts
            }
    finally:
        database.close()


class TestLoading:
    @pytest.mark.parametrize("subject", SUBJECTS)
    def test_every_paper_sums_to_the_full_score_and_all_get_the_drawn_form(
        self, room: tuple[RoomProcess, Office], subject: str
    ) -> None:
        papers = opened(room[0], subject)
        assert len(papers) == SEATS
        for seen, record in papers.values():
            assert (
                sum(part.score_each * len(part.items) for part in seen.sections) == seen.max_score == 10_000
            )
            assert seen.duration_ms == 90 * 60_000
            assert len({item.point for item in record.items}) == len(record.items) == 100
        forms = {frozenset(item.code for item in record.items) for _, record in papers.values()}
        assert len(forms) == 1, "one form for all (S3-B: a drawn paper)"
        assert len({tuple(slot.item for slot in record.slots) for _, record in papers.values()}) == SEATS

    def test_a_live_bank_never_opens_in_a_trial(self, room: tuple[RoomProcess, Office]) -> None:
        office = room[1]
        candidate = office.desk("office").get("/api/candidates")[0]["id"]
        place = office.desk("office").get("/api/rooms")[0]["id"]
        with pytest.raises(OfficeRefused, match="live"):
            office.plan(
                "trial",
                room=place,
                batch="2026-1",
                title="试考",
                scheme="demo",
                subject="theory",
                bank=office.stock("sgy-tujian", "施工员"),
                blueprint="s3a",
                candidates=[candidate],
                run_type="trial",
            )


class TestTheDraw:
    def test_is_committed_before_and_revealed_only_after_the_session(
        self, room: tuple[RoomProcess, Office]
    ) -> None:
        server, office = room
        drawn = office.desk("office").get("/api/sessions/safety/draws")[0]
        assert drawn["secret"] is None
        assert drawn["inputs"] is None
        office.open_door("safety")
        office.check_in("safety")
        office.begin("safety")
        office.desk("proctor1").do("/api/sessions/safety/end", {"reason": "演练结束"})
        revealed = office.desk("reviewer").get("/api/sessions/safety/draws")[0]
        assert revealed["commitment"] == drawn["commitment"]
        papers = [
            DrawnPaper(record.blueprint.code, attempt, 0, record.slots)
            for attempt, (_, record) in opened(server, "safety").items()
        ]
        inputs, secret = inputs_from_json(revealed["inputs"]), bytes.fromhex(revealed["secret"])
        assert verify(inputs, secret, revealed["commitment"], papers).holds
        assert not verify(inputs, secret, revealed["commitment"], papers[1:]).holds
        assert not verify(inputs, bytes(32), revealed["commitment"], papers).holds
