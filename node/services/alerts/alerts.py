"""What members of staff are told by themselves while nobody looks at the board: the verbs of pages and of the clock."""

from collections.abc import Callable
from datetime import timedelta

from node.domain.notices.alerts import ORPHAN_DAYS
from node.domain.notices.notice import DAY
from node.errors import Misconfigured
from node.services.alerts.choosing import Choosing
from node.services.alerts.finding import Finding
from node.services.alerts.letter import AlertWriter
from node.services.alerts.roads import Roads
from node.services.alerts.sending import AlertCarriers, Sending
from node.services.alerts.standby import Standby
from node.services.desk import Desk
from node.store import alert_choices, alert_messages

KEEP_DAYS = 60
"""Messages are kept so long; what was told, for ``TOLD_DAYS``."""
TOLD_DAYS = 400


class Alerts:
    """``speaks`` comes with the pages: before, nothing is sent. ``secret``: as for ``Standby``."""

    def __init__(
        self, desk: Desk, roads: Roads, carriers: AlertCarriers, secret: Callable[[str], bytes]
    ) -> None:
        self._desk = desk
        self.standby = Standby(desk, roads, secret)
        self.choosing = Choosing(desk, self.standby, roads)
        self._finding = Finding(desk)
        self._sending = Sending(desk, self.standby, carriers)
        self._writer: AlertWriter | None = None

    def speaks(self, writer: AlertWriter) -> None:
        """Who puts messages into words from now on."""
        self._writer = writer

    async def find(self) -> int:
        """Writes down what there is to tell; how many messages. Works while locked."""
        await self.standby.keep()
        return await self._finding.find()

    async def deliver(self) -> int:
        """One turn of the outbox; how many were taken. Raises ``Locked`` when something waits for that."""
        if self._writer is None:
            raise Misconfigured("no_words", "Messages are written by a running node only.")
        return await self._sending.deliver(self._writer)

    async def tidy(self) -> None:
        """Messages long over go, and what belongs to nobody who works here. For a clock that is to be believed."""
        desk = self._desk
        async with desk.db.write() as tx:
            await alert_messages.tidy(tx, desk.now - KEEP_DAYS * DAY, desk.today - timedelta(days=TOLD_DAYS))
            await alert_choices.tidy(tx, desk.now, desk.now - ORPHAN_DAYS * DAY)
