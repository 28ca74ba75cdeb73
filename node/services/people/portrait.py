"""Everything about one person on one page, read inside the write that records the look."""

from node.domain.consents import Purpose
from node.domain.ids import PersonId
from node.domain.people.journey import allowed, standing
from node.domain.people.portraits import Member, NeedLine, PersonView, TaskLine
from node.services.desk import Desk, person_object
from node.services.people.households import household_of
from node.services.people.journeys import vouches_of
from node.services.people.street_teams import teams_of
from node.services.rights.forgetting import removal_day
from node.store import assignments, consents, households, needs, volunteers
from node.store.db import Tx
from node.store.persons import PersonRow

MOST_TASKS = 30


async def portrait(tx: Tx, desk: Desk, row: PersonRow, same_address: tuple[Member, ...]) -> PersonView:
    """All her roles, but whom she must not meet. Raises ``Locked``."""
    person_id = row.person.id
    volunteer = await volunteers.get(tx, person_id)
    asked = await needs.of_person(tx, person_id)
    living_with = await household_of(tx, desk, person_id)
    at = standing(volunteer) if volunteer else None
    together = {member.person_id for member in living_with}
    return PersonView(
        person=row.person,
        details=desk.open_person(row),
        volunteer=volunteer,
        standing=at,
        moves=allowed(at) if at else (),
        needs=tuple(need.need for need in asked),
        asked=tuple(
            [
                NeedLine(
                    need=need.need,
                    category=desk.open_need(need).category,
                    for_all=await households.is_for_all(tx, need.need.id),
                )
                for need in asked
            ]
        ),
        tasks=await _tasks(tx, desk, person_id),
        household=living_with,
        same_address=tuple(each for each in same_address if each.person_id not in together),
        vouches=await vouches_of(tx, desk, person_id),
        consents=tuple(await consents.of_person(tx, person_id)),
        keeps=await consents.last_word(tx, person_id, Purpose.KEEP_DETAILS),
        removal=await removal_day(tx, person_id, desk.today),
        history=await desk.history(tx, person_object(person_id)),
        teams=await teams_of(tx, desk, person_id),
    )


async def _tasks(tx: Tx, desk: Desk, person_id: PersonId) -> tuple[TaskLine, ...]:
    latest = sorted(await assignments.of_person(tx, person_id), key=lambda each: -each.changed_at)
    return tuple(
        [
            TaskLine(
                need_id=task.need_id,
                category=desk.open_need(await desk.need_row(tx, task.need_id)).category,
                state=task.state,
                at=task.changed_at,
            )
            for task in latest[:MOST_TASKS]
        ]
    )
