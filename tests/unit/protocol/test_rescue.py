"""Rescue cards: any two of three bring the seed back, and a slip of the pen is told in clear words."""

from itertools import combinations, permutations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from shamir_mnemonic import generate_mnemonics

from protocol import rescue
from protocol.rescue import RescueError

SEED = bytes(range(16))
CARDS = rescue.split(SEED)


def test_any_two_in_any_order_and_all_three() -> None:
    for size in (2, 3):
        for chosen in combinations(CARDS, size):
            for order in permutations(chosen):
                assert rescue.join(order) == SEED


def test_twenty_words_each_and_new_cards_each_time() -> None:
    assert [len(card.split()) for card in CARDS] == [20, 20, 20]
    assert len({*CARDS, *rescue.split(SEED)}) == 6


def test_one_card_alone_is_not_enough() -> None:
    with pytest.raises(RescueError, match="Two different cards") as caught:
        rescue.join([CARDS[0], "  "])
    assert caught.value.code == "too_few"


def test_typed_as_people_type() -> None:
    shouted = "\n".join(f"{number}. {word.upper()}," for number, word in enumerate(CARDS[0].split(), start=1))
    short = " ".join(word[:4] for word in CARDS[2].split())
    assert rescue.join([shouted, f"  {short}\t"]) == SEED


def test_a_word_that_does_not_exist_is_named_by_its_place_only() -> None:
    words = CARDS[1].split()
    words[6] = "acedemik"
    with pytest.raises(RescueError, match="Card 2, word 7") as caught:
        rescue.join([CARDS[0], " ".join(words)])
    assert (caught.value.code, caught.value.card, caught.value.word) == ("unknown_word", 2, 7)
    assert "academic" in caught.value.suggestions
    assert "acedemik" not in str(caught.value)


def test_a_wrong_word_and_swapped_words_are_noticed() -> None:
    words = CARDS[0].split()
    words[9] = "academic" if words[9] != "academic" else "acid"
    for wrong in (words, [words[1], words[0], *words[2:]]):
        with pytest.raises(RescueError, match="Card 1 has a wrong word") as caught:
            rescue.join([" ".join(wrong), CARDS[1]])
        assert caught.value.code == "checksum"


def test_a_missing_word_is_counted() -> None:
    with pytest.raises(RescueError, match="19 words typed; there are 20"):
        rescue.join([CARDS[0], " ".join(CARDS[1].split()[:-1])])


def test_the_same_card_twice() -> None:
    with pytest.raises(RescueError, match="typed twice"):
        rescue.join([CARDS[0], CARDS[0].upper()])


def test_cards_of_two_printings() -> None:
    with pytest.raises(RescueError, match="not from the same printing"):
        rescue.join([CARDS[0], rescue.split(SEED)[1]])


def test_too_many_cards() -> None:
    with pytest.raises(RescueError, match="only three"):
        rescue.join([*CARDS, CARDS[0]])


def test_cards_of_other_software() -> None:
    ((one, two, _),) = generate_mnemonics(1, [(3, 3)], bytes(16))
    with pytest.raises(RescueError, match="not one of this software"):
        rescue.join([one, two])
    ((one, two, _),) = generate_mnemonics(1, [(2, 3)], bytes(32))
    with pytest.raises(RescueError):
        rescue.join([one, two])


def test_keys_follow_from_the_seed_and_differ() -> None:
    root, vault = rescue.derive_root(SEED), rescue.derive_vault(SEED)
    assert rescue.derive_root(rescue.join(CARDS[1:])).did == root.did
    assert root.did == "did:key:z6MktM63cVpeGmjPymL2TAKqc7z3Stg1K11LhV797tYgS5Mn"
    assert vault != rescue.derive_vault(bytes(16))
    assert len(X25519PrivateKey.from_private_bytes(vault).public_key().public_bytes_raw()) == 32
    assert vault not in root.public


@pytest.mark.parametrize("length", [0, 15, 32])
def test_only_a_seed_of_its_length(length: int) -> None:
    for function in (rescue.split, rescue.derive_root, rescue.derive_vault):
        with pytest.raises(ValueError):
            function(bytes(length))
