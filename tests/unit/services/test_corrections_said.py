"""How something came in, and whether it repeats, is put right where that is a matter of words."""

from datetime import timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.dispatch.series import Every
from node.domain.ids import NeedId
from node.domain.need import Channel, Repeats
from node.errors import Conflict, Invalid
from tests.harness.office import Office
from tests.unit.services.test_corrections import put_right


async def test_how_it_came_in_and_whether_it_repeats(office: Office) -> None:
    need_id = await office.need(repeats=Repeats.OTHER)
    await put_right(office, need_id, repeats=None, channel=Channel.IN_PERSON)
    view = await office.board.need(office.ana, need_id)
    assert (view.need.repeats, view.need.channel) == (None, "in_person")
    (line,) = await office.corrections.of_need(office.ana, need_id)
    assert line.changes == {"channel": ("phone", "in_person"), "repeats": ("other", "")}
    with pytest.raises(Invalid) as refused:
        await put_right(office, need_id, channel=Channel.IMPORT)
    assert set(refused.value.fields) == {"channel"}
    first = office.desk.today + timedelta(days=3)
    await office.repeating.begin(office.ana, need_id, every=Every.WEEK, first_day=first)
    office.clock.advance(days=1)
    await office.repeating.sweep(SYSTEM)
    async with office.db.read() as tx:
        days = [row[0] for row in await tx.execute_fetchall("SELECT need_id FROM series_days") if row[0]]
    with pytest.raises(Conflict) as by_rule:
        await put_right(office, NeedId(days[0]), repeats=None)
    assert by_rule.value.code == "by_rule"
