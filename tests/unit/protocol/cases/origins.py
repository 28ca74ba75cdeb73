"""What an origin says of itself and of its sets: keys, profiles and heads."""

from dataclasses import replace

from protocol.register import Verdict
from tests.unit.protocol.cases.case import DAY, Case, in_days
from tests.unit.protocol.makers import EPOCH, NEXT_OP, NOW, STRANGER, a_head, a_keys, a_profile, signed

HEAD = signed(a_head())
PROFILE = signed(a_profile())
KEYS = signed(a_keys())

HEADS = [
    Case(name="the first head", incoming=HEAD, verdict=Verdict.ACCEPT),
    Case(name="the same head again", held=HEAD, incoming=HEAD, verdict=Verdict.SAME),
    Case(name="a newer head", held=HEAD, incoming=signed(a_head(seq=9)), verdict=Verdict.ACCEPT),
    Case(
        name="an older head",
        held=signed(a_head(seq=9)),
        incoming=HEAD,
        verdict=Verdict.OLDER,
        reason="rolled_back",
    ),
    Case(
        name="two heads in one place",
        held=HEAD,
        incoming=signed(a_head(next_by=NOW + 5 * DAY)),
        verdict=Verdict.FORKED,
    ),
    Case(
        name="a head of a lower epoch",
        incoming=signed(a_head(seq=99)),
        epoch=EPOCH + 1,
        verdict=Verdict.LOWER_EPOCH,
        reason="rolled_back",
    ),
    Case(
        name="a head of a higher epoch",
        held=HEAD,
        incoming=signed(a_head(epoch=EPOCH + 1, seq=1)),
        verdict=Verdict.ACCEPT,
    ),
    Case(name="an epoch one day ahead", incoming=signed(a_head(epoch=NOW + DAY)), verdict=Verdict.ACCEPT),
    Case(
        name="an epoch more than a day ahead",
        incoming=signed(a_head(epoch=NOW + DAY + 1)),
        verdict=Verdict.REFUSED,
        reason="epoch_too_far",
    ),
    Case(
        name="an epoch more than a day ahead, at the floor that the root key set",
        incoming=signed(a_head(epoch=NOW + 2 * DAY)),
        epoch=NOW + 2 * DAY,
        epoch_floor=NOW + 2 * DAY,
        verdict=Verdict.ACCEPT,
    ),
    Case(
        name="made under keys that we have not",
        incoming=signed(a_head(keys_rev=2)),
        verdict=Verdict.WAITS,
        reason="keys_ahead",
    ),
    Case(
        name="asof that goes back changes nothing: seq decides",
        held=HEAD,
        incoming=signed(a_head(seq=9, asof=in_days(-1))),
        verdict=Verdict.ACCEPT,
    ),
    Case(
        name="a head as of tomorrow",
        incoming=signed(a_head(asof=in_days(1))),
        verdict=Verdict.ACCEPT,
    ),
    Case(
        name="a head as of the day after tomorrow",
        held=HEAD,
        incoming=signed(a_head(seq=9, asof=in_days(2))),
        verdict=Verdict.REFUSED,
        reason="asof_too_far",
    ),
    Case(
        name="a head of an epoch and as of a day that are both too far",
        incoming=signed(a_head(epoch=NOW + DAY + 1, asof=in_days(9))),
        verdict=Verdict.REFUSED,
        reason="epoch_too_far",
    ),
    Case(
        name="a head that must be understood, and is not",
        incoming=signed(a_head(), crit=["mood"]),
        verdict=Verdict.KEEP_HIDDEN,
        reason="unknown_crit",
    ),
    Case(
        name="a head of another origin",
        incoming=signed(a_head(origin=STRANGER.did)),
        verdict=Verdict.REFUSED,
        reason="other_origin",
    ),
]

PROFILES = [
    Case(name="the first profile", incoming=PROFILE, verdict=Verdict.ACCEPT),
    Case(name="the same profile again", held=PROFILE, incoming=PROFILE, verdict=Verdict.SAME),
    Case(name="a newer profile", held=PROFILE, incoming=signed(a_profile(seq=9)), verdict=Verdict.ACCEPT),
    Case(name="an older profile", held=signed(a_profile(seq=9)), incoming=PROFILE, verdict=Verdict.OLDER),
    Case(
        name="two profiles in one place",
        held=PROFILE,
        incoming=signed(a_profile(name="Others")),
        verdict=Verdict.FORKED,
    ),
    Case(name="a profile of a lower epoch", incoming=PROFILE, epoch=EPOCH + 1, verdict=Verdict.LOWER_EPOCH),
    Case(
        name="a profile of a higher epoch, before its heads",
        held=signed(a_profile(seq=900)),
        incoming=signed(a_profile(epoch=EPOCH + 1)),
        verdict=Verdict.ACCEPT,
    ),
    Case(
        name="a profile more than a day ahead",
        incoming=signed(a_profile(epoch=NOW + DAY + 1)),
        verdict=Verdict.REFUSED,
        reason="epoch_too_far",
    ),
    Case(
        name="a profile that must be understood, and is not",
        incoming=signed(a_profile(), crit=["mood"]),
        verdict=Verdict.KEEP_HIDDEN,
        reason="unknown_crit",
    ),
    Case(
        name="a profile of another origin",
        incoming=signed(a_profile(origin=STRANGER.did)),
        verdict=Verdict.REFUSED,
        reason="other_origin",
    ),
]

KEYS_LINES = [
    Case(name="the first keys line", known=False, incoming=KEYS, verdict=Verdict.ACCEPT),
    Case(name="the same keys line again", incoming=KEYS, verdict=Verdict.SAME),
    Case(
        name="a higher rev with another op key",
        incoming=signed(a_keys(rev=2, op_key=NEXT_OP.did, epoch_floor=EPOCH + 1)),
        verdict=Verdict.ACCEPT,
    ),
    Case(name="a lower rev", keys=signed(a_keys(rev=3)), incoming=KEYS, verdict=Verdict.OLDER),
    Case(
        name="two keys lines of one rev",
        incoming=signed(a_keys(op_key=NEXT_OP.did)),
        verdict=Verdict.FORKED,
    ),
    Case(
        name="a floor two days ahead",
        incoming=signed(a_keys(rev=2, epoch_floor=NOW + 2 * DAY)),
        verdict=Verdict.ACCEPT,
    ),
    Case(
        name="a floor more than two days ahead",
        incoming=signed(a_keys(rev=2, epoch_floor=NOW + 2 * DAY + 1)),
        verdict=Verdict.REFUSED,
        reason="epoch_floor_too_far",
    ),
    Case(
        name="a first keys line with a floor more than two days ahead",
        known=False,
        incoming=signed(a_keys(epoch_floor=NOW + 2 * DAY + 1)),
        verdict=Verdict.REFUSED,
        reason="epoch_floor_too_far",
    ),
    Case(
        name="keys of another origin",
        incoming=signed(replace(a_keys(), origin=STRANGER.did), STRANGER),
        verdict=Verdict.REFUSED,
        reason="other_origin",
    ),
]
