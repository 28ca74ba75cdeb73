"""Who fits a need: the hard gates, each with a code that the page puts into words. ``scoring`` has what comes after.

Codes against (``why_not``), values in braces: ``not_volunteer``, ``left``, ``own_need``, ``already_asked``,
``looks_known``, ``lacks_check`` {check}, ``check_out_of_date`` {check, until}, ``newcomer``, ``paused`` {until?},
``off_today`` {day, weekday}, ``off_then`` {day, weekday, part}, ``off_all`` {part?}, ``resting`` {until},
``busy_then``, ``not_this_kind``, ``lacks`` {code}, ``lacks_language`` {languages}, ``too_far`` {km?},
``week_full`` {count, most}, ``not_suitable``, ``closed``; ``fits`` if nothing stands against it.

Codes for (``scoring.reasons``): ``distance`` {km}, ``same_district``, ``other_district``, ``place_unknown``,
``transport`` {transport}, ``can`` {code}, ``speaks`` {language}, ``helped_before`` {times}, ``checked``
{check}, ``new_here``, ``some_times`` {free, all}, ``this_week`` {count, most?}, ``never_asked``, ``not_asked``
{days}, ``had_many`` {count}, ``busy_day``.

``not_suitable`` stands for barred, suspended and "must not meet" alike and says no more: who must not meet
whom is never told, and the three cannot be told apart.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from node.domain.board.views import Reason
from node.domain.catalogue import CheckLevel, Going
from node.domain.hours import WEEKDAYS, free_on
from node.domain.ids import PersonId
from node.domain.matching.week import Booked, clash, fullest_week
from node.domain.need import PartOfDay, Point
from node.domain.volunteer import Transport, Volunteer, VolunteerState, new_here, paused_on

KM_PER_DEGREE = 111.195
NEAR_ENOUGH_M = 500
"""A place known no better than this has no figure: "same district" is all that is honest."""
WEEK_SECONDS = 7 * 24 * 3600
MONTH_SECONDS = 4 * WEEK_SECONDS
"""Four weeks: over these the work is shared out."""

DEMANDING_TAGS = frozenset({"heavy", "stairs", "pets", "large_dog"})
"""Tags that a volunteer must have said she can manage; the others only describe the task."""

HARD_TAGS = frozenset({"heavy"})
"""Tags that make any task a hard one, beside the kinds that the catalogue calls hard."""

CHECK_ORDER = tuple(CheckLevel)
"""Weakest first; a stronger check counts for a weaker one."""


class Gate(StrEnum):
    """The codes against, in the order in which they are looked at and told."""

    NOT_VOLUNTEER = "not_volunteer"
    LEFT = "left"
    OWN_NEED = "own_need"
    ALREADY_ASKED = "already_asked"
    LOOKS_KNOWN = "looks_known"
    """She signed up and may be somebody we know: nobody said yet whether it is one person."""
    LACKS_CHECK = "lacks_check"
    CHECK_OUT_OF_DATE = "check_out_of_date"
    NEWCOMER = "newcomer"
    PAUSED = "paused"
    OFF_TODAY = "off_today"
    RESTING = "resting"
    BUSY_THEN = "busy_then"
    """Confirmed for somebody else at that very time."""
    NOT_THIS_KIND = "not_this_kind"
    LACKS = "lacks"
    LACKS_LANGUAGE = "lacks_language"
    TOO_FAR = "too_far"
    WEEK_FULL = "week_full"
    NOT_SUITABLE = "not_suitable"


OVERRULED_WITH_A_REASON = frozenset(
    {"paused", "off_today", "off_then", "off_all", "resting", "busy_then", "not_this_kind", "lacks", "lacks_language",
        "too_far", "week_full"}
)  # fmt: skip
"""Codes against that a coordinator may overrule, when the volunteer said yes all the same: with a reason, on record."""

MUST = frozenset(
    {
        Gate.NOT_VOLUNTEER,
        Gate.LEFT,
        Gate.OWN_NEED,
        Gate.ALREADY_ASKED,
        Gate.LOOKS_KNOWN,
        Gate.LACKS_CHECK,
        Gate.CHECK_OUT_OF_DATE,
        Gate.NEWCOMER,
        Gate.NOT_SUITABLE,
    }
)
"""Gates that nobody can overrule; the others are ``OVERRULED_WITH_A_REASON``."""


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
    days: tuple[date, ...]
    """Every day on which it could come (``hours.days_wanted``)."""
    part: PartOfDay | None
    slots: frozenset[str]
    """The slots of those days (``hours.slots_wanted``)."""
    contactless: bool
    """From the doorstep, by phone or from afar, where the group lets a newcomer do that alone."""
    paired: bool
    """Somebody whom we know well is confirmed on it, and the group lets a newcomer go with them."""
    requester: PersonId | None
    not_with: frozenset[PersonId]
    """Never shown to anybody."""
    unseen: frozenset[PersonId] = frozenset()
    """Who signed up and may be somebody we know, until a coordinator has looked."""
    requester_barred: bool = False
    going: Going = Going.ALONE
    """How she goes there; ``ALONE`` where nobody goes at all."""
    asked: frozenset[PersonId] = frozenset()
    """Who is live on this need."""
    helped_before: Mapping[PersonId, int]
    buddies: frozenset[PersonId] = frozenset()
    """Who is a standing pair with this person: asked before everybody else."""
    usual: float = 0.0
    """Tasks that a volunteer of ours had in four weeks, on average."""


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
    hours: frozenset[str]
    languages: frozenset[str]
    checks: Mapping[CheckLevel, date | None]
    taken: tuple[int, ...]
    """Unix seconds of the tasks confirmed or done in the last four weeks."""
    days: tuple[date, ...]
    """The days of these, and of those confirmed longer ago and still to come (``week.day_of``)."""
    booked: tuple[Booked, ...]
    """When she is sure to be somewhere else."""
    new_here: bool
    """Nobody of us has met her yet."""
    rests_until: date | None
    """After a hard task: the first day on which she may be asked again."""
    organisation: bool
    asked_at: int | None
    """Unix seconds at which she was last asked, or offered by herself; None: never."""


def helper_of(
    volunteer: Volunteer,
    *,
    name: str,
    barred: bool,
    point: Point | None,
    taken: tuple[int, ...],
    days: tuple[date, ...] | None = None,
    booked: tuple[Booked, ...] = (),
    hard_day: date | None = None,
    organisation: bool = False,
    asked_at: int | None = None,
) -> Helper:
    """The volunteer with her sets worked out once.

    ``days``: without them, the days (UTC) of ``taken``;
    ``hard_day``: when she last did a hard task; ``organisation``: nobody has to meet it first.
    """
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
        frozenset(volunteer.hours),
        frozenset(volunteer.languages),
        _checks(volunteer),
        taken,
        tuple(datetime.fromtimestamp(at, UTC).date() for at in taken) if days is None else days,
        booked,
        new_here(volunteer) and not organisation,
        rests_until(volunteer, hard_day),
        organisation,
        asked_at,
    )


def rests_until(volunteer: Volunteer, hard_day: date | None) -> date | None:
    """The first day after the rest that a hard task on ``hard_day`` earns her; None: no rest."""
    if hard_day is None or not volunteer.rest_days:
        return None
    return hard_day + timedelta(days=volunteer.rest_days + 1)


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


def holds(volunteer: Volunteer, level: CheckLevel, day: date) -> bool:
    """Whether she has shown that check or a stronger one, and it still counts on that day."""
    held = _checks(volunteer)
    return level in held and ((until := held[level]) is None or until >= day)


def lapsed(volunteer: Volunteer, level: CheckLevel | None, day: date) -> bool:
    """Whether a check that ``level`` takes was hers and has ended by that day, with nothing in its place; None: any of
    hers. One that was never seen has not ended."""
    if level is None:
        return any(not holds(volunteer, CheckLevel(each.check), day) for each in volunteer.cleared)
    return level in _checks(volunteer) and not holds(volunteer, level, day)


def km_between(a: Point, b: Point) -> float:
    """Kilometres between two points of one region (flat reckoning, under 1 % off below 200 km)."""
    across = (a.lon - b.lon + 180) % 360 - 180
    x = across * math.cos(math.radians((a.lat + b.lat) / 2))
    return KM_PER_DEGREE * math.hypot(x, a.lat - b.lat)


def this_week(helper: Helper, day: date) -> int:
    """Her tasks in the fullest seven days that hold ``day``, by the days of the tasks."""
    return fullest_week(helper.days, day) if helper.days else 0


def this_month(helper: Helper, now: int) -> int:
    """Tasks confirmed or done in the four weeks before ``now`` (Unix seconds)."""
    return sum(at > now - MONTH_SECONDS for at in helper.taken)


def gate(helper: Helper, wanted: Wanted, now: int) -> Gate | None:
    """The first gate that is shut, None if she fits. Cheap: it runs for every volunteer in reach."""
    volunteer = helper.volunteer
    if volunteer.state is VolunteerState.LEFT:
        return Gate.LEFT
    if helper.person_id == wanted.requester:
        return Gate.OWN_NEED
    if helper.person_id in wanted.asked:
        return Gate.ALREADY_ASKED
    if helper.person_id in wanted.unseen:
        return Gate.LOOKS_KNOWN
    if wanted.check not in helper.checks:
        return Gate.LACKS_CHECK
    until = helper.checks[wanted.check]
    if until is not None and until < wanted.day:
        return Gate.CHECK_OUT_OF_DATE
    if alone_and_new(helper, wanted):
        return Gate.NEWCOMER
    days = here_on(volunteer, wanted)
    if not days:
        return Gate.PAUSED
    some = volunteer.days_off or len(days) < len(wanted.days)
    if wanted.slots.isdisjoint(helper.hours) or (some and not _free(helper, wanted, days)):
        return Gate.OFF_TODAY
    if helper.rests_until is not None and wanted.days[-1] < helper.rests_until:
        return Gate.RESTING
    if helper.booked and busy_then(helper, wanted):
        return Gate.BUSY_THEN
    if wanted.category not in helper.abilities:
        return Gate.NOT_THIS_KIND
    if (lacking := cannot(helper, wanted)) is not None:
        return lacking
    if _too_far(helper, wanted):
        return Gate.TOO_FAR
    if volunteer.max_per_week is not None and least_this_week(helper, days) >= volunteer.max_per_week:
        return Gate.WEEK_FULL
    return Gate.NOT_SUITABLE if not_suitable(helper, wanted) else None


def cannot(helper: Helper, wanted: Wanted) -> Gate | None:
    """What it takes that she said she cannot do, or that none of the languages is hers; None if she can."""
    if not wanted.needs <= helper.manages:
        return Gate.LACKS
    if wanted.languages and wanted.languages.isdisjoint(helper.languages):
        return Gate.LACKS_LANGUAGE
    return None


def busy_then(helper: Helper, wanted: Wanted) -> bool:
    """She is sure to be somewhere else at the very time; never where it may be on several days, or at any time."""
    return len(wanted.days) == 1 and clash(helper.booked, wanted.day, wanted.part, wanted.requester)


def here_on(volunteer: Volunteer, wanted: Wanted) -> tuple[date, ...]:
    """The days on which it is wanted and she has no break."""
    if volunteer.state is not VolunteerState.PAUSED:
        return wanted.days
    return tuple(day for day in wanted.days if not paused_on(volunteer, day))


def least_this_week(helper: Helper, days: Iterable[date]) -> int:
    """``this_week`` on that of the days on which she has the least to do; 0 for no days."""
    return min((this_week(helper, day) for day in days), default=0) if helper.days else 0


def _free(helper: Helper, wanted: Wanted, days: Iterable[date]) -> bool:
    return any(free_on(helper.hours, helper.volunteer.days_off, day, wanted.part) for day in days)


def must_not(helper: Helper, wanted: Wanted) -> Gate | None:
    """The first gate that is shut and that nobody can overrule, None if there is none."""
    if helper.volunteer.state is VolunteerState.LEFT:
        return Gate.LEFT
    if helper.person_id == wanted.requester:
        return Gate.OWN_NEED
    if helper.person_id in wanted.asked:
        return Gate.ALREADY_ASKED
    if helper.person_id in wanted.unseen:
        return Gate.LOOKS_KNOWN
    if wanted.check not in helper.checks:
        return Gate.LACKS_CHECK
    until = helper.checks[wanted.check]
    if until is not None and until < wanted.day:
        return Gate.CHECK_OUT_OF_DATE
    if alone_and_new(helper, wanted):
        return Gate.NEWCOMER
    return Gate.NOT_SUITABLE if not_suitable(helper, wanted) else None


def alone_and_new(helper: Helper, wanted: Wanted) -> bool:
    """Until somebody has met her: from the doorstep and by phone, or beside somebody whom we know."""
    return helper.new_here and not wanted.contactless and not wanted.paired


def not_suitable(helper: Helper, wanted: Wanted) -> bool:
    """Barred, suspended, or people who must not meet; which of them is nobody's to read."""
    return (
        helper.barred
        or wanted.requester_barred
        or helper.volunteer.state is VolunteerState.SUSPENDED
        or helper.person_id in wanted.not_with
    )


