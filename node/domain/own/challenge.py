"""What a passkey signs: a challenge that says by itself until when, for whom and for what it is good.

Nothing is kept for strangers who only look at a page: a key of this process makes and knows challenges again, and
only what was answered well is remembered, so that it is not answered twice.
"""

import hashlib
import hmac
from enum import StrEnum

GOOD_SECONDS = 600
"""From the moment the page was drawn; the sheet of a telephone may stay open a while."""
_NONCE = 16
_TIME = 8
_MAC = 32


class Purpose(StrEnum):
    """One made for the one thing is no good for the other."""

    MAKE = "make"
    COME_IN = "come in"


class Challenges:
    """Makes challenges, and takes each at most once."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._taken: dict[bytes, int] = {}

    def make(self, purpose: Purpose, whom: str, nonce: bytes, now: int) -> bytes:
        """A fresh one. ``whom``: the visitor's own secret; ``nonce``: 16 random bytes; ``now``: Unix seconds."""
        said = nonce + (now + GOOD_SECONDS).to_bytes(_TIME, "big")
        return said + self._mac(purpose, whom, said)

    def is_good(self, challenge: bytes, purpose: Purpose, whom: str, now: int) -> bool:
        """Whether it is ours, for that visitor and purpose, in time, and not taken yet."""
        said, mac = challenge[: _NONCE + _TIME], challenge[_NONCE + _TIME :]
        return (
            len(challenge) == _NONCE + _TIME + _MAC
            and hmac.compare_digest(mac, self._mac(purpose, whom, said))
            and now < int.from_bytes(said[_NONCE:], "big")
            and challenge not in self._taken
        )

    def take(self, challenge: bytes, now: int) -> bool:
        """Uses a good one up; False where somebody was faster."""
        self._taken = {each: until for each, until in self._taken.items() if until > now}
        if challenge in self._taken:
            return False
        self._taken[challenge] = int.from_bytes(challenge[_NONCE : _NONCE + _TIME], "big")
        return True

    def _mac(self, purpose: Purpose, whom: str, said: bytes) -> bytes:
        about = b"\0".join((b"mutual-aid-connect/passkey", purpose.encode(), whom.encode(), said))
        return hmac.digest(self._key, about, hashlib.sha256)
