"""The cards of the call page: whom a number or an e-mail address reaches, and for whom it rang before. As little as is
enough to choose by while there are several, and nothing of whoever must not be found by who rings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from node.domain.folded import folded
from node.domain.ids import PersonId
from node.domain.intake.intake import KnownPerson, LastTime
from node.domain.need import NeedDetails, NeedState
from node.domain.person import PersonState
from node.domain.reach import is_email, is_phone
from node.services.desk import Desk
from node.services.intake import callers
from node.services.matching.apart import kept_from_each
from node.services.matching.roster import Roster
from node.store import needs, persons, volunteers
from node.store.db import Tx
from node.store.persons import PersonRow


async def reached_by(
    desk: Desk, roster: Roster, reach: str, *, practice: bool, chosen: PersonId | None
) -> list[KnownPerson]:
    """Everybody reached by that number or e-mail address, and then those for whom that number rang; ``chosen`` whole,
    the others in brief where there are several. Raises ``Locked``; what is neither finds nobody."""
    phone = is_phone(reach)
    if not phone and not is_email(reach):
        return []
    await callers.complete(desk)
    await roster.ready()
    async with desk.db.read() as tx:
        if phone:
            rows = await persons.with_phone(tx, desk.vault.blind("phone", reach), practice=practice)
        else:
            rows = await persons.with_email(tx, desk.vault.blind("email", reach), practice=practice)
        own = {row.person.id: row for row in rows}
        rang = dict(await callers.asked_for(tx, desk, reach, practice=practice)) if phone else {}
        rang = {person_id: caller for person_id, caller in rang.items() if person_id not in own}
        there = [*rows, *[await desk.need_person(tx, person_id) for person_id in rang]]
        careful = await _careful(tx, roster, own, [row.person.id for row in there])
        found = [
            replace(
                await card_of(tx, desk, row),
                rung_for=rang.get(row.person.id),
                careful=row.person.id in careful,
            )
            for row in there
        ]
    names = [folded(each.name) for each in found]
    return [
        each
        if not each.careful and (len(found) == 1 or each.person_id == chosen)
        else _brief(each, alone=names.count(folded(each.name)) == 1)
        for each in found
    ]


async def _careful(
    tx: Tx, roster: Roster, own: Mapping[PersonId, PersonRow], there: Collection[PersonId]
) -> frozenset[PersonId]:
    """Of whom whoever rings from her own number must not hear: she is kept away, or they must not meet. The words
    are the same for both; a bar stands on her own card, though, so without one they must not meet."""
    kept = await kept_from_each(tx, roster, there)
    barred = {each for each, row in own.items() if row.person.state is PersonState.BARRED}
    return frozenset(
        each for each in there if (barred - {each}) or not own.keys().isdisjoint(kept.get(each, frozenset()))
    )


def _brief(card: KnownPerson, *, alone: bool) -> KnownPerson:
    """The name, and the address where two have one name; of whom one must be careful the name alone."""
    return replace(
        card,
        brief=True,
        address="" if alone or card.careful else card.address,
        safe_to_ring="",
        languages=() if card.careful else card.languages,
        last=LastTime(),
        open_needs=(),
        helps=False,
    )


async def card_of(tx: Tx, desk: Desk, row: PersonRow) -> KnownPerson:
    """All that a card holds of one person. Raises ``Locked``."""
    details = desk.open_person(row)
    asked = await needs.of_person(tx, row.person.id)
    last = [desk.open_need(need) for need in asked if need.need.created_at == asked[0].need.created_at]
    return KnownPerson(
        person_id=row.person.id,
        name=details.name,
        address=details.address,
        safe_to_ring=details.safe_to_ring,
        barred=row.person.state is PersonState.BARRED,
        languages=details.languages,
        last=_last_time(list(reversed(last))),
        asked=bool(last),
        open_needs=tuple(
            desk.open_need(need).category
            for need in reversed(asked)
            if need.need.state is not NeedState.CLOSED
        ),
        helps=await volunteers.get(tx, row.person.id) is not None,
    )


def _last_time(last: Sequence[NeedDetails]) -> LastTime:
    """One call out of the requests that it became, in their order."""
    return LastTime(
        categories=tuple(dict.fromkeys(each.category for each in last)),
        place=last[0].place_text if last else "",
        items=last[0].items if last else (),
        notes=last[0].notes if last else "",
        takes=tuple(dict.fromkeys(code for each in last for code in (*each.requires, *each.tags))),
        doorstep_word=last[0].doorstep_word if last else "",
    )
