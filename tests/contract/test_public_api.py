"""The public API does what its own description says, whatever it is asked: OpenAPI, fuzzed."""

import asyncio
import json
from importlib import resources
from pathlib import Path
from typing import Any

import aiohttp
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case

from node.app import make_app
from node.domain.catalogue import Catalogue
from node.domain.consents import Consents
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import Point, Window
from node.services.sharing.neighbourhood import MAX_KM, MIN_KM
from tests.harness.neighbourhood import Neighbourhood

EXAMPLES = 30
"""Of each kind, for each address."""
KINDS = ("groceries", "dog_walking", "lift", "phone_call")
HOME = Point(lat=51.4561, lon=-2.5925, accuracy_m=50)


def described() -> dict[str, Any]:
    """The document as it lies in the package."""
    document: dict[str, Any] = json.loads(resources.files("schemas").joinpath("openapi.json").read_bytes())
    return document


async def test_every_public_address_is_described_and_nothing_else(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        served = {
            route.resource.canonical
            for route in make_app(north.node).router.routes()
            if route.resource is not None and route.method == "GET"
        }
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{north.url}/api/v1/openapi.json") as answer,
        ):
            assert answer.status == 200
            assert await answer.json() == described()
    codes = described()["components"]["parameters"]["category"]["schema"]["items"]["enum"]
    assert codes == sorted(Catalogue.load().wire_codes("all"))
    assert {path for path in served if path.startswith("/api/")} | {"/healthz"} == set(described()["paths"])


async def test_whatever_it_is_asked_it_answers_as_described(tmp_path: Path) -> None:
    """Schemathesis draws queries that fit and queries that do not: never 500 and above, and each answer is one that
    the document names, of a type and a shape that it names. The group has needs to show, so that there is something to
    draw."""
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        await north.share_everything()
        today = cast.clock.now().date()
        for kind in KINDS:
            need = NewNeed(
                person=NewPerson(
                    name="Wilhelmina Madeup", phone="0117 496 0321", address="77 Nowhere Crescent"
                ),
                categories=(kind,),
                point=HOME,
                notes="",
                window=Window(first=today, last=today) if kind == "lift" else None,
                consents=Consents(help_you=True, groups_see=True, keep_details=True),
                start="open",
            )
            await north.services.intake.take(north.staff, need)
        await cast.publish(north)
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{north.url}/api/v1/needs.geojson") as answer,
        ):
            assert len((await answer.json(content_type=None))["features"]) == len(KINDS)
        asked = await asyncio.to_thread(fuzzed, north.url)
    assert asked > 3 * EXAMPLES


async def test_a_distance_that_the_document_refuses_is_refused_without_a_place_too(tmp_path: Path) -> None:
    limits = described()["components"]["parameters"]["km"]["schema"]
    assert (limits["minimum"], limits["maximum"]) == (MIN_KM, MAX_KM)
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        async with aiohttp.ClientSession() as session:
            for near in ("", "&near=51.45,-2.59"):
                for km, status in (
                    ("0.001", 200),
                    ("200", 200),
                    ("0", 422),
                    ("0.0009", 422),
                    ("1e-9", 422),
                    ("200.1", 422),
                    ("-1", 422),
                    ("", 422),
                ):
                    async with session.get(f"{north.url}/api/v1/needs.geojson?km={km}{near}") as answer:
                        assert answer.status == status, (km, near)


def fuzzed(url: str) -> int:
    """How many requests were answered well; raises on the first that was not."""
    schema = schemathesis.openapi.from_dict(described())
    schema.config.update(base_url=url)
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        # What takes no parameters cannot be asked wrongly.
        modes = (
            schemathesis.GenerationMode if list(operation.query) else [schemathesis.GenerationMode.POSITIVE]
        )
        for mode in modes:

            @settings(
                max_examples=EXAMPLES,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def asks(case: Case) -> None:
                nonlocal asked
                answer = case.call()
                assert answer.status_code < 500, (case, answer.text)
                case.validate_response(answer)
                asked += 1

            asks()
    return asked
