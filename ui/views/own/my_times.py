"""`/my/times`, `/my/history` and the calendar: when she can, a break, and what she has done."""

from aiohttp import web

from node.appkeys import HELPERS_UNSAFE, OWN_CALENDAR, OWN_PAGE, OWN_TIMES, STANDING
from node.domain.actors import Actor
from node.domain.hours import in_order
from node.domain.own.views import OwnTaskRow
from node.domain.volunteer import paused_on
from node.errors import N_, Invalid
from node.services.own.times import Times
from ui.contexts.own import HistoryPage, TimesPage
from ui.feeds import own_ics
from ui.forms.own import BreakForm, TimesForm
from ui.parts import places
from ui.views.own import away
from ui.web import sessions
from ui.web.site import LANGUAGE, LANGUAGES, catalogue_of, go, render, say, shared_catalogue, today
from ui.words import words


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """As it stands."""
    return await _page(request, actor)


async def save(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Hours, how far and limits from now on."""
    held = await request.config_dict[OWN_TIMES].held(actor)
    form = TimesForm(await request.post(), radius=f"{held.radius_km:g}")
    form.know((), held.radius_km)
    fine = form.validate()
    form.blame_days(today(request))
    if not fine or form.errors:
        return await _page(request, actor, form=form, status=422)
    said = Times(
        hours=in_order(form.hours.data or ()),
        max_per_week=form.max_per_week.data,
        rest_days=form.rest_days.data or 0,
        days_off=form.all_off(),
        radius_km=float(form.radius.data),
    )
    await request.config_dict[OWN_TIMES].change(actor, said)
    return go("/my/times", done="own_times")


async def rest(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A break begins."""
    form = BreakForm(await request.post())
    if form.validate():
        try:
            await request.config_dict[OWN_TIMES].rest(actor, form.until.data)
            return go("/my/times", done="own_break")
        except Invalid as error:
            form.blame(error.fields)
    return await _page(request, actor, pause=form, status=422)


async def back(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The break is over."""
    await request.config_dict[OWN_TIMES].back(actor)
    return go("/my/times", done="own_back")


async def make_calendar(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The calendar's address, shown this once."""
    token = await request.config_dict[OWN_CALENDAR].make(actor)
    scheme, host = sessions.origin_of(request)
    # A calendar program says no language of its own: it is read in the one in which she asked for it.
    lang = request[LANGUAGE].code
    return await _page(request, actor, calendar=f"{scheme}://{host}/my/calendar/{token}.ics?lang={lang}")


async def end_calendar(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Its address stops working."""
    await request.config_dict[OWN_CALENDAR].end(actor)
    return go("/my/times", done="own_calendar_ended")


async def calendar(request: web.Request) -> web.StreamResponse:
    """What a calendar program reads; kind and days, nobody's name."""
    rows = await request.config_dict[OWN_CALENDAR].tasks(request.match_info["token"])
    if (lang := request.query.get("lang", "")) in {each.code for each in request.config_dict[LANGUAGES]}:
        request[LANGUAGE] = request.config_dict[LANGUAGES].get(lang)
    scheme, host = sessions.origin_of(request)
    about = await request.config_dict[STANDING].about()
    events = [event for row in rows if (event := _event(request, row, f"{scheme}://{host}")) is not None]
    body = own_ics.written(say(request, N_("Your tasks: %(group)s"), group=about.name), events)
    return web.Response(body=body, content_type="text/calendar", charset="utf-8")


async def history(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What she has done, the newest first."""
    rows = await request.config_dict[OWN_PAGE].done(actor)
    areas = await places.areas(request, [row.cell for row in rows if row.cell])
    over = await request.config_dict[HELPERS_UNSAFE].past(actor)
    page = HistoryPage(rows=rows, areas=areas, away=await away.done(request, actor), over=over)
    return await render(request, "my_history.html", page)


def _event(request: web.Request, row: OwnTaskRow, site: str) -> own_ics.Event | None:
    last = row.window.last if row.window else row.due_day
    if last is None:
        return None
    first = row.window.first if row.window else min(row.posted_day, last)
    catalogue = shared_catalogue(request) if row.group else catalogue_of(request)
    kind = catalogue.name(row.category, request[LANGUAGE].code)
    title = kind if first == last else say(request, N_("%(kind)s: on one of these days"), kind=kind)
    if row.group:
        title += f" – {row.group}"
    part = f" ({say(request, words.PART_OF_DAY[str(row.part_of_day)])})" if row.part_of_day else ""
    return own_ics.Event(
        id=f"{row.id}@mutual-aid-connect",
        title=title + part,
        words=say(request, N_("Where and for whom stands on your own page.")),
        url=f"{site}/my/task/{row.id}",
        first=first,
        last=last,
        changed_at=row.changed_at,
    )


async def _page(
    request: web.Request,
    actor: Actor,
    *,
    form: TimesForm | None = None,
    pause: BreakForm | None = None,
    calendar: str = "",
    status: int = 200,
) -> web.Response:
    held = await request.config_dict[OWN_TIMES].held(actor)
    days_off = [day for day in held.days_off if day >= today(request).isoformat()]
    form = form or TimesForm(
        hours=held.hours,
        radius=f"{held.radius_km:g}",
        max_per_week=held.max_per_week,
        rest_days=held.rest_days or None,
        days_off=days_off,
    )
    form.know(days_off, held.radius_km)
    page = TimesPage(
        form=form,
        pause=pause or BreakForm(),
        volunteer=held,
        paused=paused_on(held, today(request)),
        calendar_since=await request.config_dict[OWN_CALENDAR].since(actor),
        calendar=calendar,
    )
    return await render(request, "my_times.html", page, status=status)
