"""What groups published, in the reader's words: for the map, the feeds, the board and a volunteer's page."""

from collections.abc import Sequence
from datetime import date

from aiohttp import web
from babel.dates import format_date

from node.errors import N_
from node.ports import SeenOrigin
from node.services.sharing.neighbourhood import NearNeed
from protocol.statements import Summary
from ui.web.site import LANGUAGE, say, shared_catalogue


def takes(request: web.Request, requires: Sequence[str] | None, tags: Sequence[str] | None) -> list[str]:
    """What somebody must bring or manage, each by name."""
    catalogue, language = shared_catalogue(request), request[LANGUAGE].code
    named = [catalogue.requires_name(code, language) for code in requires or ()]
    return named + [catalogue.tag_name(code, language) for code in tags or ()]


def window_of(summary: Summary) -> tuple[date, date] | None:
    """First and last day, if it names any."""
    return (summary.window.from_, summary.window.to) if summary.window is not None else None


def days(request: web.Request, window: tuple[date, date] | None) -> str:
    """As "3 Feb – 5 Feb", one day if it is one; empty without."""
    each = dict.fromkeys(window or ())
    return " – ".join(str(format_date(day, "d MMM", locale=request[LANGUAGE].locale)) for day in each)


def url_of(group: SeenOrigin | None) -> str:
    """The group's own site, as it says; empty if it says none."""
    profile = group.profile if group else None
    return profile.urls[0] if profile is not None and profile.urls else ""


def phone_of(group: SeenOrigin | None) -> str:
    """Its telephone; empty if it says none."""
    profile = group.profile if group else None
    return profile.phone or "" if profile is not None else ""


def distance(request: web.Request, need: NearNeed) -> str:
    """From the nearest to the farthest point of its area, in words; empty where no place was given."""
    return "" if need.span_km is None else span_words(request, *need.span_km)


def span_words(request: web.Request, near: float, far: float | None) -> str:
    """A span of kilometres, never one figure; ``far`` None: beyond what is told apart."""
    if far is None:
        return say(request, N_("more than %(near)s km"), near=f"{near:g}")
    if near <= 0:
        return say(request, N_("up to %(far)s km"), far=f"{far:g}")
    return say(request, N_("%(near)s to %(far)s km"), near=f"{near:g}", far=f"{far:g}")
