"""Names that read alike, and what tells them apart."""

from hypothesis import given
from hypothesis import strategies as st

from node.domain.exchange.names import folded, marked, told_apart, unmarked
from protocol.identity import KeyPair, fingerprint_words

ONE, TWO = (KeyPair.from_seed(bytes([each]) * 32).did for each in (1, 2))


def test_what_reads_alike_is_folded_alike() -> None:
    for odd in (
        "south",
        " S o u t h ",
        "Ｓｏｕｔｈ",
        "Sоuth",
        "5outh",
        "Sóuth",
        "South\u200b",
        "South!",
        "SOUTH (able acid)",
    ):
        assert folded(odd) == folded("South"), odd
    assert folded("Modern") == folded("Modem")
    assert folded("South") != folded("North")
    assert folded("جنوب") != folded("شمال")


def test_both_of_two_alike_are_marked_and_nobody_else() -> None:
    words = " ".join(fingerprint_words(TWO)[:2])
    told = told_apart("North", {ONE: "South", TWO: "Sоuth"})
    assert told == {ONE: marked(ONE, "South"), TWO: f"Sоuth ({words})"}
    assert told_apart("North", {ONE: "South", TWO: "East"}) == {ONE: "South", TWO: "East"}
    assert told_apart("North", {ONE: "north"}) == {ONE: marked(ONE, "north")}, "our own name is taken too"
    # Somebody who writes another one's mark into its name gains nothing by it.
    assert told_apart("North", {ONE: "South", TWO: marked(ONE, "South")})[ONE] != "South"


@given(st.text(max_size=80), st.text(max_size=80))
def test_marking_twice_is_marking_once_and_never_makes_two_alike(one: str, other: str) -> None:
    told = told_apart("", {ONE: one, TWO: other})
    assert told_apart("", told) == told
    assert unmarked(ONE, told[ONE]) == unmarked(ONE, one)
    assert folded(one) != folded(other) or told[ONE] != told[TWO]
