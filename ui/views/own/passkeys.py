"""`/my/passkeys`: signing in with this device's fingerprint or PIN next time, and the list of those she has."""

import base64
import json
from urllib.parse import urlsplit

from aiohttp import web

from node.appkeys import CONFIG, OWN_PASSKEYS
from node.domain.actors import Actor
from node.domain.own.challenge import GOOD_SECONDS
from node.errors import N_, Conflict, Invalid
from node.services.own.ceremony import Site
from ui.contexts.own import DoorPage, PasskeysPage
from ui.web import browsers, headers, sessions
from ui.web.site import SEAL, go, render, say

ALGORITHMS = (-8, -7, -257)
"""EdDSA, ES256, RS256: what telephones and laptops have (https://www.iana.org/assignments/cose)."""
ELSEWHERE = N_("Passkeys work only at our own address.")


def site_of(request: web.Request) -> Site | None:
    """Where a passkey would be good: our public address, or this machine itself; None on any other address."""
    public = urlsplit(request.config_dict[CONFIG].public_url)
    here = urlsplit(f"//{request.host}")
    if here.hostname == "localhost":
        return Site(host="localhost", origin=f"http://{request.host}")
    if public.scheme == "https" and public.netloc == request.host and here.hostname:
        return Site(host=here.hostname, origin=f"https://{request.host}")
    return None


def to_come_in(request: web.Request) -> str:
    """For the page's script: what to ask the device for (``PublicKeyCredentialRequestOptionsJSON``), if anything."""
    site = site_of(request)
    if site is None:
        return ""
    challenge = request.config_dict[OWN_PASSKEYS].to_come_in(request[SEAL])
    return json.dumps(
        {
            "challenge": _text(challenge),
            "rpId": site.host,
            "userVerification": "required",
            "timeout": GOOD_SECONDS * 1000,
        }
    )


async def come_in(request: web.Request) -> web.StreamResponse:
    """What the device answered at the door; from now on she is signed in here."""
    site, answer = site_of(request), str((await request.post()).get("answer", ""))
    try:
        if site is None:
            raise Invalid("passkey", ELSEWHERE)
        cookie = await request.config_dict[OWN_PASSKEYS].come_in(
            request[SEAL], site, answer, _browser(request)
        )
    except Invalid as error:
        page = DoorPage(problem=say(request, error.message), passkey=to_come_in(request))
        response = await render(request, "my_door.html", page, status=422)
        response.headers[headers.KEEP_OFFLINE] = "none"
        return response
    response = go("/my")
    sessions.write(request, response, sessions.OWN, cookie, max_age=sessions.LONG)
    return response


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The ones she has, and one more."""
    return await _page(request, actor)


async def keep(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What the device answered about the new one."""
    site, answer = site_of(request), str((await request.post()).get("answer", ""))
    try:
        if site is None:
            raise Invalid("passkey", ELSEWHERE)
        await request.config_dict[OWN_PASSKEYS].keep(actor, request[SEAL], site, answer, _browser(request))
    except (Conflict, Invalid) as error:
        return await _page(request, actor, problem=say(request, error.message), status=error.status)
    return go("/my/passkeys", done="own_passkey")


async def take_away(request: web.Request, actor: Actor) -> web.StreamResponse:
    """It opens nothing any more."""
    await request.config_dict[OWN_PASSKEYS].take_away(actor, request.match_info["passkey"])
    return go("/my/passkeys", done="own_passkey_away")


async def _page(
    request: web.Request, actor: Actor, *, problem: str = "", status: int = 200
) -> web.StreamResponse:
    rows = await request.config_dict[OWN_PASSKEYS].of(actor)
    page = PasskeysPage(
        rows=[(row, *browsers.names_of(row.browser)) for row in rows],
        making=await _to_make(request, actor),
        problem=problem,
    )
    return await render(request, "my_passkeys.html", page, status=status)


async def _to_make(request: web.Request, actor: Actor) -> str:
    """As ``PublicKeyCredentialCreationOptionsJSON``; empty where none can be made. The device is told the group's name
    and not hers: whoever looks through its passkeys learns nothing about her but that."""
    site = site_of(request)
    if site is None:
        return ""
    making = await request.config_dict[OWN_PASSKEYS].to_make(actor, request[SEAL])
    return json.dumps(
        {
            "rp": {"id": site.host, "name": making.group},
            "user": {"id": _text(making.handle), "name": making.group, "displayName": making.group},
            "challenge": _text(making.challenge),
            "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in ALGORITHMS],
            "excludeCredentials": [{"type": "public-key", "id": _text(id)} for id in making.others],
            "authenticatorSelection": {
                "residentKey": "required",
                "requireResidentKey": True,
                "userVerification": "required",
            },
            "attestation": "none",
            "timeout": GOOD_SECONDS * 1000,
        }
    )


def _browser(request: web.Request) -> str:
    return browsers.code_of(request.headers.get("User-Agent", ""))


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")
