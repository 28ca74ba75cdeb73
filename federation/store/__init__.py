"""What peers said, in ``neighbourhood.db``: the only SQL of the network side, behind one interface.

Everything in it can be deleted and fetched again. ``NeighbourhoodStore`` is the whole public surface; the
values that cross it are in ``federation.store.rows``.
"""

from federation.store.neighbourhood import NeighbourhoodStore

__all__ = ["NeighbourhoodStore"]
