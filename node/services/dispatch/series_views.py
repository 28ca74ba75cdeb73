"""What comes again as pages show it: a rule, its next days, and whether it stands still."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from node.domain.dispatch.series import OnHoliday, RuleChange, Series
from node.domain.dispatch.series_days import LeftOut, MadeDay, RuleDay, rule_days
from node.domain.ids import NeedId
from node.domain.people.records import need_from
from node.services.desk import Desk
from node.services.dispatch import series_records
from node.services.dispatch.series_closing import ahead
from node.store import persons, series
from node.store.db import Tx

NEXT_SHOWN = 4
_LOOKED_AT_DAYS = 200
BACK_DAYS = 14
"""So long a page offers to take a change of days back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDay:
    """A day of a rule that is to come: when help comes, None where it does not; the need if it was made."""

    day: date
    comes: date | None
    need_id: NeedId | None
    why: LeftOut | None
    """Why nobody comes."""
    left_out: bool
    """Somebody left just that day out, and may bring it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """One rule as a page shows it."""

    series: Series
    category: str
    next: tuple[NextDay, ...]
    weekdays: tuple[int, ...]
    """As they are today, or on its first day."""
    changes: tuple[RuleChange, ...]
    """What is to change, in order."""
    may_take_back: bool
    """The last change is to come, or was in the last ``BACK_DAYS``."""
    ahead: tuple[MadeDay, ...]
    """Requests that are made already and lie ahead, the first of all with them: a pause and an end ask about each."""
    on_days_off: tuple[MadeDay, ...]
    """Those of them that fall on a day off on which nobody is to come."""
    stands_still: bool
    """Whom it is for is kept away: nothing comes of it until that is lifted and somebody says that it goes on."""


async def view(tx: Tx, desk: Desk, each: Series, sealed: bytes, holidays: Collection[date]) -> SeriesView:
    """One rule with its next days. Raises ``Locked``."""
    made = await series.made_days(tx, each.id)
    planned = rule_days(each, desk.today, desk.today + timedelta(days=_LOOKED_AT_DAYS), holidays, made)
    found = list(islice(planned, NEXT_SHOWN))
    lying = ahead(desk, made.values())
    # A request of another day than the rule's: the first of all, or one from before the rule was changed.
    others = [each for each in lying if each.dated and each.day not in {row.day for row in found}]
    coming = [
        *(
            NextDay(day=each.day, comes=each.comes, need_id=each.need_id, why=None, left_out=False)
            for each in others
        ),
        *map(_shown, found),
    ]
    coming.sort(key=lambda each: each.comes or each.day)
    off = (
        ()
        if each.rule.on_holiday is OnHoliday.SAME
        else tuple(on for on in lying if on.dated and on.comes in holidays)
    )
    category = need_from(series_records.opened(desk, each.id, sealed)["need"]).category
    still = await stands_still(tx, each)
    changes = each.rule.changes
    return SeriesView(
        series=each,
        category=category,
        next=tuple(coming),
        weekdays=each.rule.weekdays_on(desk.today),
        changes=tuple(change for change in changes if change.from_day > desk.today),
        may_take_back=bool(changes) and changes[-1].from_day > desk.today - timedelta(days=BACK_DAYS),
        ahead=lying,
        on_days_off=off,
        stands_still=still,
    )


def _shown(found: RuleDay) -> NextDay:
    held = found.made
    return NextDay(
        day=found.day,
        comes=found.comes,
        need_id=held.need_id if held else None,
        why=found.left_out,
        left_out=held is not None and held.skipped and not held.open,
    )


async def stands_still(tx: Tx, each: Series) -> bool:
    """Whether whom it is for is kept away."""
    return await persons.is_barred(tx, each.person_id)
