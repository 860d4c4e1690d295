"""The verbs of rulings, over a real writer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from protocol import station_entries as station
from server.attempts import actions as attempts
from server.attempts.rules import A
from server.errors import NotFound, Refused
from server.rulings import actions
from server.rulings.models import VoidRow
from server.rulings.queries import barred, voids_to_decide
from server.rulings.rules import AttemptRulings, Rulings
from server.rulings.watch import Finding
from server.sessions.actions import ReasonNeeded
from server.writer.day import read_row
from server.writer.desk import Desk
from server.writer.writer import Verb
from tests.server.room import Room, Seat, open_room


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        await opened.plans()
        yield opened


def of(room: Room, attempt: str, session: str = "s1") -> AttemptRulings:
    return room.day(session).part(Rulings).of(attempt)


async def sitting(room: Room, session: str = "s1", candidate: str = "c1") -> Seat:
    seat = await room.seats(f"{session}-{candidate}", session)
    await room.starts(session, [seat])
    return seat


async def propose(room: Room, attempt: str = "s1-c1", session: str = "s1", **given: object) -> str:
    asked: dict[str, object] = {
        "code": "materials_at_seat",
        "flags": [],
        "statement": "I did not know.",
        "statement_declined": False,
        "reason": "a phone under the desk",
    } | given
    by = str(asked.pop("by", "proctor1"))
    outcome = await room.writer.submit(
        lambda desk: actions.propose_void(desk, session, attempt, by, **asked)  # type: ignore[arg-type]
    )
    return str(outcome["ruling"])


async def sign(room: Room, ruling: str, session: str = "s1", by: str = "proctor2") -> None:
    await room.writer.submit(lambda desk: actions.sign_void(desk, session, f"{session}-c1", ruling, by))


async def decide(room: Room, ruling: str, outcome: str, session: str = "s1", by: str = "body") -> None:
    await room.writer.submit(
        lambda desk: actions.decide_void(desk, session, f"{session}-c1", ruling, by, outcome, "seen")  # type: ignore[arg-type]
    )


def is_barred(room: Room, candidate: str, batch: str = "b1") -> bool:
    with room.database.read() as db:
        return barred(db, candidate, batch)


class TestSend:
    async def test_a_warning_is_an_order_whose_text_is_kept_apart(self, room: Room) -> None:
        await sitting(room)
        before = len(room.attempt("s1-c1").orders)
        await room.writer.submit(
            lambda desk: actions.send(
                desk, "s1", "s1-c1", "proctor1", " Eyes on your own screen. ", warning=True
            )
        )
        order = room.attempt("s1-c1").orders[before]
        assert order.type == "message.sent"
        with room.database.read_ledger() as ledger:
            row = ledger.entry_at(order.stream, order.seq)
            assert row is not None
            assert "Eyes" not in row.text
            assert row.signature is not None

    async def test_a_message_to_an_empty_seat_is_refused(self, room: Room) -> None:
        with pytest.raises(attempts.AttemptNotNow):
            await room.writer.submit(
                lambda desk: actions.send(desk, "s1", "s1-c1", "proctor1", "hello", warning=False)
            )

    async def test_a_message_of_blanks_says_nothing(self, room: Room) -> None:
        await sitting(room)
        with pytest.raises(ReasonNeeded):
            await room.writer.submit(
                lambda desk: actions.send(desk, "s1", "s1-c1", "proctor1", "  ", warning=False)
            )


class TestFlag:
    async def flag(self, room: Room, code: str = "system_misuse") -> str:
        outcome = await room.writer.submit(
            lambda desk: actions.raise_flag(
                desk, "s1", "s1-c1", "proctor1", code, "major", ["n12"], "looked at the neighbour"
            )
        )
        return str(outcome["flag"])

    async def test_a_flag_at_a_seat_orders_a_picture(self, room: Room) -> None:
        await sitting(room)
        flag = await self.flag(room)
        assert of(room, "s1-c1").flags[flag].open
        assert room.attempt("s1-c1").orders[-1].type == "snapshot.requested"

    async def test_a_flag_on_an_empty_seat_orders_none(self, room: Room) -> None:
        await self.flag(room)
        assert room.attempt("s1-c1").orders == []

    async def test_a_code_of_no_scheme_is_refused(self, room: Room) -> None:
        with pytest.raises(actions.UnknownRulingCode):
            await self.flag(room, code="dislike")

    async def test_a_closed_flag_stays_as_it_was_closed(self, room: Room) -> None:
        flag = await self.flag(room)

        def close(outcome: str) -> Verb[dict[str, object]]:
            return lambda desk: actions.close_flag(
                desk,
                "s1",
                flag,
                "proctor1",
                outcome,
                "nothing there",  # type: ignore[arg-type]
            )

        await room.writer.submit(close("dismissed"))
        await room.writer.submit(close("dismissed"))
        assert of(room, "s1-c1").open_flags() == []
        with pytest.raises(actions.FlagClosedOtherwise):
            await room.writer.submit(close("acknowledged"))

    async def test_a_machine_repeats_nobody(self, room: Room) -> None:
        await sitting(room)

        async def found(severity: str, key: str) -> str | None:
            finding = Finding("s1-c1", "page_left", severity, key)  # type: ignore[arg-type]
            return await room.writer.submit(lambda desk: actions.raise_finding(desk, "s1", finding))

        first = await found("minor", "n1")
        assert first is not None
        assert await found("minor", "n1") is None
        assert await found("minor", "n2") is None, "an open flag says so already"
        worse = await found("major", "n2")
        assert worse is not None
        assert {flag.id for flag in of(room, "s1-c1").open_flags()} == {first, worse}


class TestPropose:
    async def test_binds_nothing(self, room: Room) -> None:
        await sitting(room)
        await propose(room)
        assert room.attempt("s1-c1").state is A.RUNNING
        assert of(room, "s1-c1").shown_void() == "proposed"
        assert not is_barred(room, "c1")

    @pytest.mark.parametrize(("statement", "declined"), [(None, False), ("  ", False), ("I was cold.", True)])
    async def test_the_candidate_is_heard(self, room: Room, statement: str | None, declined: bool) -> None:
        with pytest.raises(actions.StatementNeeded):
            await propose(room, statement=statement, statement_declined=declined)

    async def test_a_refused_statement_is_recorded_as_that(self, room: Room) -> None:
        ruling = await propose(room, statement=None, statement_declined=True)
        assert of(room, "s1-c1").voids[ruling].statement_declined

    async def test_a_code_of_no_scheme_is_refused(self, room: Room) -> None:
        with pytest.raises(actions.UnknownRulingCode):
            await propose(room, code="dislike")

    async def test_a_flag_of_somebody_else_is_no_evidence(self, room: Room) -> None:
        with pytest.raises(NotFound):
            await propose(room, flags=["flag-of-another"])

    async def test_a_reason_is_needed(self, room: Room) -> None:
        with pytest.raises(ReasonNeeded):
            await propose(room, reason=" ")

    async def test_a_repeat_is_the_same_proposal_and_another_is_refused(self, room: Room) -> None:
        assert await propose(room) == await propose(room)
        with pytest.raises(actions.VoidPending):
            await propose(room, by="proctor2")


class TestSign:
    async def test_needs_a_different_person(self, room: Room) -> None:
        await sitting(room)
        ruling = await propose(room)
        with pytest.raises(actions.SecondPersonNeeded):
            await sign(room, ruling, by="proctor1")
        assert room.attempt("s1-c1").state is A.RUNNING

    async def test_voids_by_an_order_and_closes_the_flags_as_ruled(self, room: Room) -> None:
        await sitting(room)
        raised = await room.writer.submit(
            lambda desk: actions.raise_flag(
                desk, "s1", "s1-c1", "proctor1", "system_misuse", "major", [], "seen"
            )
        )
        ruling = await propose(room, flags=[raised["flag"]])
        await sign(room, ruling)
        assert room.attempt("s1-c1").state is A.VOIDED
        assert "void.signed" in [order.type for order in room.attempt("s1-c1").orders]
        flag = of(room, "s1-c1").flags[str(raised["flag"])]
        assert (flag.outcome, flag.closed_by) == ("ruled", "proctor2")
        assert room.attempt("s1-c2").state is A.EXPECTED

    async def test_a_repeat_changes_nothing(self, room: Room) -> None:
        ruling = await propose(room)
        await sign(room, ruling)
        n = room.day().n
        await sign(room, ruling)
        assert room.day().n == n
        with pytest.raises(actions.VoidNotNow):
            await sign(room, ruling, by="proctor3")

    async def test_takes_the_batch_with_it_and_no_other(self, room: Room) -> None:
        """S3-B 取消当批次测试资格和测试成绩."""
        await room.plans("s2", room="r2")
        await room.plans("s3", room="r3", batch="b2")
        ruling = await propose(room)
        await sign(room, ruling)
        assert room.attempt("s2-c1", "s2").state is A.VOIDED
        assert room.attempt("s2-c2", "s2").state is A.EXPECTED
        assert room.attempt("s3-c1", "s3").state is A.EXPECTED
        void = of(room, "s2-c1", "s2").voids[ruling]
        assert (void.by, void.signed_by, void.code) == ("proctor1", "proctor2", "materials_at_seat")

    async def test_bars_later_sessions_of_the_batch(self, room: Room) -> None:
        ruling = await propose(room)
        await sign(room, ruling)
        assert is_barred(room, "c1")
        assert not is_barred(room, "c1", "b2")
        assert not is_barred(room, "c2")
        await room.plans("s2", room="r2")

        def check_in(desk: Desk) -> object:
            stands = barred(desk.db, "c1", "b1")
            return attempts.check_in(desk, "s2", "s2-c1", "proctor1", reason=None, barred=stands)

        with pytest.raises(attempts.Barred):
            await room.writer.submit(check_in)

    async def test_a_code_of_narrow_scope_voids_its_subject_only(self, room: Room) -> None:
        """人社部令第31号第十一条: identical answers cost that subject."""
        await room.plans("s2", room="r2")
        ruling = await propose(room, code="identical_answers")
        await sign(room, ruling)
        assert room.attempt("s1-c1").state is A.VOIDED
        assert room.attempt("s2-c1", "s2").state is A.EXPECTED
        assert not is_barred(room, "c1")


class TestWithdraw:
    async def test_a_withdrawn_proposal_leaves_room_for_another(self, room: Room) -> None:
        ruling = await propose(room)
        for _ in range(2):
            await room.writer.submit(
                lambda desk: actions.withdraw_void(desk, "s1", "s1-c1", ruling, "proctor1", "the wrong seat")
            )
        assert of(room, "s1-c1").shown_void() == "none"
        assert await propose(room, by="proctor2") != ruling

    async def test_what_two_have_signed_is_not_withdrawn(self, room: Room) -> None:
        ruling = await propose(room)
        await sign(room, ruling)
        with pytest.raises(actions.VoidNotNow):
            await room.writer.submit(
                lambda desk: actions.withdraw_void(desk, "s1", "s1-c1", ruling, "proctor1", "sorry")
            )


class TestDecide:
    async def test_lifting_restores_what_was_everywhere(self, room: Room) -> None:
        await sitting(room)
        await room.plans("s2", room="r2")
        ruling = await propose(room)
        await sign(room, ruling)
        await decide(room, ruling, "lifted")
        assert room.attempt("s1-c1").state is A.RUNNING
        assert room.attempt("s2-c1", "s2").state is A.EXPECTED
        assert not is_barred(room, "c1")
        with room.database.read() as db:
            assert voids_to_decide(db) == []

    async def test_upheld_still_bars_and_can_be_decided_once(self, room: Room) -> None:
        ruling = await propose(room)
        await sign(room, ruling)
        with room.database.read() as db:
            assert [row.ruling for row in voids_to_decide(db)] == [ruling]
        await decide(room, ruling, "upheld")
        await decide(room, ruling, "upheld")
        assert is_barred(room, "c1")
        with pytest.raises(actions.VoidNotNow):
            await decide(room, ruling, "lifted")

    @pytest.mark.parametrize("signer", ["proctor1", "proctor2"])
    async def test_whoever_signed_does_not_decide(self, room: Room, signer: str) -> None:
        ruling = await propose(room)
        await sign(room, ruling)
        with pytest.raises(actions.SignerCannotDecide):
            await decide(room, ruling, "upheld", by=signer)

    async def test_nothing_is_decided_before_two_signed(self, room: Room) -> None:
        ruling = await propose(room)
        with pytest.raises(actions.VoidNotNow):
            await decide(room, ruling, "lifted")

    async def test_lifting_one_void_leaves_what_another_still_voids(self, room: Room) -> None:
        """Two rulings in two sessions of the batch; the first also reached the second's session before."""
        await room.plans("s2", room="r2", candidates=("c1",))
        narrow = await propose(room, code="identical_answers")
        await sign(room, narrow)
        wide = await propose(room, "s2-c1", "s2")
        await sign(room, wide, "s2")
        assert wide not in of(room, "s1-c1").voids
        await decide(room, wide, "upheld", "s2")
        await decide(room, narrow, "lifted")
        assert room.attempt("s1-c1").state is A.VOIDED
        assert of(room, "s1-c1").voids[wide].state == "upheld"


