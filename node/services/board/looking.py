"""Who has a request open at this moment: a hint for whoever opens it too, and no lock. In memory only; it is forgotten
minutes after the page is closed, and nobody can ask for it later."""

import re
from collections import OrderedDict

from node.domain.actors import Actor, ActorKind
from node.domain.ids import NeedId
from node.domain.permissions import Permission, require
from node.services.desk import Desk

SECONDS = 150
"""An open page asks once a minute: who is not heard of twice has gone on. Without script a look lasts as long."""
MOST = 500
_ID = re.compile(r"[A-Za-z0-9_-]{22}")


class Looking:
    """Who is where."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: OrderedDict[tuple[str, NeedId], int] = OrderedDict()
        """(sign-in name, need) -> when last, Unix seconds; the longest ago first."""

    def here(self, actor: Actor, need_id: NeedId) -> tuple[str, ...]:
        """Notes that the actor has that need open, and gives the sign-in names of everybody else who has, sorted.

        Raises ``NotAllowed``.
        """
        require(actor, Permission.READ_BOARD)
        self._tidy()
        if actor.kind is ActorKind.STAFF and _ID.fullmatch(need_id):
            self._seen.pop((actor.name, need_id), None)
            self._seen[actor.name, need_id] = self._desk.now
            while len(self._seen) > MOST:
                self._seen.popitem(last=False)
        return tuple(sorted(name for name, need in self._seen if need == need_id and name != actor.name))

    def _tidy(self) -> None:
        now = self._desk.now
        while self._seen and not now - SECONDS < next(iter(self._seen.values())) <= now:
            self._seen.popitem(last=False)
