"""The composition root: the only file in which pages and network side meet.

``open_node`` opens what lies on disk and makes the services; ``make_app`` puts pages, API and protocol over them
and does no I/O; ``serve`` runs it until the process is told to stop.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import click
from aiohttp import web

from node import api, appkeys, assembly, commands, control, jobs, network
from node.assembly import Services
from node.clock import Clock
from node.config import Config
from node.domain.actors import SYSTEM
from node.domain.ids import Random
from node.domain.safety.checks import OUTCOMES
from node.errors import Misconfigured
from node.jobs import Job
from node.logs import logger, server_log
from node.network import NetworkSide
from node.services.accounts.passwords import Passwords
from ui import routes as pages
from ui import vendored
from ui.parts.alert_mail import AlertMail
from ui.parts.room_mail import RoomMail
from ui.parts.texting import NoticeWriter
from ui.web.site import LANGUAGES, TEMPLATES

log = logger("app")
MAX_BODY = 2 * 1024 * 1024
SHUTDOWN_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One opened node."""

    config: Config
    clock: Clock
    services: Services
    network: NetworkSide


@asynccontextmanager
async def open_node(
    config: Config, clock: Clock, random: Random, *, passwords: Passwords | None = None
) -> AsyncIterator[Node]:
    """Opens both files and makes the services; nothing listens and no job runs. The vault starts locked."""
    async with AsyncExitStack() as stack:
        on = await stack.enter_async_context(assembly.ground(config, clock, random))
        side = await stack.enter_async_context(network.opened(on))
        services = await assembly.services(on, side.ports, passwords or Passwords())
        yield Node(config=config, clock=clock, services=services, network=side)


