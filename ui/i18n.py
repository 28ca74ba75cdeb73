"""Languages of the pages: their catalogues, ``locales/*/LC_MESSAGES/messages.po``, and the choice.

A catalogue and the CLDR's words for days and plurals take some three megabytes a language. They are read with the first
reader of that language, in some 50 milliseconds: most groups have one or two, whatever we offer.

Every string of a page is a gettext msgid in English. Nothing here is process-global: a :class:`Language` is passed to
whoever needs words.
"""

import gettext
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

from babel import Locale

from node.errors import MutualAidError
from ui.catalogues import Catalogue

LOCALES = Path(__file__).parent / "locales"
DEFAULT = "en"
WHOLE = ("en", "es", "ar")
"""Languages that every page is in, and that are offered. A catalogue that is still being written lies beside them."""


KNOWN: Final[Mapping[str, tuple[str, str]]] = {
    "en": ("English", "ltr"),
    "es": ("español", "ltr"),
    "ar": ("العربية", "rtl"),
}
"""What every page says of every language, as the CLDR has it: its name for itself, and its direction."""


class Language:
    """One language: its code, its own name, its direction and its catalogue. ``locale`` and ``catalogue`` in place of
    those that are read when they are asked for."""

    def __init__(
        self,
        code: str,
        locale: Locale | None = None,
        catalogue: gettext.NullTranslations | None = None,
        *,
        folder: Path = LOCALES,
    ) -> None:
        self.code = code
        self._folder = folder
        if locale is not None:
            self.locale = locale
        if catalogue is not None:
            self.catalogue = catalogue
        known = KNOWN.get(code)
        self.name: str = known[0] if known else str(self.locale.get_display_name(self.locale) or code)
        """As its speakers write it."""
        self.direction: str = known[1] if known else str(self.locale.text_direction)
        """``ltr`` or ``rtl``; asked for with every reference number."""

    @cached_property
    def locale(self) -> Locale:
        """The CLDR's names and forms. ``babel.UnknownLocaleError`` for a language that it does not know."""
        return Locale.parse(self.code)

    @property
    def comma(self) -> str:
        """What stands between the members of a list that is no sentence."""
        return _COMMAS.get(self.code, ", ")

    def listed(self, members: Iterable[Any]) -> str:
        """The members one after the other, without an "and"; empty ones are left out."""
        return self.comma.join(str(each) for each in members if each)

    @cached_property
    def catalogue(self) -> gettext.NullTranslations:
        """Its messages. ``ValueError``, ``OSError`` for a file that cannot be read."""
        return Catalogue(self._folder / self.code / "LC_MESSAGES" / "messages.po")

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


_COMMAS: Mapping[str, str] = dict.fromkeys(("ar", "ckb", "fa", "ps", "sd", "ug", "ur"), "\u060c ")
"""Languages with another comma than ours (CLDR's list patterns join these by "and", which fits in no table)."""

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
        """Those of the folder; nothing of it is read yet."""
        return cls({code: Language(code, folder=folder) for code in codes})

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


def _wanted(accept: str) -> list[str]:
    ranked: list[tuple[float, str]] = []
    for part in accept[:400].split(",")[:20]:
        code, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), code.strip()))
        except ValueError:
            continue
    return [code for _, code in sorted(ranked, key=lambda pair: pair[0]) if code and code != "*"]
