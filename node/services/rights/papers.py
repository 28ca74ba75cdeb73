"""The facts that the papers about data are filled in from: settings, holders, neighbours, what waits. No person."""

from dataclasses import dataclass

from node.domain.actors import Actor, Role
from node.domain.need import Share
from node.domain.permissions import Permission, require
from node.domain.rights.breach import Breach
from node.domain.rights.dangers import Fact
from node.domain.rights.papers import Carried
from node.domain.safety.checks import backup_code
from node.services.desk import Desk
from node.services.rights.breaches import Breaches
from node.services.rights.retention import Retention
from node.store import (
    alert_choices,
    alert_devices,
    audit,
    chats,
    compartments,
    mail_server,
    peers,
    push_devices,
    rooms,
    settings,
    shares,
    staff,
    text_gateway,
)
from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What anybody may know."""

    group: str
    phone: str
    days: dict[str, int]
    """Rule -> days."""
    shares_with_all: bool
    shares_with_some: bool
    neighbours: tuple[str, ...]
    """The groups that we talk with, by name."""
    carried: dict[Carried, str]
    """The ways by which messages leave this machine, as they are set up now, each with what people call it (a chat's
    name, else empty)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """What the papers of the group say besides."""

    notice: NoticeFacts
    jobs: dict[str, int]
    """Role -> how many."""
    holders: dict[str, int]
    """Compartment -> how many can open it."""
    facts: dict[Fact, bool]
    backup_days: int | None
    """Age of the last backup; None: there is none."""


DAY = 86_400
"""Seconds."""
_DAYS = {
    "keep_requests_days": settings.KEEP_REQUESTS_DAYS,
    "keep_askers_days": settings.KEEP_ASKERS_DAYS,
    "keep_left_days": settings.KEEP_LEFT_DAYS,
    "details_days": settings.DETAILS_DAYS,
}


class Papers:
    """Works while locked."""

    def __init__(self, desk: Desk, retention: Retention, breaches: Breaches) -> None:
        self._desk = desk
        self._retention = retention
        self._breaches = breaches

    async def notice(self) -> NoticeFacts:
        """For the page that anybody reads."""
        async with self._desk.db.read() as tx:
            return await _notice(tx)

    async def facts(self, actor: Actor, *, https: bool, contact: bool) -> PaperFacts:
        """For the group's own papers; ``https`` and ``contact``: what the page knows."""
        require(actor, Permission.PRIVACY)
        due = await self._retention.due(actor)
        log = await self._breaches.all_of_them(actor)
        async with self._desk.db.read() as tx:
            holders = {name: len(who) for name, who in (await compartments.holders(tx)).items()}
            rows = [row for row in await staff.all_of(tx) if row.state == "active"]
            age = await self._backup_days(tx)
            facts = {
                Fact.TWO_HOLDERS: all(number != 1 for number in holders.values()),
                Fact.CARDS: await settings.get(tx, settings.CARDS_CONFIRMED),
                Fact.BACKUP: backup_code(age) == "backup.ok",
                Fact.HTTPS: https,
                Fact.CONTACT: contact,
                Fact.SECOND_YES: await settings.get(tx, settings.SECOND_YES) == "two",
                Fact.PUBLIC_TWO: await settings.get(tx, settings.PUBLIC_YES) == "two",
                Fact.NOTHING_OVERDUE: not any(each.on < self._desk.today and not each.held for each in due),
                Fact.NO_OPEN_BREACH: not any(map(_waits, log)),
                Fact.NO_STANDBY: await alert_choices.standby(tx) is None,
            }
            return PaperFacts(
                notice=await _notice(tx),
                jobs={str(role): sum(role in row.roles for row in rows) for role in Role},
                holders=holders,
                facts=facts,
                backup_days=age,
            )

    async def _backup_days(self, tx: Tx) -> int | None:
        made = [row.at for row in await audit.of_object(tx, "backup") if row.action == "backup.make"]
        return max(0, self._desk.now - max(made)) // DAY if made else None


def _waits(entry: Breach) -> bool:
    return entry.closed_at is None and (entry.authority_by is not None or entry.people_wait)


async def _notice(tx: Tx) -> NoticeFacts:
    made = set((await shares.all_of(tx)).values())
    return NoticeFacts(
        group=await settings.get(tx, settings.GROUP_NAME),
        phone=await settings.get(tx, settings.PHONE),
        days={key: await settings.get(tx, setting) for key, setting in _DAYS.items()},
        shares_with_all=Share.PUBLIC in made,
        shares_with_some=Share.PEERS in made,
        neighbours=tuple(sorted(row.name for row in await peers.all_of_them(tx) if row.state == "active")),
        carried=await _carried(tx),
    )


async def _carried(tx: Tx) -> dict[Carried, str]:
    found: dict[Carried, str] = {}
    if await mail_server.get(tx) is not None:
        found[Carried.MAIL] = ""
    if await text_gateway.get(tx) is not None:
        found[Carried.TEXTS] = ""
    if (chat := await chats.service(tx)) is not None:
        found[Carried.CHAT] = chat.name
    if await rooms.get(tx) is not None:
        found[Carried.ROOM] = ""
    if await push_devices.any_at_all(tx) or await alert_devices.any_at_all(tx):
        found[Carried.PUSH] = ""
    return found
