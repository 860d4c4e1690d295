"""What comes from a seat is taken, repeated, or put aside; nothing that comes can stop a seat, or the room."""

import asyncio

import pytest

from protocol import limits
from protocol import office_entries as office
from protocol import station_entries as station
from protocol.entry import Head, compose, parse
from protocol.keys import SigningKey
from server.attempts.rules import A
from tests.server.attempts.building import (
    Sitting,
    alarms,
    answer,
    answers,
    lost_order,
    quarantined,
    restart,
    sends_texts,
)
from tests.server.room import Room, Seat


async def still_works(day: Sitting, candidate: str) -> None:
    """The seat opens a new stream and goes on; its neighbour never noticed."""
    seat, other = day["c1"], day["c2"]
    await seat.opens("repair")
    taken = await seat.says(answer(60, "A"))
    assert taken.acks == {seat.stream: 1}
    assert (await other.says(answer(60, "B"))).refused == {}
    assert day.attempt("c1").answers[60].response == ["A"]
    assert day.attempt("c2").answers[60].response == ["B"]
    assert not day.room.writer.failed.is_set()


class TestInOrder:
    async def test_is_acknowledged_up_to_the_last(self, day: Sitting) -> None:
        seat = day["c1"]
        taken = await seat.says(answer(1, "A"), answer(2, "B"), answer(1, "C"))
        assert seat.head is not None
        assert taken.acks == {seat.stream: seat.head.seq}
        assert (taken.refused, taken.alarms) == ({}, [])
        assert answers(day.attempt("c1")) == {1: ["C"], 2: ["B"]}

    async def test_is_kept_verbatim(self, day: Sitting) -> None:
        entry = day["c1"].writes(answer(1, "A"))
        await day["c1"].sends([entry])
        row = day.room.writer.ledger.entry_at(entry.stream, entry.seq)
        assert row is not None
        assert (row.text, row.hash) == (entry.text, entry.hash)


class TestARepeat:
    async def test_is_acknowledged_again_and_counts_once(self, day: Sitting) -> None:
        seat = day["c1"]
        entries = [seat.writes(answer(1, "A")), seat.writes(answer(2, "B"))]
        first = await seat.sends(entries)
        n = day.room.writer.ledger.last_n
        assert (await seat.sends(entries)).acks == first.acks
        assert (await seat.sends(entries[:1])).acks == first.acks
        assert day.room.writer.ledger.last_n == n

    async def test_in_one_batch_is_acknowledged(self, day: Sitting) -> None:
        seat = day["c1"]
        entries = [seat.writes(answer(1, "A")), seat.writes(answer(2, "B"))]
        one, two = await asyncio.gather(seat.sends(entries), seat.sends(entries))
        assert one.acks == two.acks
        assert two.refused == {}

    async def test_after_a_restart_of_the_room_is_acknowledged(self, day: Sitting) -> None:
        seat = day["c1"]
        opening = day.room.writer.ledger.entry_at(seat.stream, 0)
        assert opening is not None
        entry = seat.writes(answer(1, "A"))
        await seat.sends([entry])
        await restart(day.room)
        assert (await sends_texts(seat, [opening.text, entry.text])).acks == {seat.stream: entry.seq}
        assert (await seat.says(answer(2, "B"))).refused == {}
        assert answers(day.attempt("c1")) == {1: ["A"], 2: ["B"]}


