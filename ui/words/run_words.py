"""Page words for rounds of deliveries and for receipts. Every text is a msgid."""

from collections.abc import Mapping

from node.errors import N_

STATE: Mapping[str, str] = {
    "planned": N_("Planned"),
    "under_way": N_("On the way"),
    "over": N_("Over"),
    "called_off": N_("Called off"),
}
STATE_TONE: Mapping[str, str] = {"planned": "warm", "under_way": "wait", "over": "good", "called_off": ""}

STOP: Mapping[str, str] = {
    "waiting": N_("To do"),
    "done": N_("Done"),
    "nobody_home": N_("Nobody at home"),
    "problem": N_("There was a problem"),
    "off": N_("Not on it any more"),
}
STOP_TONE: Mapping[str, str] = {
    "waiting": "warm",
    "done": "good",
    "nobody_home": "wait",
    "problem": "now",
    "off": "",
}

HELD: Mapping[str, str] = {
    "alone_and_new": N_("not yet: nobody of us has met them, and they would go alone"),
    "check_over": N_("not yet: their safety check has ended"),
    "pair_first": N_("not yet: two go together here, and one is missing"),
}
"""Why nobody drives to a stop as things are."""

HAND_OFF: Mapping[str, str] = {
    "as_usual": N_("Ring, and hand it over"),
    "doorstep": N_("Leave it at the door: ring, step back, wait until it is taken in"),
    "neighbour": N_("Give it to somebody next door"),
}

WORD: Mapping[str, str] = {
    "done": N_("Done"),
    "nobody_home": N_("Nobody at home"),
    "problem": N_("There is a problem"),
}

LEFT_OUT: Mapping[str, str] = {
    "already_taken": N_("somebody was quicker"),
    "on_a_round": N_("it is on a round of theirs already"),
    "round_full": N_("there are 30 stops already"),
    "not_suitable": N_("they cannot be asked for this"),
    "lacks_check": N_("it takes a safety check that they have not shown"),
    "check_out_of_date": N_("their safety check is out of date"),
    "newcomer": N_("nobody of us has met them yet"),
    "looks_known": N_("they look like somebody we know: first say on their page whether it is one person"),
    "alone_and_new": N_("nobody of us has met them yet"),
    "check_over": N_("their safety check is out of date"),
    "own_need": N_("it is for themselves"),
    "moved_on": N_("it has changed since"),
}
"""Why a request could not come on a round; for any other reason "they cannot be asked for this"."""

RECEIPT: Mapping[str, str] = {
    "claimed": N_("To pay back"),
    "paid": N_("Paid back"),
    "refused": N_("Not paid back"),
}
RECEIPT_TONE: Mapping[str, str] = {"claimed": "wait", "paid": "good", "refused": ""}

HOW: Mapping[str, str] = {
    "cash": N_("Paid back in cash"),
    "transfer": N_("Paid back by transfer"),
    "other": N_("Paid back another way"),
}
PAID_HOW: Mapping[str, str] = {
    "cash": N_("paid back in cash"),
    "transfer": N_("paid back by transfer"),
    "other": N_("paid back"),
}
