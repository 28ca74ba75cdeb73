"""What the group says in its own name is said in its own words, and a yes is kept with the words it was given to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.consents import Consent, Purpose
from node.domain.ids import PersonId
from node.store import consents
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    folder: Path = tmp_path_factory.mktemp("street")
    async with Neighbourhood(folder) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kim(street: Street) -> Visitor:
    """At the desk, in a browser with a seal."""
    visitor = Visitor()
    visitor.cookies.update((await street.ask(visitor, "GET", "/sign-in")).cookies)
    await street.sign_in(visitor)
    return visitor


async def write(street: Street, kim: Visitor, key: str, text: str) -> str:
    """The group's own words; gives their version."""
    address = f"/settings/texts?text={key}&language=en"
    assert (await street.ask(kim, "POST", address, {"text": text})).status == 303
    return (await street.north.services.texts.said(key, "en")).version


async def last_yes(street: Street, person: str) -> Consent:
    async with street.north.node.network.on.db.read() as tx:
        held = await consents.of_person(tx, PersonId(person))
    return [each for each in held if each.purpose is Purpose.DETAILS_TO_GROUP][-1]


WORDING = "wording:details_to_group"


async def test_before_details_go_to_another_group_our_words_are_read_and_kept(
    street: Street, kim: Visitor
) -> None:
    version = await write(street, kim, "consent.details_to_group", "May {group} have it?")
    found = await street.seed("neighbour's offer")
    address = f"/board/{found['need']}/task/{found['task']}/handover"
    page = await street.ask(kim, "GET", address)
    assert "May South have it?" in page.text
    assert version in page.text
    said = {"answer": "no", WORDING: version}
    assert (await street.ask(kim, "POST", address, said)).status == 303
    assert (await last_yes(street, found["asker"])).wording == version


async def test_before_a_whole_request_goes(street: Street, kim: Visitor) -> None:
    found = await street.seed("open")
    address = f"/board/{found['need']}/refer"
    version = await write(street, kim, "consent.refer", "May they do it instead of us?")
    assert "May they do it instead of us?" in (await street.ask(kim, "GET", address)).text
    for claim, kept in ((version, version), ("en-000000000000", version)):
        said = {"group": street.south.id, "answer": "no", WORDING: claim}
        assert (await street.ask(kim, "POST", address, said)).status == 303
        assert (await last_yes(street, found["asker"])).wording == kept, (
            "a version that never was is not believed"
        )


async def test_before_a_volunteer_is_offered(street: Street, kim: Visitor) -> None:
    version = await write(street, kim, "volunteer.offered", "{group} looks for somebody. You?")
    found = await street.from_south("wish")
    address = f"/board/neighbours/{found['origin']}/{found['wish']}"
    assert "South looks for somebody. You?" in (await street.ask(kim, "GET", address)).text
    said = {"person": found["fresh_helper"], "agreed": "y", WORDING: version}
    assert (await street.ask(kim, "POST", f"{address}/offer", said)).status == 200
    assert (await last_yes(street, found["fresh_helper"])).wording == version


async def test_what_helpers_and_callers_are_told(street: Street, kim: Visitor) -> None:
    await write(street, kim, "message.told", "{helper} is coming, and says {word}.")
    await write(street, kim, "message.confirmed", "{name}, it is you! {link}")
    await write(street, kim, "visit.alone", "Take a torch.")
    await write(street, kim, "script.no_help", "That is nothing for us.")
    await write(street, kim, "privacy.why", "Only to help you.")
    await write(street, kim, "privacy.contact", "Ask at the library.")
    found = await street.seed("approved", device="her-own-telephone")
    board = (await street.ask(kim, "GET", f"/board/{found['need']}")).text
    assert "Vera Invented is coming, and says" in board
    link = await street.ask(kim, "POST", f"/board/{found['need']}/task/{found['task']}/link")
    assert "Vera Invented, it is you! http" in link.text
    assert "That is nothing for us." in (await street.ask(kim, "GET", "/intake")).text
    for page in ("/ask?step=check", "/volunteer?step=check"):
        text = (await street.ask(Visitor(), "GET", page)).text
        assert "Only to help you." in text
        assert "Ask at the library." in text


async def test_whoever_goes_alone_reads_what_we_ask_of_them(street: Street, kim: Visitor) -> None:
    await write(street, kim, "visit.alone", "Take a torch.")
    found = await street.seed("approved", device="her-own-telephone")
    helper = Visitor(cookies={"device": "her-own-telephone"})
    task = await street.ask(helper, "GET", f"/t/{found['token']}")
    assert "Nonesuch" in task.text, "the details are open"
    assert "Take a torch." in task.text
