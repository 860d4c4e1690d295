"""The verbs of the draw's secret: the server promises its part at planning, two people enter theirs at loading."""

import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from protocol import office_entries as office
from protocol.keys import decode, encode
from question_bank.secret import (
    PART_CHARS_MAX,
    PART_CHARS_MIN,
    PEOPLE,
    SALT_BYTES,
    SERVER_PART_BYTES,
    BadPart,
    draw_secret,
    part_digest,
    part_text,
    server_digest,
)
from server.errors import Refused
from server.papers import queries
from server.papers.models import DrawPart, DrawPromise
from server.writer.desk import Desk

NONCE_BYTES = 12


class PartTooShort(Refused):
    """A part that could be guessed, or a text nobody types."""

    code = "draw_part_length"
    zh = "请输入 {min} 至 {max} 个字符，例如掷骰子的点数。"
    en = "Enter {min} to {max} characters, rolls of a die for instance."


class SamePerson(Refused):
    """Two different people hold the two parts."""

    code = "draw_part_same_person"
    zh = "您已输入一个部分；另一部分必须由另一个人输入。"
    en = "You entered a part already; the other one is another person's."


class PartsComplete(Refused):
    """Both parts are in; neither is ever replaced."""

    code = "draw_parts_complete"
    zh = "两个部分都已输入，不能更改。"
    en = "Both parts are entered; neither can be changed."


class PartsMissing(Refused):
    """Nothing is drawn before two people gave their parts."""

    code = "draw_parts_missing"
    zh = "装载试卷前，须由两个人各输入一个随机部分；现已输入 {entered} 个。"
    en = "Before the papers are loaded two people enter a random part each; {entered} of 2 are entered."


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A person's part with its salt, as revealed after the session."""

    row: DrawPart
    salt: bytes
    text: str


def promise(desk: Desk, session: str, wrapping: bytes, by: str) -> None:
    """Make the server's part and lay its digest on the ledger; once for each session."""
    if queries.promise(desk.db, session) is not None:
        return
    part = os.urandom(SERVER_PART_BYTES)
    nonce, wrapped = _wrap(part, session, 0, wrapping)
    digest = server_digest(session, part)
    desk.db.add(DrawPromise(session=session, digest=digest, nonce=nonce, wrapped=wrapped))
    desk.record(office.DrawPromised(server_part=digest, by=by), session=session)


def enter_part(desk: Desk, session: str, entered: str, wrapping: bytes, by: str) -> dict[str, object]:
    """Take one of two people's parts; its digest stands on the ledger before anybody enters the other."""
    promise(desk, session, wrapping, by)  # a session planned by an earlier release has none yet
    try:
        text = part_text(entered)
    except BadPart as error:
        raise PartTooShort(min=PART_CHARS_MIN, max=PART_CHARS_MAX) from error
    parts = queries.parts(desk.db, session)
    if len(parts) >= PEOPLE:
        raise PartsComplete()
    if any(part.person == by for part in parts):
        raise SamePerson()
    number, salt = len(parts) + 1, os.urandom(SALT_BYTES)
    digest = part_digest(session, number, salt, text)
    nonce, wrapped = _wrap(salt + text.encode("utf-8", "surrogatepass"), session, number, wrapping)
    desk.db.add(
        DrawPart(
            session=session,
            number=number,
            person=by,
            at=desk.now,
            digest=digest,
            nonce=nonce,
            wrapped=wrapped,
        )
    )
    desk.record(office.DrawPartEntered(number=1 if number == 1 else 2, digest=digest, by=by), session=session)
    return {"number": number, "digest": digest}


def server_part(row: DrawPromise, wrapping: bytes) -> bytes:
    """The server's part; raises InvalidTag under another room's key."""
    return _unwrap(row.nonce, row.wrapped, row.session, 0, wrapping)


def open_part(row: DrawPart, wrapping: bytes) -> OpenPart:
    """A person's part; raises InvalidTag under another room's key."""
    plain = _unwrap(row.nonce, row.wrapped, row.session, row.number, wrapping)
    return OpenPart(row, plain[:SALT_BYTES], plain[SALT_BYTES:].decode("utf-8", "surrogatepass"))


def secret_of(
    promised: DrawPromise | None, parts: list[DrawPart], wrapping: bytes, session: str, subject: str
) -> bytes:
    """The secret of one subject's draw; raises PartsMissing before two people entered theirs."""
    if promised is None or len(parts) < PEOPLE:
        raise PartsMissing(entered=len(parts))
    texts = [open_part(part, wrapping).text for part in parts]
    return draw_secret(server_part(promised, wrapping), texts, session, subject)


def _wrap(plain: bytes, session: str, number: int, wrapping: bytes) -> tuple[str, str]:
    nonce = os.urandom(NONCE_BYTES)
    return encode(nonce), encode(AESGCM(wrapping).encrypt(nonce, plain, _associated(session, number)))


def _unwrap(nonce: str, wrapped: str, session: str, number: int, wrapping: bytes) -> bytes:
    return AESGCM(wrapping).decrypt(decode(nonce), decode(wrapped), _associated(session, number))


def _associated(session: str, number: int) -> bytes:
    return f"kaochang/draw-part/1\n{session}\n{number}".encode()
