"""Where a pasted message may speak of: streets as they are written in English, Spanish and Arabic and in the country of
the group, postcodes of that country, and names after "in" or "near". Only a place file can tell whether there is one.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

_NAME: Final = r"[^\W\d_][\w'’.-]*"
_NUMBER: Final = r"(?:n[º°.]{0,2}\s?|núm\.?\s?|#\s?|رقم\s)?\d{1,4}(?:[\s-]?[a-z]\b)?"
_BEFORE: Final = re.compile(  # 12 Imaginary Road
    rf"\b\d{{1,4}}[a-z]?,? (?:{_NAME} ){{1,4}}"
    r"(?:street|st|road|rd|avenue|ave|lane|ln|close|row|terrace|crescent|drive|way|place|court|hill|gardens|square|"
    r"walk|grove|park|mews|brow|rise|green|parade|boulevard|blvd)\b",
    re.IGNORECASE,
)
_SPANISH: Final = re.compile(  # calle de Alcalá, 12
    r"(?<!\w)(?:calle|c/|cl\.|avenida|avda\.?|av\.|plaza|pza\.?|plza\.?|paseo|pº|camino|carrera|carretera|ctra\.?|ronda|"
    rf"travesía|pasaje|callejón|glorieta|bulevar)\s?(?:(?:de|del|la|las|los|el)\s)*{_NAME}(?:\s{_NAME}){{0,3}}?,?\s{_NUMBER}",
    re.IGNORECASE,
)
_ARABIC: Final = re.compile(  # شارع الملك فهد 12
    rf"(?<!\w)(?:شارع|طريق|ساحة|حارة|زقاق)\s{_NAME}(?:(?:\s{_NAME}){{0,2}}?[،,]?\s{_NUMBER}|(?:\s{_NAME})?)"
)
_QUARTER: Final = re.compile(rf"(?<!\w)(?:في\s)?(?:حي|منطقة)\s({_NAME}(?:\s{_NAME})?)")
_BY_COUNTRY: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("DE", "AT", "CH"),
        r"\b(?:[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|gasse|platz|allee|ring|damm|ufer)|"
        r"[A-ZÄÖÜ][\wäöüß-]* (?:Straße|Strasse|Str\.|Weg|Gasse|Platz|Allee|Ring|Damm|Ufer)|"
        r"(?:Am|An der|Im|Auf dem) [A-ZÄÖÜ][\wäöüß-]*) \d{1,4}[a-z]?\b",
    ),
    **dict.fromkeys(
        ("FR", "BE", "LU"),
        rf"\b\d{{1,4}}(?: bis| ter)?,? (?:rue|avenue|boulevard|place|chemin|allée|impasse|quai) (?:{_NAME} ?){{1,5}}",
    ),
    "IT": rf"\b(?:[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Vv]icolo|[Ll]argo) (?:{_NAME} ){{1,4}}?\d{{1,4}}\b",
    **dict.fromkeys(
        ("PT", "BR"),
        rf"\b(?:[Rr]ua|[Aa]venida|[Pp]raça|[Tt]ravessa|[Ll]argo) (?:{_NAME} ?){{1,5}}?,? ?(?:n[º.]? ?)?\d{{1,4}}\b",
    ),
    "NL": r"\b[A-Z][\w-]*(?:straat|weg|laan|plein|gracht|kade|hof|singel) \d{1,4}[a-z]?\b",
}
"""Region -> a street as it is written there, beside the three languages of the pages."""
_UK: Final = r"\b[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}\b"
_FIVE: Final = r"\b\d{5} [A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)?"
_CODES: Final[Mapping[str, str]] = {
    "GB": _UK,
    "US": r"\b[A-Z]{2},? \d{5}(?:-\d{4})?\b",
    "CA": r"\b[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d\b",
    "NL": r"\b\d{4} ?[A-Z]{2}\b",
    "PT": r"\b\d{4}-\d{3}\b",
    "IE": r"\b[A-Z]\d[\dW] ?[A-Z\d]{4}\b",
    **dict.fromkeys(("ES", "DE", "FR", "IT", "MX", "FI", "SA", "EG", "MA", "PE", "CR", "UY"), _FIVE),
}
"""Region -> a postcode there; of five digits only with its town after it, for five digits alone may be anything."""
_AFTER: Final = re.compile(
    r"\b(?:in|at|near|on|from|around|en|cerca de|por)\s+((?:[A-ZÀ-Þ][\w'’-]+[ ]?){1,3})"
)


def places(text: str, region: str | None) -> Iterator[str]:
    """Texts that may name a place, the likeliest first; in none is a word that the message does not have in a row, but
    street and postcode are put together with a comma."""
    streets = [
        each
        for pattern in (_BEFORE, _SPANISH, _ARABIC, *_of(_BY_COUNTRY, region))
        for each in _all(pattern, text)
    ]
    # A calm default: whoever has not said where it is may still write an English postcode, which is like nothing else.
    codes = [each for pattern in _of(_CODES, region or "GB") for each in _all(pattern, text)]
    if region in (None, "GB"):
        codes = [each.upper() for each in codes]
    if streets and codes:
        yield f"{streets[0]}, {codes[0]}"
    if region in (None, "GB"):
        yield from codes
    for match in (*_QUARTER.finditer(text), *_AFTER.finditer(text)):
        yield match[1].strip(" .,")
    yield from streets
    yield from codes


def _of(table: Mapping[str, str], region: str | None) -> list[re.Pattern[str]]:
    return [re.compile(table[region])] if region and region in table else []


def _all(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match.group().strip(" ,.،") for match in pattern.finditer(text)]
