"""Sessions that are over: real papers from a sample bank, answers that were given, scores that were computed."""

import functools
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from protocol import office_entries as office
from protocol import station_entries as station
from protocol.answers import answered, answers_digest
from protocol.sealing import open_paper
from server.attempts import actions as attempts
from server.attempts import loading
from server.bank import actions as bank
from server.bank.importing import Files, prepare_import, read_files
from server.bank.open_banks import OpenBanks
from server.bank.preparing import prepare_step
from server.bank.rules import Step
from server.candidates.models import Candidate
from server.papers import actions as papers
from server.papers.access import wrapping_key
from server.papers.models import SessionSecret
from server.papers.queries import paper_key, paper_record, sealed_paper, session_secret
from server.people.models import PersonRow
from server.results import actions as results
from server.sessions.models import SessionSubject
from server.writer.desk import Desk
from tests.server.room import Room, Seat

SAMPLES = Path(__file__).parents[2] / "question_bank" / "samples"
BANK = "sgy-tujian"
BANK_KEY = b"k" * 32
MINUTE = 60_000


@functools.cache
def sample_bank() -> Files:
    """The sample bank of S3-A with its blueprint."""
    folder = SAMPLES / BANK
    return read_files(
        BANK,
        "施工员（土建施工）",
        ("items.csv", (folder / "items.csv").read_bytes()),
        (folder / "outline.csv").read_bytes(),
        [("blueprint-s3a.toml", (folder / "blueprint-s3a.toml").read_bytes())],
    )


async def stock(room: Room) -> OpenBanks:
    """The sample bank in the room, imported by one keeper, approved by another, unlocked."""
    files, banks = sample_bank(), OpenBanks(lambda: room.now, 24 * 60 * MINUTE)
    banks.unlock(BANK_KEY, "keeper")
    await room.writer.submit(
        lambda desk: bank.make_bank(desk, BANK, "施工员（土建施工）", "keeper", live=True)
    )
    with room.database.read() as db, banks.bank(db, BANK) as opened:
        prepared = prepare_import(db, opened, files, BANK_KEY, "keeper")

    def bring(desk: Desk) -> None:
        bank.clear_arrivals(desk, BANK)
        if prepared.arriving:
            bank.arrive(desk, prepared.arriving)
        bank.finish_import(desk, prepared.change, len(prepared.arriving), "keeper")
        for blueprint in files.blueprints:
            bank.keep_blueprint(desk, BANK, blueprint, "keeper")

    await room.writer.submit(bring)
    brought = prepared.change.named
    for at in range(0, len(brought), bank.REFS_MAX):
        piece = brought[at : at + bank.REFS_MAX]
        with room.database.read() as db, banks.bank(db, BANK) as opened:
            change = prepare_step(db, opened, Step.APPROVE, piece, "keeper2", "", BANK_KEY)
        await room.writer.submit(lambda desk, change=change: bank.move(desk, change, "keeper2"))  # type: ignore[misc]
    return banks


async def load_papers(room: Room, session: str = "s1", subject: str = "theory") -> None:
    """Draw and seal a real paper for every attempt of a session."""
    banks = await stock(room)
    planned = SessionSubject(session=session, subject=subject, bank=BANK, blueprint="s3a")
    await room.writer.submit(lambda desk: desk.db.add(planned))
    wrapping = wrapping_key(room.key)
    for person in ("office", "proctor1"):
        await room.writer.submit(
            lambda desk, person=person: papers.enter_part(
                desk, session, f"3 1 4 1 5 9 {person}", wrapping, person
            )  # type: ignore[misc]
        )
    with room.database.read() as db:
        prepared = loading.prepare(db, session, banks, wrapping_key(room.key))
    secret = SessionSecret(session=session, nonce=prepared.secret_nonce, wrapped=prepared.secret_wrapped)

    def keep_papers(desk: Desk) -> None:
        loading.keep(desk, prepared.papers)
        desk.db.add_all(prepared.draws)
        desk.db.merge(secret)

    await room.writer.submit(keep_papers)


def right_answers(room: Room, attempt: str, session: str = "s1") -> dict[int, list[str]]:
    """The letters that are right, by slot, as this attempt's paper shows them."""
    with room.database.read() as db:
        record = paper_record(db, attempt, session_secret(db, session, wrapping_key(room.key)))
    items = record.by_ref()
    found = {}
    for slot in record.slots:
        key = items[slot.item, slot.version].key
        found[slot.number] = sorted("ABCDEFGHIJKL"[slot.option_order.index(one)] for one in key)
    return found


