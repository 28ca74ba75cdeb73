"""A way by which messages go, as the outbox sees it: what it carries for whom, and over which line."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from node.domain.notices.answers import Refusal
from node.domain.notices.notice import Notice, Way
from node.domain.person import PersonDetails
from node.services.notices.letter import Letter, Writer
from node.store.db import Tx


class Refused(Exception):
    """Whoever carries said no, or did not answer."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.answer)
        self.refusal = refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message as it travels."""

    id: str
    """The same at every try."""
    to: str
    content: bytes
    beside: Mapping[str, str] = field(default_factory=dict)
    """Headers, of a way that has them apart from the content."""


class Line(Protocol):
    """An open connection."""

    async def send(self, parcel: Parcel) -> None:
        """Returns when it was taken. Raises ``Refused``."""


class Opened(Protocol):
    """A way that is set up, with its secrets, for one turn."""

    def parcel(self, notice: Notice, letter: Letter, details: PersonDetails, writer: Writer) -> Parcel | None:
        """The letter as it goes this way; None where what she gave cannot be written to."""

    def open(self) -> AbstractAsyncContextManager[Line]:
        """A connection for as long as the context lasts. Raises ``Refused`` where nobody answers."""


class Channel(Protocol):
    """One way."""

    @property
    def way(self) -> Way:
        """Which."""

    async def opened(self, tx: Tx) -> Opened | None:
        """As it is set up; None where it is not. Raises ``Locked``."""
