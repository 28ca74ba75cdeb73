"""What can go wrong between two nodes, in words that an operator understands."""


class PeerError(Exception):
    """A talk with another node failed.

    ``code`` is stable and machine-readable (a key of CODES); ``str()`` is the sentence for the operator.
    """

    def __init__(
        self,
        code: str,
        words: str,
        *,
        said: str | None = None,
        retry_after: float | None = None,
        found: str | None = None,
    ) -> None:
        super().__init__(words)
        self.code = code
        self.said = said
        """The code of their own problem document, where they sent one."""
        self.retry_after = retry_after
        """Seconds after which they want to be asked again, if they said so."""
        self.found = found
        """With ``other_node``: the id of who lives there now."""


class Refused(Exception):
    """A node that asks to join is turned away: ``code`` goes into the problem document, ``str()`` beside it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class LetterRefused(Exception):
    """A direct message is not taken; ``code`` is a key of :data:`LETTER_CODES`."""

    def __init__(self, code: str, *, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


LETTER_CODES = {
    "unreadable": (400, "not a direct message of this version"),
    "too_large": (413, "larger than any direct message may be"),
    "not_for_us": (421, "addressed to another node"),
    "not_a_member": (403, "this hub keeps no mail for that node"),
    "box_key_unknown": (409, "sealed to a box key that is not held (any more): look at the profile"),
    "expired": (410, "its day is over"),
    "expires_too_far": (400, "expires more than 15 days ahead"),
    "full": (503, "too many wait already"),
}
"""Why a direct message is refused: HTTP status and meaning. docs/protocol.md holds the same table."""

CODES = {
    "bad_url": "the address is not one that a node can have",
    "bad_address": "the address leads into a private network, or to no peer at all",
    "unreachable": "no connection",
    "deadline": "the answer took too long",
    "too_large": "the answer is larger than any answer may be",
    "redirect": "the address sends us elsewhere",
    "compressed": "the answer is compressed in a way that we did not ask for, or cannot be unpacked",
    "not_signed": "the answer is not signed as it should be",
    "bad_signature": "the answer's signature is wrong",
    "wrong_key": "the answer is signed with another key than the one we hold for that node",
    "other_node": "another node lives at that address",
    "clock": "their clock and ours differ too much",
    "refused": "they do not (yet) talk with us",
    "keys_unknown": "they do not hold our keys yet",
    "busy": "they are asked too much, by us or by others",
    "cursor_lost": "they do not know how far we had read",
    "failed": "they answered with an error",
    "nonsense": "the answer is not what was asked for",
    "left": "they ended the talks with us",
    "invite_unknown": "the invitation was used, is over, or was never given",
    "no_address": "we know no address of that node",
    "not_active": "the peer is paused, blocked or not on our list",
    "not_offered": "they do not offer what was asked for",
    "reader": "we read there, and bring nothing",
    "ahead": "they hold statements of ours that are later than what we hold ourselves",
    "internal": "something went wrong on our side",
}
"""Every ``code``, with its meaning."""
