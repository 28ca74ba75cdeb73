"""What somebody chose lasts: through a sheet that comes in again, and when two records become one."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from multidict import MultiDict

from node.domain.actors import volunteer_actor
from node.domain.ids import PersonId
from node.domain.notices.choices import Choices
from node.domain.notices.notice import Way
from node.domain.person import ContactBy
from node.services.intake.places import Places
from node.services.people.merging import Merging
from node.services.sheets.imports import Imports
from tests.harness.mailroom import TODAY, Mailroom, mailroom, token_in
from ui.forms.notices import ChoicesForm

SAM = "sam.pretend@example.net"
SHEET = """
version = 1
name = "helpers"
sort = "volunteers"
dates = "ymd"
[columns]
posted = "Since"
name = "Name"
email = "Email"
address = "Where"
categories = "What"
"""
ROWS = f"""Since,Name,Email,Where,What
2026-10-01,Sam Pretend,{SAM},,Shopping
2026-10-02,Una Invented,una.invented@example.net,,Shopping
"""


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Mailroom]:
    async with mailroom(tmp_path) as opened:
        yield opened


async def chosen(room: Mailroom, person: PersonId) -> Choices:
    """As it counts now."""
    return (await room.notices.choices(person)).choices


async def wants(room: Mailroom, person: PersonId, **changes: object) -> Choices:
    """She chooses that; what she chose."""
    now = replace(await chosen(room, person), **changes)  # type: ignore[arg-type]
    await room.notices.choose(room.office.ana, person, now)
    return now


async def test_a_sheet_brought_in_again_touches_no_choice(room: Mailroom) -> None:
    office, sam = room.office, await room.helper(SAM)
    mine = await wants(room, sam, urgent=False, way=Way.EMAIL, quiet_from=21, quiet_until=9, out=True)
    sheets = Imports(office.desk, office.intake, office.roster, Places(office.db, office.clock))
    for _ in range(2):
        said = await sheets.run(office.ana, ROWS.encode(), SHEET)
        assert await chosen(room, sam) == mine
    assert said is not None
    async with office.db.read() as tx:
        people = list(await tx.execute_fetchall("SELECT 1 FROM persons"))
    assert len(people) == 2, "Sam was known again, Una came in, and the second time nobody"


@pytest.mark.parametrize("said_no", ["kept", "gone"])
@pytest.mark.parametrize("other_chose", [True, False])
async def test_two_that_become_one_keep_a_no_that_stood_on_either(
    room: Mailroom, said_no: str, other_chose: bool
) -> None:
    office = room.office
    kept, gone = await room.helper(SAM), await room.helper(SAM, name="Sammy Pretend")
    no, other = (kept, gone) if said_no == "kept" else (gone, kept)
    await wants(room, no, out=True)
    if other_chose:
        await wants(room, other, urgent=True, digest=False)
    merging = Merging(office.desk, office.roster)
    merge = await merging.merge(office.ana, kept, gone)
    await office.need("groceries", urgency=TODAY)
    assert await room.turn() == 0
    assert room.post.mails == []
    assert (await chosen(room, kept)).out
    assert (await room.notices.choices(kept)).way is Way.PHONE
    # Until she says otherwise herself: then it goes out again, with a foot that opens.
    office.clock.advance(minutes=1)
    await wants(room, kept, out=False)
    assert not (await chosen(room, kept)).out
    await room.turn()
    (mail,) = room.post.mails
    token = token_in(mail.message["List-Unsubscribe"])
    await room.notices.out_by_link(token)
    assert (await chosen(room, kept)).out
    # Two people after all: nobody's no is lost.
    await merging.part(office.ana, merge)
    assert (await chosen(room, no)).out


async def test_the_links_of_both_records_go_on(room: Mailroom) -> None:
    office = room.office
    kept, gone = await room.helper(SAM), await room.helper("sam.too@example.net", name="Sammy Pretend")
    await office.need("groceries", urgency=TODAY)
    await room.turn()
    tokens = {mail.to[0]: token_in(mail.message["List-Unsubscribe"]) for mail in room.post.mails}
    await Merging(office.desk, office.roster).merge(office.ana, kept, gone)
    office.clock.advance(minutes=1)
    for token in tokens.values():
        await room.notices.choose_by_link(token, Choices(person_id=gone, digest=False, out=True))
        held = (await room.notices.by_link(token)).choices
        assert (held.person_id, held.digest, held.out) == (kept, False, True)
        await wants(room, kept, digest=True, out=False)


async def test_a_link_that_only_the_gone_record_had_stays_the_same(room: Mailroom) -> None:
    office = room.office
    gone = await room.helper(SAM, name="Sammy Pretend")
    await office.need("groceries", urgency=TODAY)
    await room.turn()
    kept = await room.helper(SAM)
    await Merging(office.desk, office.roster).merge(office.ana, kept, gone)
    before = token_in(room.post.mails[-1].message["List-Unsubscribe"])
    await office.need("lift", urgency=TODAY)
    assert await room.turn() == 1
    assert token_in(room.post.mails[-1].message["List-Unsubscribe"]) == before
    assert (await room.notices.by_link(before)).choices.person_id == kept


async def test_saved_while_the_records_are_closed_she_is_told_as_before(room: Mailroom) -> None:
    """Nobody can say then how that is: what the page shows is no choice of hers."""
    sam = await room.helper(SAM, contact_by=ContactBy.PHONE)
    assert ChoicesForm.showing(await room.notices.choices(sam)).way.data == Way.PHONE
    room.office.lock()
    shown = ChoicesForm.showing(await room.notices.choices(sam))
    assert (shown.way.data, shown.way.choices[-1][0]) == ("", "")
    sent = ChoicesForm(MultiDict([("urgent", "y"), ("way", "")]))
    assert sent.validate(), sent.errors
    await room.notices.choose(volunteer_actor(sam), sam, sent.wanted(sam))
    await room.office.unlock()
    assert (await chosen(room, sam)).way is None
    await room.office.need("groceries", urgency=TODAY)
    await room.turn()
    assert room.post.mails == []
