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
from node.errors import Misconfigured
from node.jobs import Job
from node.logs import logger, server_log
from node.network import NetworkSide
from node.services.passwords import Passwords
from ui import routes as pages

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
    app[appkeys.INTAKE] = services.intake
    app[appkeys.BOARD] = services.board
    app[appkeys.DISPATCH] = services.dispatch
    app[appkeys.TASKS] = services.tasks
    app[appkeys.MATCHING] = services.matching
    app[appkeys.PEOPLE] = services.people
    app[appkeys.PLACES] = services.places
    app[appkeys.IMPORTS] = services.imports
    app[appkeys.PUBLISHING] = services.publishing
    app[appkeys.PEERING] = services.peering
    app[appkeys.NEIGHBOURHOOD] = services.neighbourhood
    app[appkeys.STANDING] = services.standing
    api.setup(app)
    app.add_subapp("/mac/v1", node.network.app())
    pages.setup(app)
    return app


def clock_jobs(node: Node) -> tuple[Job, ...]:
    """What the node does by the clock."""
    services = node.services

    async def expire_tasks() -> None:
        if services.timekeeper.trusted():
            await services.dispatch.expire_waiting(SYSTEM)

    async def new_day() -> None:
        if services.timekeeper.trusted():
            await node.network.new_day()

    return (
        Job(name="time", when=jobs.every_ten_minutes(), run=services.timekeeper.note),
        Job(name="publish", when=jobs.every_ten_minutes(), run=services.publishing.slot),
        Job(name="sync", when=jobs.every(60, jitter=15), run=node.network.due_rounds),
        Job(name="new_day", when=jobs.every(3600), run=new_day),
        Job(name="tasks", when=jobs.every(3600), run=expire_tasks),
    )


@asynccontextmanager
async def listening(node: Node, host: str, port: int) -> AsyncIterator[str]:
    """Serves the node while the context lasts; gives the address, with the port that was really taken."""
    runner = web.AppRunner(
        make_app(node), shutdown_timeout=SHUTDOWN_SECONDS, access_log=None, logger=server_log
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
