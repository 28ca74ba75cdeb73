"""When she can, how much, and a break: said by herself, at once, also while locked."""

from dataclasses import dataclass, replace
from datetime import date

from node.domain.actors import Actor
from node.domain.hours import Hours, in_order
from node.domain.own.distance import STEPS_KM
from node.domain.volunteer import MAX_REST_DAYS, Volunteer, VolunteerState
from node.errors import N_, Invalid, NotFound
from node.services.desk import Desk, person_object
from node.services.matching.roster import Roster
from node.services.own.door import hers
from node.store import volunteers
from node.store.db import Tx

MOST_DAYS_OFF = 60
LONGEST_BREAK_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What she may say of herself; what she does is agreed with the desk.

    ``radius_km``: one of ``STEPS_KM``, or what stands; None leaves it. No figures between: whoever tries one after the
    other, and looks what is near then, learns no more than the spans tell that stand there anyway.
    """

    hours: Hours
    max_per_week: int | None
    rest_days: int
    days_off: tuple[str, ...]
    radius_km: float | None = None


class OwnTimes:
    """Reading and saying it; the desk sees the same row."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def held(self, actor: Actor) -> Volunteer:
        """As it stands."""
        async with self._desk.db.read() as tx:
            return await self._volunteer(tx, actor)

    async def change(self, actor: Actor, said: Times) -> None:
        """From now on; what is confirmed goes on. Raises ``Invalid`` for no hour at all, and for what does not fit."""
        hours = in_order(said.hours)
        if not hours:
            message = N_("Tick at least one time. For a break there is a button.")
            raise Invalid("times", message, fields={"hours": message})
        week = said.max_per_week
        if (week is not None and not 1 <= week <= 50) or not 0 <= said.rest_days <= MAX_REST_DAYS:
            raise Invalid("times", N_("That number does not fit here."))
        # Days that are over are nobody's concern any more.
        days_off = tuple(day for day in sorted(set(said.days_off)) if day >= self._desk.today.isoformat())
        async with self._desk.db.write() as tx:
            held = await self._volunteer(tx, actor)
            radius_km = held.radius_km if said.radius_km is None else said.radius_km
            if radius_km not in (*STEPS_KM, held.radius_km):
                raise Invalid("times", N_("That number does not fit here."))
            await volunteers.put(
                tx,
                replace(
                    held,
                    radius_km=radius_km,
                    hours=hours,
                    max_per_week=week,
                    rest_days=said.rest_days,
                    days_off=days_off[:MOST_DAYS_OFF],
                ),
            )
            await self._desk.record(tx, actor, "volunteer.own_times", person_object(held.person_id))
        await self._roster.refresh(held.person_id)

    async def rest(self, actor: Actor, until: date | None) -> None:
        """A break: nobody asks her before that day (None: until she is back). Raises ``Invalid`` for a day that is over
        or more than a year away."""
        today = self._desk.today
        if until is not None and not 0 < (until - today).days <= LONGEST_BREAK_DAYS:
            message = N_("Choose a day after today, within a year.")
            raise Invalid("break", message, fields={"until": message})
        await self._put(actor, VolunteerState.PAUSED, until)

    async def back(self, actor: Actor) -> None:
        """The break is over."""
        await self._put(actor, VolunteerState.ACTIVE, None)

    async def _put(self, actor: Actor, state: VolunteerState, until: date | None) -> None:
        async with self._desk.db.write() as tx:
            held = await self._volunteer(tx, actor)
            await volunteers.put(tx, replace(held, state=state, paused_until=until))
            moved = {"before": str(held.state), "after": str(state)}
            if until is not None:
                moved["until"] = until.isoformat()
            await self._desk.record(tx, actor, "volunteer.own_break", person_object(held.person_id), **moved)
        await self._roster.refresh(held.person_id)

    async def _volunteer(self, tx: Tx, actor: Actor) -> Volunteer:
        held = await volunteers.get(tx, hers(actor))
        if held is None or held.state not in (VolunteerState.ACTIVE, VolunteerState.PAUSED):
            raise NotFound("no_such_person", N_("We know nobody by that number."))
        return held
