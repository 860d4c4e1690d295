"""A reveal is read whatever its bytes, and a secret is what its three parts make it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.commitment import DrawInputs, commit, inputs_from_json, inputs_json
from question_bank.draw import draw
from question_bank.papers import drawn_digest
from question_bank.reveal import (
    NotRevealed,
    PaperLine,
    PersonsPart,
    SessionDraws,
    SubjectDraw,
    Verdict,
    commitment_of,
    papers_digest_of,
    prove,
    read_reveal,
)
from question_bank.secret import BadPart, draw_secret, part_digest, part_text, server_digest
from tests.question_bank.builders import make_bank, make_blueprint, make_inputs, make_outline

SERVER = bytes(range(32))
TEXTS = ("3 1 4 1 5 9 2 6", "今晚的月色真美。。")
SALT = bytes(16)


def revealed(inputs: DrawInputs) -> SessionDraws:
    """What a room would reveal of a session that drew from these inputs."""
    session = inputs.session
    drawn = draw(inputs, draw_secret(SERVER, TEXTS, session, "theory"))
    lines = tuple(
        PaperLine(attempt=paper.attempt, spare=paper.spare, sealed="a" * 64, drawn=drawn_digest(paper))
        for paper in drawn.papers
    )
    subject = SubjectDraw(
        subject="theory",
        bank="O",
        bank_version="1",
        commitment=drawn.commitment,
        report="{}",
        inputs=inputs_json(inputs).decode(),
        papers=lines,
    )
    return SessionDraws(
        session=session,
        server_digest=server_digest(session, SERVER),
        server_part=SERVER.hex(),
        parts=tuple(
            PersonsPart(
                number=number,
                by=f"p{number}",
                at=1,
                digest=part_digest(session, number, SALT, text),
                salt=SALT.hex(),
                text=text,
            )
            for number, text in enumerate(TEXTS, start=1)
        ),
        commitment=commitment_of([("theory", drawn.commitment)]),
        papers_digest=papers_digest_of(
            ("theory", line.attempt, line.spare, line.sealed, line.drawn) for line in lines
        ),
        draws=(subject,),
        revealed=True,
    )


@pytest.fixture(scope="module")
def reveal() -> SessionDraws:
    return revealed(make_inputs(make_bank(make_outline()), make_blueprint(), attempts=3, spares=1))


class TestProve:
    def test_holds_for_what_was_drawn_and_comes_back_from_json(self, reveal: SessionDraws) -> None:
        again = read_reveal(reveal.model_dump_json())
        assert again == reveal
        assert prove(again).holds

    def test_another_part_gives_other_papers(self, reveal: SessionDraws) -> None:
        other = reveal.parts[0].model_copy(update={"text": "3 1 4 1 5 9 2 7"})
        proof = prove(reveal.model_copy(update={"parts": (other, reveal.parts[1])}))
        assert len(proof.faults) == 2
        assert {paper.verdict for paper in proof.papers} == {Verdict.OTHER_DRAWN}

    @pytest.mark.parametrize(
        "damage",
        [
            {"options": -3},
            {"options": 10**6},
            {"difficulty": -100},
            {"difficulty": 10**9},
            {"parts": [[99, True]] * 200},
            {"kind": "case"},
        ],
    )
    def test_inputs_no_draw_accepts_prove_nothing_and_crash_nothing(
        self, reveal: SessionDraws, damage: dict[str, object]
    ) -> None:
        """Whoever forges a reveal can make it agree with itself."""
        plain = json.loads(reveal.draws[0].inputs or "")
        for item in plain["banks"][0]["items"]:
            for name, value in damage.items():
                item[_FACTS.index(name)] = value
        forged = revealed_as(reveal, json.dumps(plain))
        assert not prove(forged).holds

    @settings(max_examples=200, deadline=None)
    @given(st.data())
    def test_nothing_crashes_it(self, reveal: SessionDraws, data: st.DataObject) -> None:
        plain = json.loads(reveal.model_dump_json())
        place: object = plain
        while isinstance(place, dict | list) and place:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = data.draw(st.sampled_from(keys))
            inner = place[key]
            if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 3)) == 0:
                place[key] = data.draw(JSON)
                break
            place = inner
        try:
            prove(read_reveal(json.dumps(plain)))
        except NotRevealed:
            return

    @given(st.binary(max_size=200) | st.text(max_size=200))
    def test_no_bytes_crash_the_reader(self, raw: bytes | str) -> None:
        with pytest.raises(NotRevealed):
            prove(read_reveal(raw))


_FACTS = ["code", "version", "digest", "kind", "point", "options", "shuffle", "difficulty", "parts"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def revealed_as(reveal: SessionDraws, inputs: str) -> SessionDraws:
    """The reveal with other inputs, and a commitment that fits them where one can be computed."""
    secret = draw_secret(SERVER, TEXTS, reveal.session, "theory")
    try:
        commitment = commit(inputs_from_json(inputs), secret)
    except ValueError:
        commitment = "0" * 64
    (subject,) = reveal.draws
    forged = subject.model_copy(update={"inputs": inputs, "commitment": commitment})
    return reveal.model_copy(
        update={"draws": (forged,), "commitment": commitment_of([("theory", commitment)])}
    )


class TestSecret:
    def test_depends_on_every_part_their_order_session_and_subject(self) -> None:
        made = {
            draw_secret(SERVER, TEXTS, "s1", "theory"),
            draw_secret(SERVER[::-1], TEXTS, "s1", "theory"),
            draw_secret(SERVER, TEXTS[::-1], "s1", "theory"),
            draw_secret(SERVER, (TEXTS[0] + " ", TEXTS[1]), "s1", "theory"),
            draw_secret(SERVER, TEXTS, "s2", "theory"),
            draw_secret(SERVER, TEXTS, "s1", "safety"),
        }
        assert len(made) == 6
        assert {len(secret) for secret in made} == {32}

    def test_parts_cannot_be_shifted_into_each_other(self) -> None:
        assert draw_secret(SERVER, ("12345678x", "abcdefgh"), "s", "t") != draw_secret(
            SERVER, ("12345678", "xabcdefgh"), "s", "t"
        )

    @given(st.text(max_size=300))
    def test_a_part_counts_once_however_it_was_typed(self, entered: str) -> None:
        try:
            text = part_text(entered)
        except BadPart:
            return
        assert part_text(text) == text == part_text(f"  {entered}\n")
        assert 8 <= len(text) <= 200

    def test_a_digest_says_nothing_without_its_salt(self) -> None:
        assert part_digest("s", 1, SALT, TEXTS[0]) != part_digest("s", 1, SALT[:-1] + b"x", TEXTS[0])
        assert part_digest("s", 1, SALT, TEXTS[0]) != part_digest("s", 2, SALT, TEXTS[0])
