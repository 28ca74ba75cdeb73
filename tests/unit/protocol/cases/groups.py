"""What groups say of groups: vouches, advice and farewells."""

from protocol.register import Verdict
from tests.unit.protocol.cases.case import DAY, Case, in_days
from tests.unit.protocol.makers import (
    EPOCH,
    NOW,
    STRANGER,
    TODAY,
    a_farewell,
    a_vouch,
    a_withdrawal,
    an_advice,
    ident,
    signed,
)

VOUCH = signed(a_vouch(seq=4))
FAREWELL = signed(a_farewell(seq=6))

OF_GROUPS = [
    Case(name="the first vouch", incoming=VOUCH, verdict=Verdict.ACCEPT),
    Case(
        name="a vouch renewed",
        held=VOUCH,
        incoming=signed(a_vouch(seq=5, expires=in_days(20))),
        verdict=Verdict.ACCEPT,
    ),
    Case(name="an older vouch", held=signed(a_vouch(seq=5)), incoming=VOUCH, verdict=Verdict.OLDER),
    Case(
        name="two vouches in one place",
        held=VOUCH,
        incoming=signed(a_vouch(seq=4, role="hub")),
        verdict=Verdict.FORKED,
    ),
    Case(
        name="a vouch under an id that was withdrawn",
        held=signed(a_withdrawal(id=ident(8), set="peers", seq=3)),
        incoming=signed(a_vouch(id=ident(8), seq=4)),
        verdict=Verdict.KEEP_HIDDEN,
        reason="after_withdrawal",
    ),
    Case(
        name="a vouch since a day to come", incoming=signed(a_vouch(since=in_days(9))), verdict=Verdict.ACCEPT
    ),
    Case(
        name="a vouch that expires in 62 days",
        incoming=signed(a_vouch(expires=in_days(62))),
        verdict=Verdict.REFUSED,
        reason="expires_too_far",
    ),
    Case(name="the first advice", incoming=signed(an_advice()), verdict=Verdict.ACCEPT),
    Case(
        name="an advice for a reason that nobody knows",
        incoming=signed(an_advice(reason="smells")),
        verdict=Verdict.ACCEPT,
    ),
    Case(name="an advice over", incoming=signed(an_advice(expires=TODAY)), verdict=Verdict.EXPIRED),
    Case(name="the first farewell", incoming=FAREWELL, verdict=Verdict.ACCEPT),
    Case(name="the same farewell again", held=FAREWELL, incoming=FAREWELL, verdict=Verdict.SAME),
    Case(name="a later farewell", held=FAREWELL, incoming=signed(a_farewell(seq=7)), verdict=Verdict.ACCEPT),
    Case(name="an older farewell", held=FAREWELL, incoming=signed(a_farewell(seq=5)), verdict=Verdict.OLDER),
    Case(
        name="two farewells in one place",
        held=FAREWELL,
        incoming=signed(a_farewell(seq=6, to=STRANGER.did)),
        verdict=Verdict.FORKED,
    ),
    Case(name="a farewell of a lower epoch", epoch=EPOCH + 1, incoming=FAREWELL, verdict=Verdict.LOWER_EPOCH),
    Case(
        name="a farewell of a higher epoch",
        incoming=signed(a_farewell(epoch=EPOCH + 9)),
        verdict=Verdict.ACCEPT,
    ),
    Case(
        name="a farewell more than a day ahead",
        incoming=signed(a_farewell(epoch=NOW + DAY + 1)),
        verdict=Verdict.REFUSED,
        reason="epoch_too_far",
    ),
    Case(
        name="a farewell that must be understood, and is not",
        incoming=signed(a_farewell(), crit=["mood"]),
        verdict=Verdict.REFUSED,
        reason="unknown_crit",
    ),
    Case(
        name="a farewell of another origin",
        incoming=signed(a_farewell(origin=STRANGER.did)),
        verdict=Verdict.REFUSED,
        reason="other_origin",
    ),
]
