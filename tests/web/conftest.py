"""The candidate's page opened in a real browser, on a station that follows a script."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Protocol

import pytest
from playwright.async_api import Page, async_playwright

from protocol.paper import SeatPaper
from tests.server.bank.conftest import keepers  # noqa: F401 - the workbench's stories have real keepers
from tests.server.conftest import app, as_, client_of, folder, person_of, room  # noqa: F401
from tests.web.scripted_station import ScriptedStation, serve, small_paper

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Open(Protocol):
    """Opens the page on a station in a given stage."""

    async def __call__(
        self,
        stage: str,
        *,
        locale: str = "zh-CN",
        paper: SeatPaper | None = None,
        remaining_ms: int = 3_600_000,
    ) -> tuple[Page, ScriptedStation]: ...


@pytest.fixture
async def open_page() -> AsyncIterator[Open]:
    """Open the page on a station in a given stage; every page must end without an error of its own."""
    errors: list[str] = []
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        stack.push_async_callback(browser.close)

        async def open_on(
            stage: str,
            *,
            locale: str = "zh-CN",
            paper: SeatPaper | None = None,
            remaining_ms: int = 3_600_000,
        ) -> tuple[Page, ScriptedStation]:
            station = ScriptedStation(paper or small_paper(), stage, remaining_ms=remaining_ms)
            address = await stack.enter_async_context(serve(station))
            context = await browser.new_context(locale=locale, viewport={"width": 1366, "height": 768})
            page = await context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            await page.goto(address)
            await page.wait_for_selector("h1")
            return page, station

        yield open_on
    assert errors == []
