"""One family of errors with two faces: a message for the person, a hint for whoever runs the node.

``message`` is a gettext msgid with ``%(name)s`` places filled from ``args``; the page that shows it translates it
(``ui.i18n``), the command line prints it in English. Messages never carry personal data.
"""

from collections.abc import Mapping
from typing import Any


def N_(message: str) -> str:
    """Marks a message for the catalogue without translating it here."""
    return message


class MutualAidError(Exception):
    """Anything the node refuses to do or cannot do, said in words its users understand.

    ``code`` is stable and machine-readable; ``status`` the HTTP status that fits; ``hint`` is for the operator and
    goes to logs and the command line only.
    """

    status = 500

    def __init__(self, code: str, message: str, *, hint: str = "", **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.values: Mapping[str, Any] = values
        self.hint = hint

    def __str__(self) -> str:
        text = self.message % self.values if self.values else self.message
        return f"{text} ({self.hint})" if self.hint else text


class Invalid(MutualAidError):
    """What was typed does not fit; ``fields`` maps a field's name to its message (a msgid)."""

    status = 422

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fields: Mapping[str, str] | None = None,
        hint: str = "",
        **values: Any,
    ) -> None:
        super().__init__(code, message, hint=hint, **values)
        self.fields: Mapping[str, str] = fields or {}


class NotAllowed(MutualAidError):
    """This person may not do this."""

    status = 403


class NotFound(MutualAidError):
    """There is no such thing, or not for this person."""

    status = 404


class Conflict(MutualAidError):
    """Somebody else was quicker, or the thing has moved on since it was shown."""

    status = 409


def moved_on(hint: str = "", **codes: str) -> Conflict:
    """Somebody else was quicker, or the page is old: what was asked for is no longer a move that there is."""
    return Conflict(
        "moved_on", N_("This has changed since the page was opened. Look at it again."), hint=hint, **codes
    )


def not_suitable(**codes: str) -> Conflict:
    """This helper may not have this; to a page that is all, lest it tells of whom she must not meet."""
    return Conflict("not_suitable", N_("This helper cannot be asked for this."), **codes)


class Locked(MutualAidError):
    """Personal records are closed until a coordinator signs in."""

    status = 423

    def __init__(self, code: str = "locked", message: str = "", *, hint: str = "", **values: Any) -> None:
        super().__init__(
            code,
            message
            or N_("A coordinator must sign in first: the personal records are closed since the restart."),
            hint=hint,
            **values,
        )


class TooMany(MutualAidError):
    """Too many tries in a short time."""

    status = 429


class Misconfigured(MutualAidError):
    """The node's own set-up is wrong; the hint says what to change."""

    status = 500


class Unreachable(MutualAidError):
    """A neighbouring node did not answer as it should."""

    status = 502


class DiskFull(MutualAidError):
    """There is no room left to write; what was written before is safe."""

    status = 507

    def __init__(self, code: str = "disk_full", message: str = "", *, hint: str = "", **values: Any) -> None:
        super().__init__(
            code,
            message or N_("The disk is full. This was not saved; everything saved before is safe."),
            hint=hint,
            **values,
        )
