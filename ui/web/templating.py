"""Templates: one Jinja environment per language, everything escaped, an unknown name is an error."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_currency, format_decimal
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup

from node.clock import Clock, unix
from node.domain.board.views import QueueRow
from node.domain.dispatch.correction import days_of
from node.domain.ids import spoken_reference
from node.domain.zone import Zone
from node.errors import N_
from node.services.settings.kinds import Kinds
from ui.i18n import Language
from ui.web.assets import Assets
from ui.web.compiling import Compiling
from ui.words import (
    call_words,
    desk_words,
    figure_words,
    gift_words,
    letter_words,
    matching_words,
    notice_words,
    people_words,
    reasons,
    rights_words,
    run_words,
    safety_words,
    setting_words,
    sheet_words,
    words,
)
from ui.words.week import week_in_words

TEMPLATES = Path(__file__).parent.parent / "templates"


class Templates:
    """Draws templates in any language there is a catalogue for."""

    def __init__(self, assets: Assets, kinds: Kinds, zone: Zone, clock: Clock) -> None:
        self._clock = clock
        self._assets = assets
        self._kinds = kinds
        self._zone = zone
        self._environments: dict[str, Compiling] = {}
        self._icons: dict[str, Markup] = {}

    def draw(self, template: str, language: Language, values: Mapping[str, Any]) -> str:
        """The page as HTML."""
        environment = self._environments.get(language.code)
        if environment is None:
            environment = self._environments[language.code] = self._environment(language)
        with environment.drawing(values):
            return environment.get_template(template).render(values)

    def kind(self, code: str, language: Language) -> str:
        """A kind of help as the group calls it."""
        return (
            language.say(N_("Private")) if code == "private" else self._kinds.ours.name(code, language.code)
        )

    def time_of_day(self, at: int) -> str:
        """``14:05`` where the group is; ``at`` in Unix seconds."""
        return f"{self._zone.moment(at):%H:%M}"

    @property
    def zone_name(self) -> str:
        """The zone of the group's clocks, an IANA name."""
        return self._zone.name

    def day(self, value: date, locale: Any) -> str:
        """A calendar day as a reader of that locale says it; with its year where that is not this one: nobody reads a
        slip of the pen as next week."""
        year = self._zone.day(unix(self._clock)).year
        return _day_in_words(value, value.year == year, locale)

    def _window(self, value: str, locale: Any) -> str:
        """Days as a correction keeps them."""
        days = days_of(value)
        return " – ".join(dict.fromkeys(self.day(day, locale) for day in days)) if days else ""

    def next_time(self, of_day: time, now: int) -> int:
        """The next moment at which the clock where the group is shows that time; Unix seconds."""
        today = self._zone.day(now)
        at = self._zone.at(today, of_day.hour, of_day.minute)
        return at if at > now else self._zone.at(today + timedelta(days=1), of_day.hour, of_day.minute)

    def _environment(self, language: Language) -> Compiling:
        environment = Compiling(
            language,
            {
                "asset": self._assets.url,
                "asset_if_there": self._assets.url_if_there,
                "integrity": self._assets.integrity,
                "integrity_if_there": self._assets.integrity_if_there,
                "art": _art,
                "icon": self._icon,
            },
            loader=FileSystemLoader(TEMPLATES),
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(
            words=words,
            call_words=call_words,
            desk_words=desk_words,
            figure_words=figure_words,
            gift_words=gift_words,
            letter_words=letter_words,
            matching_words=matching_words,
            notice_words=notice_words,
            setting_words=setting_words,
            people_words=people_words,
            run_words=run_words,
            safety_words=safety_words,
            rights_words=rights_words,
            sheet_words=sheet_words,
            language=language,
        )
        environment.filters.update(self._filters(language))
        environment.filters["lines"] = partial(_lines, environment.filters)
        return environment

    def _icon(self, name: str) -> Markup:
        """One of ``icons.svg``, beside words: read aloud it is nothing."""
        icon = self._icons.get(name)
        if icon is None:
            address = f"{self._assets.url('icons.svg')}#{name}"
            icon = self._icons[name] = Markup(
                '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>'
            ).format(address)
        return icon

    def _filters(self, language: Language) -> dict[str, Any]:
        code, locale, zone = language.code, language.locale, self._zone

        def say(message: str, **values: Any) -> str:
            return language.on_page(str(message), **values) if message else ""

        names: dict[Any, str] = {}
        ours = self._kinds.ours if self._kinds else None

        def kind(value: Any) -> str:
            nonlocal ours
            if ours is not self._kinds.ours:  # the group called something differently since
                names.clear()
                ours = self._kinds.ours
            if value not in names:
                names[value] = self.kind(value, language)
            return names[value]

        def worded(value: Any, table: Mapping[str, str]) -> str:
            return language.say(table[str(value)]) if str(value) in table else str(value)

        return {
            "say": say,
            "day_of": lambda value: self.day(date.fromisoformat(value), locale),
            "only_looking": only_looking,
            "worded": worded,
            "kind": kind,
            "shared_kind": lambda value: self._kinds.shared.name(value, code),
            "tag": lambda value: self._kinds.ours.tag_name(value, code),
            "takes": lambda value: self._kinds.ours.requires_name(value, code),
            "reference": lambda value: as_one(spoken_reference(value), language.direction),
            "day": lambda value: self.day(value, locale),
            "window": lambda value: self._window(value, locale),
            "month": lambda value: format_date(value, "LLLL y", locale=locale),
            "full_day": lambda value: format_date(value, "d MMM y", locale=locale),
            "weekday": lambda value: format_date(value, "EEEE", locale=locale),
            "week": lambda spans: week_in_words(spans, language),
            "time": lambda at: format_time(zone.moment(at), "HH:mm", locale=locale),
            "when": lambda at: _moment(zone.moment(at - at % 60).replace(tzinfo=None), locale),
            "iso": lambda at: zone.moment(at).isoformat(timespec="minutes"),
            "money": lambda hundredths, currency: in_money(hundredths, currency, locale),
            "number": lambda value: format_decimal(value, locale=locale),
            "passed": lambda r: language.say(words.PASSED_ON[f"{r.way} {r.state}"], group=r.group),
            "tone": lambda value: words.NEED_TONE.get(str(value), ""),
            "reason": lambda value: reasons.in_words(value, language, self._kinds.ours),
            "who": lambda value: say(words.ACTOR[value]) if value in words.ACTOR else _who(say, value),
            "in_tongue": _in_tongue,
            "listed": language.listed,
            "tongue": lambda value: str(locale.languages.get(value, value)),
        }


def _lines(
    filters: Mapping[str, Any],
    rows: Iterable[QueueRow],
    macro: Any,
    areas: Mapping[str, str],
    today: date,
    by_age: bool,
    asked: str,
    open: str | None,
) -> Markup:
    """The lines of a list of the board, each ``kept`` as ``macro`` drew it: sixty a page, so not by the template."""
    kept, kind, time_of = filters["kept"], filters["kind"], filters["time"]
    drawn = [
        kept(
            row,
            macro,
            kind(row.category),
            row.place or areas.get(row.cell or "", ""),
            time_of(row.promised_at) if row.promised_at else "",
            today,
            by_age,
            asked,
            row.need_id == open,
        )
        for row in rows
    ]
    return Markup("".join(drawn))  # noqa: S704 - drawn by our own templates


def _in_tongue(code: str) -> Markup:
    """Attributes of words that may be in another language than the page: for whoever has them read out."""
    return Markup(' lang="{}" dir="auto"').format(code) if code else Markup("")


def as_one(digits: str, direction: str) -> str:
    """Digits in groups, kept in their order inside words from right to left (Unicode UAX #9, isolates)."""
    return f"\u2066{digits}\u2069" if direction == "rtl" and digits else digits


def _who(say: Any, actor: str) -> str:
    return str(say(N_("a volunteer"))) if actor.startswith("volunteer:") else actor


_ITS_OWN = re.compile(r'<a ((?=[^>]*href="(?:/my|/a/|/p/|/t/|")))')


def only_looking(html: str) -> Markup:
    """Part of a page whose forms cannot be used, by keyboard neither, nor links to the pages of whose page it is; other
    links still lead on."""
    closed = _ITS_OWN.sub(r"<a inert \1", str(html).replace("<form ", "<form inert "))
    return Markup(closed)  # noqa: S704 - drawn by our own templates


@lru_cache(maxsize=1024)
def _day_in_words(value: date, this_year: bool, locale: Any) -> str:
    return format_date(value, "EEE d MMM" if this_year else "EEE d MMM y", locale=locale)


@lru_cache(maxsize=1024)
def _moment(at: datetime, locale: Any) -> str:
    """Of a clock on the wall, without zone: two of those are not the same moment where clocks differ."""
    return str(format_datetime(at, "d MMM, HH:mm", locale=locale))


def in_money(hundredths: int, currency: str, locale: Any) -> str:
    """An amount as a reader of that locale says it; the number alone where the currency is not known."""
    amount = Decimal(hundredths) / 100
    if not currency:
        return str(format_decimal(amount, locale=locale))
    return str(format_currency(amount, currency, locale=locale))


def _art(name: str) -> Markup:
    """One of our own pictures, to stand in the page itself so that it takes the page's colours."""
    return Markup((TEMPLATES / "art" / f"{name}.svg").read_text("utf-8"))  # noqa: S704 - our own file
