"""A bundle is whole, or what was changed first is named: entry, file and byte."""

import hashlib
import io
import json
import random
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kaochang.bundle import command
from protocol import wire
from protocol.entry import digest
from protocol.keys import Purpose, SigningKey, fingerprint
from recordings.bundle import form
from recordings.bundle.container import Packed, directory, local_header
from recordings.bundle.form import heads_digest
from recordings.bundle.verdict import Finding, Verdict
from recordings.bundle.verifying import verify
from recordings.bundle.writing import Asked, write
from recordings.ledger import note_digest
from tests.recordings.builders import AT, PAPER, PICTURES, Book, sat


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)


def made(book: Book, key: SigningKey | None = None, paper: str | None = PAPER) -> bytes:
    out = io.BytesIO()
    write(out, book.ledger, book.store, key or book.key, Asked("s1", "a1", paper, AT))
    return out.getvalue()


def verified(data: bytes, book: Book | None = None) -> Verdict:
    return verify(io.BytesIO(data), fingerprint(book.key.public) if book else None)


def members(data: bytes) -> dict[str, zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {one.filename: one for one in opened.infolist()}


def begins(data: bytes, name: str) -> int:
    """Where a member's bytes begin."""
    info = members(data)[name]
    return info.header_offset + 30 + len(name)


def content(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return opened.read(name)


def flipped(data: bytes, at: int, pattern: int = 1) -> bytes:
    changed = bytearray(data)
    changed[at] ^= pattern
    return bytes(changed)


def first(verdict: Verdict) -> Finding:
    assert verdict.first is not None
    return verdict.first


class TestWhole:
    def test_is_said_with_the_room_that_signed_it(self, book: Book) -> None:
        sat(book)
        verdict = verified(made(book), book)
        assert verdict.problems == []
        assert verdict.warnings == []
        assert verdict.trusted
        assert (verdict.session, verdict.attempt, verdict.pictures, verdict.streams) == ("s1", "a1", 3, 2)
        assert verdict.room == fingerprint(book.key.public)

    def test_two_bundles_of_one_ledger_are_the_same_bytes_but_for_nothing(self, book: Book) -> None:
        sat(book)
        assert made(book) == made(book)

    def test_any_zip_program_reads_it(self, book: Book) -> None:
        office, seat = sat(book)
        data = made(book)
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            assert opened.testzip() is None
        lines = content(data, "station/0.ndjson").decode().splitlines()
        assert lines == [row.text for row in book.ledger.stream_entries(seat.id)]
        assert content(data, "office/0.ndjson").decode().splitlines() == [
            row.text for row in book.ledger.stream_entries(office.id)
        ]

    def test_carries_its_own_notes_and_nobody_elses(self, book: Book) -> None:
        sat(book)
        notes = [json.loads(one) for one in content(made(book), form.NOTES).splitlines()]
        assert [one["text"] for one in notes] == ["请勿交头接耳"]
        assert note_digest(notes[0]["salt"], notes[0]["text"]) == notes[0]["digest"]

    def test_names_where_the_signed_record_form_says_every_stream_stood(self, book: Book) -> None:
        sat(book)
        heads = book.ledger.heads_before("s1", book.ledger.last_n - 1)
        assert content(made(book), form.FINAL_HEADS).decode() == form.heads_text(heads)
        assert heads_digest(heads) in content(made(book), "office/0.ndjson").decode()

    def test_an_unknown_attempt_has_no_bundle(self, book: Book) -> None:
        with pytest.raises(LookupError):
            made(book)


class TestRoom:
    def test_is_unknown_without_a_fingerprint(self, book: Book) -> None:
        sat(book)
        verdict = verified(made(book))
        assert verdict.whole
        assert verdict.trusted is None

    def test_is_unknown_when_another_room_signed_everything_anew(self, book: Book) -> None:
        sat(book)
        other = SigningKey.generate()
        verdict = verify(io.BytesIO(made(book)), fingerprint(other.public))
        assert verdict.whole
        assert verdict.trusted is False

    def test_a_manifest_signed_by_a_stranger_does_not_fit_the_streams(self, book: Book) -> None:
        sat(book)
        verdict = verified(made(book, SigningKey.generate()), book)
        assert {one.code for one in verdict.problems} == {"order_signature", "stream"}


class TestOneFlippedByte:
    """Every kind of byte; the entry, the file and the very byte are named."""

    @pytest.mark.parametrize("pattern", [1, 0x20, 0x80])
    def test_of_an_entry_names_entry_file_and_byte(self, book: Book, pattern: int) -> None:
        _, seat = sat(book)
        data = made(book)
        text = content(data, "station/0.ndjson")
        at = text.index(b'"slot":17') + 8
        found = first(verified(flipped(data, begins(data, "station/0.ndjson") + at, pattern), book))
        assert (found.code, found.file, found.byte) == ("entry_changed", "station/0.ndjson", at)
        assert (found.stream, found.seq) == (seat.id, text[:at].count(b"\n"))
        assert found.offset == begins(data, "station/0.ndjson") + at

    def test_of_a_line_break_names_the_entry_it_ends(self, book: Book) -> None:
        sat(book)
        data = made(book)
        at = content(data, "office/0.ndjson").index(b"\n")
        found = first(verified(flipped(data, begins(data, "office/0.ndjson") + at), book))
        assert (found.code, found.file, found.byte, found.seq) == ("entry_changed", "office/0.ndjson", at, 0)

    def test_of_any_other_file_names_file_and_byte(self, book: Book) -> None:
        sat(book)
        data = made(book)
        for name, info in members(data).items():
            if name.endswith("ndjson") and ".rows." not in name and "/" in name:
                continue
            for at in {0, info.file_size // 2, info.file_size - 1}:
                found = first(verified(flipped(data, begins(data, name) + at), book))
                assert (found.code, found.file, found.byte) == ("file_changed", name, at), (name, at)
                assert found.offset == begins(data, name) + at

    def test_of_any_header_names_that_byte(self, book: Book) -> None:
        sat(book)
        data = made(book)
        picture = next(one for one in members(data) if one.startswith("pictures/"))
        for name in (form.MANIFEST, form.SIGNATURE, "station/0.ndjson", picture):
            for at in range(members(data)[name].header_offset, begins(data, name)):
                verdict = verified(flipped(data, at), book)
                found = first(verdict)
                assert found.code in ("container", "manifest"), (name, at, found)
                if found.code == "container" and found.length is None:
                    assert found.offset == at, (name, at, found)

    def test_of_the_directory_names_that_byte(self, book: Book) -> None:
        sat(book)
        data = made(book)
        last = list(members(data).values())[-1]
        behind = begins(data, last.filename) + last.file_size
        for at in [*range(behind, behind + 200), *range(len(data) - 100, len(data))]:
            found = first(verified(flipped(data, at), book))
            assert (found.code, found.offset) == ("container", at), (at, found)

    def test_anywhere_is_found(self, book: Book) -> None:
        sat(book)
        data = made(book)
        dice = random.Random(7)
        for _ in range(150):
            at = dice.randrange(len(data))
            assert not verified(flipped(data, at, dice.randrange(1, 256)), book).whole, at


def test_a_signature_written_in_another_way_is_another(book: Book) -> None:
    """The last bits of base64 say nothing: without care they could be changed unseen."""
    sat(book)
    data = made(book)
    at = begins(data, form.SIGNATURE) + 85
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = letters[letters.index(chr(data[at])) ^ 1]
    found = first(verified(data[:at] + other.encode() + data[at + 1 :], book))
    assert (found.file, found.offset) == (form.SIGNATURE, at)


class TestMoreThanOneByte:
    def test_names_the_first_entry_that_is_another(self, book: Book) -> None:
        sat(book)
        data = made(book)
        text = content(data, "station/0.ndjson")
        changed = text.replace(b'"slot":5}', b'"slot":6}').replace(b'"slot":9}', b'"slot":8}')
        assert changed != text
        begin = begins(data, "station/0.ndjson")
        found = first(verified(data[:begin] + changed + data[begin + len(text) :], book))
        line = text[: text.index(b'"slot":5}')].count(b"\n")
        assert (found.code, found.seq) == ("entry_changed", line)
        assert found.byte == text.index(text.split(b"\n")[line])

    def test_of_a_picture_names_the_block(self, book: Book) -> None:
        sat(book)
        data = made(book)
        name = next(one for one in members(data) if one.startswith("pictures/"))
        begin = begins(data, name)
        changed = flipped(flipped(data, begin + 20_000), begin + 35_000)
        found = first(verified(changed, book))
        assert (found.code, found.file, found.byte) == ("file_changed", name, None)
        assert found.offset == begin + form.BLOCK_BYTES
        assert found.length == form.BLOCK_BYTES


class TestFilesAddedAndMissing:
    def rewritten(self, data: bytes, without: str = "", more: str = "") -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for info in old.infolist():
                if info.filename == more:
                    new.writestr(zipfile.ZipInfo("pictures/00.jpg"), b"another")
                if info.filename != without:
                    new.writestr(info, old.read(info))
        return out.getvalue()

    def test_a_rewritten_zip_that_says_the_same_is_the_same(self, book: Book) -> None:
        sat(book)
        data = made(book)
        assert self.rewritten(data) == data

    def test_a_missing_file_is_named(self, book: Book) -> None:
        sat(book)
        data = made(book)
        for name in list(members(data))[2:]:
            verdict = verified(self.rewritten(data, without=name), book)
            assert (first(verdict).code, first(verdict).file) == ("missing_file", name)

    def test_an_added_file_is_named_wherever_it_stands(self, book: Book) -> None:
        sat(book)
        data = made(book)
        for name in list(members(data))[2:]:
            found = first(verified(self.rewritten(data, more=name), book))
            assert (found.code, found.file) == ("added_file", "pictures/00.jpg")
        appended = io.BytesIO(data)
        with zipfile.ZipFile(appended, "a") as new:
            new.writestr("extra.txt", "x")
        found = first(verified(appended.getvalue(), book))
        assert (found.code, found.file) == ("added_file", "extra.txt")

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
    def test_a_bundle_cut_off_is_called_so(self, book: Book, share: float) -> None:
        sat(book)
        data = made(book)
        verdict = verified(data[: int(len(data) * share)], book)
        assert {one.code for one in verdict.problems} & {"truncated", "container", "manifest"}

    def test_bytes_behind_the_end_are_named(self, book: Book) -> None:
        sat(book)
        data = made(book)
        found = first(verified(data + b"\0", book))
        assert (found.code, found.offset) == ("added_bytes", len(data))

    def test_what_is_no_bundle_is_called_so(self) -> None:
        for data in (b"", b"PK", b"hello" * 100, bytes(5000)):
            assert first(verified(data)).code in ("manifest", "container")


class TestARoomThatLies:
    """The bundle is signed, and still does not hold: what the room itself rewrote before."""

    def test_an_entry_rewritten_in_the_ledger_breaks_the_chain(self, book: Book) -> None:
        _, seat = sat(book)
        rewritten = book.ledger.entry_at(seat.id, 7)
        assert rewritten is not None
        text = rewritten.text.replace('"response":["A"]', '"response":["B"]')
        assert text != rewritten.text
        book.connection.execute("UPDATE entry SET text = ? WHERE n = ?", (text, rewritten.n))
        found = first(verified(made(book), book))
        assert (found.code, found.stream, found.seq) == ("chain", seat.id, 7)

    def test_a_hash_rewritten_with_its_entry_breaks_the_chain_behind_it(self, book: Book) -> None:
        _, seat = sat(book)
        rewritten = book.ledger.entry_at(seat.id, 7)
        assert rewritten is not None
        text = rewritten.text.replace('"response":["A"]', '"response":["B"]')
        book.connection.execute(
            "UPDATE entry SET text = ?, hash = ? WHERE n = ?", (text, digest(text), rewritten.n)
        )
        found = first(verified(made(book), book))
        assert (found.code, found.stream, found.seq) == ("chain", seat.id, 8)

    def test_a_tail_cut_off_is_told_by_the_seats_signature(self, book: Book) -> None:
        _, seat = sat(book, signed=False)
        assert seat.head is not None
        book.connection.execute(
            "DELETE FROM entry WHERE stream = ? AND seq >= ?", (seat.id, seat.head.seq - 2)
        )
        found = first(verified(made(book), book))
        assert (found.code, found.stream, found.seq) == ("head_beyond", seat.id, seat.head.seq - 2)

    def test_an_office_stream_written_anew_is_told_by_the_seats_witness(self, book: Book) -> None:
        office, _ = sat(book, signed=False)
        rows = list(book.ledger.stream_entries(office.id))
        book.connection.execute("DELETE FROM entry WHERE stream = ? AND seq > 0", (office.id,))
        office.head = rows[0].head
        for row in rows[1:]:
            body = json.loads(row.text)["body"]
            if row.type == "message.sent":
                body["by"] = "p9"
            book.now += 1
            book.write(office, row.type, body, row.attempt)
        codes = {one.code for one in verified(made(book), book).problems}
        assert codes == {"office_differs", "order_differs"}

    def test_a_head_signed_with_another_key_is_named(self, book: Book) -> None:
        _, seat = sat(book)
        seat.key = SigningKey.generate()
        book.signs(seat)
        assert first(verified(made(book), book)).code == "head_signature"

    def test_entries_after_the_record_form_do_not_disturb_it(self, book: Book) -> None:
        office, _ = sat(book)
        book.write(office, "room.alarm", {"code": "x", "attempt": None, "station": None, "detail": ""})
        assert verified(made(book), book).whole

    def test_a_record_form_over_other_heads_is_told(self, book: Book) -> None:
        office, _ = sat(book, signed=False)
        for by in ("p1", "p2"):
            book.write(office, "record.signed", {"by": by, "form_digest": "f" * 64, "heads_digest": "0" * 64})
        assert first(verified(made(book), book)).code == "final_heads"

    def test_another_paper_than_the_one_opened_is_told(self, book: Book) -> None:
        sat(book)
        assert first(verified(made(book, paper="c" * 64), book)).code == "paper"

    def test_a_note_replaced_under_its_name_is_told(self, book: Book) -> None:
        sat(book)
        book.connection.execute("UPDATE note SET text = 'x'")
        assert first(verified(made(book), book)).code == "note"


class TestWhatIsMerelyLost:
    """Losses are said and break nothing: a day rebuilt after a lost disk is still evidence."""

    def test_a_picture_the_room_never_got(self, book: Book) -> None:
        _, seat = sat(book)
        book.picture(seat, b"never sent", kept=False)
        verdict = verified(made(book), book)
        assert verdict.whole
        assert {one.code for one in verdict.warnings} == {"picture_absent", "unwitnessed"}

    def test_a_damaged_picture_is_absent(self, book: Book) -> None:
        sat(book)
        digest = book.store.put(PICTURES[0])
        book.store.path(digest).write_bytes(b"damaged")
        verdict = verified(made(book), book)
        assert verdict.whole
        assert [one.code for one in verdict.warnings] == ["picture_absent"]

    def test_the_last_entries_no_head_was_signed_for(self, book: Book) -> None:
        _, seat = sat(book)
        assert seat.head is not None
        signed = seat.head.seq
        book.write(seat, "link.changed", {"state": "lost", "offline_ms": 0})
        verdict = verified(made(book), book)
        assert verdict.whole
        assert [(one.code, one.seq) for one in verdict.warnings] == [("unwitnessed", signed + 1)]


class TestCommand:
    def run(self, tmp_path: Path, data: bytes, *options: str) -> tuple[int, str]:
        file = tmp_path / "one.bundle.zip"
        file.write_bytes(data)
        done = CliRunner().invoke(command, ["verify", str(file), *options])
        return done.exit_code, done.output

    def test_says_whole_for_the_room_of_the_fingerprint(self, book: Book, tmp_path: Path) -> None:
        sat(book)
        code, said = self.run(tmp_path, made(book), "--trust", fingerprint(book.key.public))
        assert code == 0
        assert "完整" in said

    def test_says_plainly_that_the_room_is_unknown(self, book: Book, tmp_path: Path) -> None:
        sat(book)
        code, said = self.run(tmp_path, made(book))
        assert code == 3
        assert "考场未知" in said
        code, said = self.run(tmp_path, made(book), "--trust", "0" * 64)
        assert code == 3
        assert "考场未知" in said

    def test_names_the_change_in_json(self, book: Book, tmp_path: Path) -> None:
        sat(book)
        data = made(book)
        at = begins(data, "station/0.ndjson") + 200
        trust = fingerprint(book.key.public)
        code, said = self.run(tmp_path, flipped(data, at), "--trust", trust, "--json")
        assert code == 1
        told = json.loads(said)
        assert told["whole"] is False
        assert told["first"]["offset"] == at
        assert told["first"]["stream"] == "a1-1"

    def test_a_file_that_is_not_there_is_a_wrong_command(self, tmp_path: Path) -> None:
        done = CliRunner().invoke(command, ["verify", str(tmp_path / "none")])
        assert done.exit_code == 2


class TestForged:
    """Bundles made to break their verifier: by whoever has a key of their own and knows the form."""

    def forged(self, book: Book, change: Callable[[dict[str, Any]], None]) -> bytes:
        """A whole bundle whose manifest says something else, signed by the very key it names."""
        sat(book)
        data = made(book)
        manifest = json.loads(content(data, form.MANIFEST))
        change(manifest)
        told = wire.write(manifest).encode()
        signature = book.key.sign(Purpose.BUNDLE, hashlib.sha256(told).hexdigest()).encode()
        files = {name: content(data, name) for name in members(data)}
        files |= {form.MANIFEST: told, form.SIGNATURE: signature}
        out, placed = b"", []
        for name, held in files.items():
            one = Packed(name, len(held), zlib.crc32(held))
            placed.append((one, len(out)))
            out += local_header(one) + held
        return out + directory(placed)

    def test_a_file_without_its_blocks_is_no_manifest(self, book: Book) -> None:
        data = self.forged(book, lambda told: told["files"][2].update(blocks=[]))
        assert first(verified(data)).code == "manifest"

    @pytest.mark.parametrize("size", [2**32, 2**40, 2**53 - 1])
    def test_a_file_larger_than_a_zip_is_no_manifest(self, book: Book, size: int) -> None:
        data = self.forged(book, lambda told: told["files"][2].update(size=size))
        assert first(verified(data)).code == "manifest"

    def test_a_name_does_not_steer_the_terminal(self, book: Book, tmp_path: Path) -> None:
        sat(book)
        data = made(book)
        directory_at = data.index(b"PK\x01\x02")
        name = "\x1b[2J\x1b[1;1Hwhole"
        evil = local_header(Packed(name, 0, 0))
        file = tmp_path / "forged.zip"
        file.write_bytes(data[:directory_at] + evil + data[directory_at:])
        told = CliRunner().invoke(command, ["verify", str(file)])
        assert told.exit_code == 1
        assert "[2J" in told.output
        assert "\x1b" not in told.output