class TestPutAside:
    async def test_a_gap(self, day: Sitting) -> None:
        seat = day["c1"]
        assert seat.head is not None
        held = seat.head.seq
        lost, later = seat.writes(answer(1, "A")), seat.writes(answer(2, "B"))
        taken = await seat.sends([later])
        assert "gap" in taken.refused[seat.stream]
        assert taken.acks == {seat.stream: held}
        assert quarantined(day.room) == [(seat.stream, taken.refused[seat.stream], later.text)]
        assert (await seat.sends([lost])).refused == {}
        await still_works(day, "c1")

    @pytest.mark.parametrize("in_one_frame", [True, False])
    async def test_a_fork(self, day: Sitting, in_one_frame: bool) -> None:
        seat = day["c1"]
        before = seat.head
        first, second = seat.writes(answer(1, "A")), seat.writes(answer(2, "A"))
        seat.head = before
        fork = seat.writes(answer(1, "B"))
        if in_one_frame:
            taken = await seat.sends([first, second, fork])
        else:
            _, taken = await asyncio.gather(seat.sends([first, second]), seat.sends([fork]))
        assert "fork" in taken.refused[seat.stream]
        assert taken.acks == {seat.stream: second.seq}
        assert [text for _, _, text in quarantined(day.room)] == [fork.text]
        assert answers(day.attempt("c1")) == {1: ["A"], 2: ["A"]}
        await still_works(day, "c1")

    async def test_a_wrong_hash(self, day: Sitting) -> None:
        seat = day["c1"]
        assert seat.head is not None
        seat.head = Head(seat.stream, seat.head.seq, "f" * 64)
        taken = await seat.says(answer(1, "A"))
        assert seat.stream in taken.refused
        await still_works(day, "c1")

    @pytest.mark.parametrize(
        ("kind", "body", "version"),
        [
            ("answer.saved", {"slot": 0, "response": []}, 1),
            ("answer.saved", {"slot": 1, "response": ["A"]}, 9),
            ("answer.forgotten", {}, 1),
            ("session.started", {"starts_at": 1, "by": "me"}, 1),
        ],
    )
    async def test_an_unreadable_body(
        self, day: Sitting, kind: str, body: dict[str, object], version: int
    ) -> None:
        seat = day["c1"]
        entry = compose(seat.head, seat.stream, day.room.now, kind, body, version)
        after = compose(entry.head, seat.stream, day.room.now, "answer.saved", {"slot": 1, "response": ["A"]})
        taken = await sends_texts(seat, [entry.text, after.text])
        assert kind in taken.refused[seat.stream]
        assert [text for _, _, text in quarantined(day.room)] == [entry.text, after.text]
        assert answers(day.attempt("c1")) == {}
        await still_works(day, "c1")

    @pytest.mark.parametrize("body", ['{"stream":"other"}', f'{{"t":"{"x" * limits.ENTRY_BYTES_MAX}"}}'])
    async def test_a_text_that_is_no_entry_but_names_its_stream(self, day: Sitting, body: str) -> None:
        seat = day["c1"]
        text = f'{{"at":"now","body":{body},"stream":"{seat.stream}","v":1}}'
        taken = await sends_texts(seat, [text])
        assert list(taken.refused) == [seat.stream]
        assert quarantined(day.room)[-1][2] == text
        await still_works(day, "c1")

    async def test_a_text_that_names_nothing(self, day: Sitting) -> None:
        taken = await sends_texts(day["c1"], ["", "\ud800", "[]", '{"stream":"nobody"}'])
        assert (taken.acks, taken.refused) == ({}, {})
        assert [text for _, _, text in quarantined(day.room)] == ["", "\ud800", "[]", '{"stream":"nobody"}']
        await still_works(day, "c1")

    async def test_a_stream_of_another_station(self, day: Sitting) -> None:
        mine, theirs = day["c1"], day["c2"]
        entry = theirs.writes(answer(1, "D"))
        taken = await mine.sends([entry])
        assert "another station" in taken.refused[theirs.stream]
        assert taken.acks == {}
        assert answers(day.attempt("c2")) == {}
        assert (await theirs.sends([entry])).refused == {}
        await still_works(day, "c1")

    async def test_a_stream_never_opened(self, day: Sitting) -> None:
        seat = day["c1"]
        seat.stream = "elsewhere"
        taken = await seat.says(answer(1, "A"))
        assert "never opened" in taken.refused["elsewhere"]
        await still_works(day, "c1")

    async def test_is_told_once_for_a_frame(self, day: Sitting) -> None:
        seat = day["c1"]
        seat.writes(answer(1, "A"))
        await seat.says(answer(2, "A"), answer(3, "A"))
        told = alarms(day.room)
        assert [(each.code, each.attempt, each.station) for each in told] == [
            ("quarantined", seat.attempt, seat.station)
        ]