def claimable(helper: Helper, wanted: Wanted, now: int) -> bool:
    """Whether her own yes can be enough: the kind of help needs no check, no second person and nobody who minds that
    she is back, the task nothing special, and every gate is open for her, also those that a coordinator might overrule.
    """
    plain = wanted.check is CheckLevel.NONE and not wanted.needs and not wanted.languages
    plain = plain and wanted.going is Going.ALONE
    return plain and not helper.new_here and gate(helper, wanted, now) is None


def not_suitable_pair(helper: Helper, not_with: frozenset[PersonId], unseen: frozenset[PersonId]) -> bool:
    """The same for a standing pair; ``not_with``: whom the person must not meet; ``unseen``: as in ``Wanted``."""
    gone = helper.volunteer.state in (VolunteerState.SUSPENDED, VolunteerState.LEFT)
    return helper.barred or gone or helper.person_id in (not_with | unseen)


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


def explain(shut: Gate | None, helper: Helper, wanted: Wanted, now: int) -> Reason:
    """A shut gate with its values; ``fits`` for None."""
    volunteer = helper.volunteer
    match shut:
        case None:
            return _reason("fits")
        case Gate.PAUSED if volunteer.paused_until is not None:
            return _reason(shut, until=volunteer.paused_until.isoformat())
        case Gate.OFF_TODAY:
            return _off(wanted)
        case Gate.RESTING if helper.rests_until is not None:
            return _reason(shut, until=helper.rests_until.isoformat())
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
            return _reason(
                shut,
                count=least_this_week(helper, here_on(volunteer, wanted)),
                most=volunteer.max_per_week or 0,
            )
        case _:
            return _reason(shut)


def _off(wanted: Wanted) -> Reason:
    part = {"part": str(wanted.part)} if wanted.part else {}
    if len(wanted.days) > 1:
        return _reason("off_all", **part)
    day = {"day": wanted.day.isoformat(), "weekday": WEEKDAYS[wanted.day.weekday()]}
    return _reason("off_then" if part else Gate.OFF_TODAY, **day, **part)


def _reason(code: str, /, **args: str | int | float) -> Reason:
    return Reason(code=str(code), args=args)
