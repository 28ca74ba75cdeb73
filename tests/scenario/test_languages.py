"""Every page in the reader's language: chosen once, kept on that device, and back on the page where one was."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from node.store import settings
from tests.harness.clock import FakeClock
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.harness.street import Street, Visitor
from ui import i18n

pytestmark = pytest.mark.asyncio(loop_scope="module")
OTHERS = [code for code in i18n.WHOLE if code != i18n.DEFAULT]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path_factory.mktemp("languages")) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


async def test_a_language_is_chosen_without_a_script_and_kept(street: Street) -> None:
    for code in i18n.WHOLE:
        visitor = Visitor(
            cookies={"seal": "a-seal"}, headers={"Accept-Language": OTHERS[-1] if OTHERS else "en"}
        )
        page = await street.ask(visitor, "GET", "/near?km=30")
        for other in set(i18n.WHOLE) - set(OTHERS[-1:] or ["en"]):
            assert f'value="{other}"' in page.text
            assert 'name="back" value="/near?km=30"' in page.text
        chosen = await street.ask(visitor, "POST", "/language", {"code": code, "back": "/near?km=30"})
        assert (chosen.status, chosen.location) == (303, "/near?km=30")
        visitor.cookies["language"] = chosen.cookies["language"]
        for path in ("/", "/ask", "/near", "/volunteer", "/sign-in", "/privacy"):
            read = await street.ask(visitor, "GET", path)
            direction = "rtl" if code == "ar" else "ltr"
            assert f'<html lang="{code}" dir="{direction}">' in read.text
            assert read.headers["Content-Language"] == code


async def test_the_browser_s_own_language_is_taken_first(street: Street) -> None:
    for code in OTHERS:
        visitor = Visitor(headers={"Accept-Language": f"{code}-XX,en;q=0.5"})
        assert f'<html lang="{code}"' in (await street.ask(visitor, "GET", "/")).text


async def test_where_a_browser_asks_for_none_of_ours_it_is_the_group_s_own(street: Street) -> None:
    async with street.north.services.people._desk.db.write() as tx:
        await settings.put(tx, settings.LANGUAGE, "es")
    for asked in ("fr, de;q=0.5", ""):
        visitor = Visitor(headers={"Accept-Language": asked} if asked else {})
        for path in ("/", "/ask", "/embed"):
            assert '<html lang="es"' in (await street.ask(visitor, "GET", path)).text, path
    english = Visitor(headers={"Accept-Language": "fr, en;q=0.5"})
    assert '<html lang="en"' in (await street.ask(english, "GET", "/")).text
    async with street.north.services.people._desk.db.write() as tx:
        await settings.put(tx, settings.LANGUAGE, "en")


async def test_a_language_that_there_is_not_and_a_way_out_are_refused(street: Street) -> None:
    visitor = Visitor(cookies={"seal": "a-seal"})
    refused = await street.ask(visitor, "POST", "/language", {"code": "tlh", "back": "/near"})
    assert refused.status == 422
    away = await street.ask(visitor, "POST", "/language", {"code": "en", "back": "https://evil.example"})
    assert away.location == "/"


async def test_what_is_shown_only_once_is_not_thrown_away_for_another_language(tmp_path: Path) -> None:
    """The rescue cards answer the form of set-up: nothing leads back to them, so no switch stands above them."""
    async with Neighbourhood(tmp_path) as cast:
        member = Member("Lone", (51.45, -2.58), tmp_path / "lone", FakeClock(), seed=3)
        member.folder.mkdir()
        await member.start()
        street, visitor = Street.before(cast, member), Visitor(cookies={"seal": "a-seal"})
        assert 'action="/language"' in (await street.ask(visitor, "GET", "/setup")).text
        form = {
            "code": "not that",
            "group_name": "Lone",
            "point": "51.45, -2.58",
            "phone": "+44 117 496 0123",
        }
        form |= {
            "hours": "Mon",
            "handle": "Mina",
            "password": "correct horse battery staple",
            "language": "es",
        }
        came = {"Referer": f"{member.url}/setup"}
        refused = await street.ask(visitor, "POST", "/setup", form, headers=came)
        assert refused.status == 422
        assert 'action="/language"' in refused.text, "that form can be had again"
        form["code"] = await member.services.setup.starting_code()
        cards = await street.ask(visitor, "POST", "/setup", form, headers=came)
        assert (cards.status, cards.text.count('class="card-words')) == (200, 3)
        assert 'action="/language"' not in cards.text
        await street.close()
        await member.stop()
