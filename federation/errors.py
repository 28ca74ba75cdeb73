"""What can go wrong between two nodes, in words that an operator understands."""


class PeerError(Exception):
    """A talk with another node failed.

    ``code`` is stable and machine-readable (a key of CODES); ``str()`` is the sentence for the operator.
    """

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


CODES = {
    "bad_url": "the address is not one that a node can have",
    "bad_address": "the address leads into a private network, or to no peer at all",
    "unreachable": "no connection",
    "deadline": "the answer took too long",
    "too_large": "the answer is larger than any answer may be",
    "redirect": "the address sends us elsewhere",
    "compressed": "the answer is compressed, which we did not ask for",
    "not_signed": "the answer is not signed as it should be",
    "bad_signature": "the answer's signature is wrong",
    "wrong_key": "the answer is signed with another key than the one we hold for that node",
    "other_node": "another node lives at that address",
    "clock": "their clock and ours differ too much",
    "refused": "they do not (yet) talk with us",
    "keys_unknown": "they do not hold our keys yet",
    "cursor_lost": "they do not know how far we had read",
    "failed": "they answered with an error",
    "nonsense": "the answer is not what was asked for",
    "no_address": "we know no address of that node",
    "not_active": "the peer is paused, blocked or not on our list",
    "internal": "something went wrong on our side",
}
"""Every ``code``, with its meaning."""
