"""What members of staff are told by themselves, over a real database and a real mail server."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.board.shifts import monday, part_at
from node.domain.ids import StaffId
from node.domain.need import Urgency
from node.domain.notices.alerts import CODE_TRIES, MOST_CODES, ORPHAN_DAYS, AlertChoices, Matter, When
from node.domain.safety.incidents import Source, Teller
from node.errors import Conflict, Invalid, Locked, NotFound, TooMany
from node.services.dispatch.promises import Promises
from node.store import alert_choices, alert_messages, mail_server, settings, staff
from tests.harness.alert_room import AlertRoom, alert_room, code_in, lines, stop_link
from tests.harness.mailroom import GROUP, URL
from tests.harness.office import on_disk
from tests.harness.post_office import PASSWORD, USER

TODAY = Urgency.TODAY
CANARIES = (
    "Winifred",
    "Testcase",
    "Imaginary",
    "0117 496 0",
    "marmalade",
    "Sam",
    "Pretend",
    "unsafe at night",
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[AlertRoom]:
    async with alert_room(tmp_path) as room:
        yield room


async def on_shift(desk: AlertRoom, *actors: object) -> None:
    """Exactly these are on at this moment."""
    office = desk.office
    today, part = office.desk.today, part_at(office.clock.now().hour)
    for actor in (office.ana, office.ben, office.triage):
        await office.shifts.set_week(
            office.ana, StaffId(actor.id or ""), monday(today), [(today, part)] if actor in actors else []
        )


async def late_visit(desk: AlertRoom) -> str:
    """Somebody went alone for half an hour, 31 minutes ago."""
    office = desk.office
    need = await office.need()
    task = await office.confirmed(need, await office.helper())
    await office.visits.set_out(office.ana, task, 30)
    found = await office.visits.of_need(office.ana, need)
    office.clock.advance(minutes=31)
    return found[task].id


async def unsafe(desk: AlertRoom) -> str:
    """Somebody presses "I feel unsafe"."""
    return await desk.office.incidents.told_by_link(
        "unsafe at night", Source(teller=Teller.ASKER, person=None)
    )


# --- the address


async def test_nothing_but_figures_goes_to_an_address_before_it_is_confirmed(desk: AlertRoom) -> None:
    office, choosing = desk.office, desk.alerts.choosing
    await choosing.set_address(office.ana, " ana@example.net ", "en")
    await office.need(urgency=TODAY)
    office.clock.advance(minutes=59)
    await late_visit(desk)
    assert await desk.turn() == 0, "the digits are good for an hour, and that is past"
    await choosing.set_address(office.ana, "ana@example.net", "en")
    assert await desk.turn() == 1
    (mail,) = desk.post.mails
    assert mail.to == ("ana@example.net",)
    assert mail.message["List-Unsubscribe"] is None
    assert code_in(mail) in str(mail.message["Subject"])
    view = await choosing.own(office.ana)
    assert (view.address, view.confirmed, view.waits) == ("ana@example.net", False, True)
    await choosing.confirm(office.ana, f" {code_in(mail)[:3]} {code_in(mail)[3:]} ")
    assert (await choosing.own(office.ana)).confirmed
    assert await desk.turn() == 2, "and now what waits"


async def test_wrong_figures_are_tried_a_few_times_and_then_no_more(desk: AlertRoom) -> None:
    office, choosing = desk.office, desk.alerts.choosing
    await choosing.set_address(office.ana, "ana@example.net", "en")
    await desk.turn()
    right = code_in(desk.post.mails[0])
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(CODE_TRIES):
        with pytest.raises(Invalid):
            await choosing.confirm(office.ana, wrong)
    with pytest.raises(Invalid):
        await choosing.confirm(office.ana, right)
    with pytest.raises(Invalid):
        await choosing.confirm(office.ben, right)
    assert not (await choosing.own(office.ana)).confirmed


async def test_figures_are_over_after_an_hour(desk: AlertRoom) -> None:
    office, choosing = desk.office, desk.alerts.choosing
    await choosing.set_address(office.ana, "ana@example.net", "en")
    await desk.turn()
    office.clock.advance(minutes=60)
    with pytest.raises(Invalid):
        await choosing.confirm(office.ana, code_in(desk.post.mails[0]))


async def test_nobody_fills_a_strangers_mailbox(desk: AlertRoom) -> None:
    office, choosing = desk.office, desk.alerts.choosing
    for number in range(MOST_CODES):
        await choosing.set_address(office.ana, f"stranger{number}@example.net", "en")
        await choosing.forget(office.ana)
    with pytest.raises(TooMany):
        await choosing.set_address(office.ana, "stranger@example.net", "en")
    office.clock.advance(minutes=61)
    await choosing.set_address(office.ana, "ana@example.net", "en")


@pytest.mark.parametrize(
    "address", ["", "ana", "ana@", "ana@nowhere", "a b@example.net", "x" * 200 + "@example.net"]
)
async def test_what_is_no_address_is_refused(desk: AlertRoom, address: str) -> None:
    with pytest.raises(Invalid) as refused:
        await desk.alerts.choosing.set_address(desk.office.ana, address, "en")
    assert set(refused.value.fields) == {"address"}


async def test_without_a_mail_server_no_address_is_taken_and_nothing_counts_as_told(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana)
    await desk.room.notices.mail.take_out(office.admin)
    with pytest.raises(Conflict):
        await desk.alerts.choosing.set_address(office.ben, "ben@example.net", "en")
    await late_visit(desk)
    assert await desk.alerts.find() == 0
    assert not (await desk.alerts.choosing.own(office.ana)).mail
    await desk.room.notices.mail.change(office.admin, desk.post.server())
    assert await desk.came() == ["ana: One helper who went alone and is not back in time"]


async def test_another_address_is_confirmed_anew(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana)
    await desk.alerts.choosing.set_address(office.ana, "other@example.net", "en")
    await late_visit(desk)
    await desk.turn()
    assert desk.post.to("ana@example.net") == []
    assert len(desk.post.mails) == 1, "the digits, and nothing else"


async def test_no_address_can_be_read_on_the_disk(desk: AlertRoom) -> None:
    await desk.joins(desk.office.ana)
    await late_visit(desk)
    await desk.turn()
    assert b"ana@example.net" not in on_disk(desk.office)


# --- who hears what


async def test_what_is_urgent_is_told_once_nobody_attended_to_it_for_an_hour(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana)
    new = await office.need(start="new", urgency=TODAY)
    await office.need(urgency=TODAY)
    await office.need(urgency=Urgency.THIS_WEEK)
    office.clock.advance(minutes=59)
    assert await desk.came() == []
    office.clock.advance(minutes=1)
    assert await desk.came() == [
        "ana: One request for today that nobody has looked at / "
        "One request for today for which nobody is asked"
    ]
    office.clock.advance(minutes=1)
    assert await desk.came() == [], "nobody is told of one thing twice"
    await office.dispatch.open(office.ana, new)
    office.clock.advance(minutes=60)
    assert await desk.came() == ["ana: One request for today for which nobody is asked"]


async def test_whoever_was_asked_or_waits_for_our_yes_counts(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana)
    asked, offered = await office.need(urgency=TODAY), await office.need(urgency=TODAY)
    await office.dispatch.propose(office.ana, asked, await office.helper("Sam Pretend"))
    await office.dispatch.offered(office.ana, offered, await office.helper("Kim Pretend"))
    office.clock.advance(minutes=60)
    assert await desk.came() == ["ana: One request for today with a helper who waits for our yes"]


async def test_practice_calls_are_told_to_nobody(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, calls=When.AT_ONCE)
    need = await office.need(urgency=TODAY, practice=True)
    await office.follow_up.ring_on(office.ana, need, office.desk.today)
    office.clock.advance(minutes=90)
    assert await desk.came() == []


async def test_who_is_on_is_told_first_and_everybody_later(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, office.ben)
    await office.need(urgency=TODAY)
    office.clock.advance(minutes=60)
    await on_shift(desk, office.ben)
    told = "One request for today for which nobody is asked"
    assert await desk.came() == [f"ben: {told}"]
    office.clock.advance(minutes=59)
    assert await desk.came() == []
    office.clock.advance(minutes=1)
    assert await desk.came() == [f"ana: {told}"]


async def test_call_backs_go_to_whoever_promised_them_and_bundle(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, office.ben, calls=When.AT_ONCE)
    first, second, third = [await office.need(urgency=Urgency.WHENEVER) for _ in range(3)]
    await office.follow_up.ring_on(office.ana, first, office.desk.today)
    assert await desk.came() == [], "they wait for company"
    office.clock.advance(minutes=3)
    await office.follow_up.ring_on(office.ana, second, office.desk.today)
    assert await desk.came() == []
    await office.follow_up.ring_on(office.ben, third, office.desk.today + timedelta(days=1))
    office.clock.advance(minutes=2)
    assert await desk.came() == ["ana: 2 people to ring back"]
    office.clock.advance(days=1)
    await desk.alerts.find()
    office.clock.advance(minutes=5)
    assert await desk.came() == ["ben: One person to ring back"]


async def test_a_promised_hour_is_told_just_before(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.triage, calls=When.AT_ONCE)
    need = await office.need(urgency=Urgency.WHENEVER)
    await Promises(office.desk).promise(office.ana, need, office.desk.now + 3600)
    office.clock.advance(minutes=44)
    assert await desk.came() == []
    office.clock.advance(minutes=1)
    await desk.alerts.find()
    office.clock.advance(minutes=5)
    assert await desk.came() == ["tri: One call that we promised by now"]


async def test_a_hold_that_is_over_is_told(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, calls=When.AT_ONCE)
    need = await office.need(urgency=Urgency.WHENEVER)
    await office.dispatch.hold(office.ana, need, office.desk.today + timedelta(days=1), "")
    assert await desk.came() == []
    office.clock.advance(days=1)
    await desk.alerts.find()
    office.clock.advance(minutes=5)
    assert await desk.came() == ["ana: One request that was on hold until today"]


async def test_what_is_seen_to_before_it_goes_is_not_told(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, calls=When.AT_ONCE)
    first, second = [await office.need(urgency=Urgency.WHENEVER) for _ in range(2)]
    for need in (first, second):
        await office.follow_up.ring_on(office.ana, need, office.desk.today)
    await desk.alerts.find()
    await office.follow_up.need_not_ring(office.ana, first)
    office.clock.advance(minutes=5)
    assert await desk.came() == ["ana: One person to ring back"]
    third = await office.need(urgency=Urgency.WHENEVER)
    await office.follow_up.ring_on(office.ana, third, office.desk.today)
    await desk.alerts.find()
    await office.follow_up.need_not_ring(office.ana, third)
    office.clock.advance(minutes=5)
    assert await desk.came() == []
    await office.follow_up.ring_on(office.ana, third, office.desk.today)
    await desk.alerts.find()
    office.clock.advance(minutes=5)
    assert await desk.came() == ["ana: One person to ring back"], "what was not told may be told"


async def test_what_was_chosen_off_meanwhile_is_not_told(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, calls=When.AT_ONCE)
    need = await office.need(urgency=Urgency.WHENEVER)
    await office.follow_up.ring_on(office.ana, need, office.desk.today)
    await desk.alerts.find()
    await desk.alerts.choosing.choose(office.ana, AlertChoices(calls=When.OFF), "en")
    office.clock.advance(minutes=5)
    assert await desk.came() == []


async def test_urgent_news_takes_along_what_waits_for_company(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, calls=When.AT_ONCE)
    await office.need(urgency=TODAY)
    calm = await office.need(urgency=Urgency.WHENEVER)
    office.clock.advance(minutes=58)
    await office.follow_up.ring_on(office.ana, calm, office.desk.today)
    assert await desk.came() == []
    office.clock.advance(minutes=2)
    assert await desk.came() == [
        "ana: One request for today for which nobody is asked / One person to ring back"
    ]


async def test_once_a_day_means_in_the_morning_and_once(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, urgent=When.DAILY)
    assert await desk.came() == []  # today's is over
    need = await office.need(urgency=Urgency.WHENEVER)
    await office.follow_up.ring_on(office.ben, need, office.desk.today)
    office.clock.advance(hours=5)
    assert await desk.came() == []
    office.clock.advance(hours=17.5)
    assert office.clock.now().hour == 8
    assert await desk.came() == ["ana: One person to ring back"]
    other = await office.need(urgency=Urgency.WHENEVER)
    await office.follow_up.ring_on(office.ben, other, office.desk.today)
    assert await desk.came() == []


async def test_quiet_hours_hold_for_all_but_safety(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana)
    await office.need(urgency=TODAY)
    office.clock.advance(hours=13)
    async with office.db.read() as tx:
        assert await settings.get(tx, settings.QUIET_FROM) <= office.clock.now().hour
    assert await desk.came() == []
    await late_visit(desk)
    assert await desk.came() == ["ana: One helper who went alone and is not back in time"]


# --- safety


async def test_whoever_is_not_back_is_told_at_once_and_once(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, office.ben, office.safety)
    visit = await late_visit(desk)
    await on_shift(desk, office.ana)
    told = "One helper who went alone and is not back in time"
    assert await desk.came() == [f"ana: {told}", f"saf: {told}"]
    assert await desk.came() == []
    office.clock.advance(minutes=14)
    assert await desk.came() == [f"ben: {told}"], "nobody rang for a quarter of an hour"
    await office.visits.longer(office.ana, visit, 30)
    office.clock.advance(minutes=31)
    assert await desk.came() == [f"ana: {told}", f"saf: {told}"], "late again is another thing"


async def test_whoever_rings_or_comes_back_stops_it(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, office.ben)
    visit = await late_visit(desk)
    await desk.alerts.find()
    await office.visits.rang(office.triage, visit)
    assert await desk.came() == []
    office.clock.advance(minutes=30)
    assert await desk.came() == []


async def test_feeling_unsafe_is_told_to_whoever_may_read_it_and_nobody_else(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, office.ben, office.triage, office.safety, office.admin)
    incident = await unsafe(desk)
    await desk.turn()
    (mail,) = desk.post.mails
    assert mail.to == ("saf@example.net",)
    assert mail.message["Subject"] == "Please look now"
    assert f"{URL}/safety/incidents" in mail.part("plain")
    assert lines(mail) == ["One person told us that they feel unsafe"]
    desk.post.mails.clear()
    await office.incidents.look(office.safety, None, incident)
    assert await desk.came() == []


async def test_one_that_was_opened_before_is_told_to_nobody(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.safety)
    incident = await unsafe(desk)
    await desk.alerts.find()
    await office.incidents.look(office.safety, None, incident)
    assert await desk.came() == []


async def test_what_a_colleague_wrote_down_is_told_to_nobody(desk: AlertRoom) -> None:
    """It may be about whoever would be told."""
    from node.domain.safety.incidents import Report

    await desk.joins(desk.office.safety)
    await desk.office.incidents.tell(desk.office.ana, Report(kind="other", text="made up", day=None))
    assert await desk.came() == []


# --- the message


async def test_a_message_has_no_name_no_place_and_no_words_of_anybody(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, office.safety, calls=When.AT_ONCE)
    await unsafe(desk)
    await late_visit(desk)
    need = await office.need(urgency=TODAY)
    await office.follow_up.ring_on(office.ana, need, office.desk.today)
    office.clock.advance(minutes=60)
    await desk.turn()
    assert len(desk.post.mails) == 3
    for mail in desk.post.mails:
        for text in (str(mail.message["Subject"]), mail.part("plain"), mail.part("html"), mail.raw.decode()):
            assert not [canary for canary in (*CANARIES, need) if canary in text]
        assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert GROUP in str(mail.message["From"])
        assert str(mail.message["List-Unsubscribe"]) == f"<{URL}/n/desk/{stop_link(mail)}>"


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_each_reads_it_in_the_language_of_their_page(desk: AlertRoom, language: str) -> None:
    office = desk.office
    await desk.joins(office.ana, language=language)
    await late_visit(desk)
    await desk.turn()
    (mail,) = desk.post.mails
    assert mail.message["Content-Language"] == language
    assert f'lang="{language}"' in mail.part("html")
    english = "One helper who went alone and is not back in time"
    assert (lines(mail) == [english]) is (language == "en")


async def test_stopping_by_the_link_ends_all_and_choosing_begins_again(desk: AlertRoom) -> None:
    office, choosing = desk.office, desk.alerts.choosing
    await desk.joins(office.ana)
    await late_visit(desk)
    await desk.turn()
    token = stop_link(desk.post.mails[0])
    assert not (await choosing.by_link(token)).stopped
    for _ in range(2):
        await choosing.stop_by_link(token)
    assert (await choosing.by_link(token)).stopped
    assert (await choosing.own(office.ana)).stopped
    desk.post.mails.clear()
    await late_visit(desk)
    assert await desk.came() == []
    for wrong in ("", "A" * 22):
        with pytest.raises(NotFound):
            await choosing.by_link(wrong)
        with pytest.raises(NotFound):
            await choosing.stop_by_link(wrong)
    await choosing.choose(office.ana, AlertChoices(), "en")
    assert await desk.came() == ["ana: One helper who went alone and is not back in time"]


async def test_choices_that_make_no_sense_are_refused(desk: AlertRoom) -> None:
    with pytest.raises(Invalid):
        await desk.alerts.choosing.choose(desk.office.ana, AlertChoices(safety=When.DAILY), "en")
    with pytest.raises(Conflict):
        await desk.alerts.choosing.choose(desk.office.ana, AlertChoices(), "en")


# --- the server


async def test_an_address_that_does_not_work_gets_nothing_more_until_there_is_another(
    desk: AlertRoom,
) -> None:
    office = desk.office
    await desk.joins(office.ana)
    desk.post.refuses["ana@example.net"] = "550 no such mailbox"
    await late_visit(desk)
    assert await desk.came() == []
    view = await desk.alerts.choosing.own(office.ana)
    assert (view.bounced, view.failed) == (True, "recipient_550")
    desk.post.refuses.clear()
    office.clock.advance(minutes=10)
    assert await desk.came() == []
    await desk.joins(office.ana)
    assert await desk.came() == ["ana: One helper who went alone and is not back in time"]


async def test_a_server_that_is_away_is_tried_again_and_nothing_goes_twice(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, office.ben)
    await late_visit(desk)
    await desk.post.close()
    assert await desk.turn() == 0
    await desk.post.open()
    assert await desk.turn() == 0, "not at once again"
    office.clock.advance(minutes=5)
    assert await desk.turn() == 2
    assert len(desk.post.mails) == 2


async def test_what_could_not_go_in_its_time_may_be_told_later(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana)
    await late_visit(desk)
    await desk.post.close()
    await desk.turn()
    office.clock.advance(days=1, minutes=1)
    await desk.turn()
    await desk.post.open()
    office.clock.advance(minutes=16)
    assert await desk.came() == ["ana: One helper who went alone and is not back in time"]


# --- closed records


async def test_while_closed_nothing_breaks_and_it_goes_when_they_are_open(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana, office.safety)
    await late_visit(desk)
    office.lock()
    await unsafe(desk)
    await desk.alerts.find()
    with pytest.raises(Locked):
        await desk.alerts.deliver()
    view = await desk.alerts.choosing.own(office.ana)
    assert (view.locked, view.address, view.has_address, view.while_closed) == (True, "", True, False)
    await desk.alerts.choosing.choose(office.ana, AlertChoices(), "en")
    await desk.alerts.tidy()
    await office.unlock()
    told = "One helper who went alone and is not back in time"
    assert await desk.came() == [f"ana: {told}", "saf: One person told us that they feel unsafe / " + told]


async def test_with_the_admins_yes_it_goes_while_they_are_closed(desk: AlertRoom) -> None:
    office = desk.office
    await desk.room.notices.mail.change(office.admin, desk.post.server(user=USER, password=PASSWORD))
    await desk.room.notices.mail.change(office.admin, desk.post.server())
    await desk.joins(office.ana, office.safety)
    need = await office.need()
    task = await office.confirmed(need, await office.helper())
    await office.visits.set_out(office.ana, task, 30)
    await desk.alerts.standby.want(office.admin, True)
    assert (await desk.alerts.choosing.own(office.ana)).while_closed
    disk = on_disk(office)
    assert b"ana@example.net" not in disk, "not in group.db alone"
    office.lock()
    await unsafe(desk)
    assert await desk.came() == ["saf: One person told us that they feel unsafe"]
    # whoever changes the address meanwhile gets nothing there before the records were open
    await desk.alerts.choosing.set_address(office.safety, "new@example.net", "en")
    await unsafe(desk)
    assert await desk.came() == []
    # without the key file there is nothing to read it with
    desk.key = b"another key".ljust(32)
    office.clock.advance(minutes=31)
    await desk.alerts.find()
    with pytest.raises(Locked):
        await desk.alerts.deliver()


async def test_the_copy_follows_and_goes(desk: AlertRoom) -> None:
    office, standby = desk.office, desk.alerts.standby

    async def copy() -> bytes | None:
        async with office.db.read() as tx:
            return await alert_choices.standby(tx)

    await desk.joins(office.ana)
    await desk.alerts.find()
    assert await copy() is None
    await standby.want(office.admin, True)
    first = await copy()
    assert first
    await desk.alerts.find()
    assert await copy() == first, "nothing changed, nothing is written"
    await desk.alerts.choosing.forget(office.ana)
    assert await copy() not in (None, b"", first)
    office.lock()
    await standby.want(office.admin, False)
    assert await copy() is None
    await standby.want(office.admin, True)
    assert await copy() == b"", "made once the records are open"
    await office.unlock()
    await desk.alerts.find()
    assert await copy()


async def test_another_mail_server_is_told_no_old_password(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.safety)
    await desk.alerts.standby.want(office.admin, True)
    office.lock()
    await desk.room.notices.mail.change(office.admin, desk.post.server(host="localhost"))
    await unsafe(desk)
    await desk.alerts.find()
    with pytest.raises(Locked):
        await desk.alerts.deliver()


# --- who works here no more


async def test_whoever_is_stopped_hears_nothing(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana)
    await late_visit(desk)
    await desk.alerts.find()
    async with office.db.write() as tx:
        await staff.set_state(tx, office.ana.id or "", "suspended")
    assert await desk.came() == []
    async with office.db.write() as tx:
        await staff.set_state(tx, office.ana.id or "", "active")
    assert await desk.came() == ["ana: One helper who went alone and is not back in time"]


async def test_a_row_of_nobody_waits_and_then_goes(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana)
    async with office.db.write() as tx:
        row = await alert_choices.get(tx, office.ana.name)
        assert row is not None
        await alert_choices.put(tx, replace(row, handle="Old-made-up", link_hash=b"other"))
    await desk.alerts.tidy()
    office.clock.advance(days=ORPHAN_DAYS)
    await desk.alerts.tidy()
    async with office.db.read() as tx:
        assert await alert_choices.get(tx, "old-MADE-up") is not None, "names are alike in any case"
    office.clock.advance(days=1)
    await desk.alerts.tidy()
    async with office.db.read() as tx:
        assert await alert_choices.get(tx, "Old-made-up") is None
        assert await alert_choices.get(tx, office.ana.name) is not None


async def test_what_may_be_theirs_is_offered(desk: AlertRoom) -> None:
    office = desk.office
    view = await desk.alerts.choosing.own(office.admin)
    assert (view.matters, view.mail, view.has_address) == ((Matter.CALLS, Matter.NEIGHBOURS), True, False)
    assert (await desk.alerts.choosing.own(office.ana)).matters == tuple(Matter)


async def test_messages_long_over_go(desk: AlertRoom) -> None:
    office = desk.office
    await desk.joins(office.ana)
    await late_visit(desk)
    await desk.turn()
    async with office.db.read() as tx:
        message = await alert_messages.latest(tx, office.ana.name)
        assert await mail_server.get(tx) is not None
    assert message is not None
    office.clock.advance(days=61)
    await desk.alerts.tidy()
    async with office.db.read() as tx:
        assert await alert_messages.get(tx, message.id) is None
        assert len(await alert_messages.told(tx, office.ana.name)) == 1, "remembered longer"
