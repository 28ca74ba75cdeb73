"""Every private field of a call is filled with words that stand nowhere else; none of them leaves, on any way out."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from node import commands
from node.domain.actors import CONSOLE
from node.domain.answers import Answer
from node.domain.consents import Consents
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import CallerDetails, CloseReason, Point
from node.errors import MutualAidError
from tests.harness.neighbourhood import Member, Neighbourhood

FITTING = {
    "phone": "07700 900981",
    "screen": "07700 900982",
    "email": "zebrafinch.canary@example.org",
    "languages": None,
}
"""Fields that take no words: what is put there instead."""
PLACE = Point(lat=51.447731, lon=-2.583317, accuracy_m=10)


def filled(kind: type, **given: object) -> tuple[dict[str, object], list[str]]:
    """Every text field of a form filled with a canary of its own, and the canaries."""
    values: dict[str, object] = {}
    canaries: list[str] = []
    for field in dataclasses.fields(kind):
        if field.type not in (str, "str") or field.name in given or field.name == "contact_by":
            continue
        text = FITTING.get(field.name) or f"zq{kind.__name__.lower()}{field.name.replace('_', '')}qz"
        values[field.name] = text
        canaries.append(str(text))
    return values | given, canaries


def spellings(canary: str) -> Iterator[bytes]:
    """How the same words may look."""
    yield canary.encode()
    yield canary.encode().hex().encode()
    digits = "".join(each for each in canary if each.isdigit())
    if len(digits) >= 9:
        yield digits.encode()
        yield digits[1:].encode()  # with a country code before it


async def test_no_private_word_leaves_on_any_way(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south = await cast.add("north"), await cast.add("south")
        await cast.befriend(north, south)
        await north.share_everything()
        person, canaries = filled(NewPerson)
        caller, more = filled(CallerDetails)
        need, third = filled(NewNeed, place_text="")
        own = Answer(question="zqquestionqz", asked="zqaskedqz", code="", said="zqansweredqz")
        need["answers"] = (own,)
        canaries += [own.question, own.asked, own.said]
        canaries += [*more, *third, f"{PLACE.lat:.4f}", f"{PLACE.lon:.4f}"]
        assert len(canaries) >= 12
        call = NewNeed(
            **need,  # type: ignore[arg-type]
            person=NewPerson(**person),  # type: ignore[arg-type]
            caller=CallerDetails(**caller),  # type: ignore[arg-type]
            for_self=False,
            categories=("groceries", "medical_lift", "medication"),
            point=PLACE,
            consents=Consents(help_you=True, groups_see=True, keep_details=True),
            start="open",
        )
        taken = await north.services.intake.take(north.staff, call)
        for need_id in taken.need_ids:
            for row in (need_id, taken.references[0]):
                canaries.append(str(row))
        leaves = [await said_in_all(north, south, cast)]
        for need_id in taken.need_ids[:2]:
            await north.services.dispatch.close(
                north.staff, need_id, CloseReason.NO_LONGER_NEEDED, "zqclosenoteqz"
            )
        canaries.append("zqclosenoteqz")
        cast.clock.advance(hours=1)
        leaves.append(await said_in_all(north, south, cast))
        await north.services.publishing.erase_all(CONSOLE)
        leaves.append(await said_in_all(north, south, cast))
        assert any(b'"summary"' in text for text in leaves[0])
        spoken = capfd.readouterr()
        # What another machine then holds, whole files, its write-ahead log too.
        leaves.append([path.read_bytes() for path in south.folder.rglob("*") if path.is_file()])
        leaves.append([spoken.out.encode(), spoken.err.encode()])
        for canary in dict.fromkeys(canaries):
            for spelling in spellings(canary):
                for texts in leaves:
                    for text in texts:
                        assert spelling not in text, canary


async def said_in_all(north: Member, south: Member, cast: Neighbourhood) -> list[bytes]:
    """Everything that leaves the node: what peers get, what anybody reads, its commands, its refusals."""
    await cast.publish(north)
    await cast.sync(south)
    texts = [
        await north.services.carrier.export(["public"]),
        await north.services.carrier.export(["public", "peers"], to=south.id),
        *await south.node.network.store.lines_of([north.id], ["public", "peers"]),
        str(await commands.run(north.services, "status", {})).encode(),
        str(await commands.run(south.services, "peers_list", {})).encode(),
    ]
    asked = ["/", "/ask", "/near", "/near?near=51.4477,-2.5833", "/api/v1/needs.geojson", "/mac/v1/node"]
    asked += ["/board", "/t/nothing", "/board/nothing", "/people/nothing", "/api/v1/health", "/nowhere"]
    async with aiohttp.ClientSession() as session:
        for path in asked:
            async with session.get(north.url + path, allow_redirects=False) as answer:
                texts += [await answer.read(), str(answer.headers).encode(), str(answer.url).encode()]
        for verb in ("pull", "heads", "push", "introduce", "nothing"):
            async with session.post(f"{north.url}/mac/v1/{verb}", data=b"{}") as answer:
                texts += [await answer.read(), str(answer.headers).encode()]
    for wrong in ({"category": "zz"}, {}):
        try:
            await commands.run(north.services, "share", {"choices": wrong})
        except MutualAidError as error:
            texts.append(f"{error} {error.hint}".encode())
    return [text.replace(b"near=51.4477,-2.5833", b"") for text in texts]
