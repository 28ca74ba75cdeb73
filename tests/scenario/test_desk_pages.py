"""Follow-up over the pages: what may be copied into a chat, and a message that becomes a call."""

import json
import re
from datetime import timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.consents import Consents
from node.domain.dispatch.series import Every
from node.domain.ids import NeedId, spoken_reference
from node.domain.intake.intake import Caller, NewNeed, NewPerson
from node.domain.need import Effort, Urgency
from node.domain.rounds.run import RunMove
from node.services.intake.intake import Arrival
from node.store import audit
from tests.harness.street import CANARIES, HOME, NAME, PHONE, SAFE, STREET, Street, Visitor, at_the_desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORDS = ("zqnotesqz", "zqdoorqz", "zqcallerqz", "zqplaceqz", "07700 900987")
"""Typed on that call and nowhere else."""


async def call(street: Street, kind: str) -> tuple[str, str]:
    """A call with words of its own in every field; the need's id and reference."""
    taken = await street.north.services.intake.take(
        street.north.staff,
        NewNeed(
            for_self=False,
            caller=Caller(name="zqcallerqz", phone="07700 900987", tie="neighbour", agrees=True),
            person=NewPerson(name=NAME, phone=PHONE, address=STREET),
            categories=(kind,),
            point=HOME,
            place_text="zqplaceqz",
            notes="zqnotesqz",
            doorstep_word="zqdoorqz",
            urgency=Urgency.TODAY,
            effort=Effort.ONE_HOUR,
            requires=("car",) if kind == "groceries" else (),
            consents=Consents(help_you=True),
            start="open",
        ),
    )
    return str(taken.need_id), taken.reference


def copied(page: str) -> str:
    """The text that stands there to be copied, or nothing."""
    found = re.search(r'<code class="copy as-typed"[^>]*>(.*?)</code>', page, re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("kind", "said"),
    [("groceries", "Shopping"), ("medical_lift", "Help with getting about"), ("medication", "")],
)
async def test_the_text_for_the_chat_is_made_of_codes_only(street: Street, kind: str, said: str) -> None:
    need, reference = await call(street, kind)
    desk = await at_the_desk(street)
    text = copied((await street.ask(desk, "GET", f"/board/{need}")).text)
    look = await street.ask(desk, "POST", f"/board/{need}/name")
    assert copied(look.text) == text, "not even after somebody looked at the name"
    assert not [word for word in (*CANARIES, *WORDS) if word.casefold() in text.casefold()]
    if not said:
        assert text == "", "kinds that never leave do not go into a chat either"
        return
    assert said in text
    assert spoken_reference(reference) in text
    assert "Today" in text
    if kind == "medical_lift":
        assert "medical" not in text.casefold()


async def test_nothing_is_copied_once_somebody_comes(street: Street) -> None:
    task = await street.seed("approved")
    desk = await at_the_desk(street)
    assert copied((await street.ask(desk, "GET", f"/board/{task['need']}")).text) == ""


async def test_a_pasted_message_fills_a_call_and_nothing_is_kept_before_the_yes(street: Street) -> None:
    desk, new_phone = await at_the_desk(street), "07700 900444"
    message = f"My neighbour at 4 Imaginary Road asks for nappies, ring {new_phone}"
    before = street.dump("sessions")
    found = await street.ask(desk, "POST", "/intake/paste", {"text": message})
    assert f'name="screen" value="{new_phone}" checked' in found.text
    assert 'name="address" value="4 Imaginary Road" checked' in found.text
    assert 'name="kinds" value="baby_supplies" checked' in found.text
    form = {
        "look": "y",
        "whose": "self",
        "screen": new_phone,
        "address": "4 Imaginary Road",
        "notes": message,
    }
    page = await street.ask(desk, "POST", "/intake", {**form, "kinds": "baby_supplies"})
    assert page.status == 200
    assert re.search(r'value="baby_supplies"[^>]* checked', page.text)
    assert message in page.text
    assert f'value="{new_phone}"' in page.text
    assert street.dump("sessions") == before


