"""The office over HTTP, on a real server: both of S3-B's theory subjects, and a draw proved by what is revealed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kaochang.cli import main
from kaochang.exam_office import Office, OfficeRefused
from kaochang.fictional import people
from kaochang.room_process import RoomProcess
from protocol.paper import SeatPaper
from protocol.sealing import open_paper
from question_bank.blueprint import read_blueprint
from question_bank.importing import read_outline
from question_bank.papers import DrawnPaper, drawn_digest
from question_bank.reveal import NotRevealed, SessionDraws, Verdict, prove, read_reveal
from server.attempts.queries import attempts_of_session
from server.data_folder import DataFolder
from server.db import Database
from server.papers.access import wrapping_key
from server.papers.queries import exposure_of, paper_key, paper_record, sealed_paper, session_secret
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


class TestTheParts:
    """Nobody loads alone, and nobody enters both parts."""

    def test_two_different_people_enter_one_each_and_then_the_papers_are_drawn(
        self, room: tuple[RoomProcess, Office]
    ) -> None:
        office = room[1]
        plan_another(office, "parts", load=False)
        desk, path = office.desk("office"), "/api/sessions/parts"
        promised = desk.get(f"{path}/draws")["server_digest"]
        assert promised is not None
        with pytest.raises(OfficeRefused, match="0 of 2"):
            desk.do(f"{path}/load")
        with pytest.raises(OfficeRefused, match="8 to 200"):
            desk.do(f"{path}/draw-parts", {"part": " 123456 "})
        first = desk.do(f"{path}/draw-parts", {"part": "3 1 4 1 5 9 2 6"})
        with pytest.raises(OfficeRefused, match="1 of 2"):
            desk.do(f"{path}/load")
        with pytest.raises(OfficeRefused, match="another person"):
            desk.do(f"{path}/draw-parts", {"part": "2 7 1 8 2 8 1 8"})
        keeper = office.logins["keeper"]
        with pytest.raises(OfficeRefused, match="role"):
            desk.do(
                f"{path}/draw-parts",
                {"part": "2 7 1 8 2 8 1 8", "login": keeper.login, "password": keeper.password},
            )
        second = office.desk("body").do(f"{path}/draw-parts", {"part": "2 7 1 8 2 8 1 8"})
        with pytest.raises(OfficeRefused, match="neither can be changed"):
            office.desk("proctor1").do(f"{path}/draw-parts", {"part": "6 6 6 6 6 6 6 6"})
        shown = desk.get(f"{path}/draws")
        assert [part["digest"] for part in shown["parts"]] == [first["digest"], second["digest"]]
        assert [(part["text"], part["salt"]) for part in shown["parts"]] == [(None, None)] * 2
        assert (shown["server_digest"], shown["server_part"]) == (promised, None)
        assert desk.do(f"{path}/load")["papers"] == 2
        with pytest.raises(OfficeRefused, match="loaded"):
            office.desk("proctor1").do(f"{path}/draw-parts", {"part": "6 6 6 6 6 6 6 6"})


class TestAPackage:
    """A session whose papers come from a stick: the room's own bank stays locked."""

    @staticmethod
    def _planned(office: Office, session: str, run_type: str, scheme: str, subject: str) -> None:
        desk = office.desk("office")
        office.plan(
            session,
            room=desk.get("/api/rooms")[0]["id"],
            batch=session,
            title="题包场次",
            scheme=scheme,
            subject=subject,
            bank="safety" if subject == "safety" else "sgy-tujian",
            blueprint="s3b" if subject == "safety" else "s3a",
            candidates=[row["id"] for row in desk.get("/api/candidates")[:2]],
            run_type=run_type,
            load=False,
        )
        office.enter_parts(session)

    @staticmethod
    def _opened(office: Office, session: str, bank: str, blueprint: str) -> None:
        office.unlock_bank()
        asked = {"bank": bank, "blueprints": [blueprint], "session": session, "not_before": 0}
        package = office.desk("keeper").do("/api/packages", asked)["header"]["package"]
        parts = [office.desk(who).do(f"/api/packages/{package}/part", {}) for who in ("keeper", "keeper2")]
        office.desk("keeper").do("/api/bank/lock", {})
        for part, who in zip(parts, ("office", "body"), strict=True):
            office.desk(who).do(f"/api/packages/{package}/open", {"part": part["text"]})

    def test_loads_its_session_while_the_bank_is_locked(self, room: tuple[RoomProcess, Office]) -> None:
        server, office = room
        self._planned(office, "packed", "formal", "s3-b", "safety")
        office.desk("keeper").do("/api/bank/lock", {})
        with pytest.raises(OfficeRefused, match="The bank is locked"):
            office.desk("office").do("/api/sessions/packed/load")
        self._opened(office, "packed", "safety", "s3b")
        assert office.desk("office").do("/api/sessions/packed/load")["papers"] == 2
        assert len(opened(server, "packed")) == 2
        office.unlock_bank()

    def test_of_a_live_bank_never_opens_a_trial(self, room: tuple[RoomProcess, Office]) -> None:
        office = room[1]
        office.stock("sgy-tujian", "施工员")
        self._planned(office, "packed-trial", "trial", "demo", "theory")
        self._opened(office, "packed-trial", "sgy-tujian", "s3a")
        with pytest.raises(OfficeRefused, match="live"):
            office.desk("office").do("/api/sessions/packed-trial/load")
        office.unlock_bank()


