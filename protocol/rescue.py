"""Rescue cards: one seed, printed as three cards of 20 words, of which any two bring it back (SLIP-39).

From the seed come, by HKDF-SHA256 with a label each, the node's root key (its identity) and the key that
opens the vault's compartments ``people`` and ``vetting``. The seed is 16 bytes: 128 bit is the strength of
both keys' curve, and 20 words a card are what a person will really type.

Splitting draws randomness from the operating system; everything else here is a function of its arguments.
"""

import difflib
import re
from collections.abc import Sequence

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.share import Share
from shamir_mnemonic.wordlist import WORDLIST

from protocol.identity import KeyPair

SEED_LENGTH = 16
"""Bytes of the seed (128 bit)."""
CARDS = 3
"""How many cards there are."""
CARDS_NEEDED = 2
"""How many of them bring the seed back."""
WORDS = 20
"""Words on one card."""

_ROOT = b"mutual-aid-connect/v1/root"
_VAULT = b"mutual-aid-connect/v1/vault"
_WORDS: tuple[str, ...] = tuple(WORDLIST)
_BY_START: dict[str, str] = {word[:4]: word for word in _WORDS}
_SPLIT = re.compile(r"[\s,.;:\-0-9]+")


class RescueError(Exception):
    """The cards, as typed, do not bring the seed back.

    ``code`` is stable; ``card`` and ``word`` count from 1, 0 where no single one is at fault;
    ``suggestions`` are words of the list that look alike. The text says what to look at and never repeats
    what was typed.
    """

    def __init__(
        self, code: str, text: str, *, card: int = 0, word: int = 0, suggestions: Sequence[str] = ()
    ) -> None:
        super().__init__(text)
        self.code = code
        self.card = card
        self.word = word
        self.suggestions = tuple(suggestions)


def split(seed: bytes) -> tuple[str, str, str]:
    """Three cards of 20 lower-case words each, any two of which ``join`` to the seed. New cards at each
    call.
    """
    if len(seed) != SEED_LENGTH:
        raise ValueError(f"the seed has {SEED_LENGTH} bytes")
    (cards,) = generate_mnemonics(1, [(CARDS_NEEDED, CARDS)], seed)
    first, second, third = (str(card) for card in cards)
    return first, second, third


def join(cards: Sequence[str]) -> bytes:
    """The seed that two or three typed cards stand for.

    Capitals, line breaks, numbering, commas and words cut to their first four letters do not matter. A
    third card must fit the other two. Raises ``RescueError``.
    """
    typed = [card for card in cards if card.strip()]
    if len(typed) < CARDS_NEEDED:
        raise RescueError("too_few", "Two different cards are needed.")
    if len(typed) > CARDS:
        raise RescueError("too_many", "There are only three cards.")
    read = [_read(card, number) for number, card in enumerate(typed, start=1)]
    shares = {_share(words, number).index: words for number, words in enumerate(read, start=1)}
    if len(shares) < len(read):
        raise RescueError("same_card", "The same card was typed twice. Two different cards are needed.")
    if len({_share(words, number).common_parameters() for number, words in enumerate(read, start=1)}) > 1:
        raise RescueError(
            "other_set", "These cards are not from the same printing. Look at the date on each."
        )
    pairs = [read[:2]] if len(read) == CARDS_NEEDED else [read[:2], read[1:], [read[0], read[2]]]
    seeds = {_combine(pair) for pair in pairs}
    if len(seeds) > 1:
        raise RescueError("do_not_fit", "These cards do not fit together.")
    return seeds.pop()


def derive_root(seed: bytes) -> KeyPair:
    """The root key: its did:key is the node's id."""
    return KeyPair.from_seed(_derive(seed, _ROOT))


def derive_vault(seed: bytes) -> bytes:
    """The X25519 private key (32 bytes) that the compartments ``people`` and ``vetting`` are also sealed
    to.
    """
    return _derive(seed, _VAULT)


def _derive(seed: bytes, label: bytes) -> bytes:
    if len(seed) != SEED_LENGTH:
        raise ValueError(f"the seed has {SEED_LENGTH} bytes")
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(seed)


def _read(card: str, number: int) -> str:
    words = [word for word in _SPLIT.split(card.casefold()) if word]
    for place, word in enumerate(words, start=1):
        if word in _WORDS or word in _BY_START:
            continue
        alike = difflib.get_close_matches(word, _WORDS, n=3)
        hint = f" Perhaps it is {' or '.join(alike)}." if alike else ""
        raise RescueError(
            "unknown_word",
            f"Card {number}, word {place} is not on the list of words.{hint}",
            card=number,
            word=place,
            suggestions=alike,
        )
    if len(words) != WORDS:
        raise RescueError(
            "length", f"Card {number} has {len(words)} words typed; there are {WORDS} on it.", card=number
        )
    return " ".join(_BY_START.get(word, word) for word in words)


def _share(words: str, number: int) -> Share:
    try:
        share = Share.from_mnemonic(words)
    except MnemonicError as error:
        raise RescueError(
            "checksum",
            f"Card {number} has a wrong word, or two words changed places. Compare each word with the card.",
            card=number,
        ) from error
    if (share.member_threshold, share.group_count, share.group_threshold) != (CARDS_NEEDED, 1, 1):
        raise RescueError("other_kind", f"Card {number} is not one of this software's cards.", card=number)
    return share


def _combine(pair: Sequence[str]) -> bytes:
    try:
        seed = bytes(combine_mnemonics(pair))
    except MnemonicError as error:
        raise RescueError("do_not_fit", "These cards do not fit together.") from error
    if len(seed) != SEED_LENGTH:
        raise RescueError("other_kind", "These are not this software's cards.")
    return seed