async def test_danger_in_a_pasted_message_is_told_at_once_and_it_came_by_chat(street: Street) -> None:
    desk = await at_the_desk(street)
    calm = await street.ask(desk, "POST", "/intake/paste", {"text": "necesito la compra"})
    assert 'id="emergency" hidden' in calm.text
    assert 'name="kinds" value="groceries" checked' in calm.text
    found = await street.ask(desk, "POST", "/intake/paste", {"text": "He said he has a knife, come quickly"})
    assert 'id="emergency" data-words' in found.text
    assert "Is somebody in danger?" in found.text
    form = dict(re.findall(r'<input type="hidden" name="(channel|look|whose)" value="(\w+)"', found.text))
    page = await street.ask(desk, "POST", "/intake", form)
    assert '<option value="social" selected>' in page.text


async def test_who_rang_for_somebody_is_there_with_her_number_and_nothing_else(street: Street) -> None:
    """In a hurry neither her name nor the tie is typed: a promise to ring back can be kept all the same."""
    desk, number = await at_the_desk(street), "07700 900302"
    call = {
        "whose": "other",
        "screen": number,
        "name": "Old Testcase",
        "address": STREET,
        "kinds": "groceries",
    }
    taken = await street.ask(desk, "POST", "/intake", {**call, "help_you": "y", "caller_agrees": ""})
    need = taken.location.partition("need=")[2].partition("&")[0]
    assert number not in (await street.ask(desk, "GET", f"/board/{need}")).text, "as every number: by a look"
    looked = (await street.ask(desk, "POST", f"/board/{need}/name")).text
    assert number in looked
    assert "Who rang" in looked
    assert "The person may not know of the call" in looked
    assert "Whoever helps is told neither" not in looked, "there is an address"
    called = {key: value for key, value in call.items() if key != "address"} | {"help_you": "y"}
    alone = (
        (await street.ask(desk, "POST", "/intake", called)).location.partition("need=")[2].partition("&")[0]
    )
    assert "Whoever helps is told neither" in (await street.ask(desk, "GET", f"/board/{alone}")).text


async def test_who_writes_an_email_is_taken_with_that_address_alone(street: Street) -> None:
    desk, address = await at_the_desk(street), "zq.mail.only@example.org"
    call = {
        "channel": "email",
        "whose": "self",
        "name": "Mail Testcase",
        "kinds": "groceries",
        "help_you": "y",
    }
    for email, said in (
        ("", "We need a phone number, an e-mail or an address"),
        ("zq.mail.only", "This does not look like an e-mail address."),
    ):
        refused = await street.ask(desk, "POST", "/intake", {**call, "email": email})
        assert refused.status == 422
        assert said in refused.text
    taken = await street.ask(desk, "POST", "/intake", {**call, "email": address})
    need = taken.location.partition("need=")[2].partition("&")[0]
    looked = (await street.ask(desk, "POST", f"/board/{need}/name")).text
    assert address in looked
    assert "Nobody can find this person" not in looked
    told = "Whoever helps is told neither a number nor an address"
    assert told in looked
    assert told in (await street.ask(desk, "GET", f"/board/{need}")).text, (
        "before the yes, and without a look"
    )


