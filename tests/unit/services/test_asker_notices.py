"""What somebody who asked on the page is told by itself: each step once, in her language, and nothing but her link."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.consents import Consents
from node.domain.dispatch.follow_up import Answer
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.intake.intake import Caller, NewNeed, NewPerson
from node.domain.need import CloseReason, Window
from node.errors import Invalid, Locked
from node.services.asking.asking import Asking
from node.services.dispatch.who_rang import WhoRang
from node.services.people.merging import Merging
from node.services.rights.erasing import erase_person
from node.store import asking_links, consents, holds, needs, notices, persons
from tests.harness.mailroom import GROUP, URL, Mailroom, mailroom, token_in
from tests.harness.office import HOME
from ui.views.public.ask import FOR_ANOTHER

EDNA, OMAR = "edna.pretend@example.net", "omar.pretend@example.net"
CANARIES = ("Edna", "Omar", "Sam", "Pretend", "Shopping", "Nowhere", "groceries", "Compra")


class Asked:
    """An office at which Edna and Omar asked on the page."""

    def __init__(self, room: Mailroom) -> None:
        self.room, self.office = room, room.office
        self.asking = Asking(room.office.desk, room.office.roster, room.office.intake, room.office.incidents)

    async def ask(self, address: str, language: str = "en", **changes: str) -> tuple[NeedId, str]:
        """One request by web; gives it, opened, and the key of the private link."""
        person = NewPerson(
            name="Edna Pretend", email=address, address="5 Nowhere Lane", contact_by="email", **changes
        )
        new = NewNeed(person=person, categories=("groceries",), point=HOME, consents=Consents(help_you=True))
        sent = await self.asking.ask(new, language=language)
        await self.office.dispatch.open(self.office.ana, sent.taken.need_id)
        return sent.taken.need_id, sent.token

    async def confirmed(self, need: NeedId, helper: PersonId | None = None) -> AssignmentId:
        """Somebody is confirmed for it, whom no message reaches."""
        helper = helper or await self.office.helper(name="Sam Pretend")
        task = AssignmentId(await self.office.dispatch.propose(self.office.ana, need, helper))
        await self.office.dispatch.approve(self.office.ana, task)
        return task

    async def settled(self) -> list[tuple[str, str]]:
        """What came to whom after a few minutes: address and subject."""
        self.office.clock.advance(minutes=3)
        return await self.turn()

    async def turn(self) -> list[tuple[str, str]]:
        before = len(self.room.post.mails)
        await self.room.turn()
        return [(each.message["To"], each.message["Subject"]) for each in self.room.post.mails[before:]]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Asked]:
    async with mailroom(tmp_path) as room:
        yield Asked(room)


async def test_found_and_done_are_told_once_each_with_nothing_but_the_link(desk: Asked) -> None:
    need, token = await desk.ask(EDNA)
    assert await desk.settled() == [], "that it came in she saw on the page"
    task = await desk.confirmed(need)
    assert await desk.turn() == [], "whoever mis-clicked can still take it back"
    assert await desk.settled() == [(EDNA, "Somebody was found")]
    assert await desk.settled() == []
    await desk.office.dispatch.report_done(desk.office.ana, task)
    assert await desk.settled() == [(EDNA, "How did it go?")]
    await desk.asking.say_how(token, need, Answer.WELL)
    assert await desk.settled() == []
    for mail in desk.room.post.mails:
        for part in (mail.part("plain"), mail.part("html")):
            assert f"{URL}/a/{token}" in part
            assert f"You get this because you wrote to {GROUP}." in part
            assert not [canary for canary in CANARIES if canary in part]


async def test_each_in_the_language_she_asked_in(desk: Asked) -> None:
    edna, _ = await desk.ask(EDNA, "es")
    omar, _ = await desk.ask(OMAR, "ar")
    helper = await desk.office.helper(name="Sam Pretend")
    await desk.confirmed(edna, helper)
    await desk.confirmed(omar, helper)
    assert await desk.settled() == [(EDNA, "Se ha encontrado a alguien"), (OMAR, "وُجد من يساعد")]
    assert [mail.message["Content-Language"] for mail in desk.room.post.mails] == ["es", "ar"]
    spanish, arabic = (mail.part("plain") for mail in desk.room.post.mails)
    assert "\u2066" not in spanish
    assert "\u20660117 496 0123\u2069" in arabic, "the groups of a number keep their order"


async def test_another_day_and_nobody_coming_any_more_are_told(desk: Asked) -> None:
    need, _ = await desk.ask(EDNA)
    task = await desk.confirmed(need)
    await desk.settled()
    tuesday = desk.office.desk.today + timedelta(days=4)
    for day in (tuesday, tuesday + timedelta(days=1), tuesday):
        await name_day(desk, need, Window(first=day, last=day))
        assert await desk.settled() == [(EDNA, "The day for what you asked for")]
    await desk.office.dispatch.withdraw(desk.office.ana, task)
    assert await desk.settled() == [(EDNA, "We look for somebody again")]
    await desk.confirmed(need, await desk.office.helper(name="Olu Pretend"))
    assert await desk.settled() == [(EDNA, "Somebody was found")]
    assert await desk.settled() == []


async def name_day(desk: Asked, need: NeedId, window: Window) -> None:
    """Somebody at the desk put it on those days."""
    async with desk.office.db.write() as tx:
        row = await desk.office.desk.need_row(tx, need)
        changed = replace(row.need, window=window, changed_at=desk.office.desk.now)
        await needs.update(tx, replace(row, need=changed))


async def test_ended_by_us_is_told_and_by_herself_is_not(desk: Asked) -> None:
    by_us, _ = await desk.ask(EDNA)
    by_her, token = await desk.ask(OMAR)
    twice, _ = await desk.ask("third@example.net")
    await desk.office.dispatch.close(desk.office.ana, by_us, CloseReason.OUT_OF_SCOPE)
    await desk.asking.call_off(token, by_her)
    await desk.office.dispatch.close(desk.office.ana, twice, CloseReason.REMOVED)
    assert await desk.settled() == [(EDNA, "We do not go on with what you asked for")]
    assert await desk.settled() == []


@pytest.mark.parametrize(
    "reached", [{"contact_by": "phone"}, {"contact_by": ""}, {"safe_to_ring": "my son reads my mail"}]
)
async def test_who_wants_to_be_rung_or_has_no_safe_mailbox_gets_no_mail(
    desk: Asked, reached: dict[str, str]
) -> None:
    need, _ = await desk.ask(EDNA)
    async with desk.office.db.write() as tx:
        asker = (await desk.office.desk.need_row(tx, need)).need.person_id
        held = await desk.office.desk.need_person(tx, str(asker))
        details = replace(desk.office.desk.open_person(held), **reached)
        await persons.update(tx, desk.office.desk.person_row(held, details))
    await desk.confirmed(need)
    told = await desk.settled()
    assert told == ([(EDNA, "Somebody was found")] if reached == {"contact_by": ""} else [])


async def ask_for_another(desk: Asked, **reached: str) -> NeedId:
    """Omar asks for Edna, whose own e-mail address we happen to have."""
    told = NewPerson(name="Omar Pretend", **reached) if reached else None
    new = NewNeed(
        for_self=False,
        caller=Caller(name="Omar Pretend", tie="neighbour"),
        person=NewPerson(name="Edna Pretend", email=EDNA, address="5 Nowhere Lane", contact_by="email"),
        categories=("groceries",),
        point=HOME,
        consents=Consents(help_you=True, keep_details=False),
    )
    sent = await desk.asking.ask(new, language="es", told=told)
    await desk.office.dispatch.open(desk.office.ana, sent.taken.need_id)
    return sent.taken.need_id


async def test_what_keeps_her_from_being_told_stands_beside_her_own_answers(desk: Asked) -> None:
    """Not beside the helped person's number, where nothing that she types would help."""
    with pytest.raises(Invalid) as refused:
        await ask_for_another(desk, contact_by="text")
    assert list(refused.value.fields) == ["caller_phone"]
    assert FOR_ANOTHER["caller_phone"] == "phone"


