"""What somebody who works here wants to be told, and where: on the page of the own account, or by a message's link.

An address counts once digits that were sent there have been typed on that page. Works while locked, but for showing
the address; the digits go out once the records are open.
"""

import hashlib
import hmac
from dataclasses import dataclass, replace

from node.domain.actors import Actor, ActorKind
from node.domain.ids import new_id
from node.domain.notices.alerts import (
    CODE_LASTS,
    CODE_TRIES,
    LASTS,
    MOST_CODES,
    AlertChoices,
    Kind,
    Matter,
)
from node.domain.notices.notice import HOUR, State, Way
from node.domain.notices.push import Subscription
from node.errors import N_, Conflict, Invalid, NotAllowed, TooMany
from node.services import links
from node.services.alerts.own_devices import OwnDevice
from node.services.alerts.roads import Roads
from node.services.alerts.standby import Reach, Standby
from node.services.alerts.things import can_send, listener_of
from node.services.desk import Desk
from node.store import alert_choices, alert_messages, audit, settings
from node.store.alert_choices import AlertRow
from node.store.alert_messages import AlertMessage
from node.vault import Compartment

LENGTH = 6
NOT_ONE = N_("This is no address that we could write to.")
ADDRESS = "alerts.address"
"""As the audit names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsView:
    """How it stands for one account."""

    matters: tuple[Matter, ...]
    """Of which something may be hers at all."""
    choices: AlertChoices
    has_address: bool
    devices: tuple[OwnDevice, ...]
    """Browsers in which she is told; then her address is for when none of them can be reached."""
    push_key: str
    """What another browser would subscribe under; empty before it is made."""
    address: str
    """Empty while locked, and where there is none."""
    confirmed: bool
    waits: bool
    """Digits were sent, or are on their way, and can still be typed."""
    stopped: bool
    bounced: bool
    failed: str
    """What became of the last message, if it came to nothing: the code of an answer."""
    mail: bool
    """The group has something that carries messages, and this site knows its own address."""
    ways: frozenset[Way]
    """By what, beside browsers."""
    way: Way
    """That of her address; mail while locked."""
    while_closed: bool
    """Messages go while the records are closed, too."""
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StopView:
    """What the page behind the link in a message shows: not whose it is."""

    stopped: bool


class Choosing:
    """The verbs of both pages."""

    def __init__(self, desk: Desk, standby: Standby, roads: Roads) -> None:
        self._desk = desk
        self._standby = standby
        self._roads = roads

    async def own(self, actor: Actor) -> AlertsView:
        """The actor's own; nobody else's can be seen."""
        desk, handle = self._desk, _handle(actor)
        async with desk.db.read() as tx:
            row = await alert_choices.get(tx, handle)
            hearer = await listener_of(tx, actor)
            last, ways = await alert_messages.latest(tx, handle), await self._roads.ways(tx)
            reach = self._standby.reach(row) if row is not None and desk.unlocked else None
            return AlertsView(
                matters=hearer.matters,
                choices=hearer.choices,
                has_address=row is not None and row.has_address,
                devices=await self._roads.devices.of(tx, handle),
                push_key=await self._roads.devices.public_key(tx),
                address=reach.address if reach else "",
                confirmed=row is not None and row.confirmed_at is not None,
                waits=row is not None and row.code_until is not None and row.code_until > desk.now,
                stopped=row is not None and row.stopped,
                bounced=row is not None and row.bounced_at is not None,
                failed=last.answer if last is not None and last.state is State.FAILED else "",
                mail=bool(ways) and await can_send(tx),
                ways=ways,
                way=_way(row, reach),
                while_closed=await alert_choices.standby(tx) is not None,
                locked=not desk.unlocked,
            )

    async def set_address(self, actor: Actor, address: str, language: str, *, in_chat: bool = False) -> None:
        """From now on that one, once it is confirmed; digits are sent there. Browsers stay. ``language``: a code, for
        every message; ``in_chat``: it is an address in the group's chat, though it may look like a number for texts.

        Raises ``Invalid`` (field ``address``), ``Conflict("no_mail")``, ``TooMany``.
        """
        desk, handle = self._desk, _handle(actor)
        async with desk.db.read() as tx:
            ways = await self._roads.ways(tx)
        read = self._roads.read(address, ways, in_chat=in_chat)
        if read is None:
            problem = NOT_ONE if ways - {Way.EMAIL} else N_("This is no e-mail address.")
            raise Invalid("alert_address", problem, fields={"address": problem})
        way, address = read
        code, token, now = _fresh_code(desk.random(4)), links.new_token(desk.random), desk.now
        async with desk.db.write() as tx:
            if not await can_send(tx) or way not in await self._roads.ways(tx):
                raise Conflict("no_mail", N_("Our group has no mail server yet. Ask an admin to set one up."))
            # Counted in the audit: taking the address away begins no new count.
            if await audit.count_since(tx, ADDRESS, f"staff:{actor.id}", now - HOUR) >= MOST_CODES:
                raise TooMany("many_codes", N_("That was often. Try again in an hour."))
            held = await alert_choices.get(tx, handle)
            row = AlertRow(
                handle=handle,
                choices=held.choices if held else AlertChoices(),
                language=language,
                code_hash=_code_hash(handle, code),
                code_until=now + CODE_LASTS,
                link_hash=alerts_hash(token),
                changed_at=now,
                sealed=desk.vault.seal(
                    Compartment.PEOPLE,
                    "alert_choices",
                    handle,
                    {"address": address, "token": token, "way": way},
                ),
            )
            await alert_choices.put(tx, row)
            await alert_messages.drop_codes(tx, handle)
            message_id = new_id(desk.random)
            await alert_messages.insert(
                tx,
                AlertMessage(
                    id=message_id,
                    handle=handle,
                    kind=Kind.CODE,
                    due=now,
                    ends=now + LASTS[Kind.CODE],
                    created_at=now,
                    sealed=desk.vault.seal(Compartment.PEOPLE, "alert_messages", message_id, {"code": code}),
                ),
            )
            await desk.record(tx, actor, ADDRESS, f"staff:{actor.id}")

    async def confirm(self, actor: Actor, typed: str) -> None:
        """The digits that came: from now on messages go there. Raises ``Invalid`` (field ``code``); after
        ``CODE_TRIES`` wrong ones, or an hour, only new digits help."""
        desk, handle = self._desk, _handle(actor)
        digits = "".join(each for each in typed if each.isdecimal())
        problem = N_("These are not the digits that we sent. Look again, or have new ones sent.")
        right = False
        async with desk.db.write() as tx:
            row = await alert_choices.get(tx, handle)
            if row is not None and row.code_hash is not None and desk.now < (row.code_until or 0):
                right = row.code_tries < CODE_TRIES and hmac.compare_digest(
                    row.code_hash, _code_hash(handle, digits)
                )
                if right:
                    done = replace(
                        row,
                        confirmed_at=desk.now,
                        code_hash=None,
                        code_until=None,
                        code_tries=0,
                        changed_at=desk.now,
                    )
                    await alert_choices.put(tx, done)
                    await desk.record(tx, actor, "alerts.confirmed", f"staff:{actor.id}")
                else:
                    await alert_choices.put(tx, replace(row, code_tries=row.code_tries + 1))
        if not right:
            raise Invalid("alert_code", problem, fields={"code": problem})
        await self._standby.keep()

    async def choose(self, actor: Actor, choices: AlertChoices, language: str) -> None:
        """All four anew; whoever chooses gets messages again. Raises ``Invalid``, ``Conflict("no_address")``."""
        desk, handle = self._desk, _handle(actor)
        if not choices.fits:
            raise Invalid("alert_choices", N_("Please choose one of these."))
        async with desk.db.write() as tx:
            row = await alert_choices.get(tx, handle)
            if row is None:
                raise Conflict("no_address", N_("First say to which address."))
            await alert_choices.put(
                tx, replace(row, choices=choices, stopped=False, language=language, changed_at=desk.now)
            )

    async def turn_on(self, actor: Actor, given: Subscription, browser: str, language: str) -> None:
        """That browser shows what waits from now on, before anything goes to an address. ``browser``: as it says of
        itself. Raises ``Conflict("no_site")`` where the site does not know its own address."""
        desk, handle = self._desk, _handle(actor)
        token = links.new_token(desk.random)
        async with desk.db.write() as tx:
            if not await settings.get(tx, settings.PUBLIC_URL):
                raise Conflict(
                    "no_site", N_("This site does not know its own address yet. Ask an admin to set it.")
                )
            held = await alert_choices.get(tx, handle)
            if held is None:
                await alert_choices.put(tx, self._nowhere(AlertChoices(), handle, token, language))
            elif held.stopped:
                await alert_choices.put(tx, replace(held, stopped=False, changed_at=desk.now))
            await self._roads.devices.turn_on(tx, handle, given, browser)
            await desk.record(tx, actor, "alerts.push_on", f"staff:{actor.id}")

    async def turn_off(self, actor: Actor, device_id: str) -> None:
        """Not there any more; the choices stay. Raises ``NotFound``."""
        desk, handle = self._desk, _handle(actor)
        async with desk.db.write() as tx:
            await self._roads.devices.turn_off(tx, handle, device_id)
            await desk.record(tx, actor, "alerts.push_off", f"staff:{actor.id}")

    async def forget(self, actor: Actor) -> None:
        """The address goes; where no browser is on, the choices and what waits go with it. Twice is the same."""
        desk, handle = self._desk, _handle(actor)
        token = links.new_token(desk.random)
        async with desk.db.write() as tx:
            held = await alert_choices.get(tx, handle)
            if held is not None and held.devices:
                row = self._nowhere(held.choices, handle, token, held.language)
                await alert_choices.put(tx, replace(row, stopped=held.stopped))
                await alert_messages.drop_codes(tx, handle)
            elif held is not None:
                await alert_choices.delete(tx, handle)
            if held is not None and held.has_address:
                await desk.record(tx, actor, "alerts.off", f"staff:{actor.id}")
        await self._standby.keep()

    def _nowhere(self, choices: AlertChoices, handle: str, token: str, language: str) -> AlertRow:
        """A row without an address."""
        record = {"address": "", "token": token, "way": Way.PUSH}
        return AlertRow(
            handle=handle,
            choices=choices,
            language=language,
            link_hash=alerts_hash(token),
            changed_at=self._desk.now,
            sealed=self._desk.vault.seal(Compartment.PEOPLE, "alert_choices", handle, record),
        )

    async def by_link(self, token: str) -> StopView:
        """Raises ``NotFound("link_closed")``."""
        async with self._desk.db.read() as tx:
            row = await alert_choices.with_link(tx, alerts_hash(token)) if token else None
        if row is None:
            raise links.closed_link()
        return StopView(stopped=row.stopped)

    async def stop_by_link(self, token: str) -> None:
        """No more messages; asked twice it is the same. Raises ``NotFound("link_closed")``."""
        async with self._desk.db.write() as tx:
            row = await alert_choices.with_link(tx, alerts_hash(token)) if token else None
            if row is None:
                raise links.closed_link()
            if not row.stopped:
                await alert_choices.put(tx, replace(row, stopped=True, changed_at=self._desk.now))


def alerts_hash(token: str) -> bytes:
    """What is kept of the link at the foot of messages."""
    return hashlib.sha256(b"alerts-link\0" + token.encode()).digest()


def _way(row: AlertRow | None, reach: Reach | None) -> Way:
    """By which the last message went, as far as can be told."""
    if row is not None and row.devices:
        return Way.PUSH
    return reach.way if reach else Way.EMAIL


def _code_hash(handle: str, code: str) -> bytes:
    return hashlib.sha256(b"alerts-code\0" + handle.casefold().encode() + b"\0" + code.encode()).digest()


def _fresh_code(random: bytes) -> str:
    return f"{int.from_bytes(random) % 10**LENGTH:0{LENGTH}}"


def _handle(actor: Actor) -> str:
    if actor.kind is not ActorKind.STAFF or actor.id is None:
        raise NotAllowed("not_allowed", N_("Your account may not do this. Ask an admin of your group."))
    return actor.name
