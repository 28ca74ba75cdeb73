"""Which requests were answered already: a request is good once."""

from protocol.http_signature import WINDOW

CAPACITY = 100_000
"""Signed requests within two windows; above that nothing new is taken until old ones lapse."""
OF_ONE = 2_000
"""The same for one sender, so that none can make us busy for all others. At the pace that is allowed
(``federation.pace``) nobody comes near it."""


class NonceCache:
    """Remembers nonces for as long as the request could be repeated. In memory: requests created before the
    process started are refused anyway."""

    def __init__(self, capacity: int = CAPACITY, of_one: int = OF_ONE) -> None:
        self._capacity = capacity
        self._of_one = of_one
        self._seen: dict[str, dict[str, int]] = {}
        self._held = 0

    def knows(self, sender: str, nonce: str) -> bool:
        """Whether this request was answered before."""
        return nonce in self._seen.get(sender, ())

    def spend(self, sender: str, nonce: str, *, now: int) -> str | None:
        """None if the request may be answered; else ``replayed`` or ``busy``. Call it after the signature was
        verified, or strangers could fill it."""
        if self.knows(sender, nonce):
            return "replayed"
        if len(self._seen.get(sender, ())) >= self._of_one:
            self._forget(sender, now)
        if self._held >= self._capacity:
            for each in list(self._seen):
                self._forget(each, now)
        if len(self._seen.get(sender, ())) >= self._of_one or self._held >= self._capacity:
            return "busy"
        # Created up to a window ahead of us, it can come again until two windows from now.
        self._seen.setdefault(sender, {})[nonce] = now + 2 * WINDOW
        self._held += 1
        return None

    def _forget(self, sender: str, now: int) -> None:
        before = self._seen.pop(sender, {})
        left = {nonce: until for nonce, until in before.items() if until >= now}
        self._held -= len(before) - len(left)
        if left:
            self._seen[sender] = left
