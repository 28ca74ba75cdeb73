"""How well a volunteer who passed every gate fits: what counts and how much, as one table, each with its reason.

The score is a sum: for each factor a share from 0 to 1, times its weight. So a page can say of everybody which part
came from what, and in which order things count.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from node.domain.board.views import Part, Reason
from node.domain.catalogue import CheckLevel
from node.domain.hours import PARTS, WEEKDAYS
from node.domain.matching.matching import (
    Helper,
    Wanted,
    here_on,
    honest_km,
    km_between,
    this_month,
    this_week,
)
from node.domain.matching.week import busy_that_day

SAME_DISTRICT_KM = 3.0
DAY_SECONDS = 24 * 3600
LONG_DAYS = 28
"""Whoever was asked longer ago than this waits no longer than long."""
WORTH_SAYING_DAYS = 7


class Factor(StrEnum):
    """What counts."""

    NEAR = "near"
    FREE = "free"
    """Few tasks that week."""
    KNOWN = "known"
    """Helped this person before, or is a standing pair with them."""
    LANGUAGE = "language"
    HOURS = "hours"
    """How much of the time in which help could come suits her."""
    WAITING = "waiting"
    """Nobody asked her for long."""
    FAIR = "fair"
    """Had no more than others in four weeks."""


WEIGHTS: Mapping[Factor, int] = {
    Factor.NEAR: 32,
    Factor.FREE: 18,
    Factor.KNOWN: 16,
    Factor.LANGUAGE: 12,
    Factor.HOURS: 8,
    Factor.WAITING: 8,
    Factor.FAIR: 6,
}
"""Out of ``MOST``, what counts most first. Nearness leads because it decides whether help comes on foot and today; a
face she knows comes before fairness among us, and what is only fair to us never outweighs what is good for her."""
MOST = float(sum(WEIGHTS.values()))
"""100 points."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One helper beside one need at one moment."""

    helper: Helper
    wanted: Wanted
    now: int


def score(helper: Helper, wanted: Wanted, now: int) -> float:
    """0 to ``MOST``: each factor's share times its weight."""
    ask = Ask(helper, wanted, now)
    return sum(weight * SHARES[factor](ask) for factor, weight in WEIGHTS.items())


def parts(helper: Helper, wanted: Wanted, now: int) -> tuple[Part, ...]:
    """What the score is made of, in the order of the weights; points are whole."""
    ask = Ask(helper, wanted, now)
    return tuple(
        Part(factor=str(factor), points=round(weight * SHARES[factor](ask)), most=weight)
        for factor, weight in WEIGHTS.items()
    )


def _near(ask: Ask) -> float:
    helper, wanted = ask.helper, ask.wanted
    if wanted.remote:
        return 1.0
    if wanted.point is None or helper.point is None:
        return 0.3
    return 1 / (1 + km_between(helper.point, wanted.point) / 2)


def _free(ask: Ask) -> float:
    return 1 / (1 + this_week(ask.helper, ask.wanted.day))


def _known(ask: Ask) -> float:
    known = ask.wanted.helped_before.keys() | ask.wanted.buddies
    return 1.0 if ask.helper.person_id in known else 0.0


def _language(ask: Ask) -> float:
    return 0.0 if ask.wanted.soft_languages.isdisjoint(ask.helper.languages) else 1.0


def _hours(ask: Ask) -> float:
    wanted = ask.wanted
    if not ask.helper.volunteer.days_off and here_on(ask.helper.volunteer, wanted) == wanted.days:
        return len(wanted.slots & ask.helper.hours) / len(wanted.slots)
    free, all_of_them = _times(ask)
    return free / all_of_them


def _waiting(ask: Ask) -> float:
    asked = ask.helper.asked_at
    return 1.0 if asked is None else min(1.0, max(0, ask.now - asked) / (LONG_DAYS * DAY_SECONDS))


def _fair(ask: Ask) -> float:
    had, usual = this_month(ask.helper, ask.now), ask.wanted.usual
    return (1 + usual) / (1 + max(usual, had))


SHARES: Mapping[Factor, Callable[[Ask], float]] = {
    Factor.NEAR: _near,
    Factor.FREE: _free,
    Factor.KNOWN: _known,
    Factor.LANGUAGE: _language,
    Factor.HOURS: _hours,
    Factor.WAITING: _waiting,
    Factor.FAIR: _fair,
}
"""For each factor a share from 0 to 1."""


def _times(ask: Ask) -> tuple[int, int]:
    """(times that suit her, times at which help could come); a time is one part of one day."""
    helper, wanted = ask.helper, ask.wanted
    of_day = PARTS if wanted.part is None else (wanted.part,)
    free = sum(
        f"{WEEKDAYS[day.weekday()]}:{part}" in helper.hours
        for day in here_on(helper.volunteer, wanted)
        if day.isoformat() not in helper.volunteer.days_off
        for part in of_day
    )
    return free, len(wanted.days) * len(of_day)


def reasons(helper: Helper, wanted: Wanted, now: int) -> tuple[Reason, ...]:
    """Why she fits, in the order a coordinator would say it."""
    ask = Ask(helper, wanted, now)
    found = [] if wanted.remote else [whereabouts(helper, wanted)]
    if len(wanted.days) == 1 and busy_that_day(helper.booked, wanted.day, wanted.requester):
        found.insert(0, _reason("busy_day"))
    if helper.person_id in wanted.buddies:
        found.insert(0, _reason("buddy"))
    if "car" in wanted.needs or "van" in wanted.needs:
        found.append(_reason("transport", transport=str(helper.volunteer.transport)))
    found += [_reason("can", code=code) for code in sorted(wanted.needs - {"car", "van"})]
    spoken = sorted((wanted.languages | wanted.soft_languages) & helper.languages)
    found += [_reason("speaks", language=language) for language in spoken]
    times = wanted.helped_before.get(helper.person_id, 0)
    if times:
        found.append(_reason("helped_before", times=times))
    if wanted.check is not CheckLevel.NONE:
        found.append(_reason("checked", check=str(wanted.check)))
    if helper.new_here:
        found.append(_reason("new_here"))
    free, all_of_them = _times(ask)
    if free < all_of_them:
        found.append(_reason("some_times", free=free, all=all_of_them))
    most = helper.volunteer.max_per_week
    count = this_week(helper, wanted.day)
    found.append(
        _reason("this_week", count=count) if most is None else _reason("this_week", count=count, most=most)
    )
    if helper.asked_at is None:
        found.append(_reason("never_asked"))
    elif (days := (now - helper.asked_at) // DAY_SECONDS) >= WORTH_SAYING_DAYS:
        found.append(_reason("not_asked", days=days))
    month = this_month(helper, now)
    if month > wanted.usual + 1:
        found.append(_reason("had_many", count=month))
    return tuple(found)


def whereabouts(helper: Helper, wanted: Wanted) -> Reason:
    """How far it is, as honestly as both places are known: a distance, a district, or that it is not known."""
    if helper.point is None or wanted.point is None:
        return _reason("place_unknown")
    km = honest_km(helper, wanted)
    if km is not None:
        return _reason("distance", km=round(km, 1))
    near = km_between(helper.point, wanted.point) <= SAME_DISTRICT_KM
    return _reason("same_district" if near else "other_district")


def _reason(code: str, /, **args: str | int | float) -> Reason:
    return Reason(code=code, args=args)
