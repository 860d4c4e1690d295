"""The TypeScript of the pages is what the Python of today says."""

import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from protocol.limits import RESPONSE_CHARS_MAX

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(("what", "source"), [("protocol", "protocol.schema"), ("api", "server.openapi")])
def test_generated_types_are_current(what: str, source: str, tmp_path: Path) -> None:
    """`make types` would change nothing."""
    if find_spec(source) is None:
        pytest.skip(f"{source} does not exist: nothing is generated from it")
    if not (ROOT / "web/node_modules").exists():
        pytest.skip("the web packages are not installed: make setup")
    subprocess.run([ROOT / "scripts/types", what, tmp_path], check=True)
    kept = (ROOT / f"web/shared/src/{what}.ts").read_text()
    assert (tmp_path / f"{what}.ts").read_text() == kept, "run: make types"


def test_the_page_lets_nobody_type_more_than_an_entry_takes() -> None:
    """A number the page needs before any message has come, and no type can carry."""
    source = (ROOT / "web/shared/src/items/responses.ts").read_text()
    (limit,) = re.findall(r"^export const TYPED_CHARS_MAX = (\d+);$", source, re.MULTILINE)
    assert int(limit) == RESPONSE_CHARS_MAX
