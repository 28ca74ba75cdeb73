"""Who fits a need: hard gates first, then a score, each with a code that the page puts into words.

Codes against (``why_not``), values in braces: ``not_volunteer``, ``left``, ``own_need``, ``already_asked``,
``lacks_check`` {check}, ``check_out_of_date`` {check, until}, ``paused`` {until?}, ``off_today`` {day,
weekday}, ``not_this_kind``, ``lacks`` {code}, ``lacks_language`` {languages}, ``too_far`` {km?},
``week_full`` {count, most}, ``not_suitable``, ``closed``; ``fits`` if nothing stands against it.

Codes for (``reasons``): ``distance`` {km}, ``same_district``, ``other_district``, ``place_unknown``,
``transport`` {transport}, ``can`` {code}, ``speaks`` {language}, ``helped_before`` {times}, ``checked``
{check}, ``this_week`` {count, most?}.

``not_suitable`` stands for barred, suspended and "must not meet" alike and says no more: who must not meet
whom is never told, and the three cannot be told apart.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from node.domain.catalogue import CheckLevel
from node.domain.ids import PersonId
from node.domain.need import Point
from node.domain.views import Reason
from node.domain.volunteer import WEEKDAYS, Transport, Volunteer, VolunteerState, off_on, paused_on

KM_PER_DEGREE = 111.195
NEAR_ENOUGH_M = 500
"""A place known no better than this has no figure: "same district" is all that is honest."""
SAME_DISTRICT_KM = 3.0
WEEK_SECONDS = 7 * 24 * 3600

DEMANDING_TAGS = frozenset({"heavy", "stairs", "pets", "large_dog"})
"""Tags that a volunteer must have said she can manage; the others only describe the task."""

CHECK_ORDER = tuple(CheckLevel)
"""Weakest first; a stronger check counts for a weaker one."""


class Gate(StrEnum):
    """The codes against, in the order in which they are looked at and told."""

    NOT_VOLUNTEER = "not_volunteer"
    LEFT = "left"
    OWN_NEED = "own_need"
    ALREADY_ASKED = "already_asked"
    LACKS_CHECK = "lacks_check"
    CHECK_OUT_OF_DATE = "check_out_of_date"
    PAUSED = "paused"
    OFF_TODAY = "off_today"
    NOT_THIS_KIND = "not_this_kind"
    LACKS = "lacks"
    LACKS_LANGUAGE = "lacks_language"
    TOO_FAR = "too_far"
    WEEK_FULL = "week_full"
    NOT_SUITABLE = "not_suitable"


MUST = frozenset(
    {
        Gate.NOT_VOLUNTEER,
        Gate.LEFT,
        Gate.OWN_NEED,
        Gate.ALREADY_ASKED,
        Gate.LACKS_CHECK,
        Gate.CHECK_OUT_OF_DATE,
        Gate.NOT_SUITABLE,
    }
)
"""Gates that nobody can overrule; the others a coordinator may, when the volunteer said yes all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one need asks of its helper."""

    category: str
    """Exact."""
    check: CheckLevel
    needs: frozenset[str]
    """Demanding tags and requirement codes."""
    languages: frozenset[str]
    """The helper must speak one of these, if there are any."""
    soft_languages: frozenset[str]
    """Speaking one of these is better."""
    point: Point | None
    remote: bool
    day: date
    """The first day on which help is wanted, not before today."""
    requester: PersonId | None
    not_with: frozenset[PersonId]
    """Never shown to anybody."""
    requester_barred: bool = False
    asked: frozenset[PersonId] = frozenset()
    """Who is live on this need."""
    helped_before: Mapping[PersonId, int]


@dataclass(frozen=True, slots=True)
class Helper:
    """One volunteer as matching holds her in memory. ``manages`` includes what her transport brings."""

    person_id: PersonId
    name: str
    volunteer: Volunteer
    barred: bool
    point: Point | None
    abilities: frozenset[str]
    manages: frozenset[str]
    languages: frozenset[str]
    checks: Mapping[CheckLevel, date | None]
    taken: tuple[int, ...]
    """Unix seconds of the tasks confirmed or done in the last week."""


def helper_of(
    volunteer: Volunteer, *, name: str, barred: bool, point: Point | None, taken: tuple[int, ...]
) -> Helper:
    """The volunteer with her sets worked out once."""
    manages = set(volunteer.takes)
    if volunteer.transport in (Transport.CAR, Transport.VAN):
        manages.add("car")
    if volunteer.transport is Transport.VAN:
        manages.add("van")
    return Helper(
        volunteer.person_id,
        name,
        volunteer,
        barred,
        point,
        frozenset(volunteer.abilities),
        frozenset(manages),
        frozenset(volunteer.languages),
        _checks(volunteer),
        taken,
    )


def _checks(volunteer: Volunteer) -> Mapping[CheckLevel, date | None]:
    """For each level the last day she holds it or a stronger one; None: no end. Absent: never seen."""
    held: dict[CheckLevel, date | None] = {CheckLevel.NONE: None}
    for cleared in volunteer.cleared:
        level = CHECK_ORDER.index(CheckLevel(cleared.check))
        for weaker in CHECK_ORDER[1 : level + 1]:
            if weaker not in held:
                held[weaker] = cleared.until
                continue
            until = held[weaker]
            if until is not None and (cleared.until is None or cleared.until > until):
                held[weaker] = cleared.until
    return held


def km_between(a: Point, b: Point) -> float:
    """Kilometres between two points of one region (flat reckoning, under 1 % off below 200 km)."""
    across = (a.lon - b.lon + 180) % 360 - 180
    x = across * math.cos(math.radians((a.lat + b.lat) / 2))
    return KM_PER_DEGREE * math.hypot(x, a.lat - b.lat)


def this_week(helper: Helper, now: int) -> int:
    """Tasks confirmed or done in the seven days before ``now`` (Unix seconds)."""
    return sum(at > now - WEEK_SECONDS for at in helper.taken)


def gate(helper: Helper, wanted: Wanted, now: int) -> Gate | None:
    """The first gate that is shut, None if she fits. Cheap: it runs for every volunteer in reach."""
    volunteer = helper.volunteer
    if volunteer.state is VolunteerState.LEFT:
        return Gate.LEFT
    if helper.person_id == wanted.requester:
        return Gate.OWN_NEED
    if helper.person_id in wanted.asked:
        return Gate.ALREADY_ASKED
    if wanted.check not in helper.checks:
        return Gate.LACKS_CHECK
    until = helper.checks[wanted.check]
    if until is not None and until < wanted.day:
        return Gate.CHECK_OUT_OF_DATE
    if paused_on(volunteer, wanted.day):
        return Gate.PAUSED
    if volunteer.days_off and off_on(volunteer, wanted.day):
        return Gate.OFF_TODAY
    if wanted.category not in helper.abilities:
        return Gate.NOT_THIS_KIND
    if not wanted.needs <= helper.manages:
        return Gate.LACKS
    if wanted.languages and wanted.languages.isdisjoint(helper.languages):
        return Gate.LACKS_LANGUAGE
    if _too_far(helper, wanted):
        return Gate.TOO_FAR
    if volunteer.max_per_week is not None and this_week(helper, now) >= volunteer.max_per_week:
        return Gate.WEEK_FULL
    return Gate.NOT_SUITABLE if not_suitable(helper, wanted) else None


def must_not(helper: Helper, wanted: Wanted) -> Gate | None:
    """The first gate that is shut and that nobody can overrule, None if there is none."""
    if helper.volunteer.state is VolunteerState.LEFT:
        return Gate.LEFT
    if helper.person_id == wanted.requester:
        return Gate.OWN_NEED
    if helper.person_id in wanted.asked:
        return Gate.ALREADY_ASKED
    if wanted.check not in helper.checks:
        return Gate.LACKS_CHECK
    until = helper.checks[wanted.check]
    if until is not None and until < wanted.day:
        return Gate.CHECK_OUT_OF_DATE
    return Gate.NOT_SUITABLE if not_suitable(helper, wanted) else None


def not_suitable(helper: Helper, wanted: Wanted) -> bool:
    """Barred, suspended, or people who must not meet; which of them is nobody's to read."""
    return (
        helper.barred
        or wanted.requester_barred
        or helper.volunteer.state is VolunteerState.SUSPENDED
        or helper.person_id in wanted.not_with
    )


