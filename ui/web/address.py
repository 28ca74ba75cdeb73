"""The address of this site as it is printed and sent to others: the one that was set, never just what stands in the
browser of whoever sits at the desk."""

from dataclasses import dataclass

from aiohttp import web

from node.appkeys import CONFIG, STANDING
from node.domain.settings.own_address import reaches_far
from ui.web import sessions


@dataclass(frozen=True, slots=True)
class Address:
    """``base``: scheme and host, without a slash at the end; ``far``: whether others reach it, too."""

    base: str
    far: bool


async def own(request: web.Request) -> Address:
    """``public_url`` as it is set; without one, or where that is inside only, the browser's own if it leads here from
    anywhere; else the browser's, which works on this machine or in this house and nowhere else."""
    about = await request.config_dict[STANDING].about()
    return best(request, about.public_url)


def best(request: web.Request, public_url: str) -> Address:
    """The same where the settings were read already."""
    here = "://".join(sessions.origin_of(request))
    for url in (public_url, request.config_dict[CONFIG].public_url, here):
        if url and reaches_far(url):
            return Address(url.rstrip("/"), far=True)
    return Address(here, far=False)
