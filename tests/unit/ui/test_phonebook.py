"""The phone book: who is read out first, what is said, and when a break is over."""

from datetime import UTC, date, datetime
from typing import Any

from node.domain.catalogue import Catalogue
from node.domain.zone import Zone
from node.ports import SeenOrigin
from node.services.exchange.peering import PeerView
from node.store.peers import PeerRow
from protocol.identity import KeyPair
from protocol.statements import DataRules, Limits, Profile
from ui.i18n import Languages
from ui.words import phonebook

ENGLISH = Languages.load().get("en")
CATALOGUE = Catalogue.load()
TODAY = date(2026, 11, 12)
NOW = int(datetime(2026, 11, 12, 9, tzinfo=UTC).timestamp())


def profile(name: str, **more: Any) -> Profile:
    return Profile(
        **{
            "origin": "did:key:made-up",
            "epoch": 1,
            "seq": 1,
            "name": name,
            "kind": "group",
            "urls": (),
            "languages": ("en", "es"),
            "area": ("841958bffffffff",),
            "state": "open",
            "versions": (1,),
            "features": (),
            "limits": Limits(live=1, withdrawals=1, changes=1),
            "data_rules": DataRules(retain_days=61, onward=True),
            "phone": "+44 117 496 0555",
            "hours": "until four",
            **more,
        }
    )


def entry(name: str = "Hartcliffe", **more: Any) -> phonebook.Entry:
    return phonebook.entry("did", profile(name, **more), ENGLISH, CATALOGUE, today=TODAY)


def view(number: int, said: Profile | None, state: str = "active", next_by: int | None = None) -> PeerView:
    origin = KeyPair.from_seed(bytes([number]) * 32).did
    seen = SeenOrigin(
        origin=origin,
        name="",
        url=None,
        state="complete",
        live=0,
        profile=said,
        last_success=None,
        last_try=None,
        last_error=None,
        next_try=None,
        issued=next_by - 4 * 86_400 if next_by else None,
        next_by=next_by,
    )
    row = PeerRow(origin=origin, url=None, name="", state=state, allow_private=False, added_at=0)
    return PeerView(peer=row, words=(), seen=seen)


def test_what_is_read_out() -> None:
    assert entry().say == "“That is Hartcliffe. Their number is +44 117 496 0555: until four.”"
    assert entry(hours=None).say == "“That is Hartcliffe. Their number is +44 117 496 0555.”"
    assert "no phone number" in entry(phone=None).say


def test_a_break_ends_by_itself() -> None:
    resting = entry(state="resting", until=date(2026, 11, 12))
    assert (resting.state, resting.state_words) == ("resting", "Has a break until Thu 12 Nov")
    assert entry(state="resting", until=date(2026, 11, 11)).state_words == "Open"
    assert entry(state="full").state_words == "Full just now"


def test_who_takes_what() -> None:
    food = entry(headings=("food", "no_such_heading"))
    assert food.takes == ["Food and meals"]
    assert food.takes_heading("food")
    assert food.takes_heading("")
    assert not food.takes_heading("pets")
    assert entry().takes_heading("pets")


def test_open_ones_come_first_and_only_groups_that_we_talk_with() -> None:
    views = [
        view(1, profile("Zion", state="full")),
        view(2, profile("Yew Tree")),
        view(3, profile("Abbots", state="resting")),
        view(4, profile("Blocked"), state="blocked"),
        view(5, None),
        view(6, profile("Barton")),
    ]
    found = phonebook.book(
        views,
        ENGLISH,
        CATALOGUE,
        zone=Zone("Etc/UTC"),
        now=NOW,
        offers={view(2, None).peer.origin: ["Shopping"]},
    )
    assert [each.name for each in found] == ["Barton", "Yew Tree", "Zion", "Abbots"]
    assert [list(each.offers) for each in found] == [[], ["Shopping"], [], []]


def test_who_is_long_silent_is_not_read_out_and_go_betweens_are_no_helpers() -> None:
    """A profile never expires by itself, so what it says is as old as the last word of its group."""
    views = [
        view(1, profile("Silent"), next_by=NOW - 1),
        view(2, profile("Speaks", state="full"), next_by=NOW),
        view(3, profile("Go-between", kind="hub")),
        view(4, profile("Council", kind="council")),
    ]
    found = phonebook.book(views, ENGLISH, CATALOGUE, zone=Zone("Etc/UTC"), now=NOW, offers={})
    assert [(each.name, each.state) for each in found] == [("Speaks", "full"), ("Silent", "silent")]
    assert found[1].state_words == "Not heard from since 8 Nov 2026"
