"""Changes of a bank, worked out on what is open in memory and committed: values in, a :class:`Change` out.

Runs in a thread. What it finds out holds only for the count of changes it saw; the verb checks that.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Session

from question_bank.items import Item
from question_bank.outline import ContentOutline
from question_bank.papers import ItemRef
from server.bank import queries
from server.bank.actions import REFS_MAX, Change, Publication
from server.bank.open_bank import OpenBank
from server.bank.rules import NEEDS_REASON, OPEN, ItemState, Step, may_approve, step
from server.bank.sealing import seal
from server.errors import Refused

TAG_CHARS_MAX = 64
"""Characters of one tag."""


class ItemNotNow(Refused):
    """The item's state does not allow the step."""

    code = "item_not_now"
    zh = "试题 {item} 处于“{state}”状态，不能执行此操作。"
    en = "Item {item} is {state}; this cannot be done with it now."


class OwnProposal(Refused):
    """An item is approved by a second person."""

    code = "own_proposal"
    zh = "试题 {item} 由您本人提交，须由另一位题库管理员审定。"
    en = "You proposed item {item} yourself; another bank keeper approves it."


class ReasonNeeded(Refused):
    """Returning and retiring need a reason."""

    code = "reason_needed"
    zh = "请填写理由。"
    en = "Give a reason."


class ItemChanged(Refused):
    """Somebody made a newer version meanwhile."""

    code = "item_changed"
    zh = "试题 {item} 已有更新的版本 {newest}，请重新打开后再改。"
    en = "Item {item} has a newer version {newest} by now. Open it again and change that one."


class TooManyItems(Refused):
    """More items than one command takes."""

    code = "too_many_items"
    zh = "一次最多处理 {limit} 道试题。"
    en = "One command takes no more than {limit} items."


class PictureMissing(Refused):
    """An item shows only pictures its bank holds."""

    code = "picture_missing"
    zh = "题库中没有图片 {picture}，请先上传。"
    en = "The bank holds no picture {picture}. Upload it first."


def prepare_step(
    db: Session, bank: OpenBank, verb: Step, refs: Sequence[ItemRef], by: str, reason: str, key: bytes
) -> Change:
    """One step with these items; all of them or none."""
    if len(refs) > REFS_MAX:
        raise TooManyItems(limit=REFS_MAX)
    if verb in NEEDS_REASON and not reason.strip():
        raise ReasonNeeded()
    refs = list(dict.fromkeys(refs))
    change = Change(bank.code, bank.change, STEP_WORDS[verb], refs)
    approved = dict(bank.approved)
    for code, version in refs:
        standing = bank.standing((code, version))
        after = step(standing.state, verb)
        if after is None or bank.newest[code] != version:
            raise ItemNotNow(item=f"{code}@{version}", state=standing.state)
        if verb is Step.APPROVE and not may_approve(standing.proposed_by, by):
            raise OwnProposal(item=f"{code}@{version}")
        _take_step(db, bank, change, approved, verb, (code, version), after, key)
    _publish_with(db, bank, change, approved)
    return change


STEP_WORDS = {
    Step.PROPOSE: "proposed",
    Step.APPROVE: "approved",
    Step.RETURN: "returned",
    Step.RETIRE: "retired",
    Step.RESTORE: "restored",
}
"""What entries call the steps."""


def _take_step(
    db: Session,
    bank: OpenBank,
    change: Change,
    approved: dict[str, int],
    verb: Step,
    ref: ItemRef,
    after: ItemState,
    key: bytes,
) -> None:
    code, version = ref
    used = approved.get(code)
    number = bank.published.number + 1
    if verb is Step.APPROVE:
        if used is not None:
            change.moved[code, used] = {"state": ItemState.REPLACED.value, "until": number}
        change.moved[ref] = {"state": after.value, "since": number, "deciding": True}
        approved[code] = version
    elif verb is Step.RETIRE:
        # The item as a whole leaves: with an open version also the one in use.
        if used is not None:
            change.moved[code, used] = {"state": after.value, "until": number, "deciding": True}
            del approved[code]
        change.moved[ref] = {**change.moved.get(ref, {}), "state": after.value, "deciding": True}
    elif verb is Step.RESTORE:
        item = bank.item(db, ref).model_copy(update={"version": version + 1})
        row = sealed_row(key, bank.code, item, bank.standing(ref).tags, ItemState.PROPOSED)
        change.new.append({**row, "proposing": True})
        change.moved[ref] = {"state": ItemState.REPLACED.value}
    else:
        stamp = "proposing" if verb is Step.PROPOSE else "deciding"
        change.moved[ref] = {"state": after.value, stamp: True}


