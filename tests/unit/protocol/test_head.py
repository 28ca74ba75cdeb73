"""The digest, and the words for how well a set agrees with its head."""

import hashlib
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import b64, head
from protocol.errors import LocalProtocolError
from protocol.head import Entry

from .makers import EPOCH, NOW, ROOT, TODAY, a_keys, a_summary, a_withdrawal, ident, signed


def entry(number: int, *, seq: int = 1, days: int = 10, line: bytes = b"line") -> Entry:
    return Entry(
        id=b64.decode(ident(number), 16),
        seq=seq,
        sha=hashlib.sha256(line).digest(),
        expires=TODAY + timedelta(days=days),
    )


entries = st.builds(
    Entry,
    id=st.binary(min_size=16, max_size=16),
    seq=st.integers(1, 2**53 - 1),
    sha=st.binary(min_size=32, max_size=32),
    expires=st.dates(date(2026, 10, 1), date(2027, 1, 1)),
)


def test_the_digest_by_hand() -> None:
    one, two = sorted((entry(1, seq=7), entry(2, seq=258)), key=lambda e: e.id)
    bytes_ = b"".join(e.id + e.seq.to_bytes(8, "big") + e.sha for e in (one, two))
    assert head.digest([two, one], TODAY) == (2, b64.encode(hashlib.sha256(bytes_).digest()))


def test_nothing_has_a_digest_too() -> None:
    assert head.digest([], TODAY) == (0, b64.encode(hashlib.sha256(b"").digest()))


def test_only_what_expires_after_asof_counts() -> None:
    kept, gone = entry(1, days=1), entry(2, days=0)
    assert head.digest([kept, gone], TODAY) == head.digest([kept], TODAY)
    assert head.digest([kept, gone], TODAY - timedelta(days=1))[0] == 2


@given(st.lists(entries, max_size=5, unique_by=lambda e: e.id))
def test_order_does_not_matter(some: list[Entry]) -> None:
    assert len({head.digest(order, TODAY) for order in permutations(some)}) == 1


@given(st.lists(entries, min_size=1, max_size=6, unique_by=lambda e: e.id), st.data())
def test_anything_left_out_or_changed_shows(some: list[Entry], data: st.DataObject) -> None:
    early = date(2026, 9, 1)
    whole = head.digest(some, early)
    place = data.draw(st.integers(0, len(some) - 1))
    assert head.digest(some[:place] + some[place + 1 :], early) != whole
    old = some[place]
    changed = Entry(id=old.id, seq=old.seq + 1, sha=old.sha, expires=old.expires)
    assert head.digest([*some[:place], changed, *some[place + 1 :]], early) != whole
    changed = Entry(id=old.id, seq=old.seq, sha=bytes([old.sha[0] ^ 1]) + old.sha[1:], expires=old.expires)
    assert head.digest([*some[:place], changed, *some[place + 1 :]], early) != whole


def test_entries_are_made_of_summaries_and_withdrawals_only() -> None:
    for line in (signed(a_summary()), signed(a_withdrawal())):
        made = head.entry_of(line)
        assert (b64.encode(made.id), made.sha) == (ident(1), line.sha)
    with pytest.raises(LocalProtocolError):
        head.entry_of(signed(a_keys()))


HELD = [entry(1, seq=2), entry(2, seq=3)]
HEAD = head.make_head(
    HELD,
    origin=ROOT.did,
    epoch=EPOCH,
    seq=4,
    set="public",
    asof=TODAY,
    issued=NOW,
    next_by=NOW + 1000,
    keys_rev=1,
)

STATES = {
    "no head, more to come": (None, HELD, NOW, False, "catching_up"),
    "no head at the end": (None, HELD, NOW, True, "catching_up"),
    "all there": (HEAD, HELD, NOW, True, "complete"),
    "all there before the end": (HEAD, HELD, NOW, False, "complete"),
    "all there, to the last second": (HEAD, HELD, NOW + 1000, True, "complete"),
    "all there, and old": (HEAD, HELD, NOW + 1001, True, "stale"),
    "one missing, more to come": (HEAD, HELD[:1], NOW, False, "catching_up"),
    "one missing at the end": (HEAD, HELD[:1], NOW, True, "incomplete"),
    "one missing, and old": (HEAD, HELD[:1], NOW + 1001, True, "incomplete"),
    "one too many": (HEAD, [*HELD, entry(3, seq=1)], NOW, True, "incomplete"),
    "one too many that has expired": (HEAD, [*HELD, entry(3, seq=1, days=0)], NOW, True, "complete"),
    "one in another version": (HEAD, [HELD[0], entry(2, seq=1)], NOW, True, "incomplete"),
    "one in other bytes": (HEAD, [HELD[0], entry(2, seq=3, line=b"other")], NOW, True, "incomplete"),
    "one newer than the head": (HEAD, [HELD[0], entry(2, seq=5)], NOW, True, "pending"),
    "one newer than the head, before the end": (HEAD, [HELD[0], entry(2, seq=5)], NOW, False, "pending"),
    "one at the head's own seq, which is never right": (
        HEAD,
        [*HELD, entry(3, seq=4)],
        NOW,
        True,
        "incomplete",
    ),
    "newer ones, and no head for too long": (HEAD, [HELD[0], entry(2, seq=5)], NOW + 1001, True, "stale"),
}


@pytest.mark.parametrize("name", STATES)
def test_the_state_of_a_set(name: str) -> None:
    of_head, held, now, round_over, state = STATES[name]
    assert head.state_of(of_head, held, now=now, round_over=round_over) == state
