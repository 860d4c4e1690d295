"""Loading a session: all papers drawn at once, sealed, and handed to the writer in bounded pieces.

Drawing and sealing happen outside the writer, on what was committed; the last piece checks that the roster is still the
one drawn for. Until that piece nothing is loaded: papers of an earlier try are replaced.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter
from sqlmodel import Session, col, delete, select

from config.exam_day import RunType
from config.scheme import Scheme
from config.subjects import Subject
from protocol import office_entries as office
from question_bank.commitment import DrawInputs, DrawMode, Sitting, inputs_json
from question_bank.draw import CannotDraw, draw
from question_bank.draw_report import DrawReport
from question_bank.papers import drawn_digest
from question_bank.reveal import commitment_of, papers_digest_of
from server.attempts.models import AttemptRow
from server.bank.open_banks import DrawnFrom, OpenBanks
from server.errors import Refused
from server.papers.actions import secret_of
from server.papers.models import Paper, PaperDraw, SessionSecret
from server.papers.queries import exposure_of, promise
from server.papers.queries import parts as parts_of
from server.papers.sealing import Finished, finish, item_salt, spare_id, wrap
from server.sessions.actions import NotNow
from server.sessions.actions import facts_of as session_facts
from server.sessions.models import SessionSubject
from server.sessions.queries import scheme_of, session_row, subjects
from server.sessions.rules import SessionState, step
from server.writer.desk import Desk

PAPERS_PER_PIECE = 200
"""Papers handed to the writer in one verb, so that no answer waits behind a whole session."""

SECRET_BYTES = 32

REPORT = TypeAdapter(DrawReport)


class BankCannotFill(Refused):
    """The bank cannot fill the papers; said before anyone sits down."""

    code = "bank_cannot_fill"
    zh = "题库无法满足组卷方案：{reasons}"
    en = "The bank cannot fill the blueprint: {reasons}"


class OtherFullScore(Refused):
    """Every paper sums to exactly the scheme's full score."""

    code = "other_full_score"
    zh = "组卷方案 {blueprint} 满分为 {found}，考核方案规定为 {expected}（百分之一分）。"
    en = "Blueprint {blueprint} sums to {found} hundredths; the scheme asks for {expected}."


class LiveBank(Refused):
    """试考 and 练习 use dummy items: a live bank never opens in them."""

    code = "live_bank"
    zh = "题库 {bank} 为正式题库，不能用于试考或练习。"
    en = "Bank {bank} is live; it never opens in a trial or a practice session."


class NobodyListed(Refused):
    """A session without attempts has no papers."""

    code = "nobody_listed"
    zh = "场次中还没有考生，不能装载试卷。"
    en = "Nobody is listed in this session; there are no papers to load."


class RosterChanged(Refused):
    """Somebody changed the roster while the papers were drawn."""

    code = "roster_changed"
    zh = "组卷期间名单有变动，请重新装载。"
    en = "The roster changed while the papers were drawn. Load again."


@dataclass
class Prepared:
    """Everything of a loading but its commit."""

    session: str
    roster: str
    secret_nonce: str
    secret_wrapped: str
    draws: list[PaperDraw] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)

    @property
    def commitment(self) -> str:
        """One name for all draws of the session."""
        return commitment_of((each.subject, each.commitment) for each in self.draws)

    @property
    def papers_digest(self) -> str:
        """One name for all papers, by what was sealed and what was drawn."""
        return papers_digest_of(
            (each.subject, None if each.spare else each.attempt, each.spare, each.digest, each.drawn)
            for each in self.papers
        )

    @property
    def spares(self) -> int:
        """Papers nobody has yet."""
        return sum(1 for each in self.papers if each.spare)


def prepare(db: Session, session: str, banks: OpenBanks, wrapping: bytes) -> Prepared:
    """Draw and seal every paper of a session from what is committed; takes seconds for thousands of seats.

    Raises PartsMissing before two people entered their parts of the secret, BankLocked when a bank is needed that
    nobody unlocked.
    """
    row = session_row(db, session)
    attempts = _attempts(db, session)
    if not attempts:
        raise NobodyListed()
    promised, parts = promise(db, session), parts_of(db, session)
    secret = os.urandom(SECRET_BYTES)
    nonce, wrapped = wrap(secret, session, wrapping)
    prepared = Prepared(session, roster_digest(attempts), nonce, wrapped)
    scheme = scheme_of(row)
    for code, place in sorted(subjects(db, session).items()):
        sitting = [each for each in attempts if each.subject == code]
        if not sitting:
            continue
        source = drawn_from(db, session, banks, code, place)
        inputs = inputs_of(
            session,
            scheme,
            code,
            sitting,
            source,
            item_salt(secret, session, code),
            exposure_of(db, place.bank),
        )
        drawing = secret_of(promised, parts, wrapping, session, code)
        _draw_subject(prepared, inputs, source, secret, drawing, scheme.subject(code))
    return prepared


