"""The papers about data say what is set: whatever is switched changes the paper, and nothing in them is only a hope.

The privacy notice that anybody reads, the record of processing (GDPR 30), the assessment (GDPR 35) and the agreement
with whoever looks after the machine (GDPR 28).
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.actors import CONSOLE
from node.domain.need import Share
from node.domain.notices.chat import ChatService
from node.domain.notices.gateway import Gateway, GatewayKind
from node.domain.notices.mail import MailServer, Tls
from node.domain.rights.dangers import DANGERS, FACT_WORDS, Fact, Weight, likelihood
from node.domain.rights.papers import ACTIVITIES
from node.store import settings
from node.vault import Compartment
from tests.harness.neighbourhood import PASSWORD, Neighbourhood
from tests.harness.street import Street, Visitor
from ui.words import rights_words

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTICE, RECORD, RISKS, AGREEMENT = "/privacy", "/privacy/record", "/privacy/assessment", "/privacy/agreement"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    folder: Path = tmp_path_factory.mktemp("papers")
    async with Neighbourhood(folder) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


async def paper(street: Street, path: str) -> str:
    """What stands there now: the notice as anybody reads it, the others at the desk."""
    visitor = Visitor()
    if path != NOTICE:
        await street.north.sign_in()
        await street.sign_in(visitor)
    answer = await street.ask(visitor, "GET", path)
    assert answer.status == 200, path
    return answer.text


@pytest.mark.parametrize(
    ("rule", "days", "papers"),
    [
        ("keep_requests_days", 91, (NOTICE, RECORD)),
        ("keep_askers_days", 402, (NOTICE, RECORD)),
        ("keep_left_days", 33, (NOTICE, RECORD)),
        ("details_days", 13, (RECORD,)),
    ],
)
async def test_how_long_is_what_is_set(street: Street, rule: str, days: int, papers: tuple[str, ...]) -> None:
    words = f"{days} days after it is over"
    for path in papers:
        assert words not in await paper(street, path)
    await street.north.services.rules.change(street.north.staff, {rule: days})
    for path in papers:
        assert words in await paper(street, path), path


async def test_whom_to_ask_why_and_who_we_are(street: Street) -> None:
    desk, staff = street.north.services, street.north.staff
    for path in (NOTICE, RECORD, AGREEMENT):
        assert "Ask us: North" in " ".join((await paper(street, path)).split()), (
            "until somebody is named: the group"
        )
    assert FACT_WORDS[Fact.CONTACT][1] in await paper(street, RISKS)
    await desk.card.change(staff, name="Northside Neighbours", phone="0117 496 0222")
    await desk.texts.change(staff, "privacy.contact", "en", "Zaida Invented, at the kiosk")
    await desk.texts.change(staff, "privacy.why", "en", "Because neighbours help each other.")
    for path in (NOTICE, RECORD, AGREEMENT):
        text = await paper(street, path)
        assert "Zaida Invented, at the kiosk" in text, path
        assert "Northside Neighbours" in text, path
    assert "0117 496 0222" in await paper(street, AGREEMENT)
    assert "Because neighbours help each other." in await paper(street, NOTICE)
    assert FACT_WORDS[Fact.CONTACT][0] in await paper(street, RISKS)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Share.ONLY_US, "Nothing leaves our group."),
        (Share.PEERS, "Only groups we chose see it."),
        (Share.PUBLIC, "Some kinds of help stand on a map that anybody may see."),
    ],
)
async def test_who_sees_that_help_is_wanted(street: Street, share: Share, words: str) -> None:
    others = {
        "Nothing leaves our group.",
        "Only groups we chose see it.",
        "Some kinds of help stand on a map",
    }
    await street.north.services.publishing.share(CONSOLE, {"all": share})
    for path in (NOTICE, RECORD):
        text = await paper(street, path)
        assert words in text, path
        assert not [each for each in others if each in text and each not in words], path


async def test_neighbouring_groups_are_named_while_we_talk_with_them(street: Street) -> None:
    peering, staff = street.north.services.peering, street.north.staff
    for path in (NOTICE, RECORD):
        assert "South" in await paper(street, path), path
    await peering.set_state(staff, street.south.id, "paused")
    for path in (NOTICE, RECORD):
        assert "South" not in await paper(street, path), path
    await peering.set_state(staff, street.south.id, "active")


@pytest.mark.parametrize(
    "fact", [Fact.SECOND_YES, Fact.PUBLIC_TWO, Fact.CARDS, Fact.BACKUP, Fact.TWO_HOLDERS], ids=str
)
async def test_a_safeguard_is_said_to_stand_only_when_it_does(
    street: Street, fact: Fact, tmp_path: Path
) -> None:
    desk, staff = street.north.services, street.north.staff
    so, not_so, _ = FACT_WORDS[fact]
    before = await paper(street, RISKS)
    assert (so in before, not_so in before) == (False, True)
    match fact:
        case Fact.SECOND_YES:
            await desk.rules.change(staff, {"second_yes": "two"})
        case Fact.PUBLIC_TWO:
            await desk.rules.change(staff, {"public_yes": "two"})
        case Fact.CARDS:
            async with street.north.node.network.on.db.write() as tx:
                await settings.put(tx, settings.CARDS_CONFIRMED, True)
        case Fact.BACKUP:
            await desk.backup.backup(staff, tmp_path / "backup", "a long enough phrase")
        case _:
            grants = (Compartment.PEOPLE, Compartment.VETTING)
            await desk.team.add_staff(staff, "second-holder", PASSWORD, ["coordinator"], grants)  # type: ignore[list-item]
    after = await paper(street, RISKS)
    assert (so in after, not_so in after) == (True, False)


async def test_a_backup_counts_while_it_is_young(street: Street) -> None:
    so, not_so, _ = FACT_WORDS[Fact.BACKUP]
    assert "Days since the last backup: 0." in await paper(street, RISKS)
    street.cast.clock.advance(days=9)
    text = await paper(street, RISKS)
    assert (so in text, not_so in text) == (False, True)
    assert "Days since the last backup: 9." in text


async def test_who_carries_messages_is_what_is_set_up(street: Street) -> None:
    desk, staff = street.north.services, street.north.staff
    await street.north.sign_in()
    await street.north.services.publishing.share(CONSOLE, {"all": Share.ONLY_US})
    ways = {key: words.partition(":")[0].partition(" (")[0] for key, words in rights_words.CARRIED.items()}

    async def stand(path: str) -> set[str]:
        text = (await paper(street, path)).replace("&#39;", "'")
        return {key for key, words in ways.items() if f"<li>{words}" in text}

    (read,) = [each.what for each in DANGERS if each.where_carried]
    assert read not in await paper(street, RISKS)
    before = await paper(street, NOTICE)
    assert "No company reads them" in before
    assert "Nothing leaves our group." in before
    assert "Who carries messages" not in before
    assert "no way for messages is set up" in await paper(street, RECORD)
    server = MailServer(host="smtp.example.org", port=587, tls=Tls.STARTTLS, sender="us@example.org")
    await desk.notices.mail.change(staff, server)
    await desk.notices.texts.change(
        staff, Gateway(kind=GatewayKind.HOOK, url="https://texts.example.org/send")
    )
    await desk.notices.chat.change(
        staff, ChatService(name="Signal", url="signal://127.0.0.1:8080/+447700900999/{to}")
    )
    for path in (NOTICE, RECORD):
        assert await stand(path) == {"mail", "texts", "chat"}, path
        assert "Chat (Signal)" in await paper(street, path)
    assert read in await paper(street, RISKS), "where messages go out, somebody else may read them"
    after = await paper(street, NOTICE)
    assert "No company reads them" not in after
    assert "Nothing leaves our group." not in after
    assert "smtp.example.org" not in after, "who in person is for the group's own words"
    await desk.notices.texts.take_out(staff)
    assert await stand(NOTICE) == {"mail", "chat"}


async def test_what_is_told_of_the_key_is_so_and_what_is_not_in_place_makes_it_likelier(
    street: Street,
) -> None:
    so, not_so, _ = FACT_WORDS[Fact.NO_STANDBY]
    before = await paper(street, RISKS)
    assert (so in before, not_so in before) == (True, False)
    assert not_so not in await paper(street, RECORD)
    await street.north.services.alerts.standby.want(street.north.staff, True)
    after = await paper(street, RISKS)
    assert (so in after, not_so in after) == (False, True)
    assert not_so in await paper(street, RECORD)
    await street.north.services.alerts.standby.want(street.north.staff, False)
    stolen, stands = DANGERS[0], dict.fromkeys(Fact, True)
    assert likelihood(stolen, stands) is stolen.likely is Weight.LOW
    assert likelihood(stolen, stands | {Fact.NO_STANDBY: False}) is Weight.SOME
    assert likelihood(stolen, stands | {Fact.HTTPS: False}) is Weight.LOW, (
        "that one does not stand in its line"
    )


async def test_every_purpose_and_every_danger_stands_there(street: Street) -> None:
    record, risks = await paper(street, RECORD), await paper(street, RISKS)
    for each in ACTIVITIES:
        for words in (each.what, each.whose, each.which, each.basis, each.who_sees):
            assert words in record, words
        assert not each.special or each.special in record, each.what
    for danger in DANGERS:
        for words in (danger.what, danger.whom, danger.left, *danger.done):
            assert words in risks, words
