"""Templates: one Jinja environment per language, everything escaped, an unknown name is an error."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from node.domain.catalogue import Catalogue
from node.domain.ids import spoken_reference
from node.errors import N_
from ui import reasons, words
from ui.assets import Assets
from ui.i18n import Language

TEMPLATES = Path(__file__).parent / "templates"


class Templates:
    """Draws templates in any language there is a catalogue for."""

    def __init__(self, assets: Assets, catalogue: Catalogue, zone: tzinfo | None = None) -> None:
        """``zone``: None for the zone of the machine, which stands where the group is."""
        self._assets = assets
        self._catalogue = catalogue
        self._zone = zone
        self._environments: dict[str, Environment] = {}

    def draw(self, template: str, language: Language, values: Mapping[str, Any]) -> str:
        """The page as HTML."""
        environment = self._environments.get(language.code)
        if environment is None:
            environment = self._environments[language.code] = self._environment(language)
        return environment.get_template(template).render(values)

    def _environment(self, language: Language) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        )
        environment.install_gettext_translations(  # type: ignore[attr-defined]
            language.catalogue, newstyle=True
        )
        environment.policies["ext.i18n.trimmed"] = True
        environment.globals.update(
            asset=self._assets.url, integrity=self._assets.integrity, art=_art, words=words, language=language
        )
        environment.filters.update(self._filters(language))
        return environment

    def _filters(self, language: Language) -> dict[str, Any]:
        code, locale, zone = language.code, language.locale, self._zone

        def moment(at: int) -> datetime:
            return datetime.fromtimestamp(at, UTC).astimezone(zone)

        def say(message: str, **values: Any) -> str:
            return language.say(str(message), **values) if message else ""

        def worded(value: Any, table: Mapping[str, str]) -> str:
            return language.say(table[str(value)]) if str(value) in table else str(value)

        def kind(value: str) -> str:
            return say(N_("Private")) if value == "private" else self._catalogue.name(value, code)

        return {
            "say": say,
            "worded": worded,
            "kind": kind,
            "tag": lambda value: self._catalogue.tag_name(value, code),
            "takes": lambda value: self._catalogue.requires_name(value, code),
            "reference": spoken_reference,
            "day": lambda value: _day(value, locale),
            "time": lambda at: format_time(moment(at), "HH:mm", locale=locale),
            "when": lambda at: format_datetime(moment(at), "d MMM, HH:mm", locale=locale),
            "iso": lambda at: moment(at).isoformat(timespec="minutes"),
            "number": lambda value: format_decimal(value, locale=locale),
            "tone": lambda value: words.NEED_TONE.get(str(value), ""),
            "reason": lambda value: reasons.in_words(value, language, self._catalogue),
            "who": lambda value: say(words.ACTOR[value]) if value in words.ACTOR else _who(say, value),
            "tongue": lambda value: str(locale.languages.get(value, value)),
        }


def _who(say: Any, actor: str) -> str:
    return str(say(N_("a volunteer"))) if actor.startswith("volunteer:") else actor


def _day(value: date, locale: Any) -> str:
    return format_date(value, "EEE d MMM", locale=locale)


def _art(name: str) -> Markup:
    """One of our own pictures, to stand in the page itself so that it takes the page's colours."""
    return Markup((TEMPLATES / "art" / f"{name}.svg").read_text("utf-8"))  # noqa: S704 - our own file
