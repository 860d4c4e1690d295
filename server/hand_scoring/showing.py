"""What an assessor sees of an answer: question, reference and what was typed; read outside the writer."""

from sqlmodel import Session

from protocol.paper import SeatPicture
from protocol.sealing import open_paper
from question_bank.items import Item
from question_bank.pictures import pictures_in
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
        pictures=_pictures(db, secret, shown.attempt, whole, item),
        text=shown.text,
        max_score=shown.max_score,
        step=shown.step,
        mine=shown.mine,
        note=shown.note,
        given=shown.given,
        left=shown.left,
        before=shown.before,
    )


def _pictures(db: Session, secret: bytes, attempt: str, whole: Item, item: Item) -> list[SeatPicture]:
    """The pictures of the question, which travel in the seat's paper; one of the reference alone is not there."""
    texts = [one.stem for one in (whole, item) if one.markup == "html"]
    wanted = set(pictures_in(*texts, item.reference if item.markup == "html" else ""))
    if not wanted:
        return []
    paper = open_paper(sealed_paper(db, attempt), paper_key(secret, attempt))
    return [one for one in paper.pictures if one.name in wanted]
