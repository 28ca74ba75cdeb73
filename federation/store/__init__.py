"""What peers said, in ``neighbourhood.db``: the only SQL of the network side, behind one interface.

Everything in it can be deleted and fetched again. ``NeighbourhoodStore``, and ``StoreFull`` for when the disk is, are
the whole public surface; the values that cross it are in ``federation.store.rows``.
"""

from federation.store.database import StoreFull
from federation.store.neighbourhood import NeighbourhoodStore

__all__ = ["NeighbourhoodStore", "StoreFull"]