class TestTheDraw:
    def test_is_committed_before_and_revealed_only_after_the_session(
        self, room: tuple[RoomProcess, Office], tmp_path: Path
    ) -> None:
        server, office = room
        desk, path = office.desk("office"), "/api/sessions/safety"
        before = SessionDraws.model_validate(desk.get(f"{path}/draws"))
        assert not before.revealed
        assert [draw.inputs for draw in before.draws] == [None]
        assert [draw.papers for draw in before.draws] == [()]
        with pytest.raises(NotRevealed):
            prove(before)
        office.open_door("safety")
        late = self._add_late(office)
        office.check_in("safety")
        office.begin("safety")
        office.desk("proctor1").do(f"{path}/end", {"reason": "演练结束"})
        raw = office.desk("reviewer").get_bytes(f"{path}/draws")
        reveal = read_reveal(raw)
        assert (reveal.commitment, reveal.server_digest) == (before.commitment, before.server_digest)
        proof = prove(reveal)
        assert proof.holds, proof.faults
        assert len(proof.papers) == SEATS + 2
        (given,) = [line for line in reveal.draws[0].papers if line.given_to is not None]
        assert (given.given_to, given.spare) == (late, 1)
        # What was scored is what was drawn: the records were sealed apart, under keys that are never revealed.
        records = opened(server, "safety")
        for line in reveal.draws[0].papers:
            attempt = line.attempt or line.given_to
            if attempt is not None:
                seen, record = records[attempt]
                drawn = DrawnPaper(record.blueprint.code, line.attempt, line.spare, record.slots)
                assert drawn_digest(drawn) == line.drawn
                assert seen.attempt == attempt
        self._proved_as_typed(office, raw, tmp_path)
        self._forgeries_are_named(reveal)

    def _add_late(self, office: Office) -> str:
        """A seventh candidate comes after loading and gets the first spare; an eighth too, and a ninth nothing."""
        desk, path = office.desk("office"), "/api/sessions/safety"
        who = people(3, seed=77, batch="L")
        ids = list(office.register(who, "s3-b", subjects="安全生产知识", photos=False).values())
        assert desk.get(f"{path}/spares")["left"] == {"safety": 2}
        with pytest.raises(OfficeRefused, match="sealed"):
            desk.do(
                f"{path}/roster", {"places": [{"candidate": ids[0], "subject": "safety", "seat": SEATS + 1}]}
            )
        asked = {"candidate": ids[0], "subject": "safety", "seat": SEATS + 1, "reason": "从第二考场调入"}
        with pytest.raises(OfficeRefused, match="taken"):
            desk.do(f"{path}/late", {**asked, "seat": 1})
        listed = desk.do(f"{path}/late", asked)
        assert listed["spare"] == 1
        assert desk.do(f"{path}/late", asked) == {"attempt": listed["attempt"]}
        assert desk.get(f"{path}/spares")["left"] == {"safety": 1}
        attempt: str = listed["attempt"]
        return attempt

    def _proved_as_typed(self, office: Office, raw: bytes, tmp_path: Path) -> None:
        saved = tmp_path / "reveal.json"
        saved.write_bytes(raw)
        told = CliRunner().invoke(main, ["bank", "prove", "--file", str(saved)])
        assert told.exit_code == 0
        assert "everything holds" in told.output
        forged = json.loads(raw)
        forged["parts"][0]["text"] = "1 1 1 1 1 1 1 1"
        saved.write_text(json.dumps(forged))
        told = CliRunner().invoke(main, ["bank", "prove", "--file", str(saved), "--json"])
        assert told.exit_code == 1
        assert not json.loads(told.output)["holds"]
        told = CliRunner().invoke(main, ["bank", "prove", "other", "--file", str(saved)])
        assert (told.exit_code, "draws of safety" in told.output) == (2, True)
        reviewer = office.logins["reviewer"]
        asked = ["bank", "prove", "safety", "--server", office.address, "--login", reviewer.login]
        ca = tmp_path / "ca.pem"
        ca.write_text(office.ca_pem or "")
        again = CliRunner().invoke(main, [*asked, "--ca", str(ca), "--password", reviewer.password, "--json"])
        assert again.exit_code == 0, again.output
        assert len(json.loads(again.output)["papers"]) == SEATS + 2
        wrong = CliRunner().invoke(main, [*asked, "--ca", str(ca), "--password", "wrong password"])
        assert wrong.exit_code == 2

    def _forgeries_are_named(self, reveal: SessionDraws) -> None:
        (drawn,) = reveal.draws
        first, second = drawn.papers[0], drawn.papers[1]
        other = "0" * 64
        cases = {
            Verdict.OTHER_DRAWN: (first.model_copy(update={"drawn": other}), *drawn.papers[1:]),
            Verdict.OTHER_OPENED: (first.model_copy(update={"opened": other}), *drawn.papers[1:]),
            Verdict.MISSING: drawn.papers[1:],
            Verdict.EXTRA: (*drawn.papers, second.model_copy(update={"attempt": "somebody"})),
        }
        for verdict, papers in cases.items():
            forged = reveal.model_copy(update={"draws": (drawn.model_copy(update={"papers": papers}),)})
            proof = prove(forged)
            assert not proof.holds
            assert verdict in {paper.verdict for paper in proof.papers}
        for changed in (
            {"server_part": "00" * 32},
            {"papers_digest": other},
            {"commitment": other},
            {"parts": tuple(part.model_copy(update={"by": "one"}) for part in reveal.parts)},
        ):
            assert prove(reveal.model_copy(update=changed)).faults

    def test_the_next_session_knows_what_this_one_showed(self, room: tuple[RoomProcess, Office]) -> None:
        server, office = room
        plan_another(office, "next")
        database = Database(DataFolder(server.data).database)
        try:
            with database.read() as db:
                exposure = exposure_of(db, "safety")
        finally:
            database.close()
        # One form: everybody sat the same hundred items; nobody signed in at a seat, so nobody saw them.
        assert exposure == {}


