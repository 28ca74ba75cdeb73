"""When a node goes on with its own counter, begins a new epoch, or stops and asks: one table, pure.

Two copies of one node that both run would each find the other's lines and each begin anew above them, for ever. So
whoever finds lines of its own that it did not write begins anew by itself once, and stops the next time.
"""

from dataclasses import dataclass
from enum import StrEnum

from node.errors import N_

DAY = 86_400
QUIET_DAYS = 30
"""A node that began anew because of lines it did not know does not do so by itself again for so long."""
APART_SECONDS = 3600
"""Within so many seconds ahead an epoch begun for lines we did not know lies by chance."""
WAIT_SECONDS = DAY
"""So long a restored node waits for the first neighbour to tell what happened since its backup."""

Position = tuple[int, int]
"""(epoch, seq)."""


class Why(StrEnum):
    """Why a new epoch begins."""

    FIRST = "first"
    """Nothing was ever signed."""
    KEYS = "keys"
    """A new keys line put the floor above everything before."""
    RESTORED = "restored"
    """A backup was brought back."""
    BEHIND = "behind"
    """Others hold lines of ours that we do not know: a disk fell back, or a second copy runs."""
    SAID = "said"
    """A person said so."""
    ERASE = "erase"
    """A person takes everything back that was ever shared."""


class Stop(StrEnum):
    """Why nothing is signed."""

    SECOND_COPY = "second_copy"
    EPOCH_AGAIN = "epoch_again"
    RESTORE_WAITS = "restore_waits"
    KEYS_BEHIND = "keys_behind"
    KEY_UNNAMED = "key_unnamed"


STOPS: dict[Stop, str] = {
    Stop.SECOND_COPY: N_(
        "Somebody else signs in this group's name: most likely a second copy of this site is running. Nothing is sent"
        " out from here until the other one is switched off and an admin says which one goes on."
    ),
    Stop.EPOCH_AGAIN: N_(
        "This group's lines were begun anew already today. Is a copy of it running somewhere else?"
    ),
    Stop.RESTORE_WAITS: N_(
        "This site came back from a backup. Before it sends anything out it asks the neighbouring groups what happened"
        " since; none has answered yet."
    ),
    Stop.KEYS_BEHIND: N_(
        "The rescue cards named another signing key after this backup was made. Name a new one with the cards."
    ),
    Stop.KEY_UNNAMED: N_("The signing key in this folder is not the one that the rescue cards named."),
}
"""Each reason in words."""

HINTS: dict[Stop, str] = {
    Stop.SECOND_COPY: "stop the other node, then: mutualaid publish --anew",
    Stop.EPOCH_AGAIN: "two nodes with one key: stop one of them, then: mutualaid publish --anew",
    Stop.RESTORE_WAITS: "it goes on by itself after a day; now, without asking: mutualaid publish --anew",
    Stop.KEYS_BEHIND: "mutualaid keys new, then mutualaid keys sign",
    Stop.KEY_UNNAMED: "mutualaid keys new, then mutualaid keys sign; or restore op.key from a backup",
}
"""What the operator can do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that the decision looks at. Times in Unix seconds, None: never."""

    now: int
    held: Position | None
    """Of our own last line, by our own book."""
    seen: Position | None
    """The highest that the neighbourhood holds of ours."""
    contradicted: bool = False
    """The neighbourhood holds two lines of ours with one number, in the epoch that counts."""
    floor: int = 0
    """No epoch below it counts, by our keys line."""
    key_named: bool = True
    """Our keys line names the key in our folder."""
    keys_behind: bool = False
    """The neighbourhood holds a later keys line of ours."""
    restored_at: int | None = None
    peers_asked: int = 0
    """Neighbours that were asked since the restore what they hold of ours."""
    peers_answered: int = 0
    raised_at: int | None = None
    """When a new epoch was last begun by itself, for whatever reason."""
    behind_at: int | None = None
    """When that was for lines we did not know."""
    stopped: bool = False
    """We stopped for a second copy, and nobody has said how to go on."""
    said: bool = False
    """A person says: begin anew, now."""
    erase: bool = False
    """A person takes everything back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``begin`` and ``stop`` are never both set; neither: go on with the counter."""

    begin: Why | None = None
    stop: Stop | None = None


GO_ON = Decision()


def decide(facts: Facts) -> Decision:
    """The first row that fits."""
    person = facts.said or facts.erase
    if not facts.key_named:
        return Decision(stop=Stop.KEY_UNNAMED)
    if facts.keys_behind:
        return Decision(stop=Stop.KEYS_BEHIND)
    if facts.stopped and not person:
        return Decision(stop=Stop.SECOND_COPY)
    if facts.held is None and facts.seen is None:
        return Decision(begin=Why.FIRST)
    if facts.erase:
        return Decision(begin=Why.ERASE)
    if facts.said:
        return Decision(begin=Why.SAID)
    if facts.restored_at is not None:
        waited = facts.now - facts.restored_at
        if facts.peers_asked and not facts.peers_answered and 0 <= waited < WAIT_SECONDS:
            return Decision(stop=Stop.RESTORE_WAITS)
        return _once(facts.raised_at, DAY, facts.now, Why.RESTORED, Stop.EPOCH_AGAIN)
    if facts.held is not None and facts.held[0] < facts.floor:
        return Decision(begin=Why.KEYS)
    ahead = facts.seen is not None and (facts.held is None or facts.seen > facts.held)
    if ahead or facts.contradicted:
        if _within(facts.raised_at, DAY, facts.now):
            return Decision(stop=Stop.SECOND_COPY)
        return _once(facts.behind_at, QUIET_DAYS * DAY, facts.now, Why.BEHIND, Stop.SECOND_COPY)
    return GO_ON


def _once(last: int | None, seconds: int, now: int, why: Why, stop: Stop) -> Decision:
    return Decision(stop=stop) if _within(last, seconds, now) else Decision(begin=why)


def _within(last: int | None, seconds: int, now: int) -> bool:
    return bool(last) and now - (last or 0) < seconds
