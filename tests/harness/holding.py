"""Who may open which compartment, without keys that fit: for what asks only who holds one."""

from node.store import compartments
from node.store.compartments import CompartmentRow, MemberRow
from node.store.db import Tx
from node.vault import Compartment


async def let_hold(tx: Tx, name: Compartment, staff_id: str, *, public_key: bytes = b"p") -> None:
    """That account holds it from now on; it begins, under ``public_key``, where it was not there yet."""
    if name not in {row.name for row in await compartments.all_of(tx)}:
        row = CompartmentRow(name=name.value, public_key=public_key, rescue_sealed=None)
        await compartments.insert(tx, row)
    member = MemberRow(
        compartment=name.value, staff_id=staff_id, sealed_key=b"k", granted_by=None, granted_at=0
    )
    await compartments.grant(tx, member)
