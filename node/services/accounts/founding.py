"""A compartment begins: its pair of keys, its first holder, and the rescue cards that open it too."""

from node.store import compartments
from node.store.compartments import CompartmentRow, MemberRow
from node.store.db import Tx
from node.store.staff import StaffRow
from node.vault import Compartment
from node.vault.keys import KeyPair, seal_to


async def found(tx: Tx, name: Compartment, holder: StaffRow, rescuer: bytes, now: int) -> KeyPair:
    """Writes it down and returns its keys. ``rescuer``: the public key that its rescue cards open, 32 bytes; ``now`` in
    Unix seconds. ``holder`` need not be stored yet."""
    pair = KeyPair.new()
    await compartments.insert(
        tx,
        CompartmentRow(name=name.value, public_key=pair.public, rescue_sealed=seal_to(rescuer, pair.private)),
    )
    await compartments.grant(
        tx,
        MemberRow(
            compartment=name.value,
            staff_id=holder.id,
            sealed_key=seal_to(holder.public_key, pair.private),
            granted_by=None,
            granted_at=now,
        ),
    )
    return pair