def make_app(node: Node) -> web.Application:
    """Pages, API and protocol over an opened node."""
    app = web.Application(client_max_size=MAX_BODY)
    services = node.services
    app[appkeys.CONFIG] = node.config
    app[appkeys.CLOCK] = node.clock
    app[appkeys.CATALOGUE] = services.catalogue
    app[appkeys.ACCESS] = services.access
    app[appkeys.SETUP] = services.setup
    app[appkeys.TEAM] = services.team
    app[appkeys.ASKING] = services.asking
    app[appkeys.POLLS] = services.polls
    app[appkeys.GIVING] = services.giving
    app[appkeys.GIFT_BOOK] = services.gift_book
    app[appkeys.INTAKE] = services.intake
    app[appkeys.DRAFTS] = services.drafts
    app[appkeys.MERGING] = services.merging
    app[appkeys.EMERGENCIES] = services.emergencies
    app[appkeys.PROMISES] = services.promises
    app[appkeys.PRACTICE] = services.practice
    app[appkeys.MADE_UP] = services.made_up
    app[appkeys.BOARD] = services.board
    app[appkeys.DISPATCH] = services.dispatch
    app[appkeys.FOLLOW_UP] = services.follow_up
    app[appkeys.UNDO] = services.undo
    app[appkeys.SHIFTS] = services.shifts
    app[appkeys.OWN_FIGURES] = services.own_figures
    app[appkeys.LOOKING] = services.looking
    app[appkeys.WATCH] = services.watch
    app[appkeys.THREADS] = services.threads
    app[appkeys.OUTCOME] = services.outcome
    app[appkeys.CORRECTIONS] = services.corrections
    app[appkeys.WHO_RANG] = services.who_rang
    app[appkeys.DEVICES] = services.devices
    app[appkeys.OFF_BOARDING] = services.off_boarding
    app[appkeys.COPIES] = services.copies
    app[appkeys.AGREEMENTS] = services.agreements
    app[appkeys.RETENTION] = services.retention
    app[appkeys.BREACHES] = services.breaches
    app[appkeys.PAPERS] = services.papers
    app[appkeys.SECOND_YES] = services.second_yes
    app[appkeys.SEE_AS] = services.see_as
    app[appkeys.TASKS] = services.tasks
    app[appkeys.WAVES] = services.waves
    app[appkeys.PLANS] = services.plans
    app[appkeys.BUDDIES] = services.buddies
    app[appkeys.REPEATING] = services.repeating
    app[appkeys.HANDING_ON] = services.handing_on
    app[appkeys.PICKING] = services.picking
    app[appkeys.MATCHING] = services.matching
    app[appkeys.PEOPLE] = services.people
    app[appkeys.DIRECTORY] = services.directory
    app[appkeys.DETAILS] = services.details
    app[appkeys.STREET_TEAMS] = services.street_teams
    app[appkeys.PATCH_LINKS] = services.patch_links
    app[appkeys.OWN_DOOR] = services.own_door
    app[appkeys.OWN_PASSKEYS] = services.own_passkeys
    app[appkeys.OWN_PAGE] = services.own_page
    app[appkeys.OWN_OFFERS] = services.own_offers
    app[appkeys.OWN_AWAY] = services.own_away
    app[appkeys.OWN_TIMES] = services.own_times
    app[appkeys.OWN_CALENDAR] = services.own_calendar
    app[appkeys.RUNS] = services.runs
    app[appkeys.RUN_BOOK] = services.run_book
    app[appkeys.RUN_LINKS] = services.run_links
    app[appkeys.CALL_LISTS] = services.call_lists
    app[appkeys.CALLERS] = services.callers
    app[appkeys.CALL_ENTRIES] = services.call_entries
    app[appkeys.CALL_BOOK] = services.call_book
    app[appkeys.CALL_DAYS] = services.call_days
    app[appkeys.CALL_LINKS] = services.call_links
    app[appkeys.RECEIPTS] = services.receipts
    app[appkeys.TOMORROW] = services.tomorrow
    app[appkeys.HOUSEHOLDS] = services.households
    app[appkeys.JOURNEYS] = services.journeys
    app[appkeys.FORGETTING] = services.forgetting
    app[appkeys.VETTING] = services.vetting
    app[appkeys.VISITS] = services.visits
    app[appkeys.HELPERS_UNSAFE] = services.helpers_unsafe
    app[appkeys.INCIDENTS] = services.incidents
    app[appkeys.OLD_REPORTS] = services.old_reports
    app[appkeys.LOOKS] = services.looks
    app[appkeys.DEMANDS] = services.demands
    app[appkeys.PLACES] = services.places
    app[appkeys.SHEET_DESK] = services.sheet_desk
    app[appkeys.SHEET_RUNS] = services.sheet_runs
    app[appkeys.SHEETS_OUT] = services.sheets_out
    app[appkeys.TAKING_OUT] = services.taking_out
    app[appkeys.EXPORT] = services.export
    app[appkeys.PRIVACY] = services.privacy
    app[appkeys.OFFERING] = services.offering
    app[appkeys.PUBLISHING] = services.publishing
    app[appkeys.CARRIER] = services.carrier
    app[appkeys.PEERING] = services.peering
    app[appkeys.GIVEN] = services.given
    app[appkeys.JOINING] = services.joining
    app[appkeys.LETTERS] = services.letters
    app[appkeys.TERMS] = services.terms
    app[appkeys.ZONE] = services.zone
    app[appkeys.GROUP_ZONE] = services.group_zone
    app[appkeys.KINDS] = services.kinds
    app[appkeys.RULES] = services.rules
    app[appkeys.CHECKS] = services.checks
    app[appkeys.BASE_MAPS] = services.base_maps
    app[appkeys.KITS] = services.kits
    app[appkeys.QUESTIONS] = services.questions
    app[appkeys.RESOURCES] = services.resources
    app[appkeys.TODO] = services.todo
    app[appkeys.TEXTS] = services.texts
    app[appkeys.CARD] = services.card
    app[appkeys.EXCHANGE] = services.exchange
    app[appkeys.AWAY_BOARD] = services.exchange.board
    app[appkeys.AWAY_TASKS] = services.exchange.away
    app[appkeys.OUT_OF_AREA] = services.exchange.out_of_area
    app[appkeys.AWAY_ASKS] = services.exchange.asks
    app[appkeys.AWAY_LINKS] = services.exchange.links
    app[appkeys.PEER_OFFERS] = services.exchange.offers
    app[appkeys.REFERRALS] = services.exchange.passed
    app[appkeys.RINGS] = services.exchange.bells
    app[appkeys.NOTICES] = services.notices
    app[appkeys.ALERTS] = services.alerts
    app[appkeys.ROOM] = services.room
    app[appkeys.NEIGHBOURHOOD] = services.neighbourhood
    app[appkeys.RECOVERY] = services.recovery
    app[appkeys.STANDING] = services.standing
    api.setup(app)
    app.add_subapp(
        "/mac/v1",
        node.network.app(joining=services.joining, letters=services.letters, hub_mail=services.hub_mail),
    )
    pages.setup(app)
    services.notices.speaks(NoticeWriter(app[TEMPLATES], app[LANGUAGES]))
    services.room.speaks(RoomMail(app[TEMPLATES], app[LANGUAGES]))
    services.alerts.speaks(AlertMail(app[TEMPLATES], app[LANGUAGES]))
    return app


