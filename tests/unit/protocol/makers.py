"""Made-up keys and statements, each with everything changeable by name."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

from protocol import b64, codec, head
from protocol.codec import Signed
from protocol.envelope import sign
from protocol.identity import KeyPair
from protocol.statements import DataRules, Head, Keys, Limits, Profile, Statement, Summary, Window, Withdrawal
from protocol.trust import Advice, Farewell, Vouch

ROOT = KeyPair.from_seed(hashlib.sha256(b"a made-up root key").digest())
OP = KeyPair.from_seed(hashlib.sha256(b"a made-up op key").digest())
NEXT_OP = KeyPair.from_seed(hashlib.sha256(b"the op key after it").digest())
STRANGER = KeyPair.from_seed(hashlib.sha256(b"somebody else's key").digest())

TODAY = date(2026, 11, 2)
NOW = 1_793_611_800
"""2026-11-02 09:30 UTC."""
EPOCH = 1_793_500_000
CELL = "85194ad7fffffff"


def ident(number: int) -> str:
    """A random-looking public id, the same each time."""
    return b64.encode(hashlib.sha256(b"id %d" % number).digest()[:16])


def a_keys(**changes: Any) -> Keys:
    return replace(Keys(origin=ROOT.did, rev=1, epoch_floor=EPOCH, op_key=OP.did), **changes)


def a_profile(**changes: Any) -> Profile:
    plain = Profile(
        origin=ROOT.did,
        epoch=EPOCH,
        seq=1,
        name="Helpers of Nowhere",
        kind="group",
        urls=("https://helpers.example",),
        languages=("en",),
        area=(CELL,),
        state="open",
        versions=(1,),
        features=(),
        limits=Limits(live=500, withdrawals=4000, changes=200),
        data_rules=DataRules(retain_days=30, onward=False),
    )
    return replace(plain, **changes)


def a_full_profile() -> Profile:
    return a_profile(
        name="Ayuda del Barrio Inventado \u0645\u0633\u0627\u0639\u062f\u0629",
        kind="hub",
        urls=("https://hub.example:8443/node", "http://[2001:db8::1]:8080"),
        languages=("en", "es", "ar", "pt-BR"),
        phone="07700 900123",
        hours="Mo-Fr 9-17",
        headings=("food", "transport"),
        until=date(2026, 12, 24),
        box_key=b64.encode(bytes(range(32))),
        table="census-2021.1",
        state="resting",
        features=("pull",),
    )


def a_summary(**changes: Any) -> Summary:
    plain = Summary(
        origin=ROOT.did,
        epoch=EPOCH,
        seq=2,
        set="public",
        id=ident(1),
        kind="need",
        category="groceries",
        cell=CELL,
        urgency="this_week",
        helpers="1",
        remote=False,
        status="open",
        posted=date(2026, 11, 1),
        expires=date(2026, 11, 15),
    )
    return replace(plain, **changes)


def a_full_summary() -> Summary:
    return a_summary(
        window=Window(from_=date(2026, 11, 3), to=date(2026, 11, 6)),
        part_of_day="morning",
        effort="1h",
        people="2-4",
        requires=("car", "lifting"),
        languages=("es",),
        tags=("heavy", "stairs"),
        repeats="weekly",
    )


def a_withdrawal(**changes: Any) -> Withdrawal:
    plain = Withdrawal(
        origin=ROOT.did, epoch=EPOCH, seq=3, set="public", id=ident(1), expires=date(2026, 11, 15)
    )
    return replace(plain, **changes)


def a_vouch(**changes: Any) -> Vouch:
    plain = Vouch(
        origin=ROOT.did,
        epoch=EPOCH,
        seq=5,
        set="peers",
        id=ident(5),
        subject=STRANGER.did,
        role="member",
        since=date(2026, 10, 1),
        expires=date(2026, 11, 15),
    )
    return replace(plain, **changes)


def an_advice(**changes: Any) -> Advice:
    plain = Advice(
        origin=ROOT.did,
        epoch=EPOCH,
        seq=6,
        set="peers",
        id=ident(6),
        subject=STRANGER.did,
        reason="false_needs",
        expires=date(2026, 11, 15),
    )
    return replace(plain, **changes)


def a_farewell(**changes: Any) -> Farewell:
    return replace(Farewell(origin=ROOT.did, epoch=EPOCH, seq=9, day=TODAY), **changes)


def a_head(*lines: bytes, **changes: Any) -> Head:
    """The head of ``lines`` (summaries and withdrawals)."""
    fields: dict[str, Any] = {
        "origin": ROOT.did,
        "epoch": EPOCH,
        "seq": 4,
        "set": "public",
        "asof": TODAY,
        "issued": NOW - 600,
        "next_by": NOW + 86_400,
        "keys_rev": 1,
    }
    made = {name: value for name, value in changes.items() if name in fields}
    plain = head.make_head([head.entry_of(codec.read_line(line)) for line in lines], **(fields | made))
    return replace(plain, **{name: value for name, value in changes.items() if name not in fields})


def signed(statement: Statement, key: KeyPair | None = None, **extra: Any) -> Signed:
    """Signed by its proper key unless told otherwise; ``extra`` adds fields that version 1 does not know."""
    signer = key or (ROOT if isinstance(statement, Keys) else OP)
    return codec.read_line(sign(statement.body() | extra, signer))