async def test_the_number_that_rings_is_the_callers_when_she_calls_for_another(street: Street) -> None:
    """No card is picked by it, it does not become the mother's own, and the daughter's record stays hers."""
    services, staff, number = street.north.services, street.north.staff, "0117 496 0662"
    daughter = NewNeed(
        person=NewPerson(name="Winifred Testcase", phone=number), categories=("lift",),
        consents=Consents(help_you=True),
    )  # fmt: skip
    known = (await services.intake.take(staff, daughter)).person_id
    desk = await at_the_desk(street)
    call = {"whose": "other", "caller_name": "Winifred Testcase", "screen": number, "address": STREET}
    looked = await street.ask(desk, "POST", "/intake", {**call, "look": "y"})
    assert f'value="{known}"' in looked.text
    assert not re.search(rf'value="{known}"[^>]* checked', looked.text)
    form = {**call, "name": "Agatha Testcase", "kinds": "groceries", "help_you": "y"}
    picked = await street.ask(desk, "POST", "/intake", {**form, "known_person": known})
    assert picked.status == 422
    assert "You picked somebody we know by another name." in picked.text
    assert 'name="renamed"' in picked.text
    taken = await street.ask(desk, "POST", "/intake", form)
    need = NeedId(taken.location.partition("need=")[2].partition("&")[0])
    view = await services.board.need(staff, need, reveal=True)
    assert view.person is not None
    assert view.details is not None
    assert view.details.caller is not None
    assert (view.person.name, view.person.best_phone, view.details.caller.phone) == (
        "Agatha Testcase",
        "",
        number,
    )
    found = await services.intake.find_known(staff, number)
    assert [(card.name, card.rung_for is None) for card in found] == [
        ("Winifred Testcase", True),
        ("Agatha Testcase", False),
    ]


async def test_whoever_rings_for_somebody_each_week_types_it_once(street: Street) -> None:
    """Without script: the card of the person is shown by the caller's number, and the number stays the caller's."""
    desk, number = await at_the_desk(street), "07700 900311"
    first = {"whose": "other", "screen": number, "caller_name": "Ann Madeup", "caller_tie": "daughter"}
    form = {**first, "name": "Basil Testcase", "address": STREET, "kinds": "groceries", "help_you": "y"}
    await street.ask(desk, "POST", "/intake", form)
    look = {"whose": "self", "screen": number, "look": "y"}
    looked = (await street.ask(desk, "POST", "/intake", look)).text
    found = re.search(r'name="for_them" value="([^"]+)">', looked)
    assert found is not None
    assert "this number rang for them" in looked
    assert not re.search(rf'name="known_person" value="{found[1]}" checked', looked), "somebody has to say so"
    again = {"whose": "self", "screen": number, "for_them": found[1]}
    filled = (await street.ask(desk, "POST", "/intake", {**again, "same": found[1]})).text
    assert re.search(r'name="whose" value="other"[^>]* checked', filled)
    assert re.search(r'name="caller_name"[^>]* value="Ann Madeup"', filled)
    kept = {**again, "known_person": found[1], "kinds": "lift", "help_you": "y"}
    taken = await street.ask(desk, "POST", "/intake", kept)
    need = NeedId(taken.location.partition("need=")[2].partition("&")[0])
    view = await street.north.services.board.need(street.north.staff, need, reveal=True)
    assert view.person is not None
    assert view.details is not None
    assert view.details.caller is not None
    told = view.need.person_id, view.person.name, view.person.best_phone, view.details.caller.phone
    assert told == (found[1], "Basil Testcase", "", number)


async def test_a_call_for_a_day_gone_by_or_somebody_gone_is_shown_again(street: Street) -> None:
    desk = await at_the_desk(street)
    call = {
        "whose": "self",
        "name": "Winifred Testcase",
        "phone": PHONE,
        "kinds": "groceries",
        "help_you": "y",
    }
    past = await street.ask(desk, "POST", "/intake", {**call, "first": "2020-01-02", "last": "2020-01-03"})
    assert past.status == 422
    assert "This day is past." in past.text
    slip = await street.ask(desk, "POST", "/intake", {**call, "first": "2062-01-02"})
    assert (slip.status, "Is the year right?" in slip.text) == (422, True)
    near = await street.ask(desk, "POST", "/intake", {**call, "first": "2026-11-10", "last": "2027-01-08"})
    need = re.search(r"need=([\w-]+)", near.location)
    assert need
    page = (await street.ask(desk, "GET", f"/board/{need[1]}")).text
    assert "Tue 10 Nov – Fri 8 Jan 2027" in page, "the year stands where it is not this one"
    gone = await street.ask(desk, "POST", "/intake", {**call, "known_person": "nobody", "notes": "zqkept"})
    assert gone.status == 422
    assert "zqkept" in gone.text


