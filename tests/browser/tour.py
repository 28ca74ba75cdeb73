"""Every page there is, as one list of stops: derived from the table of routes, so that no page can be forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from node.domain.actors import Role
from tests.contract.route_table import ROLES, TABLE, Row, Who

NO_PAGE: Mapping[str, str] = {
    "/healthz": "read by a machine",
    "/my/calendar/{token}.ics": "read by a machine",
    "/sw.js": "read by a machine",
    "/app.webmanifest": "read by a machine",
    "/api/v1/needs.geojson": "read by a machine",
    "/api/v1/needs.atom": "read by a machine",
    "/api/v1/needs.kml": "read by a machine",
    "/api/v1/needs.ics": "read by a machine",
    "/api/v1/openapi.json": "read by a machine",
    "/mac/v1/node": "read by another group's node",
    "/static/{name}": "a file that pages load",
    "/tiles/{z}/{x}/{y}": "a picture that a map loads (test_base_map)",
    "/board/news": "one line of words that the board fetches (test_board_in_place)",
    "/leave": "leads away from here (test_leaving)",
    "/help-nearby/hsds.json": "a file to keep",
    "/help-nearby/hsds.csv": "a file to keep",
    "/peers/file/everybody.ndjson": "a file to keep",
    "/peers/{peer}/file.ndjson": "a file to keep",
    "/peers/{peer}/document.ndjson": "a file to keep",
    "/settings/kit/file": "a file to keep",
    "/import/{sheet}/back.{kind}": "a file to keep",
    "/figures.csv": "a file to keep",
    "/setup": "gone once a group is set up; visited before that, see ``BEFORE``",
}
"""Addresses answered to GET that are no page of a group at work, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One page in one state, as one actor sees it."""

    name: str
    path: str
    who: Who
    seed: str = "open"
    values: tuple[tuple[str, str], ...] = ()
    whose: str = "other"
    press: str = ""
    """A button to press there: the page that it leads to is the one that is looked at."""
    unfold: str = ""
    """The folded part that the button is in, by its words."""
    status: int = 200
    typed: tuple[tuple[str, str], ...] = ()
    """Words to type into fields, by their ids, before the button is pressed."""
    given: tuple[tuple[str, str], ...] = ()
    """What was answered on other pages of a walk, as it travels along in hidden fields."""


def stops() -> list[Stop]:
    """Every page of the table as whoever may see it, then ``MORE``."""
    return [_stop(row) for row in TABLE if row.method == "GET" and row.path not in NO_PAGE] + list(MORE)


def _stop(row: Row) -> Stop:
    words = "-".join(row.values.values())
    return Stop(
        name="-".join(filter(None, (row.path.strip("/").replace("/", "-") or "front", words))),
        path=row.path + (f"?{row.query}" if row.query else ""),
        who=who_may(row),
        seed=row.seed,
        values=tuple(row.values.items()),
        whose="own" if row.kind in ("link", "own", "key") or row.seed == "sheet" else "other",
        status=404 if row.answers == "nothing here" else 200,
    )


def who_may(row: Row) -> Who:
    """Somebody who may do that."""
    if row.kind == "link":
        return Who.VOLUNTEER
    if row.kind == "own":
        return Who.OWN
    if row.kind in ("public", "key"):
        return Who.ANONYMOUS
    order = (Role.COORDINATOR, Role.ADMIN, Role.SAFETY, Role.TRIAGE)
    role = next(each for each in order if each in row.may)
    return next(who for who, held in ROLES.items() if held is role)


def _desk(name: str, path: str, **more: Any) -> Stop:
    return Stop(name=name, path=path, **{"who": Who.COORDINATOR, **more})


def _walk(name: str, path: str, step: str = "", **more: Any) -> Stop:
    return Stop(name=name, path=f"{path}?step={step}", who=Who.ANONYMOUS, **more)


ASKED = (
    ("kinds", "groceries"),
    ("kinds", "lift"),
    ("urgency", "on_a_day"),
    ("day", "2030-05-31"),
    ("part_of_day", "evening"),
    ("address", "7 Imaginary Row, Upper Knowle"),
    ("whose", "other"),
    ("name", "Wilhelmina-Margaret Featherstonehaugh-Made-Up"),
    ("phone", "07700 900123"),
    ("their_name", "Edna Made-Up"),
    ("tie", "her niece"),
    ("help_you", "y"),
)
"""Everything that `/ask` asks for; the day is past or too far away."""
ASKED_TODAY = tuple(("urgency", "today") if name == "urgency" else (name, said) for name, said in ASKED)
APPLIED = (
    ("kinds", "groceries"),
    ("hours", "mon:morning"),
    ("transport", "bike"),
    ("name", "Vera Made-Up"),
    ("phone", "07700 900124"),
    ("address", "3 Imaginary Row"),
    ("keep_details", "y"),
)

OFFERED = (
    ("sort", "thing"),
    ("what", "A made-up cot"),
    ("kinds", "furniture"),
    ("way", "fetch"),
    ("name", "Gil Made-Up"),
    ("phone", "07700 900125"),
    ("keep_details", "y"),
)

MORE: tuple[Stop, ...] = (
    # requests, in the states that they can be in
    *(
        _desk(f"board-{state}", f"/board/{{{state}}}?show=all_open")
        for state in ("new", "rich", "busy", "held", "closed", "waved")
    ),
    *(
        _desk(f"board-show-{code}", f"/board?show={code}")
        for code in ("to_triage", "unassigned", "due_today", "waiting", "overdue", "mine")
    ),
    _desk("board-with-name", "/board/{rich}", press="Show name and phone"),
    _desk("board-who-rang", "/board/{rich}/correct", press="Show name and phone"),
    _desk("board-in-mind", "/board/{rich}?show=all_open&in_mind={long_helper}"),
    _desk("board-keyless", "/board", who=Who.KEYLESS, status=403),
    # people, opened: a look that is written down
    _desk("person-who-asked", "/people/{rich_person}", press="Show"),
    _desk("person-who-helps", "/people/{long_helper}", press="Show"),
    _desk("volunteers-add-who-asked", "/volunteers/add?person={rich_person}"),
    _desk("person-new-here", "/people/{newcomer}", press="Show"),
    _desk("people-found", "/people", typed=(("text", "Ola"),), press="Find"),
    _desk("people-not-found", "/people", typed=(("text", "Zzyzx"),), press="Find"),
    _desk("people-twice-shown", "/people/twice", press="Show them"),
    _desk("their-data-copy", "/people/{rich_person}/data", press="Make the copy"),
    _desk("their-data-held", "/people/{rich_person}/data"),
    _desk("paper-with-names", "/paper/tomorrow", press="With names and numbers"),
    _desk("run-sheet", "/rounds/{run}", press="Run sheet to print"),
    # what people offer
    *(
        Stop(name=f"offer-{step}", path=f"/offer?step={step}", who=Who.ANONYMOUS)
        for step in ("what", "kinds", "until", "who", "check")
    ),
    _desk("offers-with-name", "/offers", press="Show name and phone"),
    _desk("offers-past", "/offers?show=past"),
    # somebody who asks, page by page
    *(_walk(f"ask-{step}", "/ask", step) for step in ("when", "where", "reach", "more", "check")),
    _walk("ask-other", "/ask", "other&whose=other"),
    _walk("ask-lacks", "/ask", "what", press="Go on", status=422),
    _walk("ask-which-day", "/ask", "when", given=(("urgency", "on_a_day"),), press="Go on", status=422),
    _walk("ask-answers", "/ask", "more", given=ASKED_TODAY, press="Go on"),
    _walk("ask-past-day", "/ask", "check", given=ASKED, press="Send it to us", status=422),
    _walk("ask-sent", "/ask", "check", given=ASKED_TODAY, press="Send it to us"),
    *(
        Stop(name=f"asked-{state}", path=f"/a/{{asked_{state}}}", who=Who.ANONYMOUS)
        for state in ("found", "coming", "off", "done", "said", "elsewhere")
    ),
    # somebody who wants to help, page by page
    *(_walk(f"volunteer-{step}", "/volunteer", step) for step in ("when", "how", "who", "more", "check")),
    _walk("volunteer-lacks", "/volunteer", "who", press="Go on", status=422),
    _walk("volunteer-sent", "/volunteer", "check", given=APPLIED, press="I can help"),
    # safety
    Stop(name="incidents-of-safety", path="/safety/incidents", who=Who.SAFETY),
    Stop(name="incident-closed", path="/safety/incidents/{incident}", who=Who.SAFETY),
    Stop(name="incident-open", path="/safety/incidents/{incident}", who=Who.SAFETY, press="Show"),
    *(
        Stop(
            name=f"incident-{how}", path=f"/safety/incidents/{{incident_{how}}}", who=Who.SAFETY, press="Show"
        )
        for how in ("told", "alone")
    ),
    Stop(name="looks-shown", path="/safety/looks", who=Who.SAFETY, press="Show"),
    # forms that lack something
    _desk("intake-lacks", "/intake", press="Save the call", status=422),
    _desk("volunteers-add-lacks", "/volunteers/add", typed=(("name", "Tam"),), press="Save", status=422),
    _desk("import-with-faults", "/import/{odd_sheet}/look"),
    _desk("import-columns-of-many", "/import/{odd_sheet}"),
    _desk("import-unclear-hours", "/import/{hours_sheet}/look"),
    _desk("import-coming-in", "/import/{coming_in}/look"),
    # the volunteer's link
    Stop(name="calling-one", path="/c/{calls_link}/call/{calls_entry}", who=Who.VOLUNTEER),
    *(
        Stop(name=f"task-{state}", path=f"/t/{{link_{state}}}", who=Who.VOLUNTEER)
        for state in ("proposed", "interested", "contacted", "done", "elsewhere", "given_back")
    ),
    Stop(name="task-left", path="/t/{link_left}", who=Who.VOLUNTEER, status=404),
    Stop(name="task-left-unsafe", path="/t/{link_left}/unsafe", who=Who.VOLUNTEER),
    # a volunteer's own page
    Stop(name="my-page", path="/my", who=Who.OWN),
    Stop(name="my-offered", path="/my?offered={offered}", who=Who.OWN),
    Stop(name="my-calendar-address", path="/my/times", who=Who.OWN, press="A new address"),
    Stop(
        name="my-notices-wrong-digits",
        path="/my/notices",
        who=Who.OWN,
        typed=(("code", "12"),),
        press="That is my address",
        status=422,
    ),
    Stop(
        name="settings-chat-lacks",
        path="/settings/chat",
        who=Who.ADMIN,
        typed=(("name", ""),),
        press="Save",
        status=422,
    ),
    # what members of staff are told
    *(
        Stop(name=f"alerts-{who.name.lower()}", path="/devices/notices", who=who)
        for who in (Who.TRIAGE, Who.SAFETY, Who.ADMIN, Who.KEYLESS)
    ),
    Stop(
        name="alerts-wrong-digits",
        path="/devices/notices",
        who=Who.TRIAGE,
        typed=(("code", "12"),),
        press="That is my address",
        status=422,
    ),
    Stop(name="alert-link-stopped", path="/n/desk/{stopped}", who=Who.ANONYMOUS),
    _desk("notices-shown", "/notices", press="Show names"),
    _desk("notices-paper", "/notices", press="Print it with boxes to tick"),
    _desk("own-links-shown", "/volunteers/links", press="Show"),
    # others' eyes on the same pages
    Stop(name="settings-of-triage", path="/settings", who=Who.TRIAGE, status=403),
    Stop(name="board-of-triage", path="/board", who=Who.TRIAGE),
    Stop(name="board-of-safety", path="/board", who=Who.SAFETY),
    Stop(name="peers-of-admin", path="/peers", who=Who.ADMIN),
    Stop(name="help-nearby-of-desk", path="/help-nearby", who=Who.COORDINATOR),
    Stop(name="near-of-desk", path="/near", who=Who.COORDINATOR),
    Stop(name="front-of-desk", path="/", who=Who.COORDINATOR),
    Stop(name="texts-urgent", path="/settings/texts?text=triage.urgent", who=Who.ADMIN),
    Stop(name="nothing-here", path="/nothing-here", who=Who.ANONYMOUS, status=404),
    Stop(name="link-over", path="/t/AAAAAAAAAAAAAAAAAAAAAA", who=Who.ANONYMOUS, status=404),
)
"""What only a button leads to, and other states and eyes on the same pages; ``{words}`` are those of ``filled``."""

EMPTY: tuple[Stop, ...] = tuple(
    Stop(name=f"empty-{stop.name}", path=stop.path, who=stop.who)
    for stop in (_stop(row) for row in TABLE if row.method == "GET" and row.path not in NO_PAGE)
    if "{" not in stop.path and stop.who not in (Who.VOLUNTEER, Who.OWN, Who.SAFETY)
)
"""The same pages of an office that was set up a minute ago."""
