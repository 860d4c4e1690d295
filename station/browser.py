"""The browser that shows the exam page in full screen, where there is one; started again when it goes."""

import asyncio
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
RESTART_S: Final = 1.0
"""Seconds before a closed browser is started again."""

_OPTIONS: Final = (
    "--kiosk",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-translate",
    "--disable-pinch",
    "--overscroll-history-navigation=0",
    "--disable-session-crashed-bubble",
    "--noerrdialogs",
)
_LOG = logging.getLogger(__name__)


def find_browser() -> str | None:
    """The path of Chromium, None where there is none or no screen to show it on."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return None
    return next((path for name in NAMES if (path := shutil.which(name)) is not None), None)


async def keep_open(browser: str, profile: Path, address: Callable[[], str]) -> None:
    """Show the page until cancelled; ``address`` makes a fresh one-use address for every start."""
    while True:
        process = await asyncio.create_subprocess_exec(
            browser,
            *_OPTIONS,
            f"--user-data-dir={profile}",
            address(),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise
        _LOG.warning("the browser ended with %d and is started again", code)
        await asyncio.sleep(RESTART_S)
