"""What Apprise says of a message is put down to that one, though all messages are spoken of in one log."""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import apprise
import pytest

from node.services.notices import gateways


def test_what_one_thread_hears_is_not_put_down_to_the_message_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = Barrier(2)

    class Refusing:
        """A service that says no while the other one does."""

        def __init__(self, url: str) -> None:
            self.url = url

        def notify(self, body: str) -> bool:
            both.wait()
            logging.getLogger("apprise").warning("%s said error=404", self.url)
            both.wait()
            return False

    monkeypatch.setattr(apprise.Apprise, "instantiate", lambda url, **_: Refusing(url))
    with ThreadPoolExecutor(2) as pool:
        heard = list(pool.map(gateways._notify, ("one://", "two://"), ("hello", "hello")))
    assert heard == [(False, "one:// said error=404"), (False, "two:// said error=404")]
    assert not [
        each for each in logging.getLogger("apprise").handlers if isinstance(each, gateways._Heard)
    ], "nothing is left behind"
