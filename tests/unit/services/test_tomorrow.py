"""Tomorrow's sheet: what is due and whom to ring; names only by a recorded look."""

from datetime import timedelta

import pytest

from node.domain.dispatch.follow_up import ContactKind
from node.domain.need import Urgency
from node.errors import Locked, NotAllowed
from node.store import audit
from tests.harness.office import Office


async def test_what_is_on_tomorrow_with_names_only_by_a_look(office: Office) -> None:
    tomorrow = office.desk.today + timedelta(days=1)
    soon = await office.need(urgency=Urgency.TODAY, name="Winifred Sheetcase")
    later = await office.need(urgency=Urgency.WHENEVER)
    ring = await office.need(urgency=Urgency.WHENEVER)
    await office.follow_up.log(office.ana, ring, ContactKind.NO_ANSWER)
    held = await office.need(urgency=Urgency.WHENEVER)
    await office.dispatch.hold(office.ana, held, tomorrow)
    await office.confirmed(soon, await office.helper("Dan Driver"))
    sheet = await office.tomorrow.sheet(office.triage)
    assert {line.need_id for line in sheet.lines} == {soon, ring, held}
    assert later not in {line.need_id for line in sheet.lines}
    first = next(line for line in sheet.lines if line.need_id == soon)
    assert (first.helpers, first.asker, first.coming, first.told) == (("Dan Driver",), None, (), False)
    assert {line.need_id for line in sheet.lines if line.ring} == {ring, held}

    told = await office.tomorrow.sheet(office.ana, reveal=True)
    first = next(line for line in told.lines if line.need_id == soon)
    assert first.asker is not None
    assert (first.asker.name, first.asker.safe_to_ring) == ("Winifred Sheetcase", "only before noon")
    assert [each.name for each in first.coming] == ["Dan Driver"]
    async with office.db.read() as tx:
        assert [row.action for row in await audit.of_object(tx, f"need:{soon}")][-1] == "look.need"
    with pytest.raises(NotAllowed):
        await office.tomorrow.sheet(office.admin)
    office.lock()
    with pytest.raises(Locked):
        await office.tomorrow.sheet(office.ana)
