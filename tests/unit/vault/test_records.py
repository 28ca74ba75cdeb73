import pytest

from node.vault import Compartment
from node.vault.keys import KeyPair, WrongKey
from node.vault.records import open_, seal

PEOPLE = Compartment.PEOPLE
VALUE = {"name": "Wilhelmina Testperson", "phones": ["07700 900123"], "notes": "ring twice ñ ع"}


@pytest.fixture
def pair():
    return KeyPair.new()


def test_a_record_comes_back_as_it_was(pair):
    blob = seal(pair.public, PEOPLE, "persons", "id-1", VALUE)
    assert open_(pair, PEOPLE, "persons", "id-1", blob) == VALUE
    assert b"Wilhelmina" not in blob
    assert b"07700" not in blob


def test_the_same_value_never_looks_the_same(pair):
    assert seal(pair.public, PEOPLE, "persons", "id-1", VALUE) != seal(
        pair.public, PEOPLE, "persons", "id-1", VALUE
    )


@pytest.mark.parametrize(
    ("compartment", "table", "row"),
    [(PEOPLE, "persons", "id-2"), (PEOPLE, "needs", "id-1"), (Compartment.VETTING, "persons", "id-1")],
)
def test_rows_cannot_be_swapped(pair, compartment, table, row):
    blob = seal(pair.public, PEOPLE, "persons", "id-1", VALUE)
    with pytest.raises(WrongKey):
        open_(pair, compartment, table, row, blob)


def test_the_words_of_the_context_do_not_run_together(pair):
    blob = seal(pair.public, PEOPLE, "ab", "c", VALUE)
    with pytest.raises(WrongKey):
        open_(pair, PEOPLE, "a", "bc", blob)


def test_every_changed_or_missing_byte_shows(pair):
    blob = seal(pair.public, PEOPLE, "persons", "id-1", VALUE)
    for place in range(len(blob)):
        changed = bytearray(blob)
        changed[place] ^= 0x40
        with pytest.raises(WrongKey):
            open_(pair, PEOPLE, "persons", "id-1", bytes(changed))
        with pytest.raises(WrongKey):
            open_(pair, PEOPLE, "persons", "id-1", blob[:place])


def test_lengths_of_short_names_do_not_show(pair):
    lengths = {len(seal(pair.public, PEOPLE, "t", "r", {"name": "x" * n})) for n in range(1, 20)}
    assert len(lengths) == 1
