"""Changing what the group says, and knowing later which words a consent was given to."""

from collections.abc import Mapping

import pytest

from node.domain.consents import Purpose
from node.domain.settings import texts as rules
from node.errors import Invalid, NotAllowed, NotFound
from node.services.settings.texts import SPOKEN, Texts
from tests.harness.office import Office

ASKED: Mapping[Purpose, str] = {Purpose.HELP_YOU: SPOKEN[Purpose.HELP_YOU]}
KEY = "consent.help_you"


@pytest.fixture
def texts(office: Office) -> Texts:
    return Texts(office.db, office.clock)


async def test_own_words_and_back_again(office: Office, texts: Texts) -> None:
    ours = await texts.get(KEY, "en")
    said = await texts.change(office.admin, KEY, "en", "  May we write this down? \r\n")
    assert (said.text, said.own) == ("May we write this down?", True)
    assert await texts.get(KEY, "en") == "May we write this down?"
    assert await texts.get(KEY, "es") == rules.SPANISH[KEY]
    await texts.change(office.admin, KEY, "en", "")
    assert await texts.get(KEY, "en") == ours
    await texts.change(office.admin, KEY, "en", ours)
    assert not (await texts.said(KEY, "en")).own, "our own words are no words of theirs"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (KEY, "one\ntwo"),
        (KEY, "x" * (rules.MOST_IN_A_LINE + 1)),
        ("triage.urgent", "x" * (rules.MOST_LETTERS + 1)),
        ("triage.urgent", "a\x00b"),
        ("message.told", "{helper} comes, ring {phone}"),
    ],
)
async def test_what_cannot_be_said_is_refused(office: Office, texts: Texts, key: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        await texts.change(office.admin, key, "en", text)
    assert "text" in refused.value.fields
    assert not (await texts.said(key, "en")).own


async def test_only_an_admin_changes_them_and_only_those_there_are(office: Office, texts: Texts) -> None:
    with pytest.raises(NotAllowed):
        await texts.change(office.ana, KEY, "en", "mine")
    for key, language in (("consent.everything", "en"), (KEY, "tlh")):
        with pytest.raises(NotFound):
            await texts.change(office.admin, key, language, "mine")


async def test_a_consent_names_the_words_that_were_on_the_page(office: Office, texts: Texts) -> None:
    """Somebody changed the words while the form was open: what was read out counts, not what is said now."""
    first = await texts.change(office.admin, KEY, "en", "May we write it down?")
    await texts.change(office.admin, KEY, "en", "May we write it all down?")
    said = await texts.read_out({Purpose.HELP_YOU: first.version}, ASKED)
    assert said == {Purpose.HELP_YOU: first.version}
    assert await texts.wording(first.version) == "May we write it down?"


async def test_a_name_that_never_was_counts_for_nothing(office: Office, texts: Texts) -> None:
    now = await texts.said(KEY, "en")
    other = await texts.change(office.admin, "consent.groups_see", "en", "May others see it?")
    for claim in ("", "en-000000000000", "anything", other.version):
        assert await texts.read_out({Purpose.HELP_YOU: claim}, ASKED) == {Purpose.HELP_YOU: now.version}
    spanish = await texts.said(KEY, "es")
    assert await texts.read_out({Purpose.HELP_YOU: spanish.version}, ASKED) == {
        Purpose.HELP_YOU: spanish.version
    }
    assert await texts.wording(spanish.version) == spanish.text
    with pytest.raises(NotFound):
        await texts.wording("en-000000000000")
