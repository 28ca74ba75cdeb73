"""A request that a neighbouring group's volunteer was told of is put right in true words, or not at all."""

from dataclasses import replace

import pytest

from node.domain.answers import Answer
from node.errors import Conflict
from tests.harness.two_groups import Two
from tests.unit.services.test_exchange import confirmed, offered, two

__all__ = ["two"]


async def test_what_was_told_to_a_neighbour_is_not_changed_behind_her_back(two: Two) -> None:
    need, _, _, _ = await offered(two)
    await two.carry()
    await confirmed(two, need)
    office = two.north.office
    said = replace(await office.corrections.now(office.ana, need), notes="knock on the window")
    with pytest.raises(Conflict, match="neighbouring group comes") as refused:
        await office.corrections.correct(office.ana, need, said, None)
    assert refused.value.code == "told_elsewhere"
    ours = Answer(question="q", asked="How did you hear of us?", code="", said="At the library")
    said = replace(await office.corrections.now(office.ana, need), answers=(ours,))
    assert await office.corrections.correct(office.ana, need, said, None) == ("answers",), "nobody was told"
    view = await office.board.need(office.ana, need)
    assert view.details
    assert view.details.notes != "knock on the window"
