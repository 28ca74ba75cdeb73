"""The made-up neighbour of a new group: there from the start, counted nowhere, told to nobody, gone at once."""

from datetime import timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.board.figures import Period
from node.domain.board.views import QueueFilter
from node.errors import Invalid
from node.services.board.figures import OwnFigures
from node.services.intake.made_up import NAME, TOLD
from node.services.settings.practice import Practice
from node.store import alert_things, persons, watches
from tests.harness.office import Office


async def test_it_is_there_for_a_new_group_only_and_in_its_language(office: Office) -> None:
    office.lock()
    assert await office.made_up.welcome(office.admin, "es"), "set-up ends before anybody has signed in"
    assert not await office.made_up.welcome(office.admin, "es"), "once"
    await office.unlock()
    (row,) = await office.board.queue(office.ana, QueueFilter.PRACTICE)
    view = await office.board.need(office.ana, row.need_id, reveal=True)
    assert view.person is not None
    assert (view.person.name, row.practice) == (NAME, True)
    assert view.details is not None
    assert view.details.notes == TOLD["es"][0]
    assert [each.what for each in view.details.items][1:] == ["pan", "comida para el gato"]


async def test_nothing_counts_it_and_nobody_is_told(office: Office) -> None:
    await office.made_up.welcome(office.admin, "en")
    office.clock.advance(days=20)
    assert await office.watch.raised(office.ana) == []
    assert await office.forgetting.sweep(SYSTEM) == 0
    counts = await office.board.counts(office.ana)
    assert {name for name, many in counts.items() if many} == {QueueFilter.PRACTICE}
    today = office.desk.today
    figures = await OwnFigures(office.desk).of(
        office.ana, Period(first=today - timedelta(days=30), last=today)
    )
    assert figures.empty
    async with office.db.read() as tx:
        assert await persons.all_of_ours(tx) == []
        assert await watches.decisions(tx, today, office.desk.zone.at(today)) == []
        assert await alert_things.waiting_today(tx, today - timedelta(days=40), today) == []


async def test_nobody_real_lives_with_somebody_made_up(office: Office) -> None:
    """Else the real record would wait for a practice call to be closed."""
    real, made_up = await office.call(), await office.call(practice=True)
    for one, other in ((real, made_up), (made_up, real)):
        with pytest.raises(Invalid, match="made up for practice"):
            await office.households.join(office.ana, one.person_id, other.person_id)
    await office.households.join(office.ana, made_up.person_id, (await office.call(practice=True)).person_id)


async def test_it_goes_with_one_press_and_its_place_is_free(office: Office) -> None:
    await office.made_up.welcome(office.admin, "en")
    await Practice(office.desk).remove_all(office.ana)
    async with office.db.read() as tx:
        assert not await persons.any_at_all(tx)
    await office.call()
    assert not await office.made_up.welcome(office.admin, "en"), "never beside somebody real"