async def test_a_word_that_means_danger_counts_wherever_it_was_typed(street: Street) -> None:
    desk = await at_the_desk(street)
    call = {
        "whose": "self",
        "name": "Winifred Testcase",
        "phone": PHONE,
        "kinds": "groceries",
        "help_you": "y",
    }
    for typed in ({"safe_to_ring": "not now, overdose"}, {"items": "1 x overdose"}):
        taken = await street.ask(desk, "POST", "/intake", {**call, **typed})
        assert 'id="emergency"' in (await street.ask(desk, "GET", taken.location)).text, typed
    calm = await street.ask(desk, "POST", "/intake", {**call, "address": "1 Overdose Road"})
    assert 'id="emergency"' not in (await street.ask(desk, "GET", calm.location)).text


async def test_what_a_sheet_left_over_is_read_with_the_name(street: Street) -> None:
    """Cells without a place of their own may hold a name or a number: they come with the recorded look."""
    services = street.north.services
    new = NewNeed(
        person=NewPerson(name="Winifred Testcase", phone=PHONE), categories=("groceries",), start="open"
    )
    async with services.board._desk.db.write() as tx:
        arrival = Arrival(leftovers={"Last name": "zqleftqz"})
        need = (await services.intake.store(tx, street.north.staff, new, arrival)).need_id
    desk = await at_the_desk(street)
    assert "zqleftqz" not in (await street.ask(desk, "GET", f"/board/{need}")).text
    page = (await street.ask(desk, "POST", f"/board/{need}/name")).text
    assert re.search(r"<dt>Last name</dt><dd[^>]*>zqleftqz</dd>", page)


async def test_a_round_is_planned_where_somebody_said(street: Street) -> None:
    """Without an area nothing is ticked, not even what waits where nobody knows the place."""
    taken = await street.north.services.intake.take(
        street.north.staff,
        NewNeed(
            person=NewPerson(name="Winifred Testcase", phone="0117 496 0663"), categories=("groceries",),
            consents=Consents(help_you=True), start="open",
        ),
    )  # fmt: skip
    desk = await at_the_desk(street)
    ticked = re.compile(rf'value="{taken.need_id}"[^>]* checked')
    for address, is_ticked in (("", False), ("?area=", False), ("?area=unknown", True)):
        page = (await street.ask(desk, "GET", f"/rounds/plan{address}")).text
        assert str(taken.need_id) in page
        assert bool(ticked.search(page)) is is_ticked, address


async def test_somebody_is_told_in_her_own_way_and_language(street: Street) -> None:
    """Who comes is said in her language, and first in the way she likes; on the next call the script follows her too.
    Her number is shown to nobody for that."""
    services, staff = street.north.services, street.north.staff
    speaker = NewPerson(
        name="Rosa Madeupson", phone="0117 496 0456", languages=("es",), contact_by="text", address=STREET
    )
    call = NewNeed(
        person=speaker, categories=("groceries",), point=HOME, doorstep_word="naranja", start="open",
        consents=Consents(help_you=True),
    )  # fmt: skip
    taken = await services.intake.take(staff, call)
    await services.dispatch.assign(staff, taken.need_id, street.helper)
    desk, board = await at_the_desk(street), f"/board/{taken.need_id}"
    page = (await street.ask(desk, "GET", board)).text
    assert "They like to be told by: Text message." in page
    assert page.index("I sent them a message") < page.index("I told them by phone")
    assert "En la puerta dirá «" in page, "the word itself is behind the recorded look"
    assert "va This week" not in page, "no sentence of two languages"
    assert "0117 496 0456" not in page
    assert (await street.ask(desk, "POST", f"{board}/told", {"how": "text"})).status == 303
    assert "They were told who comes." in (await street.ask(desk, "GET", board)).text
    async with street.north.node.network.on.db.read() as tx:
        rows = await audit.of_object(tx, f"need:{taken.need_id}")
    assert [row.codes["how"] for row in rows if row.action == "need.told_by_phone"] == ["text"]

    looked = await street.ask(
        desk, "POST", "/intake", {"phone": "0117 496 0456", "look": "y", "script": "en"}
    )
    chosen = [box for box in re.findall(r'<input[^>]*name="script"[^>]*>', looked.text) if " checked" in box]
    assert len(chosen) == 1
    assert 'value="es"' in chosen[0]
    known = await street.ask(desk, "POST", "/intake/known", {"phone": "0117 496 0456"})
    assert json.loads(known.text)["known"][0]["speaks"] == ["es"]


