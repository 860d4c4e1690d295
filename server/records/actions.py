"""The verbs of a record form: correct, sign; and how it is read."""

from protocol import office_entries as office
from protocol import wire
from recordings.bundle.form import heads_digest
from server.attempts.actions import ROOM
from server.attempts.rules import Attempts
from server.candidates.queries import candidates_by_id
from server.errors import Refused
from server.people.queries import all_staff_of, people_by_id
from server.people.rules import Person, Role, serves
from server.records.form import Registers, fill
from server.records.rules import CorrectedField, Record
from server.records.schemas import RecordForm, RecordShown, SignatureShown
from server.results.actions import to_score
from server.rooms.queries import room_by_id
from server.sessions.actions import NotNow, ReasonNeeded, facts_of
from server.sessions.queries import scheme_of, session_row
from server.sessions.rules import SessionState
from server.writer.desk import Desk

MAY_SIGN = frozenset({Role.PROCTOR, Role.QUALITY_SUPERVISOR})
"""Roles of the two people who sign for the room."""

_WRITES_PATROL = frozenset({Role.PATROL, Role.EXAM_OFFICE})
_WRITES_THE_REST = MAY_SIGN | {Role.EXAM_OFFICE}

SIGNATURES = 2

_OPEN_FOR_CORRECTIONS = frozenset(
    {SessionState.CHECK_IN, SessionState.RUNNING, SessionState.PAUSED, SessionState.ENDED}
)


class RecordImmutable(Refused):
    """Two people signed it."""

    code = "record_immutable"
    zh = "考场记录表已由两人签署，不能再更改。"
    en = "The record form was signed by two people; it cannot be changed any more."


class NotOfThisRoom(Refused):
    """Who signs for a room is on duty there."""

    code = "not_of_this_room"
    status = 403
    zh = "只有本场次的监考员或督导员可以签署考场记录表。"
    en = "Only this session's own proctors and quality supervisors sign its record form."


class NotYourField(Refused):
    """A patrol changes nothing but writes its own record, and nobody of the room writes it for them."""

    code = "not_your_field"
    status = 403
    zh = "巡考员只填写巡考记录；巡考记录只由巡考员或考务管理人员填写。"
    en = "A patrol writes the patrol record alone, and only a patrol or the exam office writes it."


class NotScoredYet(Refused):
    """After the signatures scores change only by ruling, so nobody signs before everybody is scored."""

    code = "not_scored_yet"
    zh = "还有 {count} 名考生的成绩正在计算，请稍候再签署。"
    en = "The scores of {count} attempts are still being computed. Sign in a moment."


def correct(
    desk: Desk, session: str, by: Person, name: CorrectedField, value: str, reason: str
) -> dict[str, object]:
    """Write something beside a field of the form, with a reason."""
    _open(desk, session, "correct")
    if not (reason.strip() and value.strip()):
        raise ReasonNeeded()
    if by.roles.isdisjoint(_WRITES_PATROL if name is CorrectedField.PATROL else _WRITES_THE_REST):
        raise NotYourField()
    body = office.RecordCorrected(
        field=name.value, value=desk.note(value), by=by.id, note=desk.note(reason)
    )
    desk.record(body, session=session)
    return {"field": name.value}


def write_patrol(desk: Desk, session: str, by: str, text: str) -> dict[str, object]:
    """巡考记录: what a patrol saw in the room, in their own words; every batch is patrolled (S3-A 4(4))."""
    _open(desk, session, "patrol")
    value = desk.note(text)
    if value is None:
        raise ReasonNeeded()
    body = office.RecordCorrected(field=CorrectedField.PATROL.value, value=value, by=by, note=None)
    desk.record(body, session=session)
    return {"field": CorrectedField.PATROL.value}


def _open(desk: Desk, session: str, verb: str) -> None:
    """Refuse where the form is signed, or the day has not begun."""
    state = facts_of(desk, session).state
    if _is_signed(state):
        raise RecordImmutable()
    if state not in _OPEN_FOR_CORRECTIONS:
        raise NotNow(state=state, verb=verb)


