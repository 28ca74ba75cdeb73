"""Keys, compartments and sealed records: personal data exists on disk only in here's boxes.

Each compartment has a key pair. Sealing needs only the public half, so forms and imports work while the node
is locked; opening needs the private half, which is in memory from the first sign-in until a restart or "lock
now". No SQL and no files here: services join the vault and the store.
"""

from node.vault.compartments import Compartment
from node.vault.vault import Vault

__all__ = ["Compartment", "Vault"]