class TestAnOpening:
    @staticmethod
    def opening(seat: Seat, stream: str, **changes: str) -> str:
        body = {
            "author": "station",
            "station": seat.station,
            "session": seat.session,
            "attempt": seat.attempt,
            "key": seat.key.public,
            "follows": None,
            "reason": "restart",
        }
        return compose(None, stream, seat.room.now, "stream.opened", {**body, **changes}).text

    @pytest.mark.parametrize(
        "changes",
        [
            {"station": "station-s1-c2"},
            {"key": SigningKey.generate().public},
            {"attempt": "s1-c2"},
            {"attempt": "nobody"},
            {"session": "nowhere"},
            {"author": "server"},
        ],
    )
    async def test_of_anothers_stream_is_put_aside(self, day: Sitting, changes: dict[str, str]) -> None:
        taken = await sends_texts(day["c1"], [self.opening(day["c1"], "new", **changes)])
        assert "new" in taken.refused
        assert "new" not in taken.acks
        await still_works(day, "c1")

    async def test_cannot_take_the_name_of_an_office_stream(self, day: Sitting) -> None:
        held = day.room.day().office_head
        assert held is not None
        later = f"office-{day.room.writer.run}-s2"
        for name in (held.stream, later):
            taken = await sends_texts(day["c1"], [self.opening(day["c1"], name)])
            assert name in taken.refused
        await day.room.plans("s2")
        await still_works(day, "c1")

    async def test_of_the_same_stream_with_another_text_is_a_fork(self, day: Sitting) -> None:
        seat = day["c1"]
        taken = await sends_texts(seat, [self.opening(seat, seat.stream, reason="repair")])
        assert "fork" in taken.refused[seat.stream]
        await still_works(day, "c1")

    async def test_in_the_middle_of_a_stream_is_put_aside(self, day: Sitting) -> None:
        seat = day["c1"]
        body = parse(self.opening(seat, seat.stream)).body
        entry = compose(seat.head, seat.stream, day.room.now, "stream.opened", body)
        taken = await seat.sends([entry])
        assert "first entry" in taken.refused[seat.stream]
        await still_works(day, "c1")

    async def test_by_a_machine_the_attempt_never_sat_at_is_alarmed(self, day: Sitting) -> None:
        seat, other = day["c1"], day["c2"]
        body = parse(self.opening(other, "strange")).body | {"attempt": seat.attempt}
        taken = await other.sends([compose(None, "strange", day.room.now, "stream.opened", body)])
        assert "not seated" in taken.refused["strange"]
        assert [each.code for each in alarms(day.room)] == ["quarantined"]

    async def test_by_a_machine_the_attempt_has_left_is_of_the_past(self, day: Sitting) -> None:
        old = day["c1"]
        await old.says(station.AnswerSaved(slot=1, response=["A"]))
        await day.room.records(office.AttemptSeated(attempt=old.attempt, station="spare", seat=30))
        await old.opens("restart")
        await old.says(station.AnswerSaved(slot=1, response=["B"]))
        attempt = day.attempt("c1")
        assert (attempt.answers[1].response, attempt.station) == (["A"], "spare")
        assert [(late.stream, late.response) for late in attempt.late] == [(old.stream, ["B"])]
        assert not alarms(day.room)


