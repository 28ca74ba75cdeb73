"""What is sent twice is done once: a second tap, a page that is loaded anew, a tab that comes back the next morning."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from node.domain.actors import Role
from node.domain.ids import NeedId
from node.vault import Compartment
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Answer, Street, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    folder: Path = tmp_path_factory.mktemp("twice")
    async with Neighbourhood(folder) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


async def vera(street: Street) -> Visitor:
    visitor = Visitor(cookies={"seal": "s", "device": "her-telephone"})
    answer = await street.ask(visitor, "POST", f"/my/in/{await street.own_link(street.helper)}")
    visitor.cookies.update(answer.cookies)
    return visitor


def own_token(page: Answer, action: str) -> str:
    """The token of the form that goes there, new on every page."""
    found = re.search(rf'action="{action}(?:#[\w-]+)?">.*?name="once" value="([\w-]+)"', page.text, re.S)
    assert found, page.text
    return found[1]


async def sent_again(street: Street, visitor: Visitor, path: str, form: dict[str, str]) -> list[Answer]:
    """The same body, at once and after an hour."""
    body = urlencode(street.sealed(visitor, form)).encode()
    answers = [await street.ask(visitor, "POST", path, body=body) for _ in range(2)]
    street.cast.clock.advance(hours=1)
    return [*answers, await street.ask(visitor, "POST", path, body=body)]


async def test_one_message_and_one_receipt(street: Street) -> None:
    made, phone = await street.seed("approved", device="her-telephone"), await vera(street)
    for base in (f"/t/{made['token']}", f"/my/task/{made['task']}"):
        forms = {"write": {"text": f"Late, by {base}"}, "paid": {"amount": "12.50", "note": "milk"}}
        for what, form in forms.items():
            page = await street.ask(phone, "GET", base)
            full = {**form, "number": base[-4:], "once": own_token(page, f"{base}/{what}")}
            for answer in await sent_again(street, phone, f"{base}/{what}", full):
                assert answer.status == 303, answer.text
        assert (await street.ask(phone, "GET", base)).text.count(f"Late, by {base}") == 1
    assert len(street.dump()["receipts"]) == 2


async def test_a_new_page_may_say_the_same_again(street: Street) -> None:
    made, phone = await street.seed("approved", device="her-telephone"), await vera(street)
    base = f"/t/{made['token']}"
    for _ in range(2):
        page = await street.ask(phone, "GET", base)
        form = {"text": "I am at the door", "once": own_token(page, f"{base}/write")}
        assert (await street.ask(phone, "POST", f"{base}/write", form)).status == 303
    assert (await street.ask(phone, "GET", base)).text.count("I am at the door") == 2


async def test_a_second_press_on_i_can_help_answers_kindly(street: Street) -> None:
    made, phone = await street.seed("open"), await vera(street)
    first = await street.ask(phone, "POST", f"/my/offer/{made['need']}")
    again = await street.ask(phone, "POST", f"/my/offer/{made['need']}")
    assert (again.status, again.location) == (303, first.location)
    assert "Thank you!" in (await street.ask(phone, "GET", again.location)).text
    wish = await street.from_south("wish")
    way = f"/my/elsewhere/{wish['origin']}/{wish['wish']}"
    first, again = await street.ask(phone, "POST", way), await street.ask(phone, "POST", way)
    assert (again.status, again.location) == (303, first.location)
    task = first.location.partition("asked=")[2]
    assert task in (await street.ask(phone, "GET", first.location)).text


ASKED = {
    "kinds": "groceries",
    "urgency": "this_week",
    "address": "7 Imaginary Row",
    "name": "Nora Invented",
    "phone": "07700 900555",
    "help_you": "y",
}
GIVEN = {
    "sort": "thing",
    "what": "A walking frame",
    "way": "either",
    "name": "Greta Invented",
    "phone": "07700 900556",
    "keep_details": "y",
}
HELPS = {"kinds": "groceries", "transport": "foot", "hours": "mon:morning", "keep_details": "y"}


@pytest.mark.parametrize(
    ("path", "form", "link"),
    [
        ("/ask", ASKED, r"/a/[\w-]{22}"),
        ("/offer", GIVEN, r"/o/[\w-]{22}"),
        ("/volunteer", {**HELPS, "name": "Nia Invented", "phone": "07700 900557"}, r"/my/in/[\w-]{22}"),
    ],
)
async def test_a_form_known_by_its_own_token_is_sent_once(
    street: Street, path: str, form: dict[str, str], link: str
) -> None:
    nora = Visitor(cookies={"seal": "s"})
    token = own_token(await street.ask(nora, "GET", path), path)
    carried = await street.ask(nora, "POST", path, {"step": "x", "go": "back", "once": token})
    assert own_token(carried, path) == token, "from page to page"
    before = len(street.dump()["persons"])
    answers = await sent_again(street, nora, path, {**form, "go": "send", "once": token})
    links = {re.search(link, answer.text)[0] for answer in answers if answer.status == 200}  # type: ignore[index]
    assert [answer.status for answer in answers] == [200] * 3, answers[0].text
    assert len(links) == 1
    assert len(street.dump()["persons"]) == before + 1
    back = re.search(r'name="back" value="([^"]*)"', answers[0].text)
    assert back
    assert re.fullmatch(link, back[1]), "another language keeps the private link"
    other = {**form, "go": "send", "once": token, "name": "Ned Invented"}
    assert (await street.ask(nora, "POST", path, other)).status == 200
    assert len(street.dump()["persons"]) == before + 2, "filled in differently it is another one"


async def test_back_a_letter_changed_and_save_is_the_same_call(street: Street) -> None:
    await street.hire("one-coordinator", Role.COORDINATOR, grants=(Compartment.PEOPLE,))
    desk = Visitor(handle="one-coordinator", cookies={"seal": "a-seal"})
    await street.sign_in(desk)
    page = (await street.ask(desk, "GET", "/intake")).text
    draft = re.search(r'name="draft" value="([\w-]{22})"', page)
    assert draft
    call = {
        "draft": draft[1],
        "name": "Nora Madeup",
        "screen": "07700 900882",
        "kinds": "groceries",
        "help_you": "y",
    }
    call |= {
        "whose": "self",
        "urgency": "this_week",
        "helpers": "1",
        "notes": "the bell is broken",
        "channel": "phone",
    }
    saved = await street.ask(desk, "POST", "/intake", call)
    assert saved.status == 303, saved.text
    need = re.search(r"need=([\w-]{22})", saved.location)
    assert need
    before = {table: len(street.dump()[table]) for table in ("needs", "persons")}
    street.cast.clock.advance(hours=3)
    call |= {"name": "Norah Madeup", "notes": "the bell is mended"}
    again = await street.ask(desk, "POST", "/intake", call)
    assert again.status == 409
    assert "You saved this call already" in again.text
    assert 'value="Norah Madeup"' in again.text, "nothing that was typed is lost"
    offer = again.text.partition(f'action="/board/{need[1]}/correct"')[2].partition("</form>")[0]
    typed = dict(re.findall(r'name="(\w+)" value="([^"]*)"', offer))
    shown = (await street.ask(desk, "POST", f"/board/{need[1]}/correct", {**typed, "seal": "a-seal"})).text
    assert "the bell is mended" in shown
    view = await street.north.services.board.need(street.north.staff, NeedId(need[1]))
    assert view.details
    assert view.details.notes == "the bell is broken", "it is offered, not done"
    assert {table: len(street.dump()[table]) for table in before} == before
    another = await street.ask(desk, "POST", "/intake", {**call, "screen": "07700 900883", "anew": "y"})
    assert another.status == 303
    assert len(street.dump()["needs"]) == before["needs"] + 1