def _too_far(helper: Helper, wanted: Wanted) -> bool:
    if wanted.remote or wanted.point is None or helper.point is None:
        return False
    slack = (helper.point.accuracy_m + wanted.point.accuracy_m) / 1000
    return km_between(helper.point, wanted.point) > helper.volunteer.radius_km + slack


def honest_km(helper: Helper, wanted: Wanted) -> float | None:
    """The distance where both places are known better than 500 m, else None."""
    a, b = helper.point, wanted.point
    if a is None or b is None or max(a.accuracy_m, b.accuracy_m) >= NEAR_ENOUGH_M:
        return None
    return km_between(a, b)


def score(helper: Helper, wanted: Wanted, now: int) -> float:
    """0 to 100: how near (40), how free this week (25), helped before (20), language (15)."""
    return (
        40 * _nearness(helper, wanted)
        + 25 / (1 + this_week(helper, now))
        + (20 if helper.person_id in wanted.helped_before else 0)
        + (15 if not wanted.soft_languages.isdisjoint(helper.languages) else 0)
    )


def _nearness(helper: Helper, wanted: Wanted) -> float:
    if wanted.remote:
        return 1.0
    if wanted.point is None or helper.point is None:
        return 0.3
    return 1 / (1 + km_between(helper.point, wanted.point) / 2)


