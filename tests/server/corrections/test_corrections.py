"""A key that was wrong: proposed with a report, ruled on by two people, old scores kept, nothing readable at rest."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from protocol import office_entries as office
from protocol import station_entries as station
from protocol.bank_entries import BankItemsRead
from server.hand_scoring.rules import HandScores
from server.papers.access import wrapping_key
from server.people import actions as people_actions
from server.people.models import StaffRow
from server.people.passwords import Passwords
from server.people.rules import Person, Role
from server.results import correction_routes, queries
from server.results.rules import Results, ResultState, Verdict
from server.results.scorer import Scorer
from server.reviews.actions import why_recused
from server.reviews.dossier import compile_dossier, score_lines
from server.settings import Argon2, Logins
from server.writer.day import Folding, load_day, read_row
from tests.server.own_papers import RIGHT, sat
from tests.server.reviews.test_reviews import Weekdays, WorkingCalendar, reviewer, sign_record, year_of
from tests.server.room import PARTS, Room, open_room
from tests.server.rooms_people import client, plain_app
from tests.server.serving import serving

CORRECTIONS = "/api/sessions/s1/corrections"
WRONG = {**RIGHT, 1: ["B"]}
"""Everything right but the first single, where B was chosen."""


class House:
    """A room over HTTP; everybody's password is their login name, twice."""

    def __init__(self, room: Room, passwords: Passwords, port: int) -> None:
        self.room, self.passwords, self.port = room, passwords, port
        self.clients: list[httpx.AsyncClient] = []

    async def person(self, *roles: Role) -> tuple[Person, httpx.AsyncClient]:
        name = f"person{self.room.next_number()}"
        hashed = await self.passwords.hash(name * 2)
        person = await self.room.writer.submit(
            lambda desk: people_actions.add_person(
                desk, login=name, display_name=name, roles=set(roles), password_hash=hashed, by="test"
            )
        )
        token = await self.room.writer.submit(lambda desk: people_actions.open_login(desk, person.id, 12))
        self.clients.append(client(self.port, token))
        return person, self.clients[-1]

    async def ask(self, who: httpx.AsyncClient, path: str, body: dict[str, Any]) -> httpx.Response:
        headers = {"Idempotency-Key": f"command-{self.room.next_number()}"}
        return await who.post(f"{CORRECTIONS}{path}", json=body, headers=headers)

    async def proposes(self, who: httpx.AsyncClient, **fields: Any) -> str:
        """That B counts too for the first single, unless other fields say so; the correction's id."""
        body = {"item": "S1", "version": 1, "remedy": "keys", "keys": ["A", "B"], "reason": "两个答案都对"}
        answer = await self.ask(who, "", body | fields)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["correction"])

    async def report(self, who: httpx.AsyncClient, correction: str) -> dict[str, Any]:
        answer = await who.get(f"{CORRECTIONS}/{correction}/report")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def rules(self, person: Person, who: httpx.AsyncClient, correction: str) -> httpx.Response:
        report = (await self.report(who, correction))["report"]
        body = {"report": report, "reason": "专家组意见", "password": person.login * 2}
        return await self.ask(who, f"/{correction}/rule", body)

    async def signs(
        self, person: Person, who: httpx.AsyncClient, correction: str, **how: Any
    ) -> httpx.Response:
        report = (await self.report(who, correction))["report"]
        body = {"report": report, "login": person.login, "password": person.login * 2}
        return await self.ask(who, f"/{correction}/sign", body | how)

    async def applies(self, correction: str) -> None:
        """Two people of the confirming body rule and sign."""
        one, first = await self.person(Role.CONFIRMING_BODY)
        other, _ = await self.person(Role.REVIEWER)
        assert (await self.rules(one, first, correction)).status_code == 200
        signed = await self.signs(other, first, correction)
        assert signed.status_code == 200, signed.text


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


@pytest.fixture
async def house(room: Room) -> AsyncIterator[House]:
    app = plain_app(room)
    app.include_router(correction_routes.ROUTER)
    app.state.keys = SimpleNamespace(room=room.key)
    app.state.why_recused = why_recused
    cheap = Argon2(memory_kib=8, passes=1, lanes=1)
    app.state.passwords = Passwords(room.database, room.clock, Logins(), cheap)
    async with serving(app) as port:
        found = House(room, app.state.passwords, port)
        yield found
        for each in found.clients:
            await each.aclose()
    app.state.passwords.close()