def prepare_version(
    db: Session, bank: OpenBank, item: Item, expected: int, key: bytes, *, propose: bool
) -> Change:
    """The next version of an item as edited, or a new item (``expected`` 0); raises ItemChanged, PictureMissing."""
    newest = bank.newest.get(item.code, 0)
    if newest != expected:
        raise ItemChanged(item=item.code, newest=newest)
    missing = sorted(set(item.pictures) - queries.picture_names(db, bank.code))
    if missing:
        raise PictureMissing(picture=missing[0])
    tags = clean_tags(item.tags)
    made = item.model_copy(update={"version": newest + 1, "tags": ()})
    state = ItemState.PROPOSED if propose else ItemState.DRAFT
    change = Change(bank.code, bank.change, "drafted", [(made.code, made.version)])
    change.new.append({**sealed_row(key, bank.code, made, tags, state), "proposing": propose})
    change.moved = overtaken(bank, [item.code])
    return change


def overtaken(bank: OpenBank, codes: Iterable[str]) -> dict[ItemRef, dict[str, Any]]:
    """Versions that are replaced because a newer one of their item is made: those not yet approved."""
    found: dict[ItemRef, dict[str, Any]] = {}
    for code in codes:
        newest = bank.newest.get(code)
        if newest is not None and bank.standing((code, newest)).state in OPEN:
            found[code, newest] = {"state": ItemState.REPLACED.value}
    return found


def prepare_tags(
    bank: OpenBank, refs: Sequence[ItemRef], add: Sequence[str], remove: Sequence[str]
) -> Change:
    """Labels put on and taken off these items; what can be drawn stays the same."""
    if len(refs) > REFS_MAX:
        raise TooManyItems(limit=REFS_MAX)
    change = Change(bank.code, bank.change, "tagged", [])
    gone, more = set(clean_tags(remove)), clean_tags(add)
    for ref in dict.fromkeys(refs):
        tags = bank.standing(ref).tags
        after = clean_tags([*(tag for tag in tags if tag not in gone), *more])
        if after != tags:
            change.moved[ref] = {"tags": "\n".join(after)}
            change.named.append(ref)
    return change


def prepare_outline(db: Session, bank: OpenBank, outline: ContentOutline, key: bytes) -> Change:
    """Another outline: from the next published version on, which is made at once where items are in use."""
    change = Change(bank.code, bank.change, "outline", [])
    number = bank.published.number + 1
    change.outline = outline_row(key, bank.code, number, outline)
    if bank.approved:
        _publish_with(db, bank, change, dict(bank.approved), outline)
    return change


def outline_row(key: bytes, bank: str, number: int, outline: ContentOutline) -> dict[str, Any]:
    """An outline as kept, from the published version of this number on."""
    plain = outline.model_dump_json().encode()
    return {
        "bank": bank,
        "since": number,
        "points": len(outline.points),
        "sealed": seal(key, plain, "outline", bank, number),
    }


def sealed_row(key: bytes, bank: str, item: Item, tags: Sequence[str], state: ItemState) -> dict[str, Any]:
    """One version of an item as kept; who and when is said by the verb."""
    item = item.model_copy(update={"tags": ()})
    plain = item.model_dump_json(exclude_defaults=True).encode()
    return {
        "bank": bank,
        "code": item.code,
        "version": item.version,
        "kind": item.kind.value,
        "point": item.point,
        "difficulty": item.difficulty,
        "tags": "\n".join(tags),
        "state": state.value,
        "sealed": seal(key, plain, "item", bank, item.code, item.version),
    }


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as kept: on one line, each once, at most 20."""
    clean = (" ".join(tag.split())[:TAG_CHARS_MAX] for tag in tags)
    return tuple(dict.fromkeys(tag for tag in clean if tag))[:20]


def _publish_with(
    db: Session,
    bank: OpenBank,
    change: Change,
    approved: dict[str, int],
    outline: ContentOutline | None = None,
) -> None:
    """Say what the change makes of what can be drawn, if anything."""
    if outline is None and approved == bank.approved:
        return
    outline = outline or bank.outline
    change.publication = Publication(
        bank.published.number + 1,
        bank.name_with(db, approved, outline),
        len(approved),
        0 if outline is None else len(outline.points),
    )
