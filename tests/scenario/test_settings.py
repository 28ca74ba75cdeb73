"""The group's settings through its pages: what an admin writes is what everybody reads."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.actors import CONSOLE, Role
from node.domain.consents import Purpose
from node.domain.hours import WEEKDAYS
from node.domain.ids import NeedId
from node.domain.notices.mail import MailServer, Tls
from node.store import settings
from node.vault import Compartment
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.post_office import post_office
from tests.harness.street import Street, Visitor
from ui.web import csrf


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = Street.before(cast, await cast.add("north"))
        yield street
        await street.close()


@pytest.fixture
async def admin(street: Street) -> Visitor:
    """The first account: admin and coordinator, in a browser with a seal."""
    return await at_desk(street)


async def at_desk(street: Street, handle: str = "kim") -> Visitor:
    visitor = Visitor(handle=handle)
    visitor.cookies.update((await street.ask(visitor, "GET", "/sign-in")).cookies)
    await street.sign_in(visitor)
    return visitor


async def test_a_consent_is_recorded_with_the_words_that_were_read_out(
    street: Street, admin: Visitor
) -> None:
    said = "May we write this into our green book?"
    saved = await street.ask(
        admin, "POST", "/settings/texts?text=consent.help_you&language=en", {"text": said}
    )
    assert saved.status == 303
    page = await street.ask(admin, "GET", "/intake")
    assert said in page.text
    version = (await street.north.services.texts.said("consent.help_you", "en")).version
    assert version in page.text
    call = {"kinds": "groceries", "screen": "07700 900456", "help_you": "y", "wording:help_you": version,
            "whose": "self", "phone_kind": "own", "urgency": "today", "helpers": "1"}  # fmt: skip
    taken = await street.ask(admin, "POST", "/intake", call)
    need = NeedId(taken.location.rpartition("=")[2])
    view = await street.north.services.board.need(street.north.staff, need)
    help_you = next(each for each in view.consents if each.purpose is Purpose.HELP_YOU)
    assert help_you.wording == version
    assert await street.north.services.texts.wording(help_you.wording) == said


async def test_the_public_form_asks_in_the_groups_words(street: Street, admin: Visitor) -> None:
    await street.ask(
        admin,
        "POST",
        "/settings/texts?text=ask.help_you&language=en",
        {"text": "Write it into the green book"},
    )
    assert "Write it into the green book" in (await street.ask(Visitor(), "GET", "/ask?step=check")).text
    back = {"text": "Write it into the green book", "back": "y"}
    await street.ask(admin, "POST", "/settings/texts?text=ask.help_you&language=en", back)
    assert "You may keep this to help me" in (await street.ask(Visitor(), "GET", "/ask?step=check")).text


async def test_a_text_that_cannot_be_is_shown_again_with_the_reason(street: Street, admin: Visitor) -> None:
    address = "/settings/texts?text=message.told&language=en"
    refused = await street.ask(admin, "POST", address, {"text": "{helper} has the number {phone}"})
    assert refused.status == 422
    assert "{helper} has the number {phone}" in refused.text
    assert "curly brackets" in refused.text
    assert (await street.ask(admin, "GET", "/settings/texts?text=nonsense")).status == 404


async def test_what_the_group_does_and_where_stands_where_people_ask(street: Street, admin: Visitor) -> None:
    assert "What we do not do" not in (await street.ask(Visitor(), "GET", "/")).text
    for key, text in (
        ("scope.do", "Shopping\nA lift to the doctor"),
        ("scope.where", "Between bridge and mill"),
    ):
        address = f"/settings/texts?text={key}&language=en"
        assert (await street.ask(admin, "POST", address, {"text": text})).status == 303
    for page in ("/", "/ask"):
        text = (await street.ask(Visitor(), "GET", page)).text
        assert "<li>A lift to the doctor</li>" in text
        assert "Between bridge and mill" in text


async def test_a_new_site_says_what_works_and_what_to_do(street: Street, admin: Visitor) -> None:
    """From outside in, over real HTTP: the address leads here; a backup and a second holder are still missing."""
    found = {each.code for each in await street.north.services.checks.look(street.north.staff)}
    assert {
        "address.ok",
        "https.home",
        "clock.alone",
        "backup.never",
        "cards.unchecked",
        "holders.one",
    } <= found
    page = await street.ask(admin, "GET", "/settings/checks")
    assert page.status == 200
    assert "There is no backup yet." in page.text
    await street.north.services.backup.backup(
        CONSOLE, street.north.folder / "copy.mac", "eight or more letters"
    )
    street.cast.clock.advance(days=9)
    assert "backup.old" in {each.code for each in await street.north.services.checks.look(CONSOLE)}


async def test_the_mail_server_is_asked_and_not_believed_in(street: Street, tmp_path: Path) -> None:
    services, staff = street.north.services, street.north.staff

    async def said() -> str:
        (code,) = [each.code for each in await services.checks.look(CONSOLE) if each.code.startswith("mail.")]
        return code

    assert await said() == "mail.none"
    async with post_office(tmp_path) as (post, _):
        await services.notices.mail.change(staff, post.server())
        assert await said() == "mail.ok"
        await services.notices.mail.change(staff, post.server(user="north", password="not the right one"))
        assert await said() == "mail.refused"
        await post.close()
        assert await said() == "mail.silent"
    await services.notices.mail.take_out(staff)


async def test_another_groups_site_at_our_address_is_found(street: Street, tmp_path: Path) -> None:
    other = await street.cast.add("other", at=(51.43, -2.58))
    async with street.north.node.network.on.db.write() as tx:
        await settings.put(tx, settings.PUBLIC_URL, other.url)
    assert "address.other" in {each.code for each in await street.north.services.checks.look(CONSOLE)}
    async with street.north.node.network.on.db.write() as tx:
        await settings.put(tx, settings.PUBLIC_URL, "http://127.0.0.1:9")
    assert "address.silent" in {each.code for each in await street.north.services.checks.look(CONSOLE)}


async def test_what_is_left_to_set_up_goes_by_itself_or_is_put_aside(street: Street, admin: Visitor) -> None:
    board = (await street.ask(admin, "GET", "/board")).text
    assert "Enter the first volunteer" in board
    assert "Say what you do, and where" in board
    await street.new_helper()
    assert (await street.ask(admin, "POST", "/settings/todo", {"task": "scope"})).status == 303
    board = (await street.ask(admin, "GET", "/board")).text
    assert "Enter the first volunteer" not in board
    assert "Say what you do, and where" not in board
    assert "Print the rescue cards" in board
    assert (await street.ask(admin, "POST", "/settings/todo", {"task": "cards"})).status == 404
    await street.hire("cora", Role.COORDINATOR, grants=[Compartment.PEOPLE])
    assert "left to set up" not in (await street.ask(await at_desk(street, "cora"), "GET", "/board")).text


async def test_mail_is_on_the_list_as_something_that_nobody_needs(street: Street, admin: Visitor) -> None:
    board = (await street.ask(admin, "GET", "/board")).text
    line = board[board.index('href="/settings/mail"') :].partition("</li>")[0]
    assert "all works without" in line
    assert "15 minutes" in line
    assert "Not for us" in line
    server = MailServer(host="localhost", port=1, tls=Tls.NONE, sender="notices@example.org")
    await street.north.services.notices.mail.change(CONSOLE, server)
    assert "all works without" not in (await street.ask(admin, "GET", "/board")).text
    await street.north.services.notices.mail.take_out(CONSOLE)
    assert (await street.ask(admin, "POST", "/settings/todo", {"task": "mail"})).status == 303
    assert "all works without" not in (await street.ask(admin, "GET", "/board")).text


def upload(street: Street, visitor: Visitor, content: bytes) -> bytes:
    """A form with one file, as a browser sends it."""
    head = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="f"\r\n\r\n%s\r\n'
    seal = street.sealed(visitor, {})[csrf.FIELD].encode()
    return head % (csrf.FIELD.encode(), seal) + head % (b"file", content) + b"--b--\r\n"


MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}
PLACE = {
    "name": "Made-up food bank",
    "phone": "0117 496 0555",
    "kinds": "groceries",
    "checked_on": "2026-01-05",
}


async def test_other_help_nearby_is_read_by_anybody_and_kept_by_coordinators(
    street: Street, admin: Visitor
) -> None:
    assert (await street.ask(admin, "POST", "/help-nearby/edit", {"name": ""})).status == 422
    assert (await street.ask(admin, "POST", "/help-nearby/edit", PLACE)).status == 303
    public = (await street.ask(Visitor(), "GET", "/help-nearby?kind=groceries")).text
    assert "Made-up food bank" in public
    assert "Please check again" not in public, "only whoever keeps the list is asked to"
    assert "Please check again" in (await street.ask(admin, "GET", "/help-nearby")).text
    assert "Made-up food bank" not in (await street.ask(Visitor(), "GET", "/help-nearby?kind=lift")).text
    given = (await street.ask(Visitor(), "GET", "/help-nearby/hsds.json")).body
    [place] = await street.north.services.resources.all()
    assert f"/help-nearby/edit?id={place.id}" in (await street.ask(admin, "GET", "/help-nearby")).text
    assert (await street.ask(admin, "POST", "/help-nearby/remove", {"id": place.id})).status == 303
    for expected in ("New: 1.", "New: 0. Changed: 0."):  # the same file again changes nothing
        body = upload(street, admin, given)
        brought = await street.ask(admin, "POST", "/help-nearby/bring", body=body, headers=MULTIPART)
        assert (brought.status, expected in brought.text) == (200, True)
    assert await street.north.services.resources.all() == [place]
    body = upload(street, admin, b"<html>")
    refused = await street.ask(admin, "POST", "/help-nearby/bring", body=body, headers=MULTIPART)
    assert (refused.status, "neither an HSDS file" in refused.text) == (422, True)


def _hours(street: Street, before: int, after: int) -> dict[str, str]:
    """Opening times of today, from so many hours before now to so many after."""
    now = street.cast.clock.now().astimezone(street.north.services.zone.info)
    first, last = now - timedelta(hours=before), now + timedelta(hours=after)
    return {f"open_{WEEKDAYS[first.weekday()]}": f"{first:%H:%M}-{last:%H:%M}"}


async def test_who_looks_for_an_open_place_finds_it_and_is_told_of_those_that_say_no_times(
    street: Street, admin: Visitor
) -> None:
    for name, more in (
        ("Open table", _hours(street, 1, 2)),
        ("Later kitchen", {"open_mon": "", **_hours(street, -1, 3)}),
        ("Words only", {"hours": "Mornings"}),
    ):
        sent = await street.ask(admin, "POST", "/help-nearby/edit", PLACE | {"name": name} | more)
        assert sent.status == 303, name
    whole = (await street.ask(Visitor(), "GET", "/help-nearby")).text
    assert whole.count("Open now, until") == whole.count("Closed now") == 1
    now = (await street.ask(Visitor(), "GET", "/help-nearby?open=now&kind=groceries")).text
    assert "Open table" in now
    assert "Later kitchen" not in now
    assert "Words only" not in now
    assert "1 more place does not say its times" in now
    assert 'href="/help-nearby?kind=groceries"' in now, "the way back keeps the kind"
    none = (await street.ask(Visitor(), "GET", "/help-nearby?open=now&kind=lift")).text
    assert "None that we know to be open now" in none
    [place, *_] = [each for each in await street.north.services.resources.all() if each.name == "Open table"]
    again = await street.ask(admin, "GET", f"/help-nearby/edit?id={place.id}")
    assert next(iter(_hours(street, 1, 2).values())) in again.text
    wrong = PLACE | {"open_tue": "9-5"}
    refused = await street.ask(admin, "POST", "/help-nearby/edit", wrong)
    assert (refused.status, "Write times like 10:00-12:30" in refused.text) == (422, True)


async def test_on_one_of_the_groups_holidays_no_place_is_called_open(street: Street, admin: Visitor) -> None:
    services = street.north.services
    await street.ask(admin, "POST", "/help-nearby/edit", PLACE | _hours(street, 1, 2))
    today = services.zone.day(int(street.cast.clock.now().timestamp()))
    await services.repeating.set_holidays(street.north.staff, [today])
    page = (await street.ask(Visitor(), "GET", "/help-nearby")).text
    assert "A holiday: ring first" in page
    assert "Open now, until" not in page
    assert PLACE["name"] not in (await street.ask(Visitor(), "GET", "/help-nearby?open=now")).text


async def test_places_and_questions_stand_where_a_second_person_says_yes(
    street: Street, admin: Visitor
) -> None:
    services = street.north.services
    await street.hire("ada", Role.ADMIN)
    await services.rules.change(street.north.staff, {"public_yes": "two"})
    asked = {
        "words": "Is there a lift?",
        "kind": "choice",
        "asked": "page",
        "choice:1": "Up",
        "choice:2": "No",
    }
    sent = await street.ask(admin, "POST", "/settings/questions/edit", asked)
    assert sent.location.endswith("done=waits")
    sent = await street.ask(admin, "POST", "/help-nearby/edit", PLACE)
    assert sent.location.endswith("done=waits")
    file = b"id,name,description\n77,Made-up shelter,Beds\n"
    body = upload(street, admin, file)
    brought = await street.ask(admin, "POST", "/help-nearby/bring", body=body, headers=MULTIPART)
    assert "once a second person said yes" in brought.text
    for path in ("/ask", "/help-nearby"):
        public = (await street.ask(Visitor(), "GET", path)).text
        assert not any(words in public for words in ("lift?", "Made-up")), "nothing of it yet"
    ada = await at_desk(street, "ada")
    page = (await street.ask(ada, "GET", "/settings/public")).text
    for words in (
        "Is there a lift?",
        "Up · No",
        "Made-up food bank",
        "0117 496 0555",
        "Made-up shelter",
        "Beds",
    ):
        assert words in page
    for each in await services.second_yes.waiting(street.north.staff):
        assert (await street.ask(ada, "POST", f"/settings/public/{each.id}", {"answer": "yes"})).status == 303
    public = (await street.ask(Visitor(), "GET", "/help-nearby")).text
    assert "Made-up food bank" in public
    assert "Made-up shelter" in public


async def test_somebody_is_sent_to_a_place_on_the_list(street: Street, admin: Visitor) -> None:
    await street.ask(admin, "POST", "/help-nearby/edit", PLACE)
    [place] = await street.north.services.resources.all()
    need = (await street.seed("open"))["need"]
    assert "Made-up food bank" in (await street.ask(admin, "GET", f"/board/{need}")).text
    form = {"reason": "signposted", "signpost": place.id, "note": "she will ring them"}
    assert (await street.ask(admin, "POST", f"/board/{need}/close", form)).status == 303
    history = (await street.north.services.board.need(street.north.staff, NeedId(need))).history
    assert "Made-up food bank, 0117 496 0555. she will ring them" in {row.why for row in history}


async def test_what_is_printed_and_copied_has_the_address_that_others_reach(
    street: Street, admin: Visitor
) -> None:
    warned = "an address that leads here from elsewhere"
    here = street.north.url
    poster = await street.ask(admin, "GET", "/paper/poster")
    assert warned in poster.text
    assert '<div class="scan">' not in poster.text, "a hundred posters that lead nowhere"
    person = await street.new_helper()
    link = await street.ask(admin, "POST", f"/people/{person}/own-link", {})
    assert f"{here}/my/in/" in link.text, "on this machine it works"
    assert warned in link.text
    async with street.north.node.network.on.db.write() as tx:
        await settings.put(tx, settings.PUBLIC_URL, "https://help.example.org")
    for sheet in ("poster", "leaflet"):
        page = await street.ask(admin, "GET", f"/paper/{sheet}")
        assert '<div class="scan">' in page.text
        assert "help.example.org/ask" in page.text
        assert warned not in page.text
    link = await street.ask(admin, "POST", f"/people/{person}/own-link", {})
    assert "https://help.example.org/my/in/" in link.text, "not what stands in the address bar"
    assert here not in link.text
    assert warned not in link.text
