"""What the parts of the neighbourhood store share."""

from datetime import date

from federation.ports import Clock
from federation.store.database import Database
from federation.store.rows import PublishedNeed


class StoreBase:
    """One open file. ``own_origin``: who we are, once the node has been set up; marks what is ours."""

    def __init__(self, db: Database, clock: Clock, own_origin: str | None, incarnation: str) -> None:
        self._db = db
        self._clock = clock
        self.own_origin = own_origin
        self.incarnation = incarnation
        """Names this life of the file; arrival numbers mean something only within it."""
        self._numbers: dict[str, int] = {}
        """Of origins, as far as they were asked for: a number is given once, and for ever."""
        self._answers: tuple[object, dict[object, list[PublishedNeed]]] = (None, {})
        """What was asked since the last write, and within this minute: until when, and the answers."""

    @property
    def writes(self) -> int:
        """Goes up with every write; while it stays, what was read before is true."""
        return self._db.writes

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _today(self) -> date:
        return self._clock.now().date()