def paper_digest(room: Room, attempt: str, session: str = "s1") -> str:
    """The digest of an attempt's paper, opened as its seat opens it."""
    with room.database.read() as db:
        sealed = sealed_paper(db, attempt)
        open_paper(sealed, paper_key(session_secret(db, session, wrapping_key(room.key)), attempt))
    return sealed.digest


async def registers(
    room: Room, *candidates: str, employer: str = "甲公司", institution: str = "乙学校"
) -> None:
    """Candidates of these ids in the register."""

    def verb(desk: Desk) -> None:
        for number, candidate in enumerate(candidates, 1):
            desk.db.add(
                Candidate(
                    id=candidate,
                    name=f"考生{candidate}",
                    document_type="resident_id",
                    document=f"4201111970050{number:05d}",
                    document_key=f"4201111970050{number:05d}",
                    ticket=f"T{candidate}",
                    employer=employer,
                    institution=institution,
                )
            )

    await room.writer.submit(verb)


async def names(room: Room, *people: str) -> None:
    """People of these ids in the register, so that a form has names."""

    def verb(desk: Desk) -> None:
        for person in people:
            row = PersonRow(
                id=person,
                login=person,
                display_name=f"老师{person}",
                password_hash="-",
                created_at=desk.now,
            )
            desk.db.add(row)

    await room.writer.submit(verb)


async def answer(seat: Seat, answers: Mapping[int, Sequence[str]]) -> None:
    """The candidate answers these items."""
    await seat.says(
        *[station.AnswerSaved(slot=slot, response=list(chosen)) for slot, chosen in answers.items()]
    )


async def hand_in(seat: Seat, answers: Mapping[int, Sequence[str]]) -> None:
    """The candidate hands in."""
    body = station.HandedIn(by="candidate", answered=answered(answers), digest=answers_digest(answers))
    await seat.says(body)


async def photograph(
    room: Room, seat: Seat, data: bytes, *, kept: bool = True, reason: str = "schedule"
) -> str:
    """The seat announces a picture, and the room holds its bytes."""
    digest = room.store.put(data) if kept else hashlib.sha256(data).hexdigest()
    await seat.says(
        station.SnapshotTaken.model_validate(
            {
                "digest": digest,
                "size": len(data),
                "width": 1280,
                "height": 720,
                "reason": reason,
                "planned_ms": room.next_number() * 1000 if reason == "schedule" else None,
                "taken_at": room.now,
                "quality": "clear",
            }
        )
    )
    if kept:
        await room.records(
            office.SnapshotReceived(attempt=seat.attempt, digest=digest, size=1), session=seat.session
        )
    return digest


async def end(room: Room, session: str = "s1") -> None:
    """The time is up, and everybody is scored."""
    room.now += 121 * MINUTE
    await room.writer.submit(lambda desk: attempts.end(desk, session, "room", "time_up"))
    await score(room, session)


async def score(room: Room, session: str = "s1") -> None:
    """Score whoever is not scored yet, as the scorer does."""
    wanted = await room.writer.submit(lambda desk: results.to_score(desk, session))
    with room.database.read() as db:
        scored = results.score(db, session_secret(db, session, wrapping_key(room.key)), wanted)
    await room.writer.submit(lambda desk: results.keep_scores(desk, session, scored, "session_end"))


async def lived(
    room: Room, session: str = "s1", candidates: Sequence[str] = ("c1", "c2", "c3"), pictures: int = 4
) -> dict[str, Seat]:
    """A whole exam: the first candidate knows everything, the second half, the third did not come; not yet ended."""
    await registers(room, *candidates)
    await names(room, "proctor1", "proctor2")
    ids = await room.plans(session, candidates=candidates)
    await load_papers(room, session)
    seats = {
        key: await room.seats(attempt, session) for key, attempt in zip(candidates[:2], ids, strict=False)
    }
    await room.starts(session, list(seats.values()))
    for number, (_key, seat) in enumerate(seats.items()):
        await seat.says(station.PaperOpened(digest=paper_digest(room, seat.attempt, session)))
        known = right_answers(room, seat.attempt, session)
        chosen = known if number == 0 else {slot: known[slot] for slot in sorted(known)[: len(known) // 2]}
        await answer(seat, chosen)
        for picture in range(pictures):
            await photograph(room, seat, f"{seat.attempt} {picture}".encode() * 50)
        if number == 0:
            room.now += 60 * MINUTE
            await hand_in(seat, chosen)
    return seats
