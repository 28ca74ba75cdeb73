"""What waits now, and which accounts may hear of it. Works while locked: all of it is read from clear columns."""

from collections.abc import Sequence
from datetime import timedelta

from node.domain.actors import Actor, Role
from node.domain.notices.alerts import AlertChoices, Listener, Thing, What, urgent_minutes
from node.domain.notices.fits import is_urgent
from node.domain.permissions import permissions_of
from node.domain.safety.incidents import readers
from node.services.accounts.access import actor_of
from node.services.desk import Desk
from node.store import (
    alert_choices,
    alert_devices,
    alert_things,
    call_misses,
    chats,
    compartments,
    mail_server,
    settings,
    staff,
    text_gateway,
)
from node.store.db import Tx
from node.vault import Compartment


async def waiting(tx: Tx, desk: Desk) -> Sequence[Thing]:
    """Everything that somebody could be told of now."""
    return [
        *await alert_things.unsafe(tx),
        *await alert_things.visits_overdue(tx, desk.now),
        *await _urgent(tx, desk),
        *await alert_things.calls(tx, desk.today, desk.now),
        *await _not_rung(tx, desk),
        *await alert_things.yeses(tx, desk.now),
        *await alert_things.neighbours(tx),
        *await alert_things.bells(tx, desk.now),
    ]


async def _not_rung(tx: Tx, desk: Desk) -> Sequence[Thing]:
    found = await call_misses.all_of_them(tx, desk.today)
    return [Thing(what=What.NOT_RUNG, id=f"{each.list_id}:{each.day.isoformat()}") for each, _ in found]


async def _urgent(tx: Tx, desk: Desk) -> Sequence[Thing]:
    limit = urgent_minutes(await settings.get(tx, settings.DECIDE_HOURS))
    today, found = desk.today, []
    for need_id, what, since in await alert_things.waiting_today(tx, today - timedelta(days=1), today):
        waited = (desk.now - since) // 60
        if waited < limit:
            continue
        need = (await desk.need_row(tx, need_id)).need
        if is_urgent(need, today):
            found.append(Thing(what=what, id=f"{need_id}:{need.round}", late=waited - limit))
    return found


async def listeners(tx: Tx) -> Sequence[Listener]:
    """Whoever works here, is told in a browser or has a confirmed address that works, and did not end all messages."""
    safe = await safety_readers(tx)
    found = []
    for row in await alert_choices.all_of_them(tx):
        account = await staff.by_handle(tx, row.handle)
        if account is None or account.state != "active" or not row.told:
            continue
        actor = actor_of(account, await compartments.held_by(tx, account.id))
        found.append(
            Listener(
                handle=row.handle,
                staff_id=account.id,
                may=permissions_of(actor),
                reads_safety=account.id in safe,
                choices=row.choices,
            )
        )
    return found


async def can_send(tx: Tx) -> bool:
    """Whether a message could go out at all, with a link: else nobody would be told, and all would count as told."""
    held = (await mail_server.get(tx), await text_gateway.get(tx), await chats.service(tx))
    if not any(held) and not await alert_devices.any_at_all(tx):
        return False
    base = await settings.get(tx, settings.PUBLIC_URL)
    return bool(base)


async def safety_readers(tx: Tx) -> frozenset[str]:
    """Staff ids of whoever can read what is told about safety by a private link: as where it is sealed."""
    active = [row for row in await staff.all_of(tx) if row.state == "active"]
    ids = {row.id for row in active}
    holders = (await compartments.holders(tx)).get(Compartment.SAFEGUARDING, ())
    return frozenset(
        each
        for each in readers(
            None,
            holders=holders,
            officers=[row.id for row in active if Role.SAFETY in row.roles],
            admins=[row.id for row in active if Role.ADMIN in row.roles],
        )
        if each in ids
    )


async def listener_of(tx: Tx, actor: Actor) -> Listener:
    """What could be told to that account, whatever it chose."""
    row = await alert_choices.get(tx, actor.name)
    safe = await safety_readers(tx)
    return Listener(
        handle=actor.name,
        staff_id=actor.id or "",
        may=permissions_of(actor),
        reads_safety=actor.id in safe,
        choices=row.choices if row else AlertChoices(),
    )
