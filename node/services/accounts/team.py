"""The members of staff: who works here, in which role, and which compartments they hold.

Whoever holds a compartment grants it; the admin role alone grants none. A compartment should have two
holders, and never loses its last one by a click.
"""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from node.clock import Clock, unix
from node.domain.accounts.leaving import Losing, reads_safety
from node.domain.actors import Actor, ActorKind, Role
from node.domain.ids import Random, StaffId
from node.domain.permissions import Permission, require
from node.domain.zone import Zone
from node.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from node.services.accounts.access import key_context, new_account
from node.services.accounts.devices import live
from node.services.accounts.founding import found
from node.services.accounts.passwords import Passwords, check_new_password
from node.store import audit, compartments, incidents, sessions, settings, staff
from node.store.compartments import MemberRow
from node.store.db import Database, Tx
from node.store.staff import StaffRow
from node.vault import Compartment, Vault
from node.vault.keys import KeyPair
from protocol import rescue

Records = Compartment
"""What a compartment is called outside; pages do not know the vault."""

_HANDLE_LENGTH = 40
_SHOWN_SECONDS = 30 * 86400
"""How long the use of the rescue cards stays announced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One account as the team page shows it; ``created_at`` in Unix seconds."""

    id: StaffId
    handle: str
    roles: frozenset[Role]
    suspended: bool
    holds: frozenset[Compartment]
    created_at: int


@dataclass(frozen=True, slots=True)
class Notice:
    """One line for the board: a code, a msgid and its values."""

    code: str
    message: str
    values: Mapping[str, str]


