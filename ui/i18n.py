"""Languages of the pages: catalogues compiled at start from ``locales/*/LC_MESSAGES/messages.po``, and the choice.

Every string of a page is a gettext msgid in English. Nothing here is process-global: a :class:`Language` is passed to
whoever needs words.
"""

import gettext
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from node.errors import MutualAidError

LOCALES = Path(__file__).parent / "locales"
DEFAULT = "en"
WHOLE = ("en", "es", "ar")
"""Languages that every page is in, and that are offered. A catalogue that is still being written lies beside them."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code, its own name, its direction and its catalogue."""

    code: str
    locale: Locale
    catalogue: gettext.NullTranslations = field(repr=False)
    direction: str = field(init=False)
    """``ltr`` or ``rtl``; asked for with every reference number."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "direction", str(self.locale.text_direction))

    @property
    def name(self) -> str:
        """As its speakers write it."""
        return str(self.locale.get_display_name(self.locale) or self.code)

    def say(self, message: str, /, **values: Any) -> str:
        """The message in this language, its ``%(name)s`` places filled."""
        text = self.catalogue.gettext(message)
        return text % values if values else text

    def say_many(self, one: str, many: str, number: int, /, **values: Any) -> str:
        """The right one of two messages for ``number``, which also fills ``%(num)s``."""
        return self.catalogue.ngettext(one, many, number) % {"num": number, **values}

    def explain(self, error: MutualAidError) -> str:
        """An error's message in this language."""
        return self.say(error.message, **error.values)

    def on_page(self, message: str, /, **values: Any) -> str:
        """As ``say``, for a page: see ``PLACES``."""
        text = apart(self.catalogue.gettext(message), self.direction)
        return text % values if values else text


PLACES = re.compile(r"%\((?!num\))[a-z_]+\)s|\d{4}-\d\d-\d\d|-?\d+\.\d+, ?-?\d+\.\d+")
"""Where something is filled in that somebody typed; and examples of a day, and of a place in figures. Inside words
from right to left it keeps its own order between isolates (Unicode UAX #9): else "99 Nonesuch Terrace" is read with
another house number."""


def apart(text: str, direction: str) -> str:
    """The message with isolates around what is filled in, where it is read from right to left."""
    return PLACES.sub("\u2068\\g<0>\u2069", text) if direction == "rtl" else text


class Apart(gettext.NullTranslations):
    """A catalogue whose messages are ``apart``."""

    def __init__(self, catalogue: gettext.NullTranslations, direction: str) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._direction = direction

    def gettext(self, message: str) -> str:
        """The message."""
        return apart(self._catalogue.gettext(message), self._direction)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The right one of its forms."""
        return apart(self._catalogue.ngettext(msgid1, msgid2, n), self._direction)


class Languages:
    """The languages there are catalogues for."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._languages = dict(languages)

    @classmethod
    def load(cls, folder: Path = LOCALES, codes: Iterable[str] = WHOLE) -> Self:
        """Compiles each catalogue in memory; a catalogue that cannot be read stops the start."""
        return cls(
            {
                code: Language(
                    code, Locale.parse(code), _compile(folder / code / "LC_MESSAGES" / "messages.po")
                )
                for code in codes
            }
        )

    def __iter__(self) -> Any:
        return iter(self._languages.values())

    def get(self, code: str) -> Language:
        """That language, or the default one."""
        return self._languages.get(code, self._languages[DEFAULT])

    def choose(self, accept: str, *, chosen: str = "", usual: str = DEFAULT) -> Language:
        """By what the reader chose, else her browser's ``Accept-Language``, else the group's usual language."""
        for code in (chosen, *_wanted(accept), usual):
            for form in (code, code.partition("-")[0]):
                if form in self._languages:
                    return self._languages[form]
        return self._languages[DEFAULT]


def _compile(path: Path) -> gettext.GNUTranslations:
    with path.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _wanted(accept: str) -> list[str]:
    ranked: list[tuple[float, str]] = []
    for part in accept[:400].split(",")[:20]:
        code, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), code.strip()))
        except ValueError:
            continue
    return [code for _, code in sorted(ranked, key=lambda pair: pair[0]) if code and code != "*"]