def score(room: Room, attempt: str, session: str = "s1") -> tuple[int | None, ResultState]:
    result = room.day(session).part(Results).by_attempt[attempt]
    return result.score, result.state


class TestFromTheComplaintToTheCorrectedResult:
    async def test_whose_answers_came_after_the_score_is_named_and_left_to_a_ruling_of_its_own(
        self, room: Room, house: House
    ) -> None:
        seats = await sat(room, {"c1": WRONG, "c2": WRONG}, hands_in=False)
        await sign_record(room)
        await seats["c2"].says(station.AnswerSaved(slot=2, response=["D"]), at=room.now - 100 * 60_000)
        _, keeper = await house.person(Role.BANK_KEEPER)
        correction = await house.proposes(keeper)
        seen = await house.report(keeper, correction)
        assert (seen["asked"], seen["left_out"], seen["up"]) == (2, 1, 1)
        await house.applies(correction)
        assert (score(room, "s1-c1")[0], score(room, "s1-c2")[0]) == (5_000, 4_000)

    async def test_nothing_is_applied_before_two_people_ruled(self, room: Room, house: House) -> None:
        await sat(room, {"c1": WRONG, "c2": RIGHT, "c3": {1: ["C"]}})
        await sign_record(room)
        await confirm_all(room)
        _, keeper = await house.person(Role.BANK_KEEPER)
        one, first = await house.person(Role.CONFIRMING_BODY)
        other, _ = await house.person(Role.REVIEWER)
        correction = await house.proposes(keeper)
        seen = await house.report(first, correction)
        assert (seen["up"], seen["down"], seen["asked"]) == (1, 0, 3)
        assert [(each["attempt"], each["before"], each["after"]) for each in seen["changes"]] == [
            ("s1-c1", 4_000, 5_000)
        ]
        assert score(room, "s1-c1") == (4_000, ResultState.CONFIRMED)
        assert (await house.rules(one, first, correction)).status_code == 200
        assert score(room, "s1-c1") == (4_000, ResultState.CONFIRMED)
        same = await house.signs(one, first, correction)
        assert (same.status_code, same.json()["code"]) == (409, "second_person_needed")
        signed = await house.signs(other, first, correction)
        assert (signed.status_code, signed.json()["changed"]) == (200, 1)
        assert score(room, "s1-c1") == (5_000, ResultState.CORRECTED)
        assert score(room, "s1-c2") == (5_000, ResultState.CONFIRMED)
        (listed,) = (await first.get(CORRECTIONS)).json()
        assert (listed["state"], listed["reason"], listed["ruled_reason"]) == (
            "applied",
            "两个答案都对",
            "专家组意见",
        )
        with room.database.read() as db:
            results = queries.results_of(db, "s1", leaving=True)
        assert [each.subjects[0].score for each in results][:2] == [5_000, 5_000]

    async def test_old_scores_stay_and_are_shown(self, room: Room, house: House) -> None:
        await sat(room, {"c1": WRONG})
        _, keeper = await house.person(Role.BANK_KEEPER)
        await house.applies(await house.proposes(keeper))
        calendar = WorkingCalendar(published=Weekdays(year_of(room) + 1))
        dossier, given = await room.writer.submit(
            lambda desk: compile_dossier(desk, "s1", "s1-c1", reviewer(), calendar)
        )
        (listed,) = (await keeper.get(CORRECTIONS)).json()
        _, looks = await house.person(Role.REVIEWER)
        done = await house.report(looks, listed["correction"])
        assert [(one["before"], one["after"]) for one in done["changes"]] == [(4_000, 5_000)]
        (earlier,) = dossier.result.earlier
        assert (earlier.score, earlier.cause, dossier.result.score) == (4_000, "session_end", 5_000)
        with room.database.read() as db:
            lines = score_lines(db, "s1", "s1-c1", given, wrapping_key(room.key))
        assert (lines[0].score, lines[0].response) == (1_000, ["B"])

    async def test_a_whole_batch_is_corrected_at_once(self, room: Room, house: House) -> None:
        await sat(room, {"c1": WRONG})
        await sat(room, {"c4": WRONG}, "s2", registered=False)
        _, keeper = await house.person(Role.BANK_KEEPER)
        await house.applies(await house.proposes(keeper, scope="batch"))
        assert score(room, "s1-c1")[0] == score(room, "s2-c4", "s2")[0] == 5_000

    async def test_scores_may_fall_and_the_report_says_whose_verdict_turns(
        self, room: Room, house: House
    ) -> None:
        pass_of_this_scheme = {**RIGHT, 6: ["答"], 7: ["答"]}
        await sat(room, {"c1": {**pass_of_this_scheme, 1: ["B"]}, "c2": pass_of_this_scheme})
        for attempt, total in (("s1-c1", 5_400), ("s1-c2", 6_400)):
            await settle(room, attempt, total)
        _, first = await house.person(Role.CONFIRMING_BODY)
        correction = await house.proposes(first, keys=["B"])
        seen = await house.report(first, correction)
        assert {name: seen[name] for name in ("up", "down", "gained", "lost")} == {
            "up": 1,
            "down": 1,
            "gained": 1,
            "lost": 1,
        }
        assert [each["after"] for each in seen["changes"]] == [6_400, 5_400]


