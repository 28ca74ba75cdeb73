"""The emergency panel: when the group's own words for danger are typed or sent, and whom to ring first."""

from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.ids import NeedId
from node.domain.intake import emergency
from node.domain.settings.texts import DEFAULTS, words_in
from node.services.desk import Desk, need_object
from node.services.settings.texts import Texts
from node.store import settings

_KEY = "emergency.words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """What the panel says, and which words call it."""

    number: str
    words: tuple[str, ...]
    """Of every language there are texts in: people mix them."""


class Emergencies:
    """Nothing here holds anything up. Works locked."""

    def __init__(self, desk: Desk, texts: Texts) -> None:
        self._desk = desk
        self._texts = texts

    async def rules(self) -> Emergency:
        """Number and words of this group."""
        own = (await self._texts.own_languages())[_KEY]
        words: list[str] = []
        for said in (await self._texts.in_languages(dict.fromkeys((*DEFAULTS, *own)))).values():
            words += words_in(said[_KEY].text)
        async with self._desk.db.read() as tx:
            region = await settings.get(tx, settings.REGION)
        return Emergency(number=emergency.number_for(region), words=tuple(dict.fromkeys(words)))

    async def said_in(self, text: str) -> Emergency | None:
        """The panel, if one of the words is in the text."""
        if not text.strip():
            return None
        rules = await self.rules()
        return rules if emergency.words_said(text, rules.words) else None

    async def shown(self, actor: Actor, need_id: NeedId) -> None:
        """Notes that the panel was shown about this request; without the words."""
        async with self._desk.db.write() as tx:
            await self._desk.record(tx, actor, "emergency.shown", need_object(need_id))
