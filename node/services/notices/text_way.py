"""Messages by text: to a telephone, through the group's gateway."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from node.domain.notices.gateway import Gateway
from node.domain.notices.notice import Notice, Way
from node.domain.notices.texts import mobile
from node.domain.person import PersonDetails
from node.services.notices.carrying import Line, Parcel
from node.services.notices.gateways import TextCarrier
from node.services.notices.letter import Letter, Writer
from node.services.notices.text_settings import TextSettings
from node.store.db import Tx


class TextWay:
    """As ``carrying.Channel``. ``region``: the country of numbers that are written without a code."""

    way = Way.TEXT

    def __init__(self, texts: TextSettings, carrier: TextCarrier) -> None:
        self._texts = texts
        self._carrier = carrier

    async def opened(self, tx: Tx) -> "OpenedTexts | None":
        """With the keys of the gateway. Raises ``Locked``."""
        gateway = await self._texts.opened(tx)
        return None if gateway is None else OpenedTexts(gateway, self._carrier, self._texts.region)


@dataclass(frozen=True, slots=True)
class OpenedTexts:
    """As ``carrying.Opened``."""

    gateway: Gateway
    carrier: TextCarrier
    region: str | None

    def parcel(self, notice: Notice, letter: Letter, details: PersonDetails, writer: Writer) -> Parcel | None:
        """A short text; None for a number that takes none."""
        to = mobile(details.own_phone, self.region)
        text = writer.text(letter, can_answer=self.gateway.answers)
        return Parcel(id=notice.id, to=to, content=text.encode()) if to else None

    def open(self) -> AbstractAsyncContextManager[Line]:
        """As ``gateways.TextCarrier``."""
        return self.carrier.open(self.gateway)
