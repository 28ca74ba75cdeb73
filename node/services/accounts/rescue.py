"""When the last password is lost: two rescue cards open the records again for one coordinator.

Recorded in the audit and announced to all staff (``settings.CARDS_OPENED_AT``), because whoever has two cards
can do this.
"""

import hmac
from collections.abc import Sequence

from node.clock import Clock, unix
from node.domain.actors import Actor
from node.errors import N_, Conflict, Invalid, Misconfigured, NotFound
from node.services.accounts.access import Access, key_context
from node.services.accounts.passwords import Passwords, Throttle, check_new_password
from node.store import audit, compartments, incidents, sessions, settings, staff
from node.store.compartments import MemberRow
from node.store.db import Database
from node.vault import Compartment
from node.vault.compartments import RESCUED
from node.vault.keys import KeyPair, WrongKey, seal_to, unseal
from protocol import rescue


class Rescue:
    """Opening by cards."""

    def __init__(self, db: Database, access: Access, clock: Clock, *, passwords: Passwords) -> None:
        self._db = db
        self._access = access
        self._clock = clock
        self._passwords = passwords
        self._throttle = Throttle(clock)

    async def open(
        self, actor: Actor, cards: Sequence[str], handle: str, password: str, *, anyway: bool = False
    ) -> Sequence[str]:
        """Gives the account ``handle`` a new password, a new key and every compartment these cards open, and
        only those; ends a suspension. Returns the compartments. The account's roles stay what they were.

        ``actor`` is whoever typed the cards: the console or somebody not signed in. Raises ``Invalid`` (field
        ``cards``, in words), ``NotFound``, ``TooMany``, and
        ``Conflict`` for the last holder of records that these cards do not open, and (``last_reader``) for the last one
        who could read some reports about safety, which no card opens, unless ``anyway``.
        """
        self._throttle.check("cards")
        check_new_password(password)
        pair, names = await self._opened_by(cards)
        own = KeyPair.new()
        async with self._db.read() as tx:
            row = await staff.by_handle(tx, handle.strip())
        if row is None:
            raise NotFound("no_such_account", N_("There is no such account."))
        wrapped, kdf = await self._passwords.wrap(own.private, password, key_context(row.id))
        async with self._db.write() as tx:
            for name, who in (await compartments.holders(tx)).items():
                if list(who) == [row.id] and name not in names:
                    raise Conflict(
                        "last_holder",
                        N_("Only this person can open some other records. Choose another account."),
                        compartment=name,
                    )
            reports = await incidents.only_for(tx, row.id)
            if reports and not anyway:
                raise Conflict(
                    "last_reader",
                    N_(
                        "Nobody else could read some reports about safety, and no card opens them. Choose another "
                        "account, or say that they may be lost."
                    ),
                    hint=f"{reports} of them; --anyway gives them up",
                )
            await compartments.take_away(tx, row.id)
            await sessions.remove_of(tx, row.id)
            await incidents.drop_readers(tx, staff_id=row.id)
            await staff.set_key(tx, row.id, public_key=own.public, wrapped_key=wrapped, kdf=kdf.to_json())
            await staff.set_state(tx, row.id, "active")
            opened: list[str] = []
            for compartment in await compartments.all_of(tx):
                if compartment.rescue_sealed is None or compartment.name not in names:
                    continue
                try:
                    private = unseal(pair, compartment.rescue_sealed)
                except WrongKey as error:
                    raise Misconfigured(
                        "rescue_damaged",
                        N_("What the cards should open was changed outside the program."),
                        hint=f"compartment {compartment.name}: restore from a backup",
                    ) from error
                await compartments.grant(
                    tx,
                    MemberRow(
                        compartment=compartment.name,
                        staff_id=row.id,
                        sealed_key=seal_to(own.public, private),
                        granted_by="cards",
                        granted_at=unix(self._clock),
                    ),
                )
                opened.append(compartment.name)
            await settings.put(tx, settings.CARDS_OPENED_AT, unix(self._clock))
            await audit.append(
                tx, self._clock, actor, "cards.open", f"staff:{row.id}", {"holds": " ".join(opened)}
            )
        await self._access.load()
        return opened

    async def _opened_by(self, cards: Sequence[str]) -> tuple[KeyPair, frozenset[Compartment]]:
        try:
            seed = rescue.join(cards)
        except rescue.RescueError as error:
            self._throttle.wrong("cards")
            raise Invalid(
                "cards_do_not_open", N_("%(fault)s"), fields={"cards": str(error)}, fault=str(error)
            ) from error
        pair = KeyPair.of(rescue.derive_vault(seed))
        async with self._db.read() as tx:
            group = await settings.get(tx, settings.RESCUE_PUBLIC) or ""
            safeguarding = await settings.get(tx, settings.SAFEGUARDING_RESCUE_PUBLIC) or ""
        if hmac.compare_digest(group, pair.public.hex()):
            return pair, frozenset(RESCUED)
        if hmac.compare_digest(safeguarding, pair.public.hex()):
            return pair, frozenset({Compartment.SAFEGUARDING})
        self._throttle.wrong("cards")
        message = N_("These cards are not this group's.")
        raise Invalid("other_cards", message, fields={"cards": message})
