"""What is read out on the telephone, in every language that the group has words for."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from node.appkeys import STANDING, TEXTS
from node.domain.consents import Purpose
from node.domain.settings import texts
from node.services.settings.texts import SPOKEN
from ui.contexts.intake import Script
from ui.web.site import LANGUAGE
from ui.web.templating import as_one

ASKED = {purpose: SPOKEN[purpose] for purpose in (Purpose.HELP_YOU, Purpose.GROUPS_SEE, Purpose.KEEP_DETAILS)}
"""What is asked on every call, and in which words."""
CHOICE = "script"
"""The field that says in which language it was read out."""
_KEYS = ("script.greeting", "script.intake", "script.no_help", "emergency.say", *ASKED.values())


async def scripts(request: web.Request) -> list[Script]:
    """One for each language of ours and of the group's own texts; the reader's first."""
    held = request.config_dict[TEXTS]
    own = await held.own_languages()
    codes = dict.fromkeys((texts.language_of(request[LANGUAGE].code), *texts.DEFAULTS))
    codes |= dict.fromkeys(code for key in _KEYS for code in own[key])
    group = (await request.config_dict[STANDING].about()).name
    return [_script(code, said, group) for code, said in (await held.in_languages(codes)).items()]


def _script(code: str, said: Mapping[str, texts.Said], group: str) -> Script:
    return Script(
        code=code,
        name=NAMES.get(code, code),
        direction="rtl" if code in RIGHT_TO_LEFT else "ltr",
        greeting=texts.fill(said["script.greeting"].text, group=group),
        lines=texts.fill(said["script.intake"].text, group=group).splitlines(),
        no_help=texts.fill(said["script.no_help"].text, group=group).splitlines(),
        danger=said["emergency.say"].text.splitlines(),
        consents={str(purpose): said[key].text for purpose, key in ASKED.items()},
        wordings={str(purpose): said[key].version for purpose, key in ASKED.items()},
    )


async def read_out(request: web.Request, data: Mapping[str, Any]) -> dict[Purpose, str]:
    """Which words each answer of a call was given to: of the language that stood beside the form."""
    code = str(data.get(CHOICE, ""))
    claims = {purpose: str(data.get(f"wording:{purpose}:{code}", "")) for purpose in ASKED}
    return await request.config_dict[TEXTS].read_out(claims, ASKED)


async def closing(request: web.Request, code: str, reference: str) -> tuple[str, str, Sequence[str]]:
    """Language, direction and lines of the end of a call."""
    said = await request.config_dict[TEXTS].said("script.closing", code or request[LANGUAGE].code)
    direction = "rtl" if said.language in RIGHT_TO_LEFT else "ltr"
    reference = as_one(reference, direction)
    return said.language, direction, texts.fill(said.text, reference=reference).splitlines()


RIGHT_TO_LEFT = frozenset({"ar", "fa", "ur"})
NAMES: Mapping[str, str] = {
    "ar": "العربية", "bn": "বাংলা", "de": "Deutsch", "en": "English", "es": "Español", "fa": "فارسی",
    "fr": "Français", "hi": "हिन्दी", "it": "Italiano", "pa": "ਪੰਜਾਬੀ", "pl": "Polski", "pt": "Português",
    "ro": "Română", "ru": "Русский", "so": "Soomaali", "tr": "Türkçe", "uk": "Українська", "ur": "اردو",
    "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip
"""Languages by the name that their speakers look for."""
