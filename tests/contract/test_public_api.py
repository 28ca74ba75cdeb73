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
from tests.harness.neighbourhood import Neighbourhood

EXAMPLES = 10
"""Of each kind, for each address."""


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
    the document names, of a type and a shape that it names."""
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        asked = await asyncio.to_thread(fuzzed, north.url)
    assert asked > 3 * EXAMPLES


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
