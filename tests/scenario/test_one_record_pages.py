"""A page of a record that was made one with another: left open, found in the history of a browser or in a list."""

import re

import pytest

from tests.harness.street import Street, Visitor, at_the_desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

ONE_RECORD = "made one with another"


async def call(street: Street, kim: Visitor, name: str, phone: str) -> tuple[str, str]:
    """Somebody who asks for groceries; the request and the person."""
    form = {
        "phone": phone,
        "name": name,
        "kinds": "groceries",
        "help_you": "y",
        "address": "51.4560, -2.5920",
    }
    made = re.search(r"need=([\w-]{22})", (await street.ask(kim, "POST", "/intake", form)).location)
    assert made
    async with street.north.node.network.on.db.read() as tx:
        rows = await tx.execute_fetchall("SELECT person_id FROM needs WHERE id = ?", (made[1],))
    return made[1], str(next(iter(rows))[0])


async def made_one(street: Street, kim: Visitor, *names: str) -> tuple[str, str, str]:
    """Her first request, the record that is kept, and the one that is part of it."""
    need, keep = await call(street, kim, names[0], f"0117 496 0{len(names[0]):03d}")
    _, gone = await call(street, kim, names[1], f"0117 496 1{len(names[1]):03d}")
    done = await street.ask(kim, "POST", "/people/twice/one", {"keep": keep, "gone": gone})
    assert done.location == "/people/twice?done=made_one"
    return need, keep, gone


async def test_its_page_leads_to_the_whole_and_says_so(street: Street) -> None:
    kim = await at_the_desk(street)
    _, keep, gone = await made_one(street, kim, "Ada Invented", "Adah Invented-Too")
    for path in ("", "/twice", "/erase", "/step/bar", "/step/bar?x=1"):
        led = await street.ask(kim, "GET", f"/people/{gone}{path}")
        assert led.status == 303
        assert led.location.startswith(f"/people/{keep}{path.partition('?')[0]}?done=one_record")
        assert ONE_RECORD in (await street.ask(kim, "GET", led.location)).text
    seen = await street.ask(kim, "POST", f"/people/{gone}", {"why": "she rang"})
    assert ONE_RECORD in seen.text
    assert "<h1>Ada Invented" in seen.text
    assert gone not in seen.text, "no form of hers is about the part"


async def test_what_is_decided_there_counts(street: Street) -> None:
    kim = await at_the_desk(street)
    need, keep, gone = await made_one(street, kim, "Bea Invented", "Beatrix Invented-Too")
    helper = str(await street.new_helper("Zed Invented"))
    done = await street.ask(kim, "POST", f"/people/{gone}/apart", {"other": helper, "why": "he hit her"})
    assert done.location == "/people?done=apart"
    await street.ask(kim, "POST", f"/board/{need}/open")
    assert (await street.ask(kim, "POST", f"/board/{need}/assign", {"person": helper})).status == 409
    barred = await street.ask(kim, "POST", f"/people/{gone}/step/bar", {"reason": "other", "note": "x"})
    assert barred.location == f"/people/{keep}?done=saved"
    seen = await street.ask(kim, "POST", f"/people/{keep}")
    assert "Kept away" in seen.text


async def test_what_rests_on_the_whole_page_is_not_done_unseen(street: Street) -> None:
    kim = await at_the_desk(street)
    _, keep, gone = await made_one(street, kim, "Cleo Invented-Once", "Cleo Invented-Twice-Over")
    for path, form in (("details", {"name": "Overwritten"}), ("erase", {"sure": "y"})):
        led = await street.ask(kim, "POST", f"/people/{gone}/{path}", form)
        assert (led.status, led.location) == (303, f"/people/{keep}?done=one_record")
    assert "<h1>Cleo Invented-Once" in (await street.ask(kim, "POST", f"/people/{keep}")).text


async def test_they_can_be_parted_from_there(street: Street) -> None:
    kim = await at_the_desk(street)
    _, keep, gone = await made_one(street, kim, "Dot Invented-This", "Dorothy Invented-The-Other-One")
    there = (await street.ask(kim, "GET", f"/people/{gone}/twice")).location
    part = re.search(
        rf'action="(/people/{keep}/twice/[\w-]+/part)"', (await street.ask(kim, "GET", there)).text
    )
    assert part
    parted = await street.ask(kim, "POST", part[1].replace(keep, gone))
    assert parted.location == f"/people/{keep}?done=parted"
    assert (await street.ask(kim, "GET", f"/people/{gone}")).status == 200
    assert "<h1>Dorothy" in (await street.ask(kim, "POST", f"/people/{gone}")).text
