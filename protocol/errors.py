"""Two kinds of protocol error: we were about to break the rules, or they did.

Every error has a stable machine-readable ``code`` from :data:`CODES`, a ``detail`` for logs and for the
implementer at the other end (never shown to members, never more of the input than a field's name), and the
HTTP ``status`` that fits.
"""

CODES: dict[str, str] = {
    # the bytes
    "too_long": "more bytes than a line may have (4096)",
    "not_utf8": "the bytes are not UTF-8",
    "not_json": "the bytes are not one JSON value (a byte-order mark and lone surrogates end here as well)",
    "duplicate_key": "an object names the same key twice",
    "float": "a number with a fraction or an exponent, or too large for an integer",
    "integer_range": "an integer beyond +/-(2^53-1)",
    "bad_key": "an object key that does not match [a-z][a-z0-9_]{0,31}",
    "not_nfc": "a string that is not in Unicode normalisation form C",
    "control_character": "a string with a C0 or C1 control character",
    "bidi_override": "a string with a bidirectional embedding, override or isolate (U+202A-2E, U+2066-69)",
    "lone_surrogate": "a string with half of a surrogate pair (only when writing; reading says not_json)",
    "too_deep": "more than 4 containers inside one another",
    "bad_type": "a value that JSON has no form for (only when writing)",
    "not_canonical": "valid JSON, but not byte for byte its own canonical form (order, space, escapes)",
    # the envelope
    "bad_envelope": 'not exactly {"b": object with type and v, "s": 86 base64url characters}',
    "unknown_type": "a statement type that this version does not know; not kept, not relayed",
    "unknown_version": "a known type in a version that this one does not speak; not kept, not relayed",
    "bad_signature": "the signature does not fit the key that should have made it",
    # values
    "bad_base64": "not the one canonical unpadded base64url form of the expected number of bytes",
    "bad_key_id": "not a did:key of a usable Ed25519 key",
    "schema": "a field is missing, of the wrong kind, or out of its limits",
    "bad_day": "a day that is not in the calendar",
    "bad_cell": "not a valid H3 cell",
    "window_reversed": "a window that ends before it begins",
    "expires_before_posted": "a summary that expires before the day it was posted",
    "next_by_before_issued": "a head that promises its successor before it was itself issued",
    "asof_too_old": "a head as of a day more than 61 days before it was issued",
}
"""Every ``code`` that reading or writing a line can end in. docs/protocol.md holds the same table."""


class ProtocolError(Exception):
    """Base of both; ``str()`` is ``code: detail``."""

    status = 500

    def __init__(self, code: str, detail: str = "", *, status: int | None = None) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        if status is not None:
            self.status = status

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code


class LocalProtocolError(ProtocolError):
    """We were about to send or sign something outside the protocol: our own fault, or our caller's."""

    status = 500


class RemoteProtocolError(ProtocolError):
    """What came from outside breaks the protocol; it is refused whole, never repaired."""

    status = 400