class TestRepeats:
    async def test_a_repeated_command_returns_the_first_outcome(self, room: Room) -> None:
        await sitting(room)

        def verb(desk: Desk) -> dict[str, object]:
            return actions.send(desk, "s1", "s1-c1", "proctor1", "hello", warning=False)

        first = await room.writer.submit(verb, command="k1")
        n = room.day().n
        assert await room.writer.submit(verb, command="k1") == first
        assert room.day().n == n


class TestLaw:
    async def test_state_and_rows_are_the_fold_of_the_ledger(self, room: Room) -> None:
        seat = await sitting(room)
        await seat.says(station.PageLeft(cause="hidden"))
        ruling = await propose(room)
        await sign(room, ruling)
        folding = room.writer.folding
        with room.database.read_ledger() as ledger:
            fresh = folding.empty("s1")
            for row in ledger.entries(session="s1"):
                folding.apply(fresh, read_row(row))
        assert folding.equal(fresh, room.day())
        assert folding.equal(folding.load("s1", folding.dump(room.day())), room.day())
        with room.database.read() as db:
            row = db.get(VoidRow, (ruling, "s1-c1"))
            assert row is not None
            assert (row.state, row.signed_by, row.candidate) == ("signed", "proctor2", "c1")

    async def test_a_refused_verb_leaves_nothing(self, room: Room) -> None:
        n = room.day().n
        with pytest.raises(Refused):
            await propose(room, code="dislike")
        assert room.day().n == n
