"""The canonical JSON profile: one byte string for each value, and nothing repaired on the way in.

The profile is a part of RFC 8785 (JCS): objects, arrays, strings, integers up to +/-(2^53-1), booleans and
null; no floats; keys ``[a-z][a-z0-9_]{0,31}``; strings in NFC without C0/C1 controls, bidirectional
overrides or lone surrogates; at most 4 containers inside one another; at most 4096 bytes. Inside it orjson
with sorted keys writes the same bytes as RFC 8785, which the tests hold against the ``rfc8785`` package.
"""

import json
import re
from typing import Any, NoReturn
from unicodedata import is_normalized

import orjson

from protocol.errors import LocalProtocolError, ProtocolError, RemoteProtocolError
from protocol.limits import MAX_DEPTH, MAX_INTEGER, MAX_LINE_BYTES

MAX_LINE = MAX_LINE_BYTES

_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
_COMMON_KEYS = frozenset(
    """
    asof b category cell count digest effort epoch epoch_floor expires from head helpers id issued keys_rev
    kind languages next_by op_key origin part_of_day people posted remote repeats requires rev s seq set
    status tags to type urgency v window
    """.split()  # noqa: SIM905 - a list of 38 lines reads worse
)
"""Keys known to match the pattern: only to be quick, the answer is the same without."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class _OutsideProfile(Exception):
    """Carries (code, detail) from the walk to whoever knows whose fault it is."""


def _check_text(text: str) -> None:
    if text.isascii() and text.isprintable():
        return
    if _CONTROL.search(text):
        raise _OutsideProfile("control_character", "")
    if _BIDI.search(text):
        raise _OutsideProfile("bidi_override", "")
    if _SURROGATE.search(text):
        raise _OutsideProfile("lone_surrogate", "")
    if not is_normalized("NFC", text):
        raise _OutsideProfile("not_nfc", "")


def _walk(value: Any, room: int, clean: bool) -> None:
    """Raises :class:`_OutsideProfile` unless ``value`` is inside the profile.

    ``room`` is how many containers may still open. ``clean`` says that the bytes already proved every string
    to be printable ASCII, so that strings need no look of their own.
    """
    kind = type(value)
    if kind is dict:
        inner: Any = value.values()
        # One call for all keys of the objects that we see all day long.
        if not _COMMON_KEYS.issuperset(value):
            for key in value:
                if type(key) is not str or not _KEY.fullmatch(key):
                    raise _OutsideProfile("bad_key", "")
    elif kind is list:
        inner = value
    else:
        inner = (value,)
        room += 1
    if not room:
        raise _OutsideProfile("too_deep", f"more than {MAX_DEPTH} containers")
    for item in inner:
        kind = type(item)
        if kind is str:
            if not clean:
                _check_text(item)
        elif kind is int:
            if not -MAX_INTEGER <= item <= MAX_INTEGER:
                raise _OutsideProfile("integer_range", "")
        elif kind is dict or kind is list:
            _walk(item, room - 1, clean)
        elif kind is float:
            raise _OutsideProfile("float", "")
        elif kind is not bool and item is not None:
            raise _OutsideProfile("bad_type", kind.__name__)


def encode(value: Any, *, limit: int = MAX_LINE) -> bytes:
    """The canonical bytes of ``value``.

    Raises :class:`LocalProtocolError` for anything outside the profile, subclasses of str and int and tuples
    included: what is written must read back as the same value.
    """
    try:
        _walk(value, MAX_DEPTH, False)
    except _OutsideProfile as problem:
        raise LocalProtocolError(*problem.args) from None
    data = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    if len(data) > limit:
        raise LocalProtocolError("too_long", f"{len(data)} of {limit} bytes")
    return data


def decode(data: bytes, *, limit: int = MAX_LINE) -> Any:
    """The value that canonical ``data`` stands for.

    Raises :class:`RemoteProtocolError` unless ``data`` is at most ``limit`` bytes and byte for byte the
    canonical form of a value inside the profile.
    """
    if len(data) > limit:
        raise RemoteProtocolError("too_long", f"{len(data)} of {limit} bytes")
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        _explain_unreadable(data)
    check(data, value, limit=limit)
    return value


def check(data: bytes, value: Any, *, limit: int = MAX_LINE) -> None:
    """The same check for whoever has read ``value`` from ``data`` already (with ``orjson.loads``).

    Raises like :func:`decode`. Nothing rests on the caller's word: another value would not give these bytes.
    """
    if len(data) > limit:
        raise RemoteProtocolError("too_long", f"{len(data)} of {limit} bytes")
    try:
        same = orjson.dumps(value, option=orjson.OPT_SORT_KEYS) == data
    except orjson.JSONEncodeError:
        same = False  # it reads deeper values than it writes; the walk refuses them
    # In canonical bytes a control character is either DEL or an escape, so this proves every string clean.
    clean = same and data.isascii() and b"\\" not in data and b"\x7f" not in data
    try:
        # The walk is needed beside the comparison: 1.5 and 2^53 survive a round trip unchanged.
        _walk(value, MAX_DEPTH, clean)
    except _OutsideProfile as problem:
        raise RemoteProtocolError(*problem.args) from None
    if not same:
        _explain_difference(data)


def _explain_unreadable(data: bytes) -> NoReturn:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise RemoteProtocolError("not_utf8") from None
    raise RemoteProtocolError("not_json") from None


def _explain_difference(data: bytes) -> NoReturn:
    """Off the hot path: says why readable bytes are not canonical."""

    def once(pairs: list[tuple[str, Any]]) -> None:
        if len({key for key, _ in pairs}) != len(pairs):
            raise RemoteProtocolError("duplicate_key")

    try:
        json.loads(data, object_pairs_hook=once)
    except ProtocolError:
        raise
    except (ValueError, RecursionError):
        raise RemoteProtocolError("not_json") from None
    raise RemoteProtocolError("not_canonical")
