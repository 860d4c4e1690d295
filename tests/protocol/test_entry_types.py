"""Entries are for ever: what any release wrote is read by every later one, from the bytes kept in ``golden``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import BaseModel

from protocol.entry import BadEntry, compose, parse
from protocol.entry_types import FROM_OFFICE, FROM_STATION, ORDERS, UPCASTERS, VERSIONS, read_body, version_of
from protocol.shapes import Closed

GOLDEN = Path(__file__).parent / "golden"
TYPES: Mapping[str, Mapping[str, type[Closed]]] = {"station": FROM_STATION, "office": FROM_OFFICE}
EVERY = [(author, kind) for author, types in TYPES.items() for kind in types]


@dataclass(frozen=True)
class Kept:
    """One golden file: an entry as a release wrote it."""

    author: str
    type: str
    version: int
    hash: str
    text: str


def golden_files() -> list[Path]:
    return sorted(GOLDEN.glob("*.json"))


@pytest.mark.parametrize("path", golden_files(), ids=lambda path: path.stem)
class TestGolden:
    def test_is_read_by_this_release(self, path: Path) -> None:
        kept = Kept(**json.loads(path.read_text()))
        entry = parse(kept.text)
        assert path.name == f"{kept.author}.{entry.type}.{entry.version}.json"
        assert (entry.hash, entry.type, entry.version) == (kept.hash, kept.type, kept.version)
        body = read_body(entry, TYPES[kept.author])
        if entry.version == version_of(entry.type):
            assert body.to_json() == entry.body

    def test_is_written_the_same_way_today(self, path: Path) -> None:
        entry = parse(json.loads(path.read_text())["text"])
        if entry.seq == 0:
            again = compose(None, entry.stream, entry.at, entry.type, entry.body, entry.version)
            assert again == entry


class TestEveryType:
    @pytest.mark.parametrize(("author", "kind"), EVERY)
    def test_has_a_golden_file_of_each_version(self, author: str, kind: str) -> None:
        for version in range(1, version_of(kind) + 1):
            assert (GOLDEN / f"{author}.{kind}.{version}.json").is_file()

    @pytest.mark.parametrize(("author", "kind"), EVERY)
    def test_of_an_older_version_has_an_upcaster(self, author: str, kind: str) -> None:
        for version in range(1, version_of(kind)):
            assert (kind, version) in UPCASTERS

    def test_orders_are_office_entries(self) -> None:
        assert FROM_OFFICE.keys() >= ORDERS
        assert VERSIONS.keys() <= FROM_OFFICE.keys() | FROM_STATION.keys()

    def test_only_the_first_entry_is_written_by_both(self) -> None:
        assert FROM_OFFICE.keys() & FROM_STATION.keys() == {"stream.opened"}

    @pytest.mark.parametrize(("author", "kind"), EVERY)
    def test_no_text_is_without_a_limit(self, author: str, kind: str) -> None:
        for name, schema in _strings(TYPES[author][kind]):
            assert schema.keys() & {"maxLength", "pattern", "const", "enum"}, f"{kind}.{name} has no limit"


class TestReadBody:
    def test_refuses_a_type_of_the_other_author(self) -> None:
        entry = compose(None, "st-1", 1, "session.started", {"starts_at": 1, "by": "p"})
        with pytest.raises(BadEntry, match="no entry type of this author"):
            read_body(entry, FROM_STATION)

    def test_refuses_a_newer_version_by_its_number(self) -> None:
        entry = compose(None, "st-1", 1, "answer.saved", {"slot": 1, "response": []}, version=2)
        with pytest.raises(BadEntry, match="version 2 is newer"):
            read_body(entry, FROM_STATION)

    @pytest.mark.parametrize(
        "body",
        [
            {"slot": 1, "response": ["A"], "more": 1},
            {"slot": "1", "response": ["A"]},
            {"slot": True, "response": ["A"]},
            {"slot": 0, "response": ["A"]},
            {"slot": 501, "response": ["A"]},
            {"slot": 1, "response": ["x" * 2_001]},
            {"slot": 1, "response": [1]},
            {"slot": 1, "response": ["A"] * 13},
            {"slot": 1, "response": "A"},
            {"slot": 1},
        ],
    )
    def test_refuses_a_body_that_is_not_exactly_right(self, body: dict[str, object]) -> None:
        with pytest.raises(BadEntry, match=r"^answer\.saved: "):
            read_body(compose(None, "st-1", 1, "answer.saved", body), FROM_STATION)


def _strings(model: type[BaseModel]) -> list[tuple[str, dict[str, object]]]:
    """Every string in a body, by the path to it."""
    schema = model.model_json_schema()
    found: list[tuple[str, dict[str, object]]] = []

    def walk(name: str, part: dict[str, object]) -> None:
        if part.get("type") == "string":
            found.append((name, part))
        for key, inner in part.items():
            if isinstance(inner, dict):
                walk(f"{name}.{key}", inner)
            elif isinstance(inner, list):
                for each in inner:
                    if isinstance(each, dict):
                        walk(name, each)

    walk("", schema)
    return found
