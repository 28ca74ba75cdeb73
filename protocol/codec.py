"""From a line to a statement and back: the one way in, and the one way out.

Reading checks everything that the line alone can show - canonical bytes, envelope, schema, days, cells. The
signature is a step of its own (:func:`verify`), because only the reader knows which op key speaks for an
origin, and because a line already held byte for byte need not be verified again.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple

import h3

from protocol import envelope as envelopes
from protocol import identity
from protocol.envelope import Envelope
from protocol.errors import LocalProtocolError, RemoteProtocolError
from protocol.identity import KeyPair
from protocol.limits import ASOF_OLD_DAYS, DAY_SECONDS
from protocol.statements import Head, Keys, Profile, Statement, Summary, Withdrawal
from protocol.trust import Advice, Farewell, Vouch
from protocol.validate import explain, fast

UNDERSTOOD: Final[frozenset[str]] = frozenset()
"""Names that ``crit`` may list and this version understands. So far none."""


class Signed(NamedTuple):
    """A line that reads as a statement. Its signature may or may not have been verified: see
    :func:`verify`. (A NamedTuple for the same reason as :class:`~protocol.envelope.Envelope`.)
    """

    statement: Statement
    line: bytes
    sha: bytes
    """SHA-256 of the line, 32 bytes."""
    envelope: Envelope

    @property
    def unknown_crit(self) -> tuple[str, ...]:
        """Names in ``crit`` that this version does not understand: keep the line, count it, do not show
        it.
        """
        crit = self.envelope.body.get("crit")
        return tuple(name for name in crit if name not in UNDERSTOOD) if crit else ()


def _check_keys(statement: Keys) -> None:
    identity.public_of(statement.origin)
    identity.public_of(statement.op_key)


def _check_profile(statement: Profile) -> None:
    for cell in statement.area:
        if not h3.is_valid_cell(cell):
            raise RemoteProtocolError("bad_cell", "area")


def _check_summary(statement: Summary) -> None:
    # The schema has let only 15 lower-case hexadecimal digits through; h3 itself would take more.
    if not h3.is_valid_cell(statement.cell):
        raise RemoteProtocolError("bad_cell", "cell")
    window = statement.window
    if window is not None and window.to < window.from_:
        raise RemoteProtocolError("window_reversed")
    if statement.expires < statement.posted:
        raise RemoteProtocolError("expires_before_posted")


def _check_withdrawal(statement: Withdrawal) -> None:
    """Its schema and its day are all there is to check."""


def _check_subject(statement: Vouch | Advice) -> None:
    identity.public_of(statement.subject)


def _check_farewell(statement: Farewell) -> None:
    if statement.to is not None:
        identity.public_of(statement.to)


_DAY_ZERO: Final = date(1970, 1, 1).toordinal()


def _check_head(statement: Head) -> None:
    if statement.next_by < statement.issued:
        raise RemoteProtocolError("next_by_before_issued")
    if statement.issued // DAY_SECONDS + _DAY_ZERO - statement.asof.toordinal() > ASOF_OLD_DAYS:
        raise RemoteProtocolError("asof_too_old")


_Reader = tuple[str, Callable[[dict[str, Any]], Statement], Callable[[Any], None]]

_READERS: Final[dict[tuple[str, int], _Reader]] = {
    ("keys", 1): ("keys.v1", Keys.from_body, _check_keys),
    ("profile", 1): ("profile.v1", Profile.from_body, _check_profile),
    ("summary", 1): ("summary.v1", Summary.from_body, _check_summary),
    ("withdrawal", 1): ("withdrawal.v1", Withdrawal.from_body, _check_withdrawal),
    ("vouch", 1): ("vouch.v1", Vouch.from_body, _check_subject),
    ("advice", 1): ("advice.v1", Advice.from_body, _check_subject),
    ("farewell", 1): ("farewell.v1", Farewell.from_body, _check_farewell),
    ("head", 1): ("head.v1", Head.from_body, _check_head),
}
_TYPES: Final = frozenset(type for type, _ in _READERS)


def read_line(line: bytes, value: Any = None, sha: bytes | None = None) -> Signed:
    """The statement that ``line`` (without its newline) makes. Does not verify the signature.

    ``value`` is what ``orjson.loads`` made of the line, and ``sha`` its SHA-256, from a caller who had to look into it
    before; no check is left out for them. Raises :class:`RemoteProtocolError`; its codes are in
    :data:`protocol.errors.CODES`.
    """
    opened = envelopes.parse(line, value)
    reader = _READERS.get((opened.type, opened.v))
    if reader is None:
        if opened.type in _TYPES:
            raise RemoteProtocolError("unknown_version", f"version {opened.v}")
        raise RemoteProtocolError("unknown_type")
    schema, from_body, check = reader
    body = opened.body
    if not fast(schema).is_valid(body):
        raise RemoteProtocolError("schema", explain(schema, body))
    try:
        statement = from_body(body)
    except ValueError:
        raise RemoteProtocolError("bad_day") from None
    check(statement)
    return Signed(statement, line, sha or hashlib.sha256(line).digest(), opened)


def verify(signed: Signed, public: bytes) -> None:
    """Raises :class:`RemoteProtocolError` ``bad_signature`` unless the key ``public`` (32 bytes) signed the
    line.

    For everything but keys that is the origin's op key.
    """
    if not envelopes.verify(signed.envelope, public):
        raise RemoteProtocolError("bad_signature")


def verify_keys(signed: Signed) -> None:
    """The same for a keys line, whose signer is the root key that its own ``origin`` names."""
    if not isinstance(signed.statement, Keys):
        raise RemoteProtocolError("bad_signature", "not a keys line")
    verify(signed, identity.public_of(signed.statement.origin))


def write(statement: Statement, key: KeyPair) -> bytes:
    """The signed line of ``statement``, read back before it is given out.

    Raises :class:`LocalProtocolError` if nobody could read it: nothing that we publish may wedge a peer.
    """
    line = envelopes.sign(statement.body(), key)
    try:
        signed = read_line(line)
        verify(signed, key.public)
    except RemoteProtocolError as problem:
        raise LocalProtocolError(problem.code, problem.detail) from problem
    if signed.statement != statement:
        raise LocalProtocolError("schema", "reads back as another statement")
    return line
