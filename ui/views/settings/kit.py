"""`/settings/kit`: how we work as a file without people: given to another group, or taken from one."""

import base64
import binascii
import zlib
from collections.abc import Sequence

from aiohttp import web

from node.appkeys import KITS, SECOND_YES
from node.domain.actors import Actor
from node.domain.settings import texts
from node.domain.settings.kit import Kit, Part
from node.domain.settings.kit_changes import Change
from node.domain.settings.kit_file import MOST_BYTES
from node.domain.settings.presets import RULES
from node.errors import N_, Conflict, Invalid
from node.services.settings.kits import Looked
from ui.contexts.settings import ChangeRow, KitLookPage, KitPage
from ui.web import incoming
from ui.web.site import LANGUAGE, go, render, say, shared_catalogue
from ui.words import safety_words, setting_words


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What ours would hold, and where to bring one in."""
    return await _page(request, actor)


async def file(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Ours, with the parts that were ticked."""
    parts = [part for part in Part if part in request.query.getall("part", [])]
    text = await request.config_dict[KITS].give(actor, parts or tuple(Part))
    response = web.Response(text=text, content_type="application/json", charset="utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="starter-kit.json"'
    return response


async def look(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What a file would change; nothing is changed yet."""
    content = request.get(incoming.FILE, b"")
    if not content:
        return await _page(request, actor, status=422, problem=say(request, N_("Choose the file first.")))
    return await _look(request, actor, content)


async def take(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Takes the parts that were ticked, if it would still change just what was shown."""
    data = await request.post()
    content = _unpacked(str(data.get("file", "")))
    parts = [part for part in Part if part in data.getall("part", [])]
    try:
        waits = await request.config_dict[SECOND_YES].kit(
            actor, content, parts, mark=str(data.get("mark", ""))
        )
    except Conflict as error:
        return await _look(request, actor, content, status=409, problem=say(request, error.message))
    except Invalid as error:
        problem = say(request, error.message, **error.values)
        return await _page(request, actor, status=422, problem=problem)
    return go("/settings/kit", done="waits" if waits else "saved")


async def _look(
    request: web.Request, actor: Actor, content: bytes, *, status: int = 200, problem: str = ""
) -> web.Response:
    try:
        looked = await request.config_dict[KITS].look(actor, content)
    except Invalid as error:
        words = say(request, error.message, **error.values)
        return await _page(request, actor, status=422, problem=words)
    page = KitLookPage(
        group=looked.kit.group,
        parts=_parts(request, looked),
        left_out=[_path(request, each) for each in looked.kit.left_out],
        file=_packed(content),
        mark=looked.mark,
        problem=problem,
    )
    return await render(request, "settings_kit_look.html", page, status=status)


async def _page(request: web.Request, actor: Actor, *, status: int = 200, problem: str = "") -> web.Response:
    kit = await request.config_dict[KITS].ours(actor)
    page = KitPage(
        parts=[(part, _held(request, kit, part)) for part in kit.parts],
        left_out=[_path(request, each) for each in kit.left_out],
        problem=problem,
    )
    return await render(request, "settings_kit.html", page, status=status)


def _held(request: web.Request, kit: Kit, part: Part) -> list[str]:
    """Every line of a part of ours: what is about to be given is read before."""
    names, language = shared_catalogue(request), request[LANGUAGE].code
    match part:
        case Part.RULES:
            lines = [say(request, setting_words.PRESET[str(kit.preset)])]
            return lines + [_rule(request, key, str(value)) for key, value in kit.rules.items()]
        case Part.KINDS:
            hidden = [
                say(request, N_("Hidden: %(kind)s"), kind=names.name(code, language))
                for code in sorted(kit.hidden)
            ]
            return hidden + [
                f"{names.name(code, language)} ({spoken}): {name}"
                for (code, spoken), name in sorted(kit.names.items())
            ]
        case Part.SAFETY:
            return [
                f"{names.name(code, language)}: {_asked(request, '+'.join(asked))}"
                for code, asked in sorted(kit.asks.items())
            ]
        case Part.TEXTS:
            return [
                f"{say(request, setting_words.TEXT[key])} ({spoken}): {text}"
                for (key, spoken), text in sorted(kit.texts.items())
            ]
    return [each.say(language) for each in kit.questions]


def _path(request: web.Request, path: str) -> str:
    """What stayed out, in words; what is not known here as it stands in the file."""
    part, _, rest = path.partition("/")
    key, _, language = rest.partition("/")
    spoken = str(request[LANGUAGE].locale.languages.get(language, language))
    if part == Part.TEXTS and key in setting_words.TEXT and language:
        return f"{say(request, setting_words.TEXT[key])} ({spoken})"
    if part == Part.SAFETY and key in shared_catalogue(request):
        return shared_catalogue(request).name(key, request[LANGUAGE].code)
    if part == Part.KINDS and key in shared_catalogue(request) and language:
        return f"{shared_catalogue(request).name(key, request[LANGUAGE].code)} ({spoken})"
    return rest if part == Part.QUESTIONS else path


def _rule(request: web.Request, key: str, value: str) -> str:
    return f"{say(request, setting_words.RULE[key])} {_value(request, key, value)}"


def _value(request: web.Request, key: str, value: str) -> str:
    if key == "preset":
        return say(request, setting_words.PRESET[value])
    rule = RULES[key]
    return (
        say(request, setting_words.RULE_CHOICE[value])
        if rule.choices
        else (f"{value} {say(request, setting_words.UNIT[rule.unit])}")
    )


def _asked(request: web.Request, asked: str) -> str:
    """``<check>+<going>`` in words."""
    check, _, going = asked.partition("+")
    return request[LANGUAGE].listed(
        (say(request, safety_words.CHECK_ASKED[check]), say(request, safety_words.GOING[going]))
    )


def _parts(request: web.Request, looked: Looked) -> list[tuple[Part, Sequence[ChangeRow]]]:
    return [
        (part, [row_of(request, each) for each in looked.changes if each.part is part])
        for part in looked.kit.parts
    ]


def row_of(request: web.Request, change: Change) -> ChangeRow:
    """One change in words."""
    before, after, what = change.before, change.after, change.what
    match change.part:
        case Part.RULES:
            name = (
                say(request, N_("We are most like"))
                if what == "preset"
                else say(request, setting_words.RULE[what])
            )
            before, after = _value(request, what, before), _value(request, what, after)
        case Part.KINDS:
            name = shared_catalogue(request).name(what, request[LANGUAGE].code)
            if not change.language:
                before, after = (say(request, setting_words.SIGHT[each]) for each in (before, after))
            else:
                before = before or shared_catalogue(request).name(what, change.language)
        case Part.SAFETY:
            shared = shared_catalogue(request).category(what)
            name = shared.name(request[LANGUAGE].code)
            before = _asked(request, before or f"{shared.check}+{shared.going}")
            after = _asked(request, after)
        case Part.TEXTS:
            name = say(request, setting_words.TEXT[what])
            before = before or texts.said(what, change.language, {}).text
        case Part.QUESTIONS:
            name = say(request, N_("A question"))
    return ChangeRow(what=name, language=change.language, before=before, after=after)


def _packed(content: bytes) -> str:
    """The file as a field of the form that takes it: so nothing is kept of a file that was only looked at."""
    return base64.urlsafe_b64encode(zlib.compress(content, 9)).decode("ascii")


def _unpacked(text: str) -> bytes:
    """The file again, and nothing if it is none. A few bytes never become more than a file may have."""
    try:
        return zlib.decompressobj().decompress(base64.urlsafe_b64decode(text), MOST_BYTES + 1)
    except (ValueError, binascii.Error, zlib.error):
        return b""
