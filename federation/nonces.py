"""Which requests were answered already: a request is good once."""

from protocol.http_signature import WINDOW

CAPACITY = 100_000
"""Signed requests within one window; above that nothing new is taken until old ones lapse."""


class NonceCache:
    """Remembers (keyid, nonce) for as long as the request could be repeated. In memory: requests created
    before the process started are refused anyway."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._seen: dict[tuple[str, str], int] = {}

    def spend(self, keyid: str, nonce: str, *, now: int) -> str | None:
        """None if the request may be answered; else ``replayed`` or ``busy``. Call it after the signature was
        verified, or strangers could fill it."""
        if (keyid, nonce) in self._seen:
            return "replayed"
        if len(self._seen) >= self._capacity:
            self._forget(now)
            if len(self._seen) >= self._capacity:
                return "busy"
        # Created up to a window ahead of us, it can come again until two windows from now.
        self._seen[(keyid, nonce)] = now + 2 * WINDOW
        return None

    def _forget(self, now: int) -> None:
        self._seen = {key: until for key, until in self._seen.items() if until >= now}