def clock_jobs(node: Node) -> tuple[Job, ...]:
    """What the node does by the clock."""
    services = node.services

    async def expire_tasks() -> None:
        if services.timekeeper.trusted():
            await services.runs.end_old(SYSTEM)
            await services.dispatch.expire_waiting(SYSTEM)
            await services.exchange.sweep()

    async def ask_next() -> None:
        # Whoever is asked too soon or at night is asked by a clock that nobody believes.
        if services.timekeeper.trusted():
            await services.waves.sweep(SYSTEM)

    async def repeat() -> None:
        if services.timekeeper.trusted():
            await services.repeating.sweep(SYSTEM)

    async def tidy_desk() -> None:
        if services.timekeeper.trusted():
            await services.undo.tidy()
            await services.shifts.tidy()
            await services.call_days.tidy()

    async def sync() -> None:
        await services.peering.heed(await node.network.talks.due())

    async def rung() -> None:
        if origins := services.exchange.bells.to_fetch():
            await services.peering.heed(await node.network.talks.sync(origins))

    async def new_day() -> None:
        if services.timekeeper.trusted():
            await node.network.new_day()

    async def remind() -> None:
        if services.timekeeper.trusted():
            await services.vetting.remind(SYSTEM)

    async def letters() -> None:
        if await services.setup.is_done():
            await services.letters.open_waiting()
            await services.exchange.tell()
            await services.letters.deliver_due()

    async def mail() -> None:
        if await services.setup.is_done():
            await services.letters.collect()

    async def find_notices() -> None:
        # A message that went too soon cannot be called back.
        if services.timekeeper.trusted() and await services.setup.is_done():
            await services.notices.find()
            await services.room.find()

    async def find_alerts() -> None:
        if services.timekeeper.trusted() and await services.setup.is_done():
            await services.alerts.find()

    async def own_links() -> None:
        await services.own_door.answer_by_itself(services.notices)

    async def tidy_notices() -> None:
        if services.timekeeper.trusted():
            await services.notices.tidy()
            await services.alerts.tidy()

    async def drop_drafts() -> None:
        if services.timekeeper.trusted():
            await services.drafts.sweep()
            await services.sheet_desk.sweep()

    async def forget() -> None:
        # What is erased cannot be brought back: only by a clock that is to be believed.
        if services.timekeeper.trusted():
            await services.forgetting.sweep(SYSTEM)
            await services.retention.sweep(SYSTEM)

    async def tidy_letters() -> None:
        await services.letters.tidy()
        await services.hub_mail.tidy()

    return (
        Job(name="time", when=jobs.every_ten_minutes(), run=services.timekeeper.note),
        Job(name="publish", when=jobs.every_ten_minutes(), run=services.publishing.slot),
        Job(name="sync", when=jobs.every(60, jitter=15), run=sync),
        Job(name="rung", when=jobs.every(15, jitter=5), run=rung),
        Job(name="new_day", when=jobs.every(3600), run=new_day),
        Job(name="tasks", when=jobs.every(3600), run=expire_tasks),
        Job(name="waves", when=jobs.every(60, jitter=10), run=ask_next),
        Job(name="series", when=jobs.every(600, jitter=30), run=repeat),
        Job(name="tidy_desk", when=jobs.every(3600), run=tidy_desk),
        Job(name="forget", when=jobs.every(3600), run=forget),
        Job(name="check_reminders", when=jobs.every(3600), run=remind),
        Job(name="rekey", when=jobs.every_ten_minutes(), run=services.rekeying.settle),
        Job(name="letters", when=jobs.every(15, jitter=5), run=letters),
        Job(name="mail", when=jobs.every(120, jitter=40), run=mail),
        Job(name="find_notices", when=jobs.every(60, jitter=10), run=find_notices),
        Job(name="own_links", when=jobs.every(15, jitter=5), run=own_links),
        Job(name="send_notices", when=jobs.every(15, jitter=5), run=services.notices.deliver),
        Job(name="send_to_room", when=jobs.every(15, jitter=5), run=services.room.deliver),
        Job(name="find_alerts", when=jobs.every(60, jitter=10), run=find_alerts),
        Job(name="send_alerts", when=jobs.every(15, jitter=5), run=services.alerts.deliver),
        Job(name="tidy_notices", when=jobs.every(3600), run=tidy_notices),
        Job(name="sheets", when=jobs.every(15, jitter=5), run=services.sheet_runs.go_on),
        Job(name="drafts", when=jobs.every(3600), run=drop_drafts),
        Job(name="tidy_letters", when=jobs.every(3600), run=tidy_letters),
    )


