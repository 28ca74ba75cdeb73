"""Summaries and withdrawals."""

from protocol.register import Verdict
from tests.unit.protocol.cases.case import Case, in_days
from tests.unit.protocol.makers import EPOCH, a_summary, a_withdrawal, signed

SUMMARY = signed(a_summary())
TAKEN = signed(a_summary(status="taken"))

REGISTERS = [
    Case(name="the first of its id", incoming=SUMMARY, verdict=Verdict.ACCEPT),
    Case(name="a withdrawal of what was never seen", incoming=signed(a_withdrawal()), verdict=Verdict.ACCEPT),
    Case(name="the same again", held=SUMMARY, incoming=SUMMARY, verdict=Verdict.SAME),
    Case(
        name="a newer version",
        held=SUMMARY,
        incoming=signed(a_summary(seq=9, status="taken")),
        verdict=Verdict.ACCEPT,
    ),
    Case(name="an older version", held=signed(a_summary(seq=9)), incoming=SUMMARY, verdict=Verdict.OLDER),
    Case(name="two lines in one place", held=SUMMARY, incoming=TAKEN, verdict=Verdict.FORKED),
    Case(
        name="a summary and a withdrawal in one place",
        held=SUMMARY,
        incoming=signed(a_withdrawal(seq=2)),
        verdict=Verdict.FORKED,
    ),
    Case(name="withdrawn", held=SUMMARY, incoming=signed(a_withdrawal()), verdict=Verdict.ACCEPT),
    Case(
        name="the summary after its withdrawal arrived",
        held=signed(a_withdrawal()),
        incoming=SUMMARY,
        verdict=Verdict.OLDER,
    ),
    Case(
        name="published again under a withdrawn id",
        held=signed(a_withdrawal()),
        incoming=signed(a_summary(seq=9)),
        verdict=Verdict.KEEP_HIDDEN,
        reason="after_withdrawal",
    ),
    Case(
        name="and once more",
        held=signed(a_summary(seq=9)),
        held_reason="after_withdrawal",
        incoming=signed(a_summary(seq=10)),
        verdict=Verdict.KEEP_HIDDEN,
        reason="after_withdrawal",
    ),
    Case(
        name="moved to the other set",
        held=SUMMARY,
        incoming=signed(a_summary(seq=9, set="peers")),
        verdict=Verdict.KEEP_HIDDEN,
        reason="set_changed",
    ),
    Case(
        name="moved to the other set, and newer there",
        held=signed(a_summary(seq=9, set="peers")),
        held_reason="set_changed",
        incoming=signed(a_summary(seq=10, set="peers")),
        verdict=Verdict.KEEP_HIDDEN,
        reason="set_changed",
    ),
    Case(
        name="withdrawn from the other set",
        held=SUMMARY,
        incoming=signed(a_withdrawal(set="peers")),
        verdict=Verdict.ACCEPT,
    ),
    Case(
        name="a lower epoch",
        incoming=SUMMARY,
        epoch=EPOCH + 1,
        epoch_floor=EPOCH + 1,
        verdict=Verdict.LOWER_EPOCH,
    ),
    Case(
        name="a lower epoch, though newer than what is held there",
        held=SUMMARY,
        incoming=signed(a_summary(seq=9)),
        epoch=EPOCH + 1,
        verdict=Verdict.LOWER_EPOCH,
    ),
    Case(
        name="a higher epoch",
        incoming=signed(a_summary(epoch=EPOCH + 1)),
        verdict=Verdict.WAITS,
        reason="epoch_ahead",
    ),
    Case(
        name="a new epoch starts its own count",
        held=signed(a_summary(seq=900)),
        incoming=signed(a_summary(epoch=EPOCH + 1, seq=1)),
        epoch=EPOCH + 1,
        verdict=Verdict.ACCEPT,
    ),
    Case(
        name="a withdrawn id in a new epoch",
        held=signed(a_withdrawal(seq=900)),
        incoming=signed(a_summary(epoch=EPOCH + 1, seq=1)),
        epoch=EPOCH + 1,
        verdict=Verdict.ACCEPT,
    ),
    Case(name="expires tomorrow", incoming=signed(a_summary(expires=in_days(1))), verdict=Verdict.ACCEPT),
    Case(name="expires today", incoming=signed(a_summary(expires=in_days(0))), verdict=Verdict.EXPIRED),
    Case(
        name="a withdrawal expires today",
        incoming=signed(a_withdrawal(expires=in_days(0))),
        verdict=Verdict.EXPIRED,
    ),
    Case(
        name="expires today, and the held head of yesterday counts it",
        incoming=signed(a_summary(expires=in_days(0))),
        asof=in_days(-1),
        verdict=Verdict.KEEP_HIDDEN,
        reason="expired_today",
    ),
    Case(
        name="a withdrawal expires today, and the held head of yesterday counts it",
        incoming=signed(a_withdrawal(expires=in_days(0))),
        asof=in_days(-1),
        verdict=Verdict.ACCEPT,
    ),
    Case(
        name="expires today, and the held head of today does not count it",
        incoming=signed(a_summary(expires=in_days(0))),
        asof=in_days(0),
        verdict=Verdict.EXPIRED,
    ),
    Case(
        name="a head from tomorrow expires nothing early",
        incoming=signed(a_summary(expires=in_days(1))),
        asof=in_days(1),
        verdict=Verdict.ACCEPT,
    ),
    Case(name="expires in 61 days", incoming=signed(a_summary(expires=in_days(61))), verdict=Verdict.ACCEPT),
    Case(
        name="expires in 62 days",
        incoming=signed(a_summary(expires=in_days(62))),
        verdict=Verdict.REFUSED,
        reason="expires_too_far",
    ),
    Case(
        name="a withdrawal expires in 62 days",
        held=SUMMARY,
        incoming=signed(a_withdrawal(expires=in_days(62))),
        verdict=Verdict.REFUSED,
        reason="expires_too_far",
    ),
    Case(name="posted tomorrow", incoming=signed(a_summary(posted=in_days(1))), verdict=Verdict.ACCEPT),
    Case(
        name="posted the day after tomorrow",
        incoming=signed(a_summary(posted=in_days(2))),
        verdict=Verdict.KEEP_HIDDEN,
        reason="date_not_yet",
    ),
    Case(
        name="must be understood, and is not",
        incoming=signed(a_summary(), crit=["mood"], mood=1),
        verdict=Verdict.KEEP_HIDDEN,
        reason="unknown_crit",
    ),
    Case(
        name="a withdrawal that must be understood, and is not",
        held=SUMMARY,
        incoming=signed(a_withdrawal(), crit=["mood"]),
        verdict=Verdict.KEEP_HIDDEN,
        reason="unknown_crit",
    ),
    Case(
        name="not understood comes before the date",
        incoming=signed(a_summary(posted=in_days(2)), crit=["mood"]),
        verdict=Verdict.KEEP_HIDDEN,
        reason="unknown_crit",
    ),
    Case(name="with a field that nobody knows", incoming=signed(a_summary(), mood=1), verdict=Verdict.ACCEPT),
]