def drawn_from(db: Session, session: str, banks: OpenBanks, subject: str, place: SessionSubject) -> DrawnFrom:
    """What a subject's papers come from, once it fits scheme and run type.

    Raises BankLocked, OtherFullScore, LiveBank, NotFound.
    """
    row = session_row(db, session)
    policy = scheme_of(row).subject(subject)
    source = banks.drawn_from(db, session, place.bank, place.blueprint)
    if source.blueprint.full_score != policy.full_score:
        raise OtherFullScore(
            blueprint=source.blueprint.code, found=source.blueprint.full_score, expected=policy.full_score
        )
    if source.contents.live and row.run_type != RunType.FORMAL:
        raise LiveBank(bank=place.bank)
    return source


def inputs_of(
    session: str,
    scheme: Scheme,
    subject: str,
    sitting: Sequence[AttemptRow],
    source: DrawnFrom,
    salt: bytes | None,
    exposure: Mapping[str, int],
) -> DrawInputs:
    """Everything the draw of a subject depends on, beside the secret."""
    blueprint = source.blueprint
    return DrawInputs(
        session=session,
        mode=DrawMode(scheme.subject(subject).draw or DrawMode.PER_CANDIDATE),
        sittings=tuple(Sitting(each.id, blueprint.code) for each in sitting),
        spares=scheme.admission.spare_papers,
        blueprints=(blueprint,),
        banks=(source.contents.pinned(salt, exposure),),
    )


def _draw_subject(
    prepared: Prepared,
    inputs: DrawInputs,
    source: DrawnFrom,
    secret: bytes,
    drawing: bytes,
    policy: Subject,
) -> None:
    bank, blueprint = source.contents, source.blueprint
    try:
        drawn = draw(inputs, drawing)
    except CannotDraw as error:
        raise BankCannotFill(reasons="；".join(error.reasons)) from error
    items = {(item.code, item.version): item for item in bank.items}
    used = {(slot.item, slot.version) for paper in drawn.papers for slot in paper.slots}
    pictures = source.pictures([items[ref] for ref in used])
    for paper in drawn.papers:
        done = finish(
            paper,
            blueprint,
            items,
            secret,
            policy.title.zh,
            policy.minutes * 60_000,
            pictures,
            place=spare_id(prepared.session, policy.code, paper.spare),
        )
        prepared.papers.append(
            paper_row(prepared.session, policy.code, done, drawn_digest(paper), paper.spare)
        )
    prepared.draws.append(
        PaperDraw(
            session=prepared.session,
            subject=policy.code,
            bank=bank.code,
            bank_version=bank.version,
            commitment=drawn.commitment,
            inputs=inputs_json(inputs).decode(),
            report=REPORT.dump_json(drawn.report).decode(),
        )
    )


def begin(desk: Desk, prepared: Prepared) -> None:
    """The first piece: the state allows it, and papers of an earlier try make room."""
    facts = session_facts(desk, prepared.session)
    if step(facts.state, "loaded") is None:
        raise NotNow(state=facts.state, verb="load")
    desk.db.exec(delete(Paper).where(col(Paper.session) == prepared.session))
    desk.db.exec(delete(PaperDraw).where(col(PaperDraw.session) == prepared.session))


def keep(desk: Desk, papers: Sequence[Paper]) -> None:
    """One piece of the papers."""
    desk.db.add_all(papers)


def finish_loading(desk: Desk, prepared: Prepared, by: str) -> dict[str, object]:
    """The last piece: the roster is still the one drawn for, and from here the session is loaded."""
    facts = session_facts(desk, prepared.session)
    if facts.state is SessionState.LOADED:
        return {"papers": len(prepared.papers)}
    if step(facts.state, "loaded") is None:
        raise NotNow(state=facts.state, verb="load")
    if roster_digest(_attempts(desk.db, prepared.session)) != prepared.roster:
        raise RosterChanged()
    desk.db.add_all(prepared.draws)
    desk.db.merge(
        SessionSecret(session=prepared.session, nonce=prepared.secret_nonce, wrapped=prepared.secret_wrapped)
    )
    desk.record(
        office.SessionLoaded(
            commitment=prepared.commitment,
            papers=len(prepared.papers) - prepared.spares,
            papers_digest=prepared.papers_digest,
            spares=prepared.spares,
            by=by,
        ),
        session=prepared.session,
    )
    return {
        "papers": len(prepared.papers) - prepared.spares,
        "spares": prepared.spares,
        "commitment": prepared.commitment,
    }


def roster_digest(attempts: Sequence[AttemptRow]) -> str:
    """What the draw depends on of the roster: attempts and subjects in seat order."""
    lines = "\n".join(f"{each.seat} {each.id} {each.subject}" for each in attempts)
    return hashlib.sha256(lines.encode()).hexdigest()


def _attempts(db: Session, session: str) -> list[AttemptRow]:
    rows = db.exec(select(AttemptRow).where(AttemptRow.session == session).order_by(col(AttemptRow.seat)))
    return list(rows)


def paper_row(session: str, subject: str, done: Finished, drawn: str, spare: int = 0) -> Paper:
    """A finished paper as it is kept."""
    paper = done.paper
    return Paper(
        attempt=paper.attempt,
        session=session,
        subject=subject,
        spare=spare,
        drawn=drawn,
        items=done.items,
        digest=paper.digest,
        nonce=paper.nonce,
        sealed=paper.sealed,
        record_nonce=done.record_nonce,
        record=done.record,
    )