@asynccontextmanager
async def listening(node: Node, host: str, port: int) -> AsyncIterator[str]:
    """Serves the node while the context lasts; gives the address, with the port that was really taken."""
    runner = web.AppRunner(
        make_app(node),
        shutdown_timeout=SHUTDOWN_SECONDS,
        access_log=None,
        logger=server_log,
        auto_decompress=False,  # nobody has a reason to send us anything packed, and somebody one to make us unpack it
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        taken = runner.addresses[0]
        shown = f"[{taken[0]}]" if ":" in taken[0] else taken[0]
        yield f"http://{shown}:{taken[1]}"
    finally:
        await runner.cleanup()


async def serve(
    config: Config, clock: Clock, random: Random, *, say: Callable[[str], None] = click.echo
) -> None:
    """Runs the node until SIGINT or SIGTERM. Prints the address and, before set-up, the one-time starting code."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        node = await stack.enter_async_context(open_node(config, clock, random))
        await begin(node)
        address = await stack.enter_async_context(listening(node, config.host, config.port))
        await stack.enter_async_context(
            control.serve(
                config.control_socket, lambda command, given: commands.run(node.services, command, given)
            )
        )
        await stack.enter_async_context(jobs.running(clock_jobs(node)))
        say(f"Address: {address}")
        if lacking := vendored.read().problem:
            say(
                f"Without the live map ({lacking}): all else works. script/server fetches it, or pip install."
            )
        if fault := await node.services.base_maps.fault():
            found = OUTCOMES[f"map.{fault}"]
            say(f"Without streets on the map. {found.says} {found.todo}")
        if code := await node.services.setup.starting_code():
            say(f"Starting code: {code}")
            say(f"Open {address}/setup and type the code. It works once.")
        await stop.wait()
        say("Stopping ...")


async def begin(node: Node) -> None:
    """After every start: what the neighbourhood store lost comes back, and what is over by today goes."""
    if not await node.services.setup.is_done():
        return
    trusted = node.services.timekeeper.trusted()
    try:
        # Signed already, so the clock need not be believed; without it a node would tell peers a head of its
        # own, learned back from them, and hold nothing of what that counts.
        await node.services.publishing.catch_up()
    except Misconfigured:
        if trusted:
            raise  # else it is the clock that refuses; the first slot that may sign hands everything over
    if trusted:
        await node.network.new_day()


__all__ = ["Node", "begin", "clock_jobs", "listening", "make_app", "open_node", "serve"]
