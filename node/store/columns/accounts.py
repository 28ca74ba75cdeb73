"""Who may come in, and the keys of the vault."""

from collections.abc import Mapping

from node.store.columns.reasons import (
    ACTOR,
    DAY,
    HASH,
    ID,
    PUBLIC_KEY,
    STATE,
    WRAPPED,
    Column,
    Protection,
    clear,
)

TABLES: Mapping[str, Mapping[str, Column]] = {
    "staff": {
        "id": ID,
        "handle": clear("the sign-in name, chosen by its owner and asked for before anything is open"),
        "roles": STATE,
        "state": STATE,
        "public_key": PUBLIC_KEY,
        "wrapped_key": WRAPPED,
        "kdf": clear("what a password costs"),
        "created_at": DAY,
    },
    "compartments": {"name": STATE, "public_key": PUBLIC_KEY, "rescue_sealed": WRAPPED},
    "compartment_members": {
        "compartment": STATE,
        "staff_id": ID,
        "sealed_key": WRAPPED,
        "granted_by": ACTOR,
        "granted_at": DAY,
    },
    "sessions": {
        "id": HASH,
        "staff_id": ID,
        "wrapped_key": WRAPPED,
        "created_at": DAY,
        "last_seen": DAY,
        "expires_at": DAY,
        "device": clear("browser and system as a code of ours"),
    },
    "former_keys": {
        "compartment": STATE,
        "public_key": PUBLIC_KEY,
        "private_sealed": WRAPPED,
        "retired_at": DAY,
        "done_at": DAY,
    },
    "past_staff": {"id": ID, "handle": clear("the sign-in name in that node")},
    "past_row_keys": {"id": HASH, "sealed": Column(Protection.SEALED, "a key")},
}
