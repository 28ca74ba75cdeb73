"""Histories of one origin: lines as they come, their verdicts, and what is held in the end.

The public vectors (schemas/vectors/histories.v1.json) are written from them; tests/contract/test_history_vectors.py
runs them under the pure rules and through the real way in.
"""

from tests.unit.protocol.histories.ends import CONTRADICTIONS, FAREWELLS
from tests.unit.protocol.histories.history import History
from tests.unit.protocol.histories.sets import EPOCHS, SETS

ALL = [*SETS, *EPOCHS, *FAREWELLS, *CONTRADICTIONS]

__all__ = ["ALL", "History"]