class Team:
    """What may be done with accounts."""

    def __init__(
        self,
        db: Database,
        vault: Vault,
        clock: Clock,
        random: Random,
        *,
        passwords: Passwords,
        zone: Zone | None = None,
    ) -> None:
        self._db = db
        self._vault = vault
        self._clock = clock
        self._random = random
        self._passwords = passwords
        self._zone = zone or Zone()

    async def members(self, actor: Actor) -> Sequence[Member]:
        """Everybody, by sign-in name. Any member of staff may see it, and the console."""
        if actor.kind is not ActorKind.STAFF:
            require(actor, Permission.STAFF)
        async with self._db.read() as tx:
            rows = await staff.all_of(tx)
            held = {row.id: await compartments.held_by(tx, row.id) for row in rows}
        return [
            Member(
                id=row.id,
                handle=row.handle,
                roles=row.roles,
                suspended=row.state != "active",
                holds=frozenset(Compartment(name) for name in held[row.id]),
                created_at=row.created_at,
            )
            for row in rows
        ]

    async def notices(self) -> Sequence[Notice]:
        """What every member of staff should see until it is put right; codes and words, nothing of a
        person."""
        async with self._db.read() as tx:
            holders = await compartments.holders(tx)
            confirmed = await settings.get(tx, settings.CARDS_CONFIRMED)
            opened_at = await settings.get(tx, settings.CARDS_OPENED_AT)
        found = []
        if opened_at is not None and unix(self._clock) - opened_at < _SHOWN_SECONDS:
            day = self._zone.day(opened_at)
            found.append(
                Notice("cards_opened", N_("The rescue cards were used on %(day)s."), {"day": day.isoformat()})
            )
        if holders and not confirmed:
            found.append(Notice("cards_unconfirmed", N_("The rescue cards have not been checked yet."), {}))
        if any(len(who) == 1 for who in holders.values()):
            found.append(
                Notice(
                    "one_holder",
                    N_("Only one person can open some of the closed records."),
                    {"holds": " ".join(name for name, who in holders.items() if len(who) == 1)},
                )
            )
        return found

    async def add_staff(
        self,
        actor: Actor,
        handle: str,
        password: str,
        roles: Collection[Role],
        grants: Collection[Compartment] = (),
    ) -> StaffId:
        """A new account. Roles but admin work only with the compartment ``people`` (see ``access.actor_of``).

        ``grants`` must be held by the actor and open. Raises ``NotAllowed``, ``Locked``, ``Invalid`` and
        ``Conflict`` (``handle_taken``).
        """
        require(actor, Permission.STAFF)
        handle = check_handle(handle)
        if not roles:
            raise Invalid("no_role", N_("Please choose what this person does."))
        row = await new_account(
            self._passwords, self._clock, self._random, handle, password, frozenset(roles)
        )
        async with self._db.write() as tx:
            if not await staff.insert(tx, row):
                raise Conflict("handle_taken", N_("Somebody signs in as %(handle)s already."), handle=handle)
            for compartment in grants:
                await self._grant(tx, actor, row.id, row.public_key, compartment)
            await audit.append(
                tx,
                self._clock,
                actor,
                "staff.add",
                f"staff:{row.id}",
                {"roles": " ".join(sorted(row.roles)), "holds": " ".join(sorted(grants))},
            )
        return row.id

    async def grant(self, actor: Actor, staff_id: str, compartment: Compartment) -> None:
        """Makes somebody a holder. The actor must be one, and the compartment open."""
        async with self._db.write() as tx:
            row = await _existing(tx, staff_id)
            if row.state != "active":
                raise Conflict("suspended", N_("This account is suspended."))
            await self._grant(tx, actor, row.id, row.public_key, compartment)
            await audit.append(
                tx, self._clock, actor, "staff.grant", f"staff:{row.id}", {"compartment": compartment.value}
            )

    async def begin_safeguarding(self, actor: Actor) -> tuple[str, str, str]:
        """Makes the compartment ``safeguarding`` with the actor as its first holder; returns its own three
        rescue cards, kept nowhere. Raises ``NotAllowed`` unless the actor is a safety officer, ``Conflict``
        if there is one.
        """
        if actor.kind is not ActorKind.STAFF or actor.id is None or Role.SAFETY not in actor.roles:
            raise NotAllowed("not_allowed", N_("Only a safety officer can do this."))
        seed = self._random(rescue.SEED_LENGTH)
        cards = rescue.split(seed)
        rescuer = KeyPair.of(rescue.derive_vault(seed))
        name = Compartment.SAFEGUARDING
        async with self._db.write() as tx:
            row = await _existing(tx, actor.id)
            if name in {each.name for each in await compartments.all_of(tx)}:
                raise Conflict("safeguarding_begun", N_("There is one already. Ask whoever holds it."))
            pair = await found(tx, name, row, rescuer.public, unix(self._clock))
            await settings.put(tx, settings.SAFEGUARDING_RESCUE_PUBLIC, rescuer.public.hex())
            await audit.append(
                tx, self._clock, actor, "compartment.begin", "vault", {"compartment": name.value}
            )
        self._vault.install({name: pair.public})
        await self._vault.unlock({name: pair.private})
        return cards

    async def suspend(self, actor: Actor, staff_id: str) -> None:
        """Signs somebody out everywhere and takes their keys away. Not oneself, and not a compartment's last
        holder."""
        require(actor, Permission.STAFF)
        if actor.id == staff_id:
            raise Conflict("yourself", N_("You cannot suspend yourself. Ask another admin."))
        async with self._db.write() as tx:
            await _existing(tx, staff_id)
            for name, who in (await compartments.holders(tx)).items():
                if list(who) == [staff_id]:
                    raise Conflict(
                        "last_holder",
                        N_("Nobody else could then read the group's records. Let somebody hold them too."),
                        compartment=name,
                    )
            await staff.set_state(tx, staff_id, "suspended")
            await compartments.take_away(tx, staff_id)
            await sessions.remove_of(tx, staff_id)
            await audit.append(tx, self._clock, actor, "staff.suspend", f"staff:{staff_id}")

    async def take_up_again(self, actor: Actor, staff_id: str) -> None:
        """Ends a suspension; compartments must be granted anew by a holder."""
        require(actor, Permission.STAFF)
        async with self._db.write() as tx:
            await _existing(tx, staff_id)
            await staff.set_state(tx, staff_id, "active")
            await audit.append(tx, self._clock, actor, "staff.take_up_again", f"staff:{staff_id}")

    async def losing(self, actor: Actor) -> Mapping[str, Losing]:
        """What a new password would lose, of every account that is not stopped and would lose anything."""
        require(actor, Permission.STAFF)
        async with self._db.read() as tx:
            rows = [row for row in await staff.all_of(tx) if row.state == "active"]
            found = {row.id: await self._losing(tx, row) for row in rows}
        return {staff_id: each for staff_id, each in found.items() if each.any}

    async def reset_password(
        self, actor: Actor, staff_id: str, password: str, *, anyway: bool = False
    ) -> None:
        """A new password and key pair for somebody who forgot theirs; old sessions end.

        They get back those of their compartments that the actor holds too; the others wait for a holder. What is sealed
        to their old key alone is lost: ``anyway`` says that this is known (``losing``). Raises ``Conflict``
        (``last_holder``, ``last_reader``, ``perhaps_last_reader``), ``Invalid``, ``NotFound``.
        """
        require(actor, Permission.STAFF)
        check_new_password(password)
        pair = KeyPair.new()
        wrapped, kdf = await self._passwords.wrap(pair.private, password, key_context(staff_id))
        async with self._db.write() as tx:
            row = await _existing(tx, staff_id)
            before = await compartments.held_by(tx, staff_id)
            own = await compartments.held_by(tx, actor.id) if actor.id else {}
            for name, who in (await compartments.holders(tx)).items():
                if list(who) == [staff_id]:
                    raise Conflict(
                        "last_holder",
                        N_("Only this person can open some of the records. Use the rescue cards instead."),
                        compartment=name,
                    )
            losing = await self._losing(tx, row)
            if losing.any and not anyway:
                raise would_lose(losing)
            await compartments.take_away(tx, staff_id)
            await sessions.remove_of(tx, staff_id)
            await incidents.drop_readers(tx, staff_id=staff_id)
            await staff.set_key(tx, staff_id, public_key=pair.public, wrapped_key=wrapped, kdf=kdf.to_json())
            again = sorted(set(before) & set(own))
            for name in again:
                await self._grant(tx, actor, staff_id, pair.public, Compartment(name))
            codes = {"holds": " ".join(again)} | ({"reports": losing.reports} if losing.reports else {})
            await audit.append(tx, self._clock, actor, "staff.reset", f"staff:{staff_id}", codes)

    async def _losing(self, tx: Tx, row: StaffRow) -> Losing:
        return Losing(
            reports=await incidents.only_for(tx, row.id),
            perhaps=reads_safety(row.roles, await compartments.held_by(tx, row.id)),
            devices=len(await live(tx, row.id, unix(self._clock))),
        )

    async def _grant(
        self, tx: Tx, actor: Actor, staff_id: str, public: bytes, compartment: Compartment
    ) -> None:
        held = await compartments.held_by(tx, actor.id) if actor.kind is ActorKind.STAFF and actor.id else {}
        if compartment not in held:
            raise NotAllowed(
                "not_a_holder",
                N_("Only somebody who may read these records can let another person read them."),
                hint=f"{actor.label} does not hold {compartment}",
                compartment=compartment.value,
            )
        await compartments.grant(
            tx,
            MemberRow(
                compartment=compartment.value,
                staff_id=staff_id,
                sealed_key=self._vault.grant(compartment, public),
                granted_by=actor.label,
                granted_at=unix(self._clock),
            ),
        )


