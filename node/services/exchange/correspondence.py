"""What the services that work with other groups need of the one that carries sealed messages."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from node.errors import Conflict
from node.logs import logger
from node.store.db import Tx

log = logger("exchange")


class Message(Protocol):
    """A message that arrived: opened, its sender proven, its content held against the schema."""

    @property
    def id(self) -> str:
        """22 random characters."""

    @property
    def kind(self) -> str:
        """``offer``, ``answer`` and so on."""

    @property
    def sender(self) -> str:
        """The origin of the group that sent it."""

    @property
    def need(self) -> str | None:
        """The public id of the need it is about."""

    @property
    def content(self) -> Mapping[str, Any]:
        """By kind: ``docs/protocol.md``, "Direct messages"."""


Handler = Callable[[Tx, Any], Awaitable[None]]


class Correspondence(Protocol):
    """Seals, keeps until delivered, and hands what arrived to whoever asked for that kind: at least once delivered,
    acted on once."""

    async def prepare(
        self,
        to: str,
        kind: str,
        *,
        need: str | None,
        content: Mapping[str, Any],
        expires_days: int = 14,
        person: str | None = None,
    ) -> Any:
        """Sealed at once. ``person``: whose details are inside; erasing them takes what is left of it along.

        Raises ``Conflict`` where that group cannot be written to.
        """

    async def put(self, tx: Tx, prepared: Any) -> str:
        """Into the outbox, inside the caller's own write; gives the message's id."""

    def on(self, kind: str, handler: Handler) -> None:
        """``handler`` runs in the write that marks the message as acted on."""


async def sealed_now(
    post: Correspondence, to: str, kind: str, *, need: str | None, content: Mapping[str, Any], re: str | None
) -> Any | None:
    """What the rows owe a group, sealed; ``re`` names the message that it answers, if any.

    None where that group cannot be written to: the rows go on owing it, and the clock tries again.
    """
    try:
        return await post.prepare(to, kind, need=need, content={**content} | ({"re": re} if re else {}))
    except Conflict as error:
        log.info("not_told_yet", kind=kind, why=error.code)
        return None
