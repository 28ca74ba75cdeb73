"""Where things that wait are seen after signing in."""

from collections.abc import Collection, Mapping

from node.domain.board.views import QueueFilter
from node.domain.notices.alerts import What

BOARD = "/board"
PAGES: Mapping[What, str] = {
    What.FIRST_LOOK: f"{BOARD}?show={QueueFilter.TO_TRIAGE}",
    What.NOBODY_ASKED: f"{BOARD}?show={QueueFilter.UNASSIGNED}",
    What.YES: f"{BOARD}?show={QueueFilter.WAITING}",
    What.CALL_BACK: f"{BOARD}?show={QueueFilter.CALL_BACK}",
    What.PROMISE: f"{BOARD}?show={QueueFilter.CALL_BACK}",
    What.HOLD_OVER: f"{BOARD}?show={QueueFilter.CALL_BACK}",
    What.RING: "/calls",
    What.NOT_RUNG: "/calls",
    What.SECOND_YES: "/settings/public",
    What.EXPORT_YES: "/export",
    What.RECEIPT: "/receipts",
    What.OFFER: f"{BOARD}?show={QueueFilter.WAITING}",
    What.HANDED_OVER: BOARD,
    What.BELL: f"{BOARD}/neighbours",
    What.DOOR: "/peers",
    What.UNSAFE: "/safety/incidents",
    What.VISIT: BOARD,
}


def page_of(kinds: Collection[What]) -> str:
    """One page for all of them: that which they share, else the board."""
    found = {PAGES[what] for what in kinds}
    return found.pop() if len(found) == 1 else BOARD
