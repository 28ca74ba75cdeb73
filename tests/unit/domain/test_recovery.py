"""What neighbours know better after a restore: by id, by what it says, and never by what they may not have heard."""

from dataclasses import replace

from node.domain.sharing.publication import Content
from node.domain.sharing.recovery import Closed, Here, There, compare

SHOPPING = Content(
    category="groceries",
    cell="85194ad7fffffff",
    urgency="this_week",
    helpers="1",
    remote=False,
    status="open",
    posted="2026-11-02",
)
TAKEN = replace(SHOPPING, status="taken")
GARDEN = replace(SHOPPING, category="gardening")
WHOLE = frozenset({"public"})


def here(need: str, content: Content = SHOPPING, public_id: str | None = "a") -> Here:
    return Here(need_id=need, content=content, public_id=public_id, set_name="public" if public_id else "")


def there(public_id: str, content: Content | None) -> There:
    return There(public_id=public_id, set_name="public", content=content)


def found(ours: list[Here], theirs: list[There], *, same: bool = True, whole: frozenset[str] = WHOLE):
    ids = {one.public_id for one in ours if one.public_id}
    compared = compare(ours, theirs, known=ids, same_epoch=same, whole=whole)
    return dict(compared.closed), [each.public_id for each in compared.lost]


def test_by_id() -> None:
    assert found([here("1")], [there("a", SHOPPING)]) == ({}, [])
    assert found([here("1")], [there("a", None)]) == ({"1": Closed.WITHDRAWN}, [])
    assert found([here("1")], [there("a", TAKEN)]) == ({"1": Closed.TAKEN}, [])
    assert found([here("1", TAKEN)], [there("a", TAKEN)]) == ({}, [])
    assert found([here("1", TAKEN)], [there("a", None)]) == ({"1": Closed.WITHDRAWN}, [])


def test_what_is_not_there_is_over_only_if_they_hold_everything() -> None:
    assert found([here("1")], []) == ({"1": Closed.GONE}, [])
    assert found([here("1")], [], whole=frozenset()) == ({}, [])
    assert found([here("1")], [], whole=frozenset({"peers"})) == ({}, [])
    assert found([here("1", public_id=None)], []) == ({}, [])


def test_what_is_only_there_is_lost_here() -> None:
    assert found([], [there("b", SHOPPING), there("c", None)]) == ({}, ["b"])
    # taken down before the backup, sent out after it: it is here
    assert found([here("1", public_id=None)], [there("b", SHOPPING)]) == ({}, [])
    assert found([here("1", public_id=None)], [there("b", TAKEN)]) == ({"1": Closed.TAKEN}, [])
    assert found([here("1", public_id=None)], [there("b", GARDEN)]) == ({}, ["b"])
    # of two that say the same one is here, one is not
    assert found([here("1", public_id=None)], [there("b", SHOPPING), there("c", SHOPPING)]) == ({}, ["c"])


def test_in_another_epoch_no_id_means_anything() -> None:
    ours = [here("1"), here("2", GARDEN, "b")]
    theirs = [there("x", replace(TAKEN, urgency="today")), there("y", replace(GARDEN, posted="2026-11-05"))]
    assert found(ours, theirs, same=False) == ({"1": Closed.TAKEN, "2": Closed.GONE}, ["y"])
    assert found(ours, theirs, same=False, whole=frozenset()) == ({"1": Closed.TAKEN}, ["y"])