async def confirm_all(room: Room) -> None:
    """The end of a review, as entries; the record form is signed."""
    moved = []
    for attempt in list(room.day().part(Results).by_attempt):
        for step in ("under_review", "confirmed"):
            moved.append(office.ResultMoved.model_validate({"attempt": attempt, "step": step, "by": "b"}))
    await room.records(office.SessionMoved(step="under_review", by="r"), *moved)
    await room.records(office.SessionMoved(step="confirmed", by="b"))


async def settle(room: Room, attempt: str, total: int) -> None:
    """Two assessors agree on what makes this total; the scorer scores."""
    machine = 4_000 if attempt == "s1-c1" else 5_000
    share = (total - machine) // 2
    ends = [share, total - machine - share]
    answers = room.day().part(HandScores).of(attempt).answers
    await room.records(
        *[
            office.HandScoreGiven(attempt=attempt, slot=slot, answer=one.answer, score=each, by=by)
            for (slot, one), each in zip(answers.items(), ends, strict=True)
            for by in ("a1", "a2")
        ]
    )
    scorer = Scorer(room.writer, room.database, wrapping_key(room.key))
    scorer.watch("s1")
    await scorer.settled()
    assert score(room, attempt)[0] == total


class TestWhoMay:
    async def test_who_worked_in_the_room_has_no_say(self, room: Room, house: House) -> None:
        await sat(room, {"c1": WRONG})
        one, first = await house.person(Role.REVIEWER)
        correction = await house.proposes(first)
        await room.writer.submit(
            lambda desk: desk.db.add(StaffRow(session="s1", person=one.id, role=Role.PATROL))
        )
        refused = await house.rules(one, first, correction)
        assert (refused.status_code, refused.json()["code"]) == (403, "recused_from_correction")

    async def test_a_bank_keeper_proposes_and_rules_nothing_and_meets_no_candidate(
        self, room: Room, house: House
    ) -> None:
        await sat(room, {"c1": WRONG})
        keeper, asks = await house.person(Role.BANK_KEEPER)
        correction = await house.proposes(asks)
        seen = await house.report(asks, correction)
        assert (seen["up"], seen["changes"]) == (1, [])
        assert "考生" not in str(seen)
        assert (await house.rules(keeper, asks, correction)).status_code == 403
        one, first = await house.person(Role.REVIEWER)
        assert (await house.rules(one, first, correction)).status_code == 200
        assert (await house.signs(keeper, first, correction)).status_code == 403

    async def test_who_rules_rules_on_what_they_saw(self, room: Room, house: House) -> None:
        seats = await sat(room, {"c1": WRONG, "c2": RIGHT}, hands_in=False)
        one, first = await house.person(Role.REVIEWER)
        other, _ = await house.person(Role.CONFIRMING_BODY)
        correction = await house.proposes(first)
        assert (await house.rules(one, first, correction)).status_code == 200
        # An answer arrives that was given in time, and is scored.
        await seats["c2"].says(station.AnswerSaved(slot=1, response=["B"]), at=room.now - 100 * 60_000)
        scorer = Scorer(room.writer, room.database, wrapping_key(room.key))
        scorer.watch("s1")
        await scorer.settled()
        assert score(room, "s1-c2")[0] == 4_000
        refused = await house.signs(other, first, correction)
        assert (refused.status_code, refused.json()["code"]) == (409, "report_changed")
        assert (await house.rules(one, first, correction)).status_code == 200
        assert (await house.signs(other, first, correction)).json()["changed"] == 2

    async def test_a_withdrawn_proposal_stays_on_record_and_is_never_applied(
        self, room: Room, house: House
    ) -> None:
        await sat(room, {"c1": WRONG})
        one, first = await house.person(Role.REVIEWER)
        correction = await house.proposes(first)
        assert (await house.ask(first, f"/{correction}/withdraw", {"reason": ""})).status_code == 409
        assert (await house.ask(first, f"/{correction}/withdraw", {"reason": "误报"})).status_code == 200
        refused = await house.rules(one, first, correction)
        assert (refused.status_code, refused.json()["code"]) == (409, "correction_not_now")
        (listed,) = (await first.get(CORRECTIONS)).json()
        assert (listed["state"], listed["withdrawn_reason"]) == ("withdrawn", "误报")


