"""A life-cycle is a table of moves: (state, move) to the next state. What the table does not have is refused."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from node.errors import moved_on

State = TypeVar("State", bound=StrEnum)
Move = TypeVar("Move", bound=StrEnum)


def step(moves: Mapping[tuple[State, Move], State], state: State, move: Move, *, of: str) -> State:
    """The next state; ``of`` says of what, for the log. Raises ``Conflict("moved_on")`` when the table has no such
    move."""
    try:
        return moves[state, move]
    except KeyError:
        raise moved_on(f"{of} {state} has no move {move}", state=str(state), move=str(move)) from None
