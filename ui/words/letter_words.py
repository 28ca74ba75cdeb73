"""Words of letters that came from another group: what they are, and why nothing was done with one."""

from collections.abc import Mapping

from node.errors import N_
from ui.words.words import LETTER

KIND: Mapping[str, str] = {
    **LETTER,
    "answer": N_("Their answer to our offer"),
}
UNKNOWN_KIND = N_("A letter")
"""Of one that was not opened, or that this version knows no name for."""

STATE: Mapping[str, str] = {
    "waiting": N_("waits here, sealed"),
    "done": N_("read and acted on"),
    "aside": N_("set aside"),
}
TONE: Mapping[str, str] = {"waiting": "wait", "done": "good", "aside": "now"}

_DAMAGED = N_("it could not be opened: damaged, or sealed with a key that we no longer have")
_NOT_ALLOWED = N_("whoever wrote it is not among our neighbouring groups")

WHY: Mapping[str, str] = {
    "cannot_open": _DAMAGED,
    "bad_message": _DAMAGED,
    "bad_padding": _DAMAGED,
    "schema": _DAMAGED,
    "bad_signature": N_("the signature in it does not fit who it says it is from"),
    "keys_unknown": N_("we hold no key to check its signature with"),
    "sender_unknown": _NOT_ALLOWED,
    "sender_left": N_("the talks with whoever wrote it are over"),
    "sender_blocked": N_("whoever wrote it is blocked here"),
    "sender_reader": N_("whoever wrote it only looks here, and sends nothing"),
    "sender_paused": N_("they are paused here; it is opened when that is over"),
    "unknown_crit": N_("this version does not know what it asks for; it is looked at again after an update"),
    "unknown_kind": N_("this version does not know what it asks for; it is looked at again after an update"),
    "time_ahead": N_("it was written by a clock that is days ahead"),
    "again": N_("it came twice, and counts once"),
    "handler_failed": N_("something went wrong here; it is looked at again after the next start"),
    "too_many": N_("too many of theirs wait already"),
}
"""By the reason of a letter that waits or was set aside (``node.store.inbox``). docs/protocol.md, "What becomes of a
message that comes in"."""
OTHER_WHY = N_("it is about something that we do not know, or that is over")
"""Of any other reason: the task, request or offer that it names is not there."""
