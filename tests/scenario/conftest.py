"""A street whose desk has one coordinator, for every file that needs no other: one for all tests of a file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.actors import Role
from node.vault import Compartment
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import COORDINATOR, Street


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Street]:
    """The street; its tests run in the loop of their module."""
    folder: Path = tmp_path_factory.mktemp(request.module.__name__.rpartition("test_")[2])
    async with Neighbourhood(folder) as cast:
        street = await Street.built(cast)
        await street.hire(COORDINATOR, Role.COORDINATOR, grants=(Compartment.PEOPLE,))
        yield street
        await street.close()
