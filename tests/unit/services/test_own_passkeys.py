"""A passkey opens what a link opens, for whom it was made, once for each challenge, and as long as she helps here."""

import pytest

from node.domain.actors import Actor, volunteer_actor
from node.domain.ids import PersonId
from node.domain.own.challenge import GOOD_SECONDS, Challenges, Purpose
from node.errors import Conflict, Invalid, NotFound
from node.services.desk import person_object
from node.services.links import OwnTask
from node.services.own.ceremony import Site
from node.services.own.passkeys import LONGEST_ANSWER, MOST_PASSKEYS
from node.store import audit
from tests.harness.authenticator import Authenticator, text
from tests.harness.office import Office

SITE = Site(host="help.example", origin="https://help.example")
HERS, ANOTHERS = "a browser's secret", "another browser's secret"


async def somebody(office: Office, name: str = "Vera Pretend") -> tuple[PersonId, Actor]:
    person = await office.helper(name)
    return person, volunteer_actor(person)


async def with_passkey(office: Office, actor: Actor, **more: object) -> Authenticator:
    device = Authenticator(**more)  # type: ignore[arg-type]
    making = await office.own_passkeys.to_make(actor, HERS)
    await office.own_passkeys.keep(
        actor, HERS, SITE, device.made(making.challenge, making.handle), "firefox-android"
    )
    return device


async def come(office: Office, device: Authenticator, *, visitor: str = HERS) -> str:
    return await office.own_passkeys.come_in(
        visitor, SITE, device.came(office.own_passkeys.to_come_in(visitor))
    )


async def refused(office: Office, device: Authenticator, code: str = "passkey") -> None:
    with pytest.raises(Invalid) as error:
        await come(office, device)
    assert error.value.code == code


async def test_what_she_made_lets_her_in_with_no_name_typed(office: Office) -> None:
    person, actor = await somebody(office)
    device = await with_passkey(office, actor)
    [row] = await office.own_passkeys.of(actor)
    assert (row.browser, row.last_used) == ("firefox-android", None)
    found = await office.own_door.who(await come(office, device))
    assert found == volunteer_actor(person)
    [row] = await office.own_passkeys.of(actor)
    assert row.last_used == office.desk.now
    assert person.encode() not in device.handle


async def test_it_opens_what_a_link_opens_and_no_details_of_another_device(office: Office) -> None:
    person, actor = await somebody(office)
    key = OwnTask(person, await office.confirmed(await office.need(), person))
    await office.tasks.confirm(key, "the telephone that confirmed")
    device = await with_passkey(office, actor)
    by_link = await office.own_door.sign_in(await office.own_door.make_link(office.ana, person))
    assert await office.own_door.who(await come(office, device)) == await office.own_door.who(by_link)
    assert (await office.tasks.task_by_token(key, "a laptop with her passkey")).details is None
    assert (await office.tasks.task_by_token(key, "the telephone that confirmed")).details is not None


@pytest.mark.parametrize(
    "lies",
    [{"origin": "https://elsewhere.example"}, {"host": "elsewhere.example"}, {"verifies": False}],
)
async def test_an_answer_for_another_site_or_without_a_finger_is_refused(
    office: Office, lies: dict[str, object]
) -> None:
    _, actor = await somebody(office)
    with pytest.raises(Invalid):
        await with_passkey(office, actor, **lies)
    assert await office.own_passkeys.of(actor) == []
    device = await with_passkey(office, actor)
    for name, value in lies.items():
        setattr(device, name, value)
    await refused(office, device)


async def test_a_challenge_is_good_once_for_one_browser_one_purpose_and_ten_minutes(office: Office) -> None:
    _, actor = await somebody(office)
    device = await with_passkey(office, actor)
    ours = office.own_passkeys
    answer = device.came(ours.to_come_in(HERS))
    await ours.come_in(HERS, SITE, answer)
    for visitor, sent in (
        (HERS, answer),  # twice
        (ANOTHERS, device.came(ours.to_come_in(HERS))),
        (HERS, device.came((await ours.to_make(actor, HERS)).challenge)),
        (HERS, device.came(b"one that we never made, but as long as ours: 16 + 8 + 32 b.")),
    ):
        with pytest.raises(Invalid) as error:
            await ours.come_in(visitor, SITE, sent)
        assert error.value.code == "passkey_late"
    late = device.came(ours.to_come_in(HERS))
    office.clock.advance(seconds=GOOD_SECONDS)
    with pytest.raises(Invalid):
        await ours.come_in(HERS, SITE, late)
    assert await come(office, device)