async def test_a_wrong_amount_comes_back_with_words_beside_it(street: Street) -> None:
    """By the link of a task and of a round: what was typed stays, and what is wrong stands at its field."""
    hers = Visitor(cookies={"device": "her-telephone", "seal": "a-seal"})
    task = await street.seed("approved", device="her-telephone")
    run = await street.round("round under way", None, "her-telephone")
    typed = {"amount": "twelve", "number": "A-77", "note": "bread", "stop": run["stop"]}
    for path in (f"/t/{task['token']}", f"/r/{run['token']}"):
        answer = await street.ask(hers, "POST", f"{path}/paid", typed)
        assert answer.status == 422, path
        assert "Write how much it was, like 12.50." in answer.text
        field = next(box for box in re.findall(r"<input[^>]*>", answer.text) if 'id="amount"' in box)
        assert 'value="twelve"' in field
        assert 'aria-describedby="amount-wrong"' in field
        assert 'id="amount-wrong"' in answer.text
        assert 'value="A-77"' in answer.text
        assert (await street.ask(hers, "POST", f"{path}/paid", {**typed, "amount": "12.50"})).status == 303


async def test_the_same_receipt_again_is_asked_about_on_every_page(street: Street) -> None:
    """By whoever helped and at the desk; what was typed stays, and a tick says that it is another one."""
    hers = Visitor(cookies={"device": "her-telephone", "seal": "a-seal"})
    task = await street.seed("approved", device="her-telephone")
    desk = await at_the_desk(street)
    typed = {"amount": "5.00", "number": "A-17", "note": "zqmilk", "person": str(street.helper)}
    before = len(street.dump()["receipts"])
    by_link, by_us = f"/t/{task['token']}/paid", f"/board/{task['need']}/receipt"
    assert (await street.ask(hers, "POST", by_link, typed)).status == 303
    for visitor, path in ((desk, by_us), (hers, by_link)):
        answer = await street.ask(visitor, "POST", path, {**typed, "number": "a17"})
        assert answer.status == 422, path
        assert "A receipt like this was written down for this request already" in answer.text
        assert 'name="again"' in answer.text
        assert 'value="a17"' in answer.text
        assert 'value="zqmilk"' in answer.text
        assert (await street.ask(visitor, "POST", path, {**typed, "again": "y"})).status == 303
    assert len(street.dump()["receipts"]) == before + 3
    wrong = await street.ask(desk, "POST", by_us, {**typed, "amount": "five"})
    assert wrong.status == 422
    assert "Write how much it was, like 12.50." in wrong.text
    assert 'value="five"' in wrong.text, "what was typed at the desk stays, too"


