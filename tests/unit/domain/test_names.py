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


def test_the_first_letter_is_looked_at_as_it_is_written() -> None:
    """Case folding changes the shape of a capital: what reads as N becomes what reads as v."""
    for odd, true in (
        ("Νorth Street", "North Street"),
        ("Нartcliffe", "Hartcliffe"),
        ("Μeadow Aid", "Meadow Aid"),
        ("Υate Help", "Yate Help"),
        ("Ζion", "Zion"),
        ("ΗΟΜΕ ΖΟΝΕ", "Home Zone"),
    ):
        told = told_apart(true, {ONE: odd})
        assert told[ONE] == marked(ONE, odd), odd
        told = told_apart("Ours", {ONE: odd, TWO: true})
        assert told == {ONE: marked(ONE, odd), TWO: marked(TWO, true)}, odd


def test_a_word_of_several_scripts_is_always_marked() -> None:
    """Whatever it is meant to be read as: the table knows not every letter."""
    for odd in ("Տouth", "Ꮪouth", "Ғriends", "Nоrth", "South Ηouse"):
        assert told_apart("Ours", {ONE: odd}) == {ONE: marked(ONE, odd)}, odd
    for plain in (
        "South",
        "Юг",
        "Дом Help",
        "Ομάδα Νέα",
        "جنوب",
        "南町 Help",
        "Zürich",
        "Łódź",
        "ｓｏｕｔｈ",
    ):
        assert told_apart("Ours", {ONE: plain}) == {ONE: plain}, plain
    # Large and small are one name in every script.
    for one, other in (("Анна", "АННА"), ("Νίκη", "ΝΊΚΗ"), ("Նոր", "ՆՈՐ")):
        assert told_apart("Ours", {ONE: one, TWO: other})[ONE] == marked(ONE, one)


@given(st.text(max_size=80), st.text(max_size=80))
def test_marking_twice_is_marking_once_and_never_makes_two_alike(one: str, other: str) -> None:
    told = told_apart("", {ONE: one, TWO: other})
    assert told_apart("", told) == told
    assert unmarked(ONE, told[ONE]) == unmarked(ONE, one)
    assert folded(one) != folded(other) or told[ONE] != told[TWO]