async def test_a_counter_that_does_not_go_on_takes_the_passkey_away_and_is_written_down(
    office: Office,
) -> None:
    person, actor = await somebody(office)
    device = await with_passkey(office, actor)
    await come(office, device)
    await come(office, device)
    device.used -= 1  # a copy that was made before
    await refused(office, device, "passkey_copied")
    assert await office.own_passkeys.of(actor) == []
    async with office.db.read() as tx:
        done = [each.action for each in await audit.of_object(tx, person_object(person))]
    assert "volunteer.passkey_copied" in done
    assert done.count("volunteer.signed_in") == 2
    device.used += 10
    await refused(office, device)


async def test_devices_that_do_not_count_come_in_again(office: Office) -> None:
    _, actor = await somebody(office)
    device = await with_passkey(office, actor, counts=False)
    assert await come(office, device) != await come(office, device)


async def test_taken_away_it_opens_nothing_and_nobody_takes_anothers_away(office: Office) -> None:
    _, actor = await somebody(office)
    _, other = await somebody(office, "Olga Pretend")
    device = await with_passkey(office, actor)
    [row] = await office.own_passkeys.of(actor)
    with pytest.raises(NotFound):
        await office.own_passkeys.take_away(other, row.id)
    await come(office, device)
    await office.own_passkeys.take_away(actor, row.id)
    await refused(office, device)


async def test_it_says_whose_it_is_and_cannot_be_anothers(office: Office) -> None:
    """Neither by the name in the answer, nor by making the same one once more."""
    _, actor = await somebody(office)
    _, other = await somebody(office, "Olga Pretend")
    device = await with_passkey(office, actor)
    theirs = await with_passkey(office, other, id=b"another credential")
    sent = device.came(office.own_passkeys.to_come_in(HERS), handle=theirs.handle)
    with pytest.raises(Invalid):
        await office.own_passkeys.come_in(HERS, SITE, sent)
    with pytest.raises(Invalid):
        await with_passkey(office, other)
    making = await office.own_passkeys.to_make(actor, HERS)
    stolen = Authenticator(id=b"a third").made(making.challenge, making.handle)
    with pytest.raises(Invalid):
        await office.own_passkeys.keep(other, HERS, SITE, stolen)
    assert (await office.own_passkeys.to_make(actor, HERS)).others == [device.id]


async def test_whoever_does_not_help_here_any_more_does_not_come_in(office: Office) -> None:
    person, actor = await somebody(office)
    device = await with_passkey(office, actor)
    await office.people.suspend(office.safety, person, "a made-up reason")
    await refused(office, device)
    assert await office.own_passkeys.of(actor) == [], "as her links and devices, not only closed"


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[]", "null", "1", '{"id": 3}', "x" * (LONGEST_ANSWER + 1), '{"response": {"a": "\\ud800"}}'],
)
async def test_what_is_no_answer_is_refused_in_plain_words(office: Office, answer: str) -> None:
    _, actor = await somebody(office)
    with pytest.raises(Invalid, match="opens nothing here"):
        await office.own_passkeys.come_in(HERS, SITE, answer)
    with pytest.raises(Invalid, match="opens nothing here"):
        await office.own_passkeys.keep(actor, HERS, SITE, answer)


async def test_nobody_has_more_than_ten(office: Office) -> None:
    _, actor = await somebody(office)
    for number in range(MOST_PASSKEYS):
        await with_passkey(office, actor, id=b"number %d" % number)
    with pytest.raises(Conflict):
        await with_passkey(office, actor, id=b"one more")


def test_a_challenge_of_another_process_is_nobodys() -> None:
    ours, others = Challenges(b"a" * 32), Challenges(b"b" * 32)
    made = ours.make(Purpose.COME_IN, HERS, bytes(16), 1000)
    assert ours.is_good(made, Purpose.COME_IN, HERS, 1000 + GOOD_SECONDS - 1)
    assert not others.is_good(made, Purpose.COME_IN, HERS, 1000)
    assert ours.take(made, 1000)
    assert not ours.take(made, 1000)
    assert text(made).isascii()
