"""The merge rules as a table: what is held, what comes in, the verdict and its reason.

The unit tests run it, and the public vectors (schemas/vectors/judgements.v1.json) are written from it, so
that another implementation can run the same cases.
"""

from tests.unit.protocol.cases.case import Case
from tests.unit.protocol.cases.groups import OF_GROUPS
from tests.unit.protocol.cases.origins import HEADS, KEYS_LINES, PROFILES
from tests.unit.protocol.cases.registers import REGISTERS

ALL = [*REGISTERS, *HEADS, *PROFILES, *KEYS_LINES, *OF_GROUPS]

__all__ = ["ALL", "Case"]