def sign(desk: Desk, session: str, by: Person, fingerprint: str) -> dict[str, object]:
    """Sign the form as it stands now; the second, different person makes it immutable.

    Both signatures cover the same text and the heads of all streams as they stood at the first. Where the form changed
    since the first signature, this one is the first of the new form.
    """
    facts = facts_of(desk, session)
    signed = [one.by for one in desk.day(session).part(Record).signatures]
    if _is_signed(facts.state):
        if by.id in signed:
            return _outcome(signed)
        raise RecordImmutable()
    if facts.state is not SessionState.ENDED:
        raise NotNow(state=facts.state, verb="sign")
    _of_the_room(desk, session, by)
    unscored = to_score(desk, session)
    if unscored:
        raise NotScoredYet(count=len(unscored))
    text = wire.write(form_of(desk, session, fingerprint).model_dump(mode="json"))
    record = desk.day(session).part(Record)
    kept = desk.ledger.note_text(record.form_digest) if record.signatures else None
    if kept is not None and kept[1] == text:
        if by.id in signed:
            return _outcome(signed)
        form, heads = record.form_digest, record.heads_digest
    else:
        named = desk.note(text)
        assert named is not None
        form, heads, signed = named, _heads(desk, session), []
    desk.record(office.RecordSigned(by=by.id, form_digest=form, heads_digest=heads), session=session)
    return _outcome([*signed, by.id])


def shown(desk: Desk, session: str, fingerprint: str) -> RecordShown:
    """The form for a screen: the signed text verbatim once two have signed, before that as the ledger has it."""
    facts = facts_of(desk, session)
    record = desk.day(session).part(Record)
    signed = _is_signed(facts.state)
    kept = desk.ledger.note_text(record.form_digest) if signed else None
    form = form_of(desk, session, fingerprint) if kept is None else RecordForm.model_validate_json(kept[1])
    names = people_by_id(desk.db, [one.by for one in record.signatures])
    waiting = []
    if facts.state is not SessionState.ENDED:
        waiting.append("signed" if signed else "not_ended")
    elif to_score(desk, session):
        waiting.append("not_scored")
    return RecordShown(
        form=form,
        signed=signed,
        signatures=[
            SignatureShown(
                person=one.by, name=names[one.by].display_name if one.by in names else one.by, at=one.at
            )
            for one in record.signatures
        ],
        form_digest=record.form_digest or None,
        heads_digest=record.heads_digest or None,
        streams=len(desk.day(session).streams),
        may_sign=not waiting,
        waiting=waiting,
        correctable=[] if signed else [name.value for name in CorrectedField],
    )


def form_of(desk: Desk, session: str, fingerprint: str) -> RecordForm:
    """The form as the ledger has it now."""
    row = session_row(desk.db, session)
    day = desk.day(session)
    record = day.part(Record)
    room = room_by_id(desk.db, row.room)
    staff = all_staff_of(desk.db, session)
    candidates = candidates_by_id(desk.db, [one.candidate for one in day.part(Attempts).by_id.values()])
    named = {line.by for line in record.lines if line.by}
    named |= {str(line.facts["second"]) for line in record.lines if line.type == "session.seconded"}
    named |= {one.by for one in record.corrections}
    people = people_by_id(desk.db, named)

    def name_of(person: str | None) -> str | None:
        if person is None:
            return None
        if person == ROOM:
            return "考场系统"
        return people[person].display_name if person in people else person

    def text_of(digest: str | None) -> str | None:
        found = None if digest is None else desk.ledger.note_text(digest)
        return None if found is None else found[1]

    registers = Registers(
        row=row,
        scheme=scheme_of(row),
        room_name=row.room if room is None else room.name,
        staff=staff,
        candidates=candidates,
        name_of=name_of,
        text_of=text_of,
        fingerprint=fingerprint,
    )
    return fill(day, registers)


def _heads(desk: Desk, session: str) -> str:
    return heads_digest(state.head for state in desk.day(session).streams.values())


def _of_the_room(desk: Desk, session: str, by: Person) -> None:
    """Where the session's staff is registered, only they sign for it."""
    if by.roles.isdisjoint(MAY_SIGN):
        raise NotOfThisRoom()
    if not serves(all_staff_of(desk.db, session), by.id, MAY_SIGN):
        raise NotOfThisRoom()


def _is_signed(state: SessionState) -> bool:
    return state in (
        SessionState.SIGNED,
        SessionState.UNDER_REVIEW,
        SessionState.CONFIRMED,
        SessionState.ARCHIVED,
    )


def _outcome(signed: list[str]) -> dict[str, object]:
    return {"signed_by": signed, "signed": len(signed) >= SIGNATURES}
