"""A starter kit through pages and commands: looked at before it is taken, all or nothing, and nobody is in it."""

import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node import commands
from node.domain.actors import Role
from node.domain.settings.kit import Part
from node.errors import Invalid
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.harness.street import CANARIES, Street, Visitor
from ui.web import csrf

MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}
EDIT = "/settings/questions/edit"


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = Street.before(cast, await cast.add("north"))
        yield street
        await street.close()


@pytest.fixture
async def kim(street: Street) -> Visitor:
    """The first account, in a browser with a seal."""
    visitor = Visitor()
    visitor.cookies.update((await street.ask(visitor, "GET", "/sign-in")).cookies)
    await street.sign_in(visitor)
    return visitor


async def look(street: Street, visitor: Visitor, content: bytes) -> tuple[int, str, dict[str, str]]:
    """The file, as a browser sends it: status, page, and the fields of the form that takes it."""
    head = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="f"\r\n\r\n%s\r\n'
    seal = street.sealed(visitor, {})[csrf.FIELD].encode()
    body = head % (csrf.FIELD.encode(), seal) + head % (b"file", content) + b"--b--\r\n"
    answer = await street.ask(visitor, "POST", "/settings/kit/look", body=body, headers=MULTIPART)
    fields = dict(re.findall(r'type="hidden" name="(file|mark)" value="([^"]*)"', answer.text))
    return answer.status, answer.text, fields


async def works_like_this(street: Street, kim: Visitor) -> None:
    """North decides a few things of its own."""
    for path, form in (
        ("/settings/preset", {"preset": "checked"}),
        ("/settings/rules", {"decide_hours": "7"}),
        ("/settings/kinds?language=en", {"name:lift": "A seat in the pony cart", "hide:pet_care": "y"}),
        ("/safety/kinds", {"check:gardening": "id", "going:gardening": "pair"}),
        ("/settings/texts?text=script.closing&language=es", {"text": "Adiós, {reference}"}),
        ("/settings/texts?text=scope.where&language=en", {"text": "Between the mill and Nonesuch"}),
        ("/settings/texts?text=privacy.contact&language=en", {"text": "Quirina Madeupson"}),
        ("/settings/texts?text=script.no_help&language=en", {"text": "Ring 0117 496 0777 for that"}),
        (EDIT, {"words": "Is there a pony?", "kind": "yes_no", "asked": "call"}),
    ):
        assert (await street.ask(kim, "POST", path, form)).status == 303, path


async def test_another_group_works_like_that_once_it_said_so(street: Street, kim: Visitor) -> None:
    await works_like_this(street, kim)
    page = await street.ask(kim, "GET", "/settings/kit")
    assert "A seat in the pony cart" in page.text, "what is given is read before"
    assert "When it is nothing for us (English)" in page.text, "and what stays is named"
    kit = (await street.ask(kim, "GET", "/settings/kit/file")).body
    other = Street.before(street.cast, await street.cast.add("other", at=(51.43, -2.58)))
    ann = Visitor()
    ann.cookies.update((await other.ask(ann, "GET", "/sign-in")).cookies)
    await other.sign_in(ann)
    before = other.dump()
    status, text, fields = await look(other, ann, kit)
    assert (status, other.dump()) == (200, before), "looking changes nothing"
    for words in (
        "A seat in the pony cart",
        "Adiós, {reference}",
        "Is there a pony?",
        "Checked service",
        "We saw who they are",
    ):
        assert words in text
    taken = await other.ask(ann, "POST", "/settings/kit/take", {**fields, "part": "kinds"})
    assert taken.status == 303
    kinds = other.north.services.kinds
    assert (kinds.ours.name("lift", "en"), kinds.ours.hidden) == ("A seat in the pony cart", {"pet_care"})
    assert await other.north.services.questions.all() == [], "only what was ticked"
    late = await other.ask(ann, "POST", "/settings/kit/take", {**fields, "part": "rules"})
    assert (late.status, "Please look again" in late.text) == (409, True)
    await other.north.services.kits.take(other.north.staff, kit, Part)
    status, text, _fields = await look(other, ann, kit)
    assert (status, "Nothing would change" in text) == (200, True)
    rules = (await other.north.services.rules.now()).rules
    assert (rules["decide_hours"].value, rules["second_yes"].value) == (7, "two")
    asks = {row.ours.code: row.ours for row in await other.north.services.demands.table(other.north.staff)}
    assert (asks["gardening"].check, asks["gardening"].going) == ("id", "pair")
    assert (await other.north.services.texts.get("script.closing", "es")) == "Adiós, {reference}"
    await other.close()


async def test_nobody_is_in_it(street: Street, kim: Visitor) -> None:
    await works_like_this(street, kim)
    await street.new_helper("Vera Invented")
    await street.seed("open")
    await street.hire("Quirina", Role.TRIAGE)
    await street.ask(
        kim, "POST", "/settings/texts?text=message.told&language=en", {"text": "Write to vera@example.org"}
    )
    given = (await street.ask(kim, "GET", "/settings/kit/file")).text
    told = await commands.run(street.north.services, "kit_export", {"parts": []})
    assert json.loads(given) == json.loads(told["content"])
    for canary in (*CANARIES, "Vera", "900123", "example.org", "kim", "51.4", "marmalade", "share"):
        assert canary.casefold() not in given.casefold(), canary


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"format": "mutualaid-kit/1", "preset": "palace"}'])
async def test_a_bad_file_changes_nothing(street: Street, kim: Visitor, content: bytes) -> None:
    before = street.dump()
    status, _text, _fields = await look(street, kim, content)
    assert status == 422
    for field in ("", "AAAA", "é", b64encode(content).decode()):
        form = {"file": field, "part": "rules", "mark": ""}
        assert (await street.ask(kim, "POST", "/settings/kit/take", form)).status == 422
    with pytest.raises(Invalid):
        await commands.run(
            street.north.services,
            "kit_import",
            {"content": b64encode(content).decode(), "parts": [], "take": True},
        )
    assert street.dump() == before


async def test_what_does_not_fit_together_is_not_half_taken(street: Street, kim: Visitor) -> None:
    """Fine by itself, but here another kind has that name: the whole file is refused."""
    await works_like_this(street, kim)
    kit = {
        "format": "mutualaid-kit/1",
        "preset": "street",
        "kinds": {"hidden": [], "names": {"groceries": {"en": "A seat in the pony cart"}}},
    }
    before = street.dump()
    with pytest.raises(Invalid):
        await street.north.services.kits.take(street.north.staff, json.dumps(kit).encode(), Part)
    assert street.dump() == before


async def test_by_command_it_is_shown_before_it_is_taken(
    street: Street, kim: Visitor, tmp_path: Path
) -> None:
    await works_like_this(street, kim)
    kit = (await commands.run(street.north.services, "kit_export", {"parts": ["rules", "texts"]}))["content"]
    assert "Is there a pony?" not in kit
    other: Member = await street.cast.add("other", at=(51.43, -2.58))
    given = {"content": b64encode(kit.encode()).decode(), "parts": ["rules"], "take": False}
    shown = await commands.run(other.services, "kit_import", given)
    assert {each["what"] for each in shown["changes"]} >= {"preset", "decide_hours"}
    assert (await other.services.rules.now()).preset == "phone_desk"
    done = await commands.run(other.services, "kit_import", given | {"take": True})
    assert done["taken"]
    assert (await other.services.rules.now()).preset == "checked"
    assert not (await other.services.texts.said("script.closing", "es")).own