def plan_another(office: Office, session: str, *, load: bool = True) -> None:
    """Another session of two of the candidates."""
    candidates = [each["id"] for each in office.desk("office").get("/api/candidates")][:2]
    office.plan(
        session,
        room=office.desk("office").get("/api/rooms")[0]["id"],
        batch="2026-2",
        title="再一场",
        scheme="s3-b",
        subject="safety",
        bank="safety",
        blueprint="s3b",
        candidates=candidates,
        load=load,
    )


class TestPlanning:
    def test_says_what_the_bank_can_give_before_anything_is_drawn(
        self, room: tuple[RoomProcess, Office]
    ) -> None:
        office = room[1]
        plan_another(office, "coverage", load=False)
        (found,) = office.desk("office").get("/api/sessions/coverage/coverage")
        assert (found["subject"], found["bank"], found["reasons"], found["locked"]) == (
            "safety",
            "safety",
            [],
            False,
        )
        assert (found["papers"], found["spares"]) == (2, 2)
        assert sum(found["importance"].values()) == 100
        assert found["usable_items"] <= found["bank_items"]
        office.desk("keeper").do("/api/bank/lock")
        (locked,) = office.desk("office").get("/api/sessions/coverage/coverage")
        assert locked["locked"]
        office.enter_parts("coverage")
        with pytest.raises(OfficeRefused, match="bank is locked"):
            office.desk("office").do("/api/sessions/coverage/load")
        office.unlock_bank()
        assert office.desk("office").do("/api/sessions/coverage/load")["spares"] == 2

    def test_outline_and_blueprint_leave_as_files(self, room: tuple[RoomProcess, Office]) -> None:
        keeper = room[1].desk("keeper")
        outline = read_outline(keeper.get_bytes("/api/bank/safety/outline.xlsx"), "safety", "x").outline
        assert outline is not None
        assert len(outline.points) > 100
        plan = read_blueprint(keeper.get_bytes("/api/bank/safety/blueprints/s3b/toml"))
        assert (plan.code, plan.full_score) == ("s3b", 10_000)
