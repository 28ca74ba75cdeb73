"""What every test may count on: the same examples each run, and the public data where it is."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Derived from the test itself, so that a red test is red for everybody and stays so.
settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data beside the repository; skips where it is not there."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the public data folder (../shared/data) is not beside the repository")
    return folder