class TestAnOrderHeard:
    async def test_with_another_text_than_its_hash_is_put_aside(self, day: Sitting) -> None:
        seat = day["c1"]
        known = day.attempt("c1").orders[0]
        extension = lost_order(day.room, office.SessionExtended(by_ms=3_600_000, by="p", note=None))
        for text in (extension.text, "{}", "not an entry"):
            forged = station.OrderHeard.model_validate(
                {
                    "order": {"stream": known.stream, "seq": known.seq, "hash": known.hash},
                    "text": text,
                    "signature": extension.signature,
                }
            )
            taken = await seat.says(forged)
            assert seat.stream in taken.refused
            await still_works(day, "c1")
        assert day.attempt("c1").heard_clock == day.attempt("c2").heard_clock

    async def test_with_a_forged_signature_is_put_aside(self, day: Sitting) -> None:
        body = office.SessionExtended(by_ms=3_600_000, by="p", note=None)
        taken = await day["c1"].says(lost_order(day.room, body, key=SigningKey.generate()))
        assert "signature" in taken.refused[day["c1"].stream]
        await still_works(day, "c1")

    @pytest.mark.parametrize("session", ["s2", "s1-b", "1"])
    async def test_of_another_session_is_put_aside(self, day: Sitting, session: str) -> None:
        body = office.SessionExtended(by_ms=3_600_000, by="p", note=None)
        taken = await day["c1"].says(lost_order(day.room, body, session=session))
        assert "another" in taken.refused[day["c1"].stream]
        await still_works(day, "c1")

    async def test_of_another_attempt_is_put_aside(self, day: Sitting) -> None:
        body = office.AttemptExtended(attempt="s1-c2", by_ms=3_600_000, by="p", note=None)
        taken = await day["c1"].says(lost_order(day.room, body))
        assert "another" in taken.refused[day["c1"].stream]
        await still_works(day, "c1")

    async def test_that_is_no_order_is_put_aside(self, day: Sitting) -> None:
        body = office.AttemptAbsent(attempt="s1-c1", by="p")
        taken = await day["c1"].says(lost_order(day.room, body))
        assert "no order" in taken.refused[day["c1"].stream]
        await still_works(day, "c1")


class TestAnOrderTheRoomLost:
    async def test_comes_back_from_the_seat(self, day: Sitting) -> None:
        before = day.attempt("c1").clock.end_at
        assert before is not None
        taken = await day["c1"].says(
            lost_order(day.room, office.AttemptExtended(attempt="s1-c1", by_ms=60_000, by="p", note=None))
        )
        assert taken.refused == {}
        attempt = day.attempt("c1")
        assert attempt.clock.end_at == attempt.heard_clock.end_at == before + 60_000
        assert day.attempt("c2").clock.end_at == before
        assert [(each.code, each.detail) for each in alarms(day.room)] == [
            ("order_recovered", "attempt.extended")
        ]

    async def test_comes_back_once(self, day: Sitting) -> None:
        told = lost_order(day.room, office.AttemptExtended(attempt="s1-c1", by_ms=60_000, by="p", note=None))
        await day["c1"].says(told)
        end = day.attempt("c1").clock.end_at
        await day["c1"].says(told)
        await day["c1"].opens("repair")
        await day["c1"].says(told)
        assert day.attempt("c1").clock.end_at == day.attempt("c1").heard_clock.end_at == end
        assert len(alarms(day.room)) == 1

    async def test_does_what_it_did(self, day: Sitting) -> None:
        await day["c1"].says(
            lost_order(day.room, office.AttemptSuspended(attempt="s1-c1", by="p", note=None))
        )
        assert day.attempt("c1").state is A.SUSPENDED
        row = day.room.writer.connection.execute("SELECT state FROM attempt WHERE id = 's1-c1'").fetchone()
        assert row == ("suspended",)

    async def test_does_not_hide_what_the_seat_has_not_heard(self, day: Sitting) -> None:
        await day.room.records(office.AttemptSuspended(attempt="s1-c1", by="p", note=None))
        await day["c1"].says(
            lost_order(day.room, office.AttemptExtended(attempt="s1-c1", by_ms=60_000, by="p", note=None))
        )
        attempt = day.attempt("c1")
        waiting = [ref.type for ref in attempt.orders if ref.hash not in attempt.told]
        assert waiting == ["attempt.suspended"]
        assert [ref.type for ref in attempt.orders[: attempt.heard]] == [
            "session.started",
            "attempt.extended",
        ]


async def test_nothing_of_a_seat_is_taken_while_it_has_no_stream(room: Room) -> None:
    (attempt,) = await room.plans(candidates=("c1",))
    await room.records(office.AttemptCheckedIn(attempt=attempt, by="p"))
    seat = Seat(room, "s1", attempt, "station-1", stream="early")
    taken = await seat.opens()
    assert seat.stream in taken.refused
