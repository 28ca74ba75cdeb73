"""Why somebody fits, or does not: the codes of ``node.domain.matching.matching`` put into words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from node.domain.board.views import Reason
from node.domain.catalogue import Catalogue
from node.errors import N_
from ui.i18n import Language
from ui.words import words

SENTENCES: Mapping[str, str] = {
    "distance": N_("%(km)s km away"),
    "same_district": N_("same district"),
    "other_district": N_("another district"),
    "place_unknown": N_("distance not known"),
    "buddy": N_("their buddy: ask first"),
    "transport": N_("%(transport)s"),
    "can": N_("can do: %(code)s"),
    "speaks": N_("speaks %(language)s"),
    "checked": N_("%(check)s"),
    "not_volunteer": N_("is not a volunteer"),
    "left": N_("does not help any more"),
    "own_need": N_("is the one who asks"),
    "already_asked": N_("was asked already"),
    "looks_known": N_("looks like somebody we know: first say on their page whether it is one person"),
    "lacks_check": N_("safety check is missing: %(check)s"),
    "check_out_of_date": N_("safety check ran out: %(check)s"),
    "paused": N_("has a break"),
    "paused_until": N_("has a break until %(until)s"),
    "off_today": N_("off on %(weekday)s"),
    "off_then": N_("off on %(weekday)s %(part)s"),
    "off_all": N_("off at the times when it is wanted"),
    "resting": N_("rests after a hard task until %(until)s"),
    "newcomer": N_("is new: only from the doorstep, by phone, or beside somebody we know"),
    "new_here": N_("new: nobody has met them yet"),
    "some_times": N_("free at %(free)s of %(all)s times"),
    "never_asked": N_("never asked so far"),
    "not_this_kind": N_("does not do this kind of help"),
    "lacks": N_("cannot manage: %(code)s"),
    "lacks_language": N_("does not speak %(languages)s"),
    "too_far": N_("too far away"),
    "too_far_km": N_("too far away: %(km)s km"),
    "week_full": N_("%(count)s of %(most)s in that week already"),
    "busy_then": N_("is confirmed for something else at that time"),
    "busy_day": N_("is confirmed for something else that day"),
    "not_suitable": N_("not for this one"),
    "closed": N_("this is closed"),
    "fits": N_("Nothing speaks against it."),
}


def in_words(reason: Reason, language: Language, catalogue: Catalogue) -> str:
    """The reason as a short phrase in the reader's language."""
    code, args = reason.code, reason.args
    if code == "helped_before":
        return language.say_many("helped here once before", "helped here %(num)s times", int(args["times"]))
    if code == "this_week":
        if "most" in args:
            return language.say(
                N_("%(count)s of %(most)s in that week"), count=args["count"], most=args["most"]
            )
        return language.say_many("%(num)s task this week", "%(num)s tasks this week", int(args["count"]))
    if code == "not_asked":
        return language.say_many("not asked for %(num)s day", "not asked for %(num)s days", int(args["days"]))
    if code == "had_many":
        return language.say_many(
            "did more than most: %(num)s task in four weeks",
            "did more than most: %(num)s tasks in four weeks",
            int(args["count"]),
        )
    if code == "paused" and args.get("until"):
        code = "paused_until"
    if code == "too_far" and "km" in args:
        code = "too_far_km"
    if code not in SENTENCES:
        return code
    said = {name: _value(name, value, language, catalogue) for name, value in args.items()}
    return language.say(SENTENCES[code], **said) if said else language.say(SENTENCES[code])


def _value(name: str, value: Any, language: Language, catalogue: Catalogue) -> str:
    each: Mapping[str, Callable[[str], str]] = {
        "check": lambda code: language.say(words.SAFETY_CHECK.get(code, code)),
        "transport": lambda code: language.say(words.TRANSPORT.get(code, code)),
        "part": lambda code: language.say(words.PART_OF_DAY.get(code, code)),
        "weekday": lambda code: language.say(words.WEEKDAY.get(code, code)),
        "language": lambda code: str(language.locale.languages.get(code, code)),
        "languages": lambda code: str(language.locale.languages.get(code, code)),
        "code": lambda code: catalogue.name(code, language.code),
    }
    if name in each:
        return language.listed(each[name](part.strip()) for part in str(value).split(","))
    if name in ("until", "day") and value:
        return str(format_date(date.fromisoformat(str(value)), "d MMM", locale=language.locale))
    if isinstance(value, float):
        return str(format_decimal(value, locale=language.locale))
    return str(value)