def would_lose(losing: Losing) -> Conflict:
    """Why a new key waits for a word that its loss is known, and the way out."""
    if losing.reports:
        return Conflict(
            "last_reader",
            N_(
                "A new password would lose reports about safety that nobody else here could read. If they are still "
                "signed in somewhere, let them first open “When something went wrong” and let somebody else read them. "
                "Else tick that this is known."
            ),
            hint=f"{losing.reports} of them",
        )
    return Conflict(
        "perhaps_last_reader",
        N_(
            "They look after safety: a new password would lose what is sealed to them alone, and nobody here can know "
            "whether there is something. Ask them first, then tick it."
        ),
    )


def check_handle(handle: str) -> str:
    """A sign-in name in its normal form. Raises ``Invalid`` (field ``handle``)."""
    handle = unicodedata.normalize("NFC", handle.strip())
    if not 1 <= len(handle) <= _HANDLE_LENGTH or not handle.isprintable():
        message = N_("Please choose a sign-in name of 1 to 40 letters.")
        raise Invalid("bad_handle", message, fields={"handle": message})
    return handle


async def _existing(tx: Tx, staff_id: str) -> StaffRow:
    row = await staff.get(tx, staff_id)
    if row is None:
        raise NotFound("no_such_account", N_("There is no such account."))
    return row
