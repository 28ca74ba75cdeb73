"""The sealed part of a rule: what is wanted each time, kept from the first need and made into a need again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from node.domain.consents import Consents, Purpose
from node.domain.dispatch.series import Every, Series
from node.domain.intake.intake import NewNeed
from node.domain.need import CallerDetails, Channel, PartOfDay, Repeats, Urgency, Window
from node.domain.people.records import need_from, need_record
from node.services.desk import Desk
from node.store import consents
from node.store.db import Tx
from node.store.needs import NeedRow
from node.vault import Compartment

REPEATS: Final = {Every.WEEK: Repeats.WEEKLY, Every.FORTNIGHT: Repeats.OTHER, Every.MONTH: Repeats.MONTHLY}
"""How often, in the words that a summary has for it."""


async def sealed(tx: Tx, desk: Desk, series_id: str, row: NeedRow) -> bytes:
    """What that need asks for, with what she said yes to: it holds for those that follow. Raises ``Locked``."""
    need = row.need
    said = {str(each.purpose): [each.answer, each.wording] for each in await consents.of_need(tx, need.id)}
    record = {
        "need": need_record(desk.open_need(row)),
        "part_of_day": need.part_of_day,
        "helpers": need.helpers,
        "remote": need.remote,
        "keep_here": need.keep_here,
        "channel": need.channel,
        "consents": said,
    }
    return desk.vault.seal(Compartment.PEOPLE, "series", series_id, record)


def opened(desk: Desk, series_id: str, box: bytes) -> dict[str, Any]:
    """The same again. Raises ``Locked``."""
    return desk.vault.open(Compartment.PEOPLE, "series", series_id, box)


def with_caller(
    desk: Desk, series_id: str, box: bytes, before: CallerDetails | None, caller: CallerDetails | None
) -> bytes | None:
    """The same with another caller, or with none; None where it names another one than ``before``. Raises
    ``Locked``."""
    record = opened(desk, series_id, box)
    details = need_from(record["need"])
    if details.caller != before:
        return None
    record["need"] = need_record(replace(details, caller=caller))
    return desk.vault.seal(Compartment.PEOPLE, "series", series_id, record)


def new_need(found: Series, record: Mapping[str, Any], day: date, cap: int, of: date) -> NewNeed:
    """One day of a rule as a call, for ``day``, which is its day ``of`` unless that is a holiday. ``cap``: the most
    that the group gives at once, in hundredths; 0 for none."""
    part = found.rule.part_on(of, record["part_of_day"] or "")
    details, said = need_from(record["need"]), record["consents"]
    most = details.money.most
    answers = {Purpose(purpose): answer for purpose, (answer, _) in said.items()}
    return NewNeed(
        channel=Channel(record["channel"]),
        for_self=details.caller is None,
        caller=details.caller,
        known_person=found.person_id,
        categories=(details.category,),
        urgency=Urgency.THIS_WEEK,
        window=Window(first=day, last=day),
        part_of_day=PartOfDay(part) if part else None,
        effort=details.effort,
        people=details.people,
        helpers=record["helpers"],
        remote=record["remote"],
        requires=details.requires,
        languages=details.languages,
        tags=details.tags,
        repeats=REPEATS[found.rule.every],
        place_text=details.place_text,
        # Without a place of its own it is where she lives by then.
        point=details.point if details.place_text else None,
        notes=details.notes,
        items=details.items,
        money=replace(details.money, most=min(most, cap) if cap else most),
        answers=details.answers,
        doorstep_word=details.doorstep_word,
        keep_here=record["keep_here"],
        consents=Consents(
            help_you=answers.get(Purpose.HELP_YOU),
            groups_see=answers.get(Purpose.GROUPS_SEE),
            wordings={Purpose(purpose): wording for purpose, (_, wording) in said.items()},
        ),
        start="open",
    )
