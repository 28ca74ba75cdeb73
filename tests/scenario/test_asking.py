"""Asking for help as somebody does it: one thing a page, back and forth, in another language, while the records are
closed, and without a script."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from node.domain.ids import NeedId, PersonId
from node.domain.intake.intake import Caller
from node.domain.need import Window
from node.domain.notices.mail import MailServer, Tls
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Answer, Street, Visitor
from ui.views.public.ask import STEPS

_FIELD = re.compile(r"<input ([^>]*)>")
_OF = re.compile(r'([\w:]+)="([^"]*)"')


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = Street.before(cast, await cast.add("north"))
        yield street
        await street.close()


@pytest.fixture
async def kim(street: Street) -> Visitor:
    """At the desk, with a seal."""
    visitor = Visitor()
    visitor.cookies.update((await street.ask(visitor, "GET", "/sign-in")).cookies)
    await street.sign_in(visitor)
    return visitor


class Walker:
    """Somebody at `path` who fills in what is on the page and presses a button, as a browser without a script does."""

    def __init__(self, street: Street, path: str = "/ask") -> None:
        self.street = street
        self.path = path
        self.visitor = Visitor()
        self.page = Answer(status=0, headers={}, cookies={}, body=b"")

    async def open(self) -> None:
        self.page = await self.street.ask(self.visitor, "GET", self.path)
        self.visitor.cookies.update(self.page.cookies)

    def held(self) -> list[tuple[str, str]]:
        """What the form on the page would send untouched: hidden fields, what stands in boxes, what is ticked."""
        form = self.page.body.decode().partition('id="steps"')[2].partition("</form>")[0]
        found = []
        for match in _FIELD.finditer(form):
            of = {name: unescape(value) for name, value in _OF.findall(match[1])}
            ticks = of.get("type") in ("checkbox", "radio")
            if (
                of.get("name")
                and of["name"] != "seal"
                and (not ticks or match[1].rstrip().endswith("checked"))
            ):
                found.append((of["name"], of.get("value", "")))
        for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form):
            found.append((name, unescape(text)))
        return found

    async def press(self, go: str, fill: Mapping[str, str | list[str]] | None = None) -> str:
        """Presses the button ``go``; gives the heading of the page that follows."""
        typed = dict(fill or {})
        form = [(name, value) for name, value in self.held() if name not in typed]
        for name, value in typed.items():
            form += [(name, each) for each in ([value] if isinstance(value, str) else value)]
        form += [("go", go), *self.street.sealed(self.visitor, {}).items()]
        self.page = await self.street.ask(self.visitor, "POST", self.path, body=urlencode(form).encode())
        self.visitor.cookies.update(self.page.cookies)
        return self.heading

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page.text, re.S)
        return found[1].strip() if found else ""


async def asked(street: Street) -> Walker:
    """Somebody who has answered everything and looks at her answers."""
    nora = Walker(street)
    await nora.open()
    await nora.press("lang:en")
    await nora.press("next", {"kinds": ["groceries", "lift"]})
    await nora.press("next", {"urgency": "today"})
    await nora.press("next", {"address": "7 Imaginary Row (51.4550, -2.5880)"})
    await nora.press("next", {"name": "Nora <Invented>", "phone": "07700 900555"})
    assert await nora.press("next", {"notes": "Two flights of stairs"}) == "Is all of this right?"
    return nora


async def test_one_thing_a_page_from_the_language_to_the_reference(street: Street) -> None:
    nora = Walker(street)
    await nora.open()
    assert "In which language?" in nora.heading
    assert await nora.press("lang:en") == "What would help?"
    assert await nora.press("next") == "What would help?"
    assert nora.page.status == 422
    assert "Choose at least one kind of help." in nora.page.text
    assert await nora.press("next", {"kinds": ["groceries", "lift"]}) == "How soon?"
    assert await nora.press("next", {"urgency": "today"}) == "Where should somebody come?"
    assert await nora.press("next") == "How do we reach you?"
    assert await nora.press("next", {"name": "Nora Invented"}) == "How do we reach you?"
    assert "We need a phone number or an address" in nora.page.text
    assert 'value="Nora Invented"' in nora.page.text
    assert await nora.press("next", {"phone": "07700 900555"}) == "Anything we should know?"
    assert await nora.press("next", {"notes": "Two flights\nof stairs"}) == "Is all of this right?"
    for said in ("Shopping", "A lift", "Today", "Nora Invented", "07700 900555", "Two flights\nof stairs"):
        assert said in nora.page.text, said
    assert await nora.press("send") == "Is all of this right?"
    assert "Without this we may not keep what you wrote" in nora.page.text
    assert await nora.press("send", {"help_you": "y"}) == "Thank you. We have it."
    assert len(re.findall('class="reference"', nora.page.text)) == 2


async def test_where_messages_go_out_she_chooses_whether_we_may_write(street: Street) -> None:
    desk = street.north.services
    await (nora := Walker(street)).open()
    steps = (("lang:en", {}), ("next", {"kinds": ["groceries"]}), ("next", {"urgency": "today"}))
    for go, typed in (*steps, ("next", {"address": "7 Imaginary Row"})):
        await nora.press(go, typed)
    assert "told_by" not in dict(nora.held()), "nobody is asked about ways that there are not"
    server = MailServer(host="localhost", port=1, tls=Tls.NONE, sender="notices@example.org")
    await desk.notices.mail.change(street.north.staff, server)
    await nora.press("back")
    await nora.press("next")
    assert ("told_by", "phone") in nora.held()
    assert 'value="text"' not in nora.page.text
    assert await nora.press("next", {"told_by": "email", "email": "nora"}) == "How do we reach you?"
    assert "This does not look like an e-mail address." in nora.page.text
    await nora.press("next", {"email": "nora@example.net"})
    assert await nora.press("next") == "Is all of this right?"
    assert "By e-mail\nnora@example.net" in nora.page.text
    assert await nora.press("send", {"help_you": "y"}) == "Thank you. We have it."
    [token] = re.findall(r'href="[^"]*/a/([A-Za-z0-9_-]{22})"', nora.page.text)
    need = (await desk.asking.behind(token))[0].need_id
    view = await desk.board.need(street.north.staff, need)
    nora_held = await desk.people.person(street.north.staff, PersonId(str(view.need.person_id)))
    assert (nora_held.details.contact_by, nora_held.details.email) == ("email", "nora@example.net")

    # For somebody else: the same question, and the answer is hers, not theirs.
    other = Walker(street)
    await other.open()
    for go, typed in (*steps, ("next", {"address": "7 Imaginary Row"})):
        await other.press(go, typed)
    hers = {"whose": "other", "name": "Olu Invented", "told_by": "email", "email": "olu@example.net"}
    assert await other.press("next", hers) == "Whom do you ask for?"
    assert "write nothing to them" in other.page.text
    await other.press("next", {"their_name": "Edna Made-Up", "tie": "niece"})
    await other.press("next")
    assert "By e-mail\nolu@example.net" in other.page.text
    assert await other.press("send", {"help_you": "y"}) == "Thank you. We have it."
    [token] = re.findall(r'href="[^"]*/a/([A-Za-z0-9_-]{22})"', other.page.text)
    need = (await desk.asking.behind(token))[0].need_id
    view = await desk.board.need(street.north.staff, need, reveal=True)
    assert view.person is not None
    assert (view.person.name, view.person.email, view.person.contact_by) == ("Edna Made-Up", "", "")
    olu = await desk.people.person(street.north.staff, PersonId(str(view.asker_told)))
    assert (olu.details.name, olu.details.email) == ("Olu Invented", "olu@example.net")


async def test_the_language_she_asked_in_is_on_the_record_and_ranks_helpers(street: Street) -> None:
    desk, staff = street.north.services, street.north.staff
    nora = await asked(street)
    await nora.press("lang:es")
    await nora.press("send", {"help_you": "y"})
    need = (await needs_of(street))["groceries"]
    view = await desk.board.need(staff, need)
    held = await desk.people.person(staff, PersonId(str(view.need.person_id)))
    assert held.details.languages == ("es",)
    english = await asked(street)
    english.path = "/ask"
    await english.press("to:reach")
    await english.press("next", {"phone": "07700 900556"})
    await english.press("send", {"help_you": "y"})
    rows = await desk.board.queue(staff, "oldest")
    found = {str((await desk.board.need(staff, row.need_id)).need.person_id) for row in rows}
    said = [(await desk.people.person(staff, PersonId(each))).details.languages for each in found]
    assert sorted(said) == [(), ("es",)], "the language of everybody here says nothing about anybody"


async def test_a_day_and_a_time_of_day_and_none_that_is_past(street: Street) -> None:
    desk, staff, today = street.north.services, street.north.staff, street.cast.clock.now().date()
    nora = await asked(street)
    assert await nora.press("to:when") == "How soon?"
    on_a_day = {"urgency": "on_a_day", "part_of_day": "evening"}
    for typed, wrong in (
        ("", "Pick the day, or"),
        ((today - timedelta(days=1)).isoformat(), "This day is past."),
        ((today + timedelta(days=400)).isoformat(), "more than a year away"),
        ("soon", "Write the day like"),
    ):
        assert await nora.press("next", {**on_a_day, "day": typed}) == "How soon?"
        assert (nora.page.status, wrong in nora.page.text) == (422, True), typed
    day = today + timedelta(days=3)
    assert await nora.press("next", {**on_a_day, "day": day.isoformat()}) == "Is all of this right?"
    assert re.search(r"\d+ \w+, in the evening", nora.page.text)
    await nora.press("send", {"help_you": "y"})
    need = (await needs_of(street))["lift"]
    view = (await desk.board.need(staff, need)).need
    assert (view.window, view.due_day, view.urgency) == (Window(first=day, last=day), day, "this_week")
    [path] = set(re.findall(r"(/a/[\w-]{22})", nora.page.text))
    followed = await street.ask(nora.visitor, "GET", path)
    assert "in the evening" in followed.text
    assert 'type="radio" name="urgency"' not in followed.text, "it has its day"
    # A day that was typed before she chose another answer counts for nothing.
    other = await asked(street)
    await other.press("to:when")
    await other.press("next", {"urgency": "today", "day": "1999-01-01"})
    assert other.heading == "Is all of this right?"
    await other.press("send", {"help_you": "y"})
    assert {
        (await desk.board.need(staff, each)).need.window is None for each in (await needs_of(street)).values()
    }


async def test_for_somebody_whom_she_looks_after_there_are_two_persons(street: Street, kim: Visitor) -> None:
    desk, staff = street.north.services, street.north.staff
    await sent(street)  # Nora asked for herself before, and her record is hers
    nora = await asked(street)
    assert (await street.ask(kim, "POST", "/lock")).status == 303
    await nora.press("to:reach")
    safe = {"whose": "other", "safe_to_ring": "after six"}
    assert await nora.press("next", safe) == "Whom do you ask for?"
    about = {"their_name": "Edna Made-Up", "their_phone": "x", "tie": "her niece", "agrees": "y"}
    await nora.press("next", about)
    assert await nora.press("send", {"help_you": "y"}) == "Whom do you ask for?"
    assert "This does not look like a phone number." in nora.page.text
    await nora.press("next", {"their_phone": ""})
    assert "Edna Made-Up\nher niece\nThey know that I ask for them, and agree" in nora.page.text
    assert await nora.press("send", {"help_you": "y"}) == "Thank you. We have it."
    await street.sign_in(kim)
    need = re.findall(r"/a/([\w-]{22})", nora.page.text)[0]
    asked_for = (await desk.asking.behind(need))[0].need_id
    view = await desk.board.need(staff, asked_for, reveal=True)
    assert view.person is not None
    assert view.details is not None
    assert (view.person.name, view.person.best_phone, view.person.safe_to_ring) == ("Edna Made-Up", "", "")
    assert view.details.caller == Caller(
        name="Nora <Invented>", phone="07700 900555", tie="her niece", safe="after six", agrees=True
    )
    page = (await street.ask(kim, "POST", f"/board/{asked_for}/name")).text
    assert "Who asked for them" in page
    assert "Safe to ring: after six, 07700 900555" in page
    names = [
        (await desk.board.need(staff, row.need_id, reveal=True)).person_name
        for row in await desk.board.queue(staff, "oldest")
    ]
    assert sorted(filter(None, names)) == ["Edna Made-Up"] * 2 + ["Nora <Invented>"] * 2
    [link] = set(re.findall(r"(/a/[\w-]{22})", nora.page.text))
    await desk.dispatch.open(staff, asked_for)
    await desk.dispatch.assign(staff, asked_for, await street.new_helper("Vera Invented"))
    assert "Vera comes." in (await street.ask(nora.visitor, "GET", link)).text


async def test_any_answer_is_changed_and_the_others_stay(street: Street) -> None:
    nora = await asked(street)
    assert await nora.press("to:when", {"help_you": "y"}) == "How soon?"
    assert await nora.press("next", {"urgency": "whenever"}) == "Is all of this right?"
    assert "No hurry" in nora.page.text
    assert ("help_you", "y") in nora.held()
    assert await nora.press("back") == "Anything we should know?"
    assert ("notes", "Two flights of stairs") in nora.held()
    assert await nora.press("lang:es") == "¿Algo que debamos saber?"
    assert ("kinds", "lift") in nora.held()
    assert ("name", "Nora <Invented>") in nora.held()
    assert nora.visitor.cookies["language"] == "es"


async def test_it_works_while_the_records_are_closed(street: Street, kim: Visitor) -> None:
    assert (await street.ask(kim, "POST", "/lock")).status == 303
    nora = await asked(street)
    assert await nora.press("send", {"help_you": "y"}) == "Thank you. We have it."
    await street.sign_in(kim)
    rows = await street.north.services.board.queue(street.north.staff)
    assert sorted(row.category for row in rows) == ["groceries", "lift"]


async def test_danger_is_answered_first_and_holds_nothing_up(street: Street) -> None:
    nora = await asked(street)
    await nora.press("to:more")
    assert "Ring 112 first" not in re.sub(
        r'<div id="emergency" hidden.*?</div></div>', "", nora.page.text, flags=re.S
    )
    assert await nora.press("next", {"notes": "I have chest pain"}) == "Is all of this right?"
    panel = nora.page.text.index('id="emergency"')
    assert panel < nora.page.text.index("<h1>")
    assert await nora.press("send", {"help_you": "y"}) == "Thank you. We have it."
    assert 'id="emergency"' in nora.page.text


async def test_the_telephone_stands_on_every_page(street: Street) -> None:
    await street.north.services.card.change(street.north.staff, phone="0117 496 0123", hours="9 to 5")
    for step in STEPS:
        page = await street.ask(Visitor(), "GET", f"/ask?step={step.name}")
        main = page.text.partition("<main")[2].partition("</main>")[0]
        assert 'href="tel:01174960123"' in main, step.name
        assert "(<bdi>9 to 5</bdi>)" in main
        assert "Leave this page now" in page.text
    for path in ("/offer", "/volunteer"):
        assert "Leave this page now" in (await street.ask(Visitor(), "GET", path)).text, path


async def sent(street: Street) -> tuple[Walker, str]:
    """Somebody who has sent it, and the path of her private page."""
    nora = await asked(street)
    await nora.press("send", {"help_you": "y"})
    found = re.search(r'<code class="copy">http://[^/]+(/a/[\w-]{22})</code>', nora.page.text)
    assert found, nora.page.text
    assert nora.page.headers["Clear-Site-Data"] == '"cache"'
    return nora, found[1]


async def needs_of(street: Street) -> dict[str, NeedId]:
    """By kind, everything at the desk."""
    rows = await street.north.services.board.queue(street.north.staff, "oldest")
    return {row.category: row.need_id for row in rows}


def steps_of(page: Answer) -> list[str]:
    """Where each request stands, as it is said aloud."""
    return re.findall(r'<li aria-current="step">([^<]*)</li>', page.text)


async def test_the_private_page_says_how_far_it_is(street: Street, kim: Visitor) -> None:
    nora, path = await sent(street)
    page = await street.ask(nora.visitor, "GET", path)
    assert steps_of(page) == ["We have it", "We have it"]
    for canary in ("Nora", "07700", "Imaginary", "flights"):
        assert canary not in page.text, "whoever finds the address reads nothing about her"
    desk, staff = street.north.services, street.north.staff
    need = (await needs_of(street))["groceries"]
    vera = await street.new_helper("Vera Invented")
    await desk.dispatch.open(staff, need)
    assert steps_of(await street.ask(nora.visitor, "GET", path))[0] == "We look for someone"
    task = await desk.dispatch.assign(staff, need, vera)
    page = await street.ask(nora.visitor, "GET", path)
    assert steps_of(page)[0] == "Found"
    assert "Vera comes to you." in page.text
    assert "Invented" not in page.text
    assert (await street.ask(kim, "POST", "/lock")).status == 303
    page = await street.ask(nora.visitor, "GET", path)
    assert "Vera" not in page.text
    assert "The name shows here once one of us has signed in." in page.text
    await street.sign_in(kim)
    await desk.dispatch.contacted(staff, task)
    assert steps_of(await street.ask(nora.visitor, "GET", path))[0] == "On the way"


async def test_it_is_called_off_and_brought_back_while_the_records_are_closed(
    street: Street, kim: Visitor
) -> None:
    nora, path = await sent(street)
    need = (await needs_of(street))["lift"]
    assert (await street.ask(kim, "POST", "/lock")).status == 303
    assert (await street.ask(nora.visitor, "POST", f"{path}/off", {"need": need})).status == 303
    page = await street.ask(nora.visitor, "GET", path)
    assert steps_of(page) == ["We have it"], "the other one still stands"
    assert "Bring my request back" in page.text
    for code, undone in (("es", "Recuperar la petición"), ("ar", "استعادة الطلب")):
        spoken = Visitor(cookies={**nora.visitor.cookies, "language": code})
        assert undone in (await street.ask(spoken, "GET", path)).text, "not the word for withdrawing it"
    assert (await street.ask(nora.visitor, "POST", f"{path}/back", {"need": need})).status == 303
    page = await street.ask(nora.visitor, "GET", path)
    assert steps_of(page) == ["We have it", "We have it"], "as before: nobody has looked at it yet"
    assert (await street.ask(nora.visitor, "POST", f"{path}/back", {"need": need})).status == 409
    await street.ask(nora.visitor, "POST", f"{path}/off", {"need": need})
    street.cast.clock.advance(minutes=11)
    assert (await street.ask(nora.visitor, "POST", f"{path}/back", {"need": need})).status == 409


async def test_what_changed_waits_sealed_for_the_desk(street: Street, kim: Visitor) -> None:
    nora, path = await sent(street)
    need = (await needs_of(street))["lift"]
    assert (await street.ask(kim, "POST", "/lock")).status == 303
    form = {"need": need, "urgency": "whenever", "words": "Ring my sister Quilla first"}
    assert (await street.ask(nora.visitor, "POST", f"{path}/change", form)).status == 303
    await street.sign_in(kim)
    board = (await street.ask(kim, "GET", f"/board/{need}")).text
    assert "They wrote on their page" in board
    assert "Ring my sister Quilla first" in board
    view = await street.north.services.board.need(street.north.staff, need)
    assert (view.need.urgency, view.need.promised_at) == (
        "whenever",
        street.cast.clock.now().timestamp() + 86400,
    )


async def test_how_it_went_in_two_taps(street: Street) -> None:
    nora, path = await sent(street)
    desk, staff = street.north.services, street.north.staff
    need = (await needs_of(street))["groceries"]
    early = await street.ask(nora.visitor, "POST", f"{path}/how", {"need": need, "answer": "well"})
    assert early.status == 409
    await desk.dispatch.open(staff, need)
    task = await desk.dispatch.assign(staff, need, await street.new_helper("Vera Invented"))
    await desk.dispatch.report_done(staff, task)
    assert "Did it go well?" in (await street.ask(nora.visitor, "GET", path)).text
    assert (
        await street.ask(nora.visitor, "POST", f"{path}/how", {"need": need, "answer": "well"})
    ).status == 303
    view = await desk.board.need(staff, need)
    assert (view.need.state, view.need.close_reason) == ("closed", "completed")
    [said] = await desk.outcome.of_need(staff, need)
    assert (said.answer, said.helper) == ("well", None)


async def test_unsafe_says_first_whom_to_ring_and_only_safety_reads_it(street: Street, kim: Visitor) -> None:
    nora, path = await sent(street)
    assert (await street.ask(kim, "POST", "/lock")).status == 303
    page = await street.ask(nora.visitor, "GET", f"{path}/unsafe")
    assert page.text.index("Ring 112 first") < page.text.index("We do not read messages at once")
    assert page.text.index("We do not read messages at once") < page.text.index("<textarea")
    assert (await street.ask(nora.visitor, "POST", f"{path}/unsafe", {"text": " "})).status == 422
    told = await street.ask(nora.visitor, "POST", f"{path}/unsafe", {"text": "He would not leave, zqcanary"})
    assert told.status == 200
    assert "zqcanary" not in "".join(row for rows in street.dump().values() for row in rows)
    assert "incident.told" in str(street.dump()["audit"])


async def test_a_link_that_leads_nowhere_opens_nothing_of_somebody_else(street: Street) -> None:
    nora, path = await sent(street)
    other, elsewhere = await sent(street)
    need = (await needs_of(street))["lift"]
    mine = path if need in (await street.ask(nora.visitor, "GET", path)).text else elsewhere
    foreign = elsewhere if mine == path else path
    assert (await street.ask(other.visitor, "POST", f"{foreign}/off", {"need": need})).status == 404
    assert (await street.ask(nora.visitor, "GET", "/a/AAAAAAAAAAAAAAAAAAAAAA")).status == 404
    street.cast.clock.advance(days=181)
    assert (await street.ask(nora.visitor, "GET", path)).status == 404