def reasons(helper: Helper, wanted: Wanted, now: int) -> tuple[Reason, ...]:
    """Why she fits, in the order a coordinator would say it."""
    found = [] if wanted.remote else [_where(helper, wanted)]
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
    most = helper.volunteer.max_per_week
    count = this_week(helper, now)
    found.append(
        _reason("this_week", count=count) if most is None else _reason("this_week", count=count, most=most)
    )
    return tuple(found)


def _where(helper: Helper, wanted: Wanted) -> Reason:
    if helper.point is None or wanted.point is None:
        return _reason("place_unknown")
    km = honest_km(helper, wanted)
    if km is not None:
        return _reason("distance", km=round(km, 1))
    near = km_between(helper.point, wanted.point) <= SAME_DISTRICT_KM
    return _reason("same_district" if near else "other_district")


def explain(shut: Gate | None, helper: Helper, wanted: Wanted, now: int) -> Reason:
    """A shut gate with its values; ``fits`` for None."""
    volunteer = helper.volunteer
    match shut:
        case None:
            return _reason("fits")
        case Gate.PAUSED if volunteer.paused_until is not None:
            return _reason(shut, until=volunteer.paused_until.isoformat())
        case Gate.OFF_TODAY:
            return _reason(shut, day=wanted.day.isoformat(), weekday=WEEKDAYS[wanted.day.weekday()])
        case Gate.LACKS_CHECK:
            return _reason(shut, check=str(wanted.check))
        case Gate.CHECK_OUT_OF_DATE:
            until = helper.checks[wanted.check]
            return _reason(shut, check=str(wanted.check), until=until.isoformat() if until else "")
        case Gate.LACKS:
            return _reason(shut, code=", ".join(sorted(wanted.needs - helper.manages)))
        case Gate.LACKS_LANGUAGE:
            return _reason(shut, languages=", ".join(sorted(wanted.languages)))
        case Gate.TOO_FAR:
            km = honest_km(helper, wanted)
            return _reason(shut) if km is None else _reason(shut, km=round(km, 1))
        case Gate.WEEK_FULL:
            return _reason(shut, count=this_week(helper, now), most=volunteer.max_per_week or 0)
        case _:
            return _reason(shut)


def _reason(code: str, /, **args: str | int | float) -> Reason:
    return Reason(code=str(code), args=args)
