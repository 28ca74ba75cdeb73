"""Which zone the group lives in: asked at set-up, changed in settings; days and times of day follow at once."""

from node.clock import Clock
from node.domain.actors import Actor
from node.domain.permissions import Permission, require
from node.domain.zone import Zone, zone
from node.errors import N_, Invalid
from node.store import audit, settings
from node.store.db import Database

UNKNOWN = N_("We know no such place of the clock. Write it like Europe/London.")


class GroupZone:
    """Keeps the one ``Zone`` that everything reads in step with the setting."""

    def __init__(self, db: Database, clock: Clock, now: Zone) -> None:
        self._db = db
        self._clock = clock
        self._now = now

    @property
    def name(self) -> str:
        """The IANA name that counts."""
        return self._now.name

    async def load(self) -> None:
        """As set; where nothing is set, as the machine's clock is."""
        async with self._db.read() as tx:
            chosen = await settings.get(tx, settings.ZONE)
        self._now.set(chosen or self._clock.zone_name())

    async def change(self, actor: Actor, name: str) -> None:
        """The group's days begin at another midnight from now on; what was written down before keeps its day.

        Raises ``Invalid`` (field ``zone``) for a zone that this machine does not know.
        """
        require(actor, Permission.SETTINGS)
        checked(name)
        async with self._db.write() as tx:
            await settings.put(tx, settings.ZONE, name)
            await audit.append(tx, self._clock, actor, "zone.set", "group", {"zone": name})
        self._now.set(name)


def checked(name: str) -> str:
    """The name. Raises ``Invalid`` (field ``zone``)."""
    if zone(name) is None:
        raise Invalid("zone", UNKNOWN, fields={"zone": UNKNOWN})
    return name