async def test_who_asks_for_another_is_told_herself_and_the_other_one_never(desk: Asked) -> None:
    need = await ask_for_another(desk, email=OMAR, contact_by="email")
    task = await desk.confirmed(need)
    assert await desk.settled() == [(OMAR, "Se ha encontrado a alguien")]
    token = token_in(desk.room.post.mails[-1].part("plain"))
    assert not (await desk.room.notices.by_link(token)).helps, "the choices are hers"
    await desk.office.dispatch.report_done(desk.office.ana, task)
    assert [address for address, _ in await desk.settled()] == [OMAR]
    view = await desk.office.board.need(desk.office.ana, need, reveal=True)
    omar, edna = view.asker_told, view.need.person_id
    assert omar is not None
    assert edna is not None

    async with desk.office.db.read() as tx:
        idle = [person for _, person in await holds.idle_askers(tx, desk.office.desk.today)]
        assert omar not in idle, "while it is open"
    await desk.office.dispatch.close(desk.office.ana, need, CloseReason.COMPLETED)
    async with desk.office.db.read() as tx:
        idle = [person for _, person in await holds.idle_askers(tx, desk.office.desk.today)]
        assert omar in idle
        unkept = [person for person, _ in await consents.not_to_be_kept(tx, desk.office.desk.today)]
        assert {omar, edna} <= set(unkept), "her no counts for both"
    async with desk.office.db.write() as tx:
        await erase_person(tx, desk.office.desk, desk.office.ana, omar)
        link = await asking_links.of_need(tx, need, desk.office.desk.now)
    assert link is not None
    assert link.told(edna) is None, "nobody, rather than the other one"