class TestWhatDoesNotFit:
    @pytest.mark.parametrize(
        "fields",
        [
            {"keys": ["E"]},
            {"keys": []},
            {"keys": ["AB"]},
            {"item": "nowhere"},
            {"version": 2},
            {"part": 1},
            {"remedy": "void"},
            {"item": "A1"},
            {"keys": [], "blanks": [{"accepted": ["甲"]}]},
        ],
    )
    async def test_is_refused_and_nothing_is_kept(
        self, room: Room, house: House, fields: dict[str, Any]
    ) -> None:
        await sat(room, {"c1": WRONG})
        _, first = await house.person(Role.REVIEWER)
        body = {"item": "S1", "version": 1, "remedy": "keys", "keys": ["B"], "reason": "r"} | fields
        refused = await house.ask(first, "", body)
        assert refused.status_code == 409, refused.text
        assert refused.json()["code"] == "correction_does_not_fit"
        assert (await first.get(CORRECTIONS)).json() == []

    async def test_while_candidates_sit_no_key_is_touched(self, room: Room, house: House) -> None:
        await room.plans()
        _, first = await house.person(Role.REVIEWER)
        body = {"item": "S1", "version": 1, "remedy": "void", "reason": "r"}
        refused = await house.ask(first, "", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "not_now")


class TestLaw:
    async def test_the_day_folds_to_the_same_and_later_scores_follow_the_correction(
        self, room: Room, house: House
    ) -> None:
        seats = await sat(room, {"c1": WRONG, "c2": {**RIGHT, 1: []}}, hands_in=False)
        _, keeper = await house.person(Role.BANK_KEEPER)
        await house.applies(await house.proposes(keeper, remedy="full_score", keys=[]))
        assert score(room, "s1-c2")[0] == 5_000
        await seats["c2"].says(station.AnswerSaved(slot=2, response=["D"]), at=room.now - 100 * 60_000)
        scorer = Scorer(room.writer, room.database, wrapping_key(room.key))
        scorer.watch("s1")
        await scorer.settled()
        assert score(room, "s1-c2")[0] == 4_000
        with room.database.read_ledger() as ledger:
            folding = Folding(PARTS)
            assert folding.equal(load_day(ledger, folding, "s1"), room.day())

    async def test_no_key_can_be_read_at_rest_and_who_read_the_item_stands_on_the_ledger(
        self, room: Room, house: House, tmp_path: Path
    ) -> None:
        await sat(room, {"c1": WRONG})
        _, keeper = await house.person(Role.BANK_KEEPER)
        await house.applies(await house.proposes(keeper))
        with sqlite3.connect(tmp_path / "room.sqlite") as file:
            dump = "\n".join(file.iterdump())
        assert "[[0],[1]]" not in dump
        assert "[[0], [1]]" not in dump
        with room.database.read_ledger() as ledger:
            read = [read_row(row).body for row in ledger.entries(0, None) if row.type == "bank.items_read"]
        assert all(isinstance(one, BankItemsRead) and one.purpose == "correction" for one in read)
        assert {one.by for one in read}  # type: ignore[attr-defined]

    async def test_voided_before_and_after(self, room: Room, house: House) -> None:
        """A voided score is corrected underneath, and still reads as cancelled."""
        await sat(room, {"c1": WRONG})
        await room.records(
            office.VoidProposed(
                ruling="v1",
                attempt="s1-c1",
                code="copying",
                scope="batch",
                statement=None,
                statement_declined=True,
                by="proctor1",
                note=None,
            ),
            office.VoidSigned(ruling="v1", attempt="s1-c1", by="proctor2"),
        )
        _, keeper = await house.person(Role.BANK_KEEPER)
        await house.applies(await house.proposes(keeper))
        with room.database.read() as db:
            (found,) = queries.results_of(db, "s1", leaving=False)
        assert (found.verdict, found.subjects[0].score) == (Verdict.VOIDED, None)
        assert score(room, "s1-c1")[0] == 5_000
