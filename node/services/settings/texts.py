"""The group's texts: read by every page that says something in its name, changed a text at a time."""

from collections.abc import Iterable, Mapping

from node.clock import Clock, unix
from node.domain.actors import Actor
from node.domain.consents import Purpose
from node.domain.permissions import Permission, require
from node.domain.settings import texts as rules
from node.domain.settings.texts import TEXTS, Said
from node.errors import N_, NotFound
from node.store import audit, texts
from node.store.db import Database

SPOKEN: Mapping[Purpose, str] = {
    Purpose.HELP_YOU: "consent.help_you",
    Purpose.GROUPS_SEE: "consent.groups_see",
    Purpose.KEEP_DETAILS: "consent.keep_details",
    Purpose.DETAILS_TO_GROUP: "consent.details_to_group",
}
"""The question read out on the telephone, for each purpose."""
WRITTEN: Mapping[Purpose, str] = {
    Purpose.HELP_YOU: "ask.help_you",
    Purpose.GROUPS_SEE: "ask.groups_see",
    Purpose.KEEP_DETAILS: "ask.keep_details",
}
"""The sentence ticked on the public form."""
PASSED_ON: Mapping[Purpose, str] = {Purpose.DETAILS_TO_GROUP: "ask.pass_on"}
"""What somebody ticks on the page who lives where a neighbouring group answers."""
REFERRED: Mapping[Purpose, str] = {Purpose.DETAILS_TO_GROUP: "consent.refer"}
"""What is read out before a whole request goes to another group."""
RINGING: Mapping[Purpose, str] = {Purpose.HELP_YOU: "consent.ring"}
"""What is asked before somebody is rung now and then: help of its own kind, with words of its own."""
MESSAGES: Mapping[Purpose, str] = {Purpose.MESSAGES: "consent.messages"}
"""What stands beside the choice of how somebody is told, and beside the button with which a volunteer signs up."""
OFFERED: Mapping[Purpose, str] = {Purpose.DETAILS_TO_GROUP: "volunteer.offered"}
"""What a volunteer is asked before another group hears of her."""
HANDED_OVER: Mapping[Purpose, str] = {Purpose.DETAILS_TO_GROUP: SPOKEN[Purpose.DETAILS_TO_GROUP]}
"""What is read out before another group's volunteer gets the details."""
OF_VOLUNTEERS: Mapping[Purpose, str] = {Purpose.KEEP_DETAILS: "volunteer.keep_details"}
"""The sentence ticked by somebody who would like to help."""
OF_GIVERS: Mapping[Purpose, str] = {Purpose.KEEP_DETAILS: "gift.keep_details"}
"""The sentence ticked by somebody who has something to give, and read out to who rings with it."""


class Texts:
    """Reads and changes them. Nothing here is personal; works locked."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def get(self, key: str, language: str) -> str:
        """What is said: the group's own wording, else ours; in English where there is none in ``language``."""
        return (await self.said(key, language)).text

    async def said(self, key: str, language: str) -> Said:
        """The same with its version."""
        async with self._db.read() as tx:
            own = await texts.own(tx)
        return rules.said(key, language, own)

    async def all(self, language: str) -> dict[str, Said]:
        """Every text by its key."""
        async with self._db.read() as tx:
            own = await texts.own(tx)
        return {key: rules.said(key, language, own) for key in TEXTS}

    async def in_languages(self, languages: Iterable[str]) -> dict[str, dict[str, Said]]:
        """``all`` of each of these languages, read once."""
        async with self._db.read() as tx:
            own = await texts.own(tx)
        return {code: {key: rules.said(key, code, own) for key in TEXTS} for code in languages}

    async def own_languages(self) -> dict[str, list[str]]:
        """Key -> languages in which the group wrote its own."""
        async with self._db.read() as tx:
            own = await texts.own(tx)
        return {key: [code for code in rules.LANGUAGES if (key, code) in own] for key in TEXTS}

    async def read_out(
        self, claims: Mapping[Purpose, str], keys: Mapping[Purpose, str]
    ) -> dict[Purpose, str]:
        """Which words each consent of a form was given to. ``claims``: the versions that the form says it showed.

        A version counts if the text ever had it (somebody may have changed the words while the form was open);
        for anything else the words of today in English are named, for those were shown to whoever sent a form of
        their own making.
        """
        async with self._db.read() as tx:
            own = await texts.own(tx)
            found = {}
            for purpose, key in keys.items():
                claim = claims.get(purpose, "")
                now = {rules.said(key, code, own).version for code in rules.LANGUAGES}
                ours = {rules.said(key, code, {}).version for code in rules.LANGUAGES}
                kept = await texts.wording(tx, claim) if claim not in now | ours else None
                fine = claim in now | ours or (kept is not None and kept[0] == key)
                found[purpose] = claim if fine else rules.said(key, rules.FALLBACK, own).version
        return found

    async def key_of(self, version: str) -> str:
        """Which text a version is, or was, of; empty where it is none of ours."""
        for key in TEXTS:
            if any(rules.said(key, code, {}).version == version for code in rules.LANGUAGES):
                return key
        async with self._db.read() as tx:
            kept = await texts.wording(tx, version)
        return kept[0] if kept is not None else ""

    async def wording(self, version: str) -> str:
        """The words of a version that a consent names. Raises ``NotFound`` for one that was never in use here."""
        for key in TEXTS:
            for code in rules.LANGUAGES:
                said = rules.said(key, code, {})
                if said.version == version:
                    return said.text
        async with self._db.read() as tx:
            kept = await texts.wording(tx, version)
        if kept is None:
            raise NotFound("no_wording", N_("We have no text of that version."))
        return kept[2]

    async def change(self, actor: Actor, key: str, language: str, text: str) -> Said:
        """Writes the group's own words; an empty text, or exactly ours, goes back to ours.

        Raises ``NotFound`` for a key or language that there is not, ``Invalid`` (field ``text``) for one that is too
        long or holds a place in curly brackets that nothing fills.
        """
        require(actor, Permission.SETTINGS)
        if key not in TEXTS or language not in rules.LANGUAGES:
            raise NotFound("no_text", N_("There is no such text."))
        text = rules.tidied(text, TEXTS[key])
        back = not text or (text, language) == rules.default(key, language)
        async with self._db.write() as tx:
            if back:
                await texts.take_out(tx, key, language)
            else:
                at = unix(self._clock)
                version = rules.version_of(key, language, text)
                await texts.put(tx, key, language, text, at)
                await texts.keep_wording(tx, version, key, language, text, at)
            now = rules.said(key, language, await texts.own(tx))
            await audit.append(
                tx,
                self._clock,
                actor,
                "text.set",
                f"text:{key}",
                {"language": language, "version": now.version},
            )
        return now
