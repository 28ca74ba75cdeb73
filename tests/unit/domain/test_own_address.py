"""Which addresses may be printed: those that lead here from anywhere."""

import pytest

from node.domain.settings.own_address import reaches_far


@pytest.mark.parametrize(
    "url",
    [
        "https://help.example.org",
        "http://help.example.org:8080",
        "https://93.184.215.14",
        "http://abcdefgh.onion",
    ],
)
def test_others_reach_it(url: str) -> None:
    assert reaches_far(url)


@pytest.mark.parametrize(
    "url",
    ["", "http://127.0.0.1:8491", "http://localhost:8080", "http://192.168.1.5:8080", "http://10.0.0.2", "http://[::1]:1",
     "http://[fe80::1]", "http://raspberrypi:8080", "http://raspberrypi.local", "http://node.lan.", "http://100.64.0.1",
     "help.example.org", "ftp://help.example.org", "http://[broken", "http://169.254.1.1", "http://0.0.0.0:80"],
)  # fmt: skip
def test_only_this_machine_or_house_reaches_it(url: str) -> None:
    assert not reaches_far(url)
