"""A browser (Debian's Chromium, or the one that CHROMIUM names) and real nodes on loopback."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.harness.clock import FakeClock
from tests.harness.neighbourhood import Member

NORTH = (51.4545, -2.5879)
SOUTH = (51.4200, -2.5700)


def chromium() -> str | None:
    """The path of a Chromium, if there is one."""
    named = os.environ.get("CHROMIUM")
    return named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser without a window."""
    path = chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium here, and with CI set the browser tests must run")
        pytest.skip("there is no Chromium here: the browser tests did not run")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path)
        yield browser
        await browser.close()


@pytest.fixture
def clock() -> FakeClock:
    """One clock for all nodes of a test."""
    return FakeClock()


@pytest.fixture
async def north(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Member]:
    """A node that nobody has set up yet."""
    member = Member("North Street Neighbours", NORTH, tmp_path / "north", clock, seed=1)
    member.folder.mkdir()
    await member.start()
    yield member
    await member.stop()


@pytest.fixture
async def south(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Member]:
    """Its neighbour, set up by command."""
    member = Member("South Bank Help", SOUTH, tmp_path / "south", clock, seed=2)
    member.folder.mkdir()
    await member.start()
    await member.set_up()
    yield member
    await member.stop()
