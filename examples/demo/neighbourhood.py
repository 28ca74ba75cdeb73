"""Starts three made-up groups that federate, as three processes, and stops them cleanly at Ctrl+C.

Everything in them is invented: people, telephone numbers, the population table. Their data goes into a temporary folder
unless ``--keep DIR`` names one.
"""

import argparse
import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import h3
from cast import CALLERS, GROUPS, HOURS, PASSWORD, VOLUNTEERS

from node.app import Node, open_node
from node.clock import SystemClock
from node.config import Config
from node.domain.actors import CONSOLE
from node.domain.consents import Consents
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import Point, Share, Urgency
from node.domain.people.newcomer import NewVolunteer
from node.domain.volunteer import Cleared, Transport
from node.services.accounts.setup import SetupAnswers


def population(middle: tuple[float, float], rings: int = 30) -> str:
    """A made-up city as a table ``h3,population``: crowded in the middle, thinner outside."""
    source = random.Random(1)  # noqa: S311 - the same made-up city every time
    heart = h3.latlng_to_cell(*middle, 8)
    lines = ["h3,population"]
    for ring in range(rings):
        for cell in sorted(h3.grid_ring(heart, ring)):
            lines.append(f"{cell},{source.randrange(50, max(300, 5000 - 180 * ring))}")
    return "\n".join(lines) + "\n"


def near(middle: tuple[float, float], source: random.Random, spread: float = 0.012) -> Point:
    """A made-up address around there."""
    return Point(
        lat=middle[0] + source.uniform(-spread, spread),
        lon=middle[1] + source.uniform(-spread, spread),
        accuracy_m=100,
    )


async def furnish(number: int, data: Path, url: str) -> str:
    """Sets one group up with its people, needs and helpers; gives its id."""
    group = GROUPS[number]
    source = random.Random(number)  # noqa: S311
    (data / "population.csv").write_text(population((51.452, -2.590)), "utf-8")
    async with open_node(Config(data=data, public_url=url), SystemClock(), os.urandom) as node:
        services = node.services
        made = await services.setup.complete(
            SetupAnswers(
                code=str(await services.setup.starting_code()),
                language="en",
                group_name=str(group["name"]),
                place=group["at"],  # type: ignore[arg-type]
                phone=str(group["phone"]),
                hours=HOURS,
                handle=str(group["handle"]),
                password=PASSWORD,
                public_url=url,
                region="GB",
            )
        )
        desk = await services.access.act_as(str(group["handle"]), PASSWORD)
        for name, phone, address, kind, urgency, notes, agrees in CALLERS[number]:
            await services.intake.take(
                desk,
                NewNeed(
                    person=NewPerson(name=name, phone=phone, address=address),
                    categories=(kind,),
                    urgency=Urgency(urgency),
                    point=near(group["at"], source),  # type: ignore[arg-type]
                    notes=notes,
                    doorstep_word=source.choice(("marmalade", "bluebell", "lantern")),
                    consents=Consents(help_you=True, groups_see=agrees, keep_details=True),
                    start="open",
                ),
            )
        for name, phone, abilities, takes, transport, radius in VOLUNTEERS[number]:
            await services.people.add_volunteer(
                desk,
                NewVolunteer(
                    person=NewPerson(name=name, phone=phone),
                    point=near(group["at"], source),  # type: ignore[arg-type]
                    abilities=abilities,
                    takes=takes,
                    transport=Transport(transport),
                    radius_km=radius,
                    cleared=(Cleared(check="id"),),
                ),
            )
        await services.publishing.share(CONSOLE, {"all": Share.PUBLIC})
    return made.origin


async def introduce(data: Path, origins: dict[str, str], own: str) -> None:
    """Each group allows the others and publishes."""
    async with open_node(Config(data=data), SystemClock(), os.urandom) as node:
        for origin, url in origins.items():
            if origin != own:
                await node.services.peering.add(CONSOLE, url, did=origin, allow_private=True)
        await publish(node)


async def publish(node: Node) -> None:
    """Now, not at the slot."""
    await node.services.publishing.publish(CONSOLE)


@contextlib.contextmanager
def running(folders: list[Path], port: int) -> Iterator[None]:
    """The three nodes as processes of their own."""
    processes = [
        subprocess.Popen(  # noqa: S603
            [
                sys.executable,
                "-m",
                "node",
                "run",
                "--data",
                str(data),
                "--listen",
                f"127.0.0.1:{port + number}",
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number, data in enumerate(folders)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            if not process.stdout.readline().startswith("Address:"):
                raise SystemExit("A node did not start; is the port taken? Try --port.")
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(20)


def main() -> None:
    """Furnishes, introduces, runs and waits."""
    parser = argparse.ArgumentParser(description="A made-up neighbourhood of three groups.")
    parser.add_argument("--port", type=int, default=8081, help="the first of three ports (default 8081)")
    parser.add_argument("--keep", type=Path, help="an empty folder to keep the data in")
    given = parser.parse_args()
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    with contextlib.ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folders = [folder / f"group{number + 1}" for number in range(len(GROUPS))]
        urls = [f"http://127.0.0.1:{given.port + number}" for number in range(len(GROUPS))]
        print("Making up three groups ...", flush=True)
        origins: dict[str, str] = {}
        for number, data in enumerate(folders):
            data.mkdir(mode=0o700, parents=True)
            origins[asyncio.run(furnish(number, data, urls[number]))] = urls[number]
        for data, own in zip(folders, origins, strict=True):
            asyncio.run(introduce(data, origins, own))
        stack.enter_context(running(folders, given.port))
        for data in folders:
            subprocess.run(  # noqa: S603
                [sys.executable, "-m", "node", "sync", "--data", str(data)],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        print()
        for group, url in zip(GROUPS, urls, strict=True):
            print(f"{group['name']:<22} {url}   sign in as {group['handle']!r}, password {PASSWORD!r}")
            print(f"{'':<22} {url}/near   what anybody sees, over all three")
        print("\nStop with Ctrl+C.", flush=True)
        told.wait()
        print("\nStopping ...", flush=True)


if __name__ == "__main__":
    main()
