"""A new key for a compartment after somebody who held it has left.

What is to be done follows from what is stored, so that a crash at any point is followed by the rest: the names in
``settings.REKEY`` get a new pair as soon as they are open, in one write; then every record under a former pair is
sealed anew, some at a time; then the former pair is marked as done. Former pairs stay, sealed to the present one: the
reasons in the audit stay under the key of their time, because its chain names a hash of those very bytes, and so do
the hashes by which people are found again.
"""

from node.clock import Clock, unix
from node.domain.actors import SYSTEM
from node.store import audit, boxes, compartments, settings
from node.store.compartments import CompartmentRow
from node.store.db import Database, Tx
from node.vault import Compartment, Vault
from node.vault.keys import seal_to

AT_ONCE = 200
"""So many records are sealed anew in one write: nobody waits for it longer than for any other."""


class Rekeying:
    """Run it at every unlock, after a leaving, and by the clock."""

    def __init__(self, db: Database, vault: Vault, clock: Clock) -> None:
        self._db = db
        self._vault = vault
        self._clock = clock

    async def on_unlock(self, compartment: Compartment) -> None:
        """A callback of the vault: what was asked for while this one was closed."""
        await self._new_key(compartment)

    async def settle(self) -> None:
        """Does whatever can be done now; what is closed waits for the next unlock."""
        async with self._db.read() as tx:
            wanted = await settings.get(tx, settings.REKEY)
        for name in wanted:
            await self._new_key(Compartment(name))
        async with self._db.read() as tx:
            left = await compartments.to_reseal(tx)
        for name in left:
            if self._vault.is_open(Compartment(name)):
                await self._reseal(Compartment(name))

    async def waiting(self, tx: Tx) -> tuple[str, ...]:
        """Compartments that are not done yet."""
        return tuple(sorted({*await settings.get(tx, settings.REKEY), *await compartments.to_reseal(tx)}))

    async def _new_key(self, compartment: Compartment) -> None:
        if not self._vault.is_open(compartment):
            return
        async with self._db.write() as tx:
            wanted = await settings.get(tx, settings.REKEY)
            if compartment.value not in wanted:
                return
            pair, before = self._vault.next_pair(compartment)
            rescue = await settings.get(
                tx,
                settings.SAFEGUARDING_RESCUE_PUBLIC
                if compartment is Compartment.SAFEGUARDING
                else settings.RESCUE_PUBLIC,
            )
            holders = await compartments.members(tx, compartment)
            await compartments.replace_key(
                tx,
                CompartmentRow(
                    name=compartment.value,
                    public_key=pair.public,
                    rescue_sealed=seal_to(bytes.fromhex(rescue), pair.private) if rescue else None,
                ),
                {staff_id: seal_to(public, pair.private) for staff_id, public in holders.items()},
            )
            sealed = {each.public: seal_to(pair.public, each.private) for each in before}
            await compartments.keep_former(tx, compartment, sealed, unix(self._clock))
            await settings.put(tx, settings.REKEY, [name for name in wanted if name != compartment.value])
            await audit.append(
                tx, self._clock, SYSTEM, "compartment.rekeyed", "vault", {"compartment": compartment.value}
            )
        self._vault.take_pair(compartment, pair)

    async def _reseal(self, compartment: Compartment) -> None:
        for table, column in boxes.columns_of_boxes():
            after = 0
            while True:
                async with self._db.read() as tx:
                    rows = await boxes.some(tx, table, column, after, AT_ONCE)
                if not rows:
                    break
                after = rows[-1][0]
                anew = [(row, blob, self._vault.reseal(compartment, blob)) for row, blob in rows]
                changed = [(row, blob, new) for row, blob, new in anew if new is not None]
                if changed:
                    async with self._db.write() as tx:
                        for row, blob, new in changed:
                            await boxes.put(tx, table, column, row, blob, new)
        async with self._db.write() as tx:
            await compartments.resealed(tx, compartment, unix(self._clock))
        await self._db.fold()
