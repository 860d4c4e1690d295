"""The TypeScript of the pages is what the Python of today says."""

import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

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
