"""Naming a new op key without the rescue cards ever touching the node: it asks in one line of text, whoever holds
the cards answers, on another machine, with one signed line.

The request is the canonical body of the ``keys`` statement that is to be signed, so that nothing is signed but what
can be read.
"""

from protocol import codec, identity, rescue
from protocol.canonical import decode, encode
from protocol.errors import RemoteProtocolError
from protocol.identity import KeyPair
from protocol.statements import Keys
from protocol.validate import explain, fast

MAX_REQUEST = 1000
"""Characters of a request; longer text is none."""


class RequestError(Exception):
    """The text is no request, or the cards are another group's. In words for whoever typed it."""


def request(keys: Keys) -> str:
    """The one line of text that asks for ``keys`` to be signed."""
    return encode(keys.body()).decode()


def read_request(text: str) -> Keys:
    """The statement that a request asks for. Raises :class:`RequestError`."""
    line = text.strip()
    try:
        if len(line) > MAX_REQUEST:
            raise RemoteProtocolError("too_long")
        body = decode(line.encode())
        if not isinstance(body, dict) or not fast("keys.v1").is_valid(body):
            raise RemoteProtocolError("schema", explain("keys.v1", body))
        keys = Keys.from_body(body)
        identity.public_of(keys.origin)
        identity.public_of(keys.op_key)
    except RemoteProtocolError as error:
        raise RequestError(
            f"This is not the line that `mutualaid keys new` printed ({error.code}). Copy it whole."
        ) from error
    return keys


def answer(keys: Keys, root: KeyPair) -> str:
    """The signed line to paste into the node. Raises :class:`RequestError` for another group's root key."""
    if root.did != keys.origin:
        words = " ".join(identity.fingerprint_words(root.did))
        raise RequestError(f"These cards are another group's: its six words are {words}.")
    return codec.write(keys, root).decode()


def root_of(cards: list[str]) -> KeyPair:
    """The root key that two or three typed cards stand for. Raises ``rescue.RescueError``."""
    return rescue.derive_root(rescue.join(cards))