async def test_what_repeats_changes_its_days_on_the_page_and_back(street: Street) -> None:
    desk, services, staff = await at_the_desk(street), street.north.services, street.north.staff
    today = street.cast.clock.now().date()
    taken = await services.intake.take(
        staff,
        NewNeed(
            person=NewPerson(name="Rita Pretend", phone="07700 900654"),
            categories=("groceries",),
            point=HOME,
            consents=Consents(help_you=True),
            start="open",
        ),
    )
    first = today + timedelta(days=2)
    rule = await services.repeating.begin(staff, taken.need_id, every=Every.WEEK, first_day=first)
    await services.repeating.sweep(SYSTEM)
    path, other = f"/repeats/{rule}", (first.weekday() + 1) % 7
    form = {"do": "change", "weekdays": str(other), "part": "evening", "from_day": today.isoformat()}
    refused = await street.ask(desk, "POST", path, form)
    assert refused.status == 422
    assert "This day is past." in refused.text
    view = await services.repeating.of_need(staff, taken.need_id)
    made = next(each.need_id for each in view.next if each.need_id)
    await services.dispatch.propose(staff, made, street.helper)
    changed = await street.ask(desk, "POST", path, {**form, "from_day": first.isoformat()})
    assert changed.status == 200
    assert "These stay as they were" in changed.text
    assert f'href="/board/{made}"' in changed.text
    page = await street.ask(desk, "GET", "/repeats")
    assert "Take the change of days back" in page.text
    assert "in the evening" in page.text.split('class="dots"')[0], "what comes, before it comes"
    assert (await street.ask(desk, "POST", path, {"do": "unchange"})).status == 303
    assert "Take the change of days back" not in (await street.ask(desk, "GET", "/repeats")).text


async def test_how_somebody_is_rung_safely_stands_above_her_number(street: Street) -> None:
    """Where another group asks us to take a request over, and at the door of a round."""
    desk = await at_the_desk(street)
    ref = (await street.from_south("referral"))["ref"]
    page = await street.ask(desk, "POST", f"/board/referrals/{ref}")
    assert page.text.index(SAFE) < page.text.index(PHONE)

    services, staff = street.north.services, street.north.staff
    person = NewPerson(name=NAME, phone="0117 496 0333", address=STREET, safe_to_ring=SAFE)
    call = NewNeed(person=person, categories=("groceries",), point=HOME, start="open")
    need = (await services.intake.take(staff, call)).need_id
    driver = await street.new_helper("Dora Invented")
    run = await services.runs.plan(staff, day=street.cast.clock.now().date(), driver=driver, needs=[need])
    token = await services.runs.link(staff, run.run_id)
    await services.run_links.open_here(token, "her-telephone")
    await services.run_links.step(token, "her-telephone", RunMove.START)
    (stop,) = (await services.run_book.one(staff, run.run_id)).stops
    hers = Visitor(cookies={"device": "her-telephone"})
    overview = await street.ask(hers, "GET", f"/r/{token}")
    assert "0117 496 0333" not in overview.text, "a number stands behind its door only"
    door = await street.ask(hers, "GET", f"/r/{token}/stop/{stop.task}")
    assert door.text.index(SAFE) < door.text.index("0117 496 0333")


async def test_figures_for_others_hide_what_is_small_and_the_sheet_always_does(street: Street) -> None:
    desk = await at_the_desk(street)
    await call(street, "lift")
    today = street.north.services.board._desk.today.isoformat()
    days = f"first={today}&last={today}"
    shown = await street.ask(desk, "GET", f"/figures?{days}")
    assert "under 5" not in shown.text
    assert "for=others" in shown.text
    told = await street.ask(desk, "GET", f"/figures?{days}&for=others")
    assert "under 5" in told.text
    sheet = await street.ask(desk, "GET", f"/figures.csv?{days}")
    assert (sheet.status, sheet.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert sheet.text.lstrip("\ufeff").splitlines()[0] == "What,Number,What it counts"
    assert not [line for line in sheet.text.splitlines() if re.search(r",[1-4],", line)]
    assert ",<5," in sheet.text
    for page in (shown, told, sheet):
        assert not [word for word in (*CANARIES, *WORDS) if word.casefold() in page.text.casefold()]
    for nonsense in ("first=yesterday", "first=9999-12-31&last=0001-01-01", "for=%00"):
        assert (await street.ask(desk, "GET", f"/figures?{nonsense}")).status == 200
