"""What each page accepts, as WTForms. Labels and messages are msgids; templates put them into words."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import wtforms
from wtforms import Field, Form, ValidationError

from node.errors import N_

REQUIRED = N_("Please fill this in.")
TOO_LONG = N_("That is too long.")
NOT_A_CHOICE = N_("Please choose one of these.")

Choices = Mapping[str, str] | Sequence[tuple[str, str]]


class PageForm(Form):  # type: ignore[misc] # WTForms comes without types
    """The base of all: every text stripped, and room for what a service found wrong."""

    mostly_optional = False
    """Whether the page says once that most may stay empty, instead of at each field."""
    own: Mapping[str, str] = {}
    """What came for the group's own questions (``ui/parts/own_questions.py``), by field."""
    own_wrong: Mapping[str, str] = {}
    """What is wrong with it (a msgid), by field."""

    class Meta:
        """Plain text in, stripped."""

        def bind_field(self, form: Any, unbound: Any, options: Any) -> Any:
            """Strips every text field."""
            field_class = getattr(unbound, "field_class", None)
            filters = unbound.kwargs.get("filters", ())
            if field_class in (wtforms.StringField, wtforms.TextAreaField):
                filters = [*filters, _strip]
            return unbound.bind(form=form, **{**options, "filters": filters} if filters else options)

    def blame(self, fields: Mapping[str, str]) -> None:
        """Shows a service's complaints beside the fields of the same names."""
        for name, message in fields.items():
            if name in self:
                self[name].errors = [*self[name].errors, message]


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else ""


class Filled:
    """The field must hold something."""

    field_flags: Mapping[str, bool] = {"required": True}

    def __call__(self, form: Any, field: Field) -> None:
        """Complains about an empty text."""
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []
            raise wtforms.validators.StopValidation(REQUIRED)


def shorter_than(limit: int) -> Callable[[Any, Field], None]:
    """At most that many characters."""

    def check(form: Any, field: Field) -> None:
        if field.data and len(field.data) > limit:
            raise ValidationError(TOO_LONG)

    return check


def line(label: str, *, required: bool = False, limit: int = 200) -> Any:
    """One line of text."""
    return wtforms.StringField(label, [*([Filled()] if required else []), shorter_than(limit)])


def lines(label: str, *, limit: int = 4000) -> Any:
    """Several lines of text."""
    return wtforms.TextAreaField(label, [shorter_than(limit)])


def secret(label: str) -> Any:
    """A password: never stripped, never shown again."""
    return wtforms.PasswordField(label, [Filled(), shorter_than(1000)])


def secret_kept(label: str) -> Any:
    """A password that was given before and may stay as it is: empty keeps it. Never stripped, never shown."""
    return wtforms.PasswordField(label, [shorter_than(1000)])


def tick(label: str) -> Any:
    """Yes or no."""
    return wtforms.BooleanField(label)


class OneOf(wtforms.Field):  # type: ignore[misc]
    """One of ``choices`` (pairs of value and msgid), shown as radio buttons or as a list. ``data`` is its value."""

    def __init__(self, label: str = "", choices: Choices = (), **more: Any) -> None:
        super().__init__(label, **more)
        self.choices = _pairs(choices)

    def iter_choices(self) -> Iterator[tuple[str, str, bool, None]]:
        """Value, label, whether it is chosen."""
        for value, label in self.choices:
            yield value, label, value == self.data, None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Takes the value over as it came; ``pre_validate`` decides."""
        if valuelist:
            self.data = valuelist[0]

    def pre_validate(self, form: Any) -> None:
        """Nothing but what was offered."""
        if self.data not in {value for value, _ in self.choices}:
            raise wtforms.validators.StopValidation(NOT_A_CHOICE)


class Several(wtforms.Field):  # type: ignore[misc]
    """Any of ``choices``, as tick boxes. ``data`` is a list of values."""

    def __init__(self, label: str = "", choices: Choices = (), **more: Any) -> None:
        super().__init__(label, default=(), **more)
        self.choices = _pairs(choices)

    def iter_choices(self) -> Iterator[tuple[str, str, bool, None]]:
        """Value, label, whether it is chosen."""
        for value, label in self.choices:
            yield value, label, value in self.data, None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Every ticked value once."""
        self.data = list(dict.fromkeys(valuelist))

    def pre_validate(self, form: Any) -> None:
        """Nothing but what was offered."""
        if not set(self.data) <= {value for value, _ in self.choices}:
            raise wtforms.validators.StopValidation(NOT_A_CHOICE)


def _pairs(choices: Choices) -> list[tuple[str, str]]:
    return list(choices.items()) if isinstance(choices, Mapping) else list(choices)


def one_of(label: str, choices: Choices, default: str = "") -> Any:
    """One of a few or of many."""
    return OneOf(label, choices, default=default or _pairs(choices)[0][0])


def several(label: str, choices: Choices = ()) -> Any:
    """Any of a few."""
    return Several(label, choices)


def number(label: str, *, low: float, high: float, default: float | None = None, whole: bool = False) -> Any:
    """A number in a range; may stay empty."""

    def check(form: Any, field: Field) -> None:
        if field.raw_data and field.raw_data[0].strip():
            if field.data is None or not low <= field.data <= high:
                field.errors = []
                raise wtforms.validators.StopValidation(N_("That number does not fit here."))
        else:
            field.errors = []
            raise wtforms.validators.StopValidation()

    kind = wtforms.IntegerField if whole else wtforms.FloatField
    return kind(label, [check], default=default)


def day(label: str) -> Any:
    """A calendar day; may stay empty."""

    def check(form: Any, field: Field) -> None:
        field.errors = []
        if field.raw_data and field.raw_data[0].strip() and field.data is None:
            raise wtforms.validators.StopValidation(N_("Write the day like 2026-05-31, or pick it."))
        raise wtforms.validators.StopValidation()

    return wtforms.DateField(label, [check])


def time_of_day(label: str) -> Any:
    """A time of day; may stay empty."""

    def check(form: Any, field: Field) -> None:
        field.errors = []
        if field.raw_data and field.raw_data[0].strip() and field.data is None:
            raise wtforms.validators.StopValidation(N_("Write the time like 16:00."))
        raise wtforms.validators.StopValidation()

    return wtforms.TimeField(label, [check])


_BY_THREES = re.compile(r"\d{1,3}(?:[\s.,'’٬\u00a0\u202f]\d{3})+|\d+")


def whole(text: str) -> int | None:
    """A whole number as people write it: 20000, 20,000, 20 000, 20.000, in any digits; None if it is none."""
    found = _BY_THREES.fullmatch(text.strip())
    return int("".join(each for each in found[0] if each.isdecimal())) if found and len(text) < 20 else None
