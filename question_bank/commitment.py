"""What a draw commits to before it happens: every input, hashed with the secret, so that nothing can be
chosen later.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter

from question_bank.blueprint import Blueprint
from question_bank.pinned_bank import PinnedBank

# Less than 32 bytes could be guessed from the published commitment.
SECRET_BYTES_MIN = 32


class DrawMode(StrEnum):
    """per_candidate: a paper each. one_form 统一试卷: the same items for all, items and options shuffled
    for each.
    """

    PER_CANDIDATE = "per_candidate"
    ONE_FORM = "one_form"


@dataclass(frozen=True, slots=True)
class Sitting:
    """One attempt expected in the session and the blueprint it sits by."""

    attempt: str
    blueprint: str


@dataclass(frozen=True, slots=True)
class DrawInputs:
    """Everything a draw depends on beside the secret.

    sittings: in seat order, so that neighbours follow each other. spares: further papers for each
    blueprint, for late and moved candidates. banks: one for each outline the blueprints name.
    """

    session: str
    mode: DrawMode
    sittings: tuple[Sitting, ...]
    spares: int
    blueprints: tuple[Blueprint, ...]
    banks: tuple[PinnedBank, ...]


_INPUTS = TypeAdapter(DrawInputs)


def commit(inputs: DrawInputs, secret: bytes) -> str:
    """SHA-256 (hex) over secret and inputs; publishing it before the draw reveals neither.

    Raises ValueError for a secret of less than SECRET_BYTES_MIN bytes.
    """
    if len(secret) < SECRET_BYTES_MIN:
        raise ValueError(f"a draw secret has at least {SECRET_BYTES_MIN} bytes")
    body = json.dumps(_plain(inputs), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(b"kaochang draw commitment 2\n")
    digest.update(len(secret).to_bytes(4, "big") + secret)
    # Codes are text of our own readers, but a lone surrogate must not stop a commitment from being computed.
    digest.update(body.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def inputs_json(inputs: DrawInputs) -> bytes:
    """The inputs as JSON, to be kept until the draw is proved; inputs_from_json reads an equal value."""
    return _INPUTS.dump_json(inputs)


def inputs_from_json(raw: bytes | str) -> DrawInputs:
    """The inputs written by inputs_json. Raises pydantic.ValidationError for anything else."""
    return _INPUTS.validate_json(raw)


def _plain(inputs: DrawInputs) -> dict[str, object]:
    return {
        "session": inputs.session,
        "mode": inputs.mode.value,
        "sittings": [[sitting.attempt, sitting.blueprint] for sitting in inputs.sittings],
        "spares": inputs.spares,
        "blueprints": [
            blueprint.model_dump(mode="json", exclude_defaults=True) for blueprint in inputs.blueprints
        ],
        "banks": [_plain_bank(bank) for bank in inputs.banks],
    }


def _plain_bank(bank: PinnedBank) -> dict[str, object]:
    return {
        "code": bank.code,
        "version": bank.version,
        "outline": None if bank.outline is None else bank.outline.model_dump(mode="json"),
        "items": _rows(bank.items),
        "exposure": {code: uses for code, uses in bank.exposure.items() if uses},
    }


def _rows(facts: Iterable[tuple[object, ...]]) -> list[list[object]]:
    return [list(each) for each in facts]
