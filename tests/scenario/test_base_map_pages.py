"""A map of streets over HTTP: its pictures, how long they may be kept, and what pages and checks say of the file."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp
import pytest

from node.domain.actors import CONSOLE
from node.domain.safety.checks import OUTCOMES
from node.domain.settings.base_map import MapFault
from tests.harness import map_archive as made
from tests.harness.map_archive import town
from tests.harness.neighbourhood import Member, Neighbourhood

BRISTOL_12 = "/tiles/12/2018/1363"


@pytest.fixture
async def new(tmp_path: Path) -> AsyncIterator[Member]:
    """A node that nobody has set up yet."""
    async with Neighbourhood(tmp_path) as cast:
        yield await cast.add("new", set_up=False)


async def get(
    member: Member, path: str, headers: Mapping[str, str] | None = None
) -> tuple[int, Mapping[str, str], bytes]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        async with session.get(member.url + path, headers=headers, allow_redirects=False) as answer:
            return answer.status, answer.headers, await answer.read()


def put(member: Member, data: bytes) -> None:
    (member.folder / "map.new").write_bytes(data)
    (member.folder / "map.new").rename(member.folder / "map.pmtiles")


async def test_pictures_come_from_the_node_also_before_it_is_set_up(new: Member) -> None:
    status, headers, body = await get(new, BRISTOL_12)
    assert (status, headers["Cache-Control"]) == (404, "no-store")
    put(new, town().written())
    status, headers, body = await get(new, BRISTOL_12)
    assert status == 200
    assert headers["Content-Type"] == "image/png"
    assert body.startswith(b"\x89PNG")
    assert headers["Cache-Control"] == "public, max-age=3600"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers

    version = headers["ETag"].strip('"').partition("-")[0]
    _, named, _ = await get(new, f"{BRISTOL_12}?v={version}")
    assert named["Cache-Control"] == "public, max-age=31536000, immutable"
    _, other, _ = await get(new, f"{BRISTOL_12}?v=of-another-file")
    assert other["Cache-Control"] == "public, max-age=3600", "a later file must not be kept under an old name"
    status, again, body = await get(new, BRISTOL_12, {"If-None-Match": headers["ETag"]})
    assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
    assert (await get(new, BRISTOL_12, {"If-None-Match": '"another"'}))[0] == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tiles/12/0/0", 204),
        ("/tiles/12/4096/1", 204),
        ("/tiles/13/4036/2726", 204),
        ("/tiles/99/99999999/99999999", 204),
        ("/tiles/12/-1/0", 404),
        ("/tiles/12/2018/1363.png", 404),
        ("/tiles/x/y/z", 404),
        ("/tiles/12/2018/" + "9" * 400, 404),
        ("/tiles/12/2018", 404),
        ("/tiles/%D9%A1/0/0", 404),
    ],
)
async def test_where_there_is_no_picture_there_is_none(new: Member, path: str, status: int) -> None:
    put(new, town().written())
    assert (await get(new, path))[0] == status


async def test_a_file_that_cannot_be_shown_is_named_and_harms_nobody(new: Member) -> None:
    await new.set_up()
    codes = {each.code for each in await new.services.checks.look(CONSOLE)}
    assert "map.none" in codes
    whole = town()
    for data, fault in (
        (b"nothing of the kind", MapFault.NOT_ONE),
        (town().written()[:-1], MapFault.CUT_OFF),
        (made.Made(root=b"", kind=made.MVT).written(), MapFault.VECTOR),
    ):
        put(new, data)
        assert f"map.{fault}" in {each.code for each in await new.services.checks.look(CONSOLE)}
        assert (await get(new, BRISTOL_12))[0] == 404
        status, _, page = await get(new, "/near")
        assert status == 200
        assert b"data-tiles" not in page
    put(new, whole.written())
    assert "map.ok" in {each.code for each in await new.services.checks.look(CONSOLE)}
    assert {f"map.{fault}" for fault in MapFault} <= set(OUTCOMES)
