"""What an assessor sees of an answer: question, reference and what was typed; read outside the writer."""

from sqlmodel import Session

from protocol.paper import SeatPicture
from protocol.sealing import open_paper
from server.errors import NotFound
from server.hand_scoring.actions import Shown
from server.hand_scoring.schemas import AnswerShown
from server.papers.queries import paper_key, paper_record, sealed_paper, session_secret


def put_before(db: Session, session: str, wrapping: bytes, shown: Shown) -> AnswerShown:
    """The answer with its question, from the sealed record of the paper; raises NotFound without papers."""
    secret = session_secret(db, session, wrapping)
    record = paper_record(db, shown.attempt, secret)
    slot = next(each for each in record.slots if each.number == shown.slot)
    whole = record.by_ref()[slot.item, slot.version]
    item = whole if slot.part is None else whole.parts[slot.part]
    return AnswerShown(
        key=shown.key,
        case=None if slot.part is None else whole.stem,
        case_markup=whole.markup,
        stem=item.stem,
        reference=item.reference,
        markup=item.markup,
        text=shown.text,
        max_score=shown.max_score,
        step=shown.step,
        mine=shown.mine,
        note=shown.note,
        given=shown.given,
        left=shown.left,
        before=shown.before,
    )


def picture(db: Session, session: str, wrapping: bytes, attempt: str, name: str) -> SeatPicture:
    """A picture of the question, which travels in the seat's paper; raises NotFound for any other name."""
    secret = session_secret(db, session, wrapping)
    paper = open_paper(sealed_paper(db, attempt), paper_key(secret, attempt))
    found = next((one for one in paper.pictures if one.name == name), None)
    if found is None:
        raise NotFound(what=f"picture {name}")
    return found