async def test_if_nobody_asked_for_her_after_all_she_is_told_herself(desk: Asked) -> None:
    office, need = desk.office, await ask_for_another(desk, email=OMAR, contact_by="email")
    await WhoRang(office.desk).change(office.ana, need, None)
    task = await desk.confirmed(need)
    assert await desk.settled() == [(EDNA, "Se ha encontrado a alguien")]
    assert (await office.board.need(office.ana, need)).asker_told is None
    await WhoRang(office.desk).change(office.ana, need, Caller(name="Omar Pretend"))
    await office.dispatch.report_done(office.ana, task)
    assert await desk.settled() == [], "of a request for another nobody is told who did not choose it"


@pytest.mark.parametrize("reached", [{}, {"email": OMAR, "contact_by": "email", "safe_to_ring": "at noon"}])
async def test_of_a_request_for_another_nobody_is_told_where_that_is_not_safe(
    desk: Asked, reached: dict[str, str]
) -> None:
    await desk.confirmed(await ask_for_another(desk, **reached))
    assert await desk.settled() == []


@pytest.mark.parametrize("wrong", [{"email": "no address", "contact_by": "email"}, {"contact_by": "text"}])
async def test_a_way_that_leads_nowhere_is_said_at_once(desk: Asked, wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        await ask_for_another(desk, **wrong)


async def test_told_by_phone_already_she_gets_no_mail(desk: Asked) -> None:
    need, _ = await desk.ask(EDNA)
    await desk.confirmed(need)
    await desk.office.dispatch.told_by_phone(desk.office.ana, need)
    assert await desk.settled() == []


async def test_one_click_ends_it_and_it_stays_ended(desk: Asked) -> None:
    need, _ = await desk.ask(EDNA)
    task = await desk.confirmed(need)
    await desk.settled()
    token = token_in(desk.room.post.mails[-1].part("plain"))
    assert not (await desk.room.notices.by_link(token)).helps
    await desk.room.notices.out_by_link(token)
    await desk.office.dispatch.report_done(desk.office.ana, task)
    assert await desk.settled() == []


async def test_while_the_records_are_closed_it_waits_and_nothing_is_lost(desk: Asked) -> None:
    desk.office.lock()
    new = NewNeed(
        person=NewPerson(name="Edna Pretend", address="5 Nowhere Lane", email=EDNA, contact_by="email"),
        categories=("groceries",),
        point=HOME,
        consents=Consents(help_you=True),
    )
    need = (await desk.asking.ask(new, language="en")).taken.need_id
    await desk.office.unlock()
    await desk.office.dispatch.open(desk.office.ana, need)
    await desk.confirmed(need)
    desk.office.lock()
    desk.office.clock.advance(days=2)
    with pytest.raises(Locked):
        await desk.room.turn()
    await desk.office.unlock()
    assert await desk.turn() == [(EDNA, "Somebody was found")]


async def test_what_is_no_longer_so_when_the_night_is_over_is_not_sent(desk: Asked) -> None:
    need, _ = await desk.ask(EDNA)
    task = await desk.confirmed(need)
    desk.office.clock.advance(minutes=3)
    await desk.room.notices.find()
    await desk.office.dispatch.withdraw(desk.office.ana, task)
    assert await desk.settled() == [], "she never heard that somebody was to come"
    async with desk.office.db.read() as tx:
        assert await notices.beginning_with(tx, f"asker:{need}:") == []


@pytest.mark.parametrize("none", ["edna..pretend@@example.net", "@,@.x", "a\u0000b@example.net"])
async def test_an_address_that_is_none_ends_it_after_one_try_and_stops_nobody_else(
    desk: Asked, none: str
) -> None:
    (broken, _), (need, _) = await desk.ask("none@example.net"), await desk.ask(OMAR)
    async with desk.office.db.write() as tx:
        person = await desk.office.desk.need_person(
            tx, str((await desk.office.desk.need_row(tx, broken)).need.person_id)
        )
        details = replace(desk.office.desk.open_person(person), email=none)
        await persons.update(tx, desk.office.desk.person_row(person, details))
    helper = await desk.office.helper(name="Sam Pretend")
    await desk.confirmed(broken, helper)
    await desk.confirmed(need, helper)
    assert await desk.settled() == [(OMAR, "Somebody was found")]
    assert await desk.settled() == []
    async with desk.office.db.read() as tx:
        made = await notices.of_person(tx, person.person.id)
    assert len(made) <= 1


async def test_of_two_records_that_became_one_nothing_is_told_twice(desk: Asked) -> None:
    need, _ = await desk.ask(EDNA)
    await desk.confirmed(need)
    assert len(await desk.settled()) == 1
    async with desk.office.db.read() as tx:
        gone = (await desk.office.desk.need_row(tx, need)).need.person_id
    stays = (await desk.office.call("lift")).person_id
    assert gone is not None
    await Merging(desk.office.desk, desk.office.roster).merge(desk.office.ana, stays, gone)
    assert await desk.settled() == []


async def test_the_day_of_the_round_is_told_and_another_one(desk: Asked) -> None:
    need, token = await desk.ask(EDNA)
    office, day = desk.office, desk.office.desk.today + timedelta(days=1)
    driver = await office.helper(name="Dan Driver")
    run = (await office.runs.plan(office.ana, day=day, driver=driver, needs=[need])).run_id
    assert await desk.settled() == [(EDNA, "Somebody was found")]
    await office.runs.set_day(office.ana, run, day + timedelta(days=2))
    assert await desk.settled() == [(EDNA, "The day for what you asked for")]
    (followed,) = await desk.asking.behind(token)
    assert followed.window == Window(first=day + timedelta(days=2), last=day + timedelta(days=2))
    assert await desk.settled() == []
