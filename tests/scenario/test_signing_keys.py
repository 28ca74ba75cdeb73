"""The rescue cards name another signing key, on a machine that is not the node's."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from node import commands
from node.cli import cli
from node.domain.actors import CONSOLE
from node.errors import Conflict, Invalid
from node.services.accounts.keyring import Keyring
from node.services.sheets import backup as backups
from node.store import own_lines
from protocol import codec, rescue
from protocol.head import entry_of, make_head
from protocol.identity import KeyPair
from protocol.statements import Keys, Summary
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.scenario.test_the_whole_path import on_map, take_call

PHRASE = "made-up passphrase"


def signed_offline(
    folder: Path, request: str, cards: tuple[str, ...], *more: str, fails: bool = False
) -> str:
    """What ``mutualaid keys sign`` prints where the cards are."""
    file = folder / "cards.txt"
    file.write_text("\n\n".join(cards))
    ran = CliRunner().invoke(cli, ["keys", "sign", request, "--cards-file", str(file), *more])
    file.unlink()
    assert ran.exit_code == (1 if fails else 0), ran.output
    return ran.stderr if fails else ran.stdout.strip()


async def two(cast: Neighbourhood) -> tuple[Member, Member]:
    north, south = await cast.add("north"), await cast.add("south")
    await cast.befriend(north, south)
    await north.share_everything()
    await take_call(north, "groceries")
    await cast.publish(north)
    await cast.sync(south)
    return north, south


def words_of(folder: Path) -> bytes:
    """Every byte that a data folder holds."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_a_new_key_by_one_line(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south = await two(cast)
        before = await north.services.standing.status()
        old = Keyring(north.folder / "op.key").load()
        asked = await commands.run(north.services, "keys_new", {"stolen": False})
        assert (await commands.run(north.services, "keys_new", {"stolen": False}))["op_key"] == asked[
            "op_key"
        ]
        assert Keyring(north.folder / "op.key").load().did == old.did  # nothing has changed yet

        line = signed_offline(tmp_path, asked["request"], north.cards[:2])
        assert line == signed_offline(tmp_path, asked["request"], north.cards[1:])
        taken = await commands.run(north.services, "keys_paste", {"line": f"  {line}\n"})
        assert (taken["rev"], taken["op_key"], taken["waits"]) == (2, asked["op_key"], "")
        assert Keyring(north.folder / "op.key").load().did == asked["op_key"] != old.did
        assert not (north.folder / "op.key.next").exists()
        after = await north.services.standing.status()
        assert after.epoch > before.epoch

        await cast.sync(south)  # over HTTP, now answered under the new key
        await cast.sync(north)  # and asked under it
        (need,) = await on_map(south)
        assert (need["origin"], need["origin_state"]) == (north.id, "complete")
        held = await south.node.network.store.origin(north.id)
        assert (held.op_key, held.keys_rev) == (asked["op_key"], 2)
        # The cards were never there.
        await north.stop()
        kept = words_of(north.folder)
        for card in north.cards:
            assert " ".join(card.split()[:4]).encode() not in kept
        assert rescue.derive_root(rescue.join(north.cards[:2]))._secret[:32] not in kept
        await north.start()
        assert (await north.services.publishing.publish(CONSOLE)).epoch == after.epoch


async def test_what_a_thief_of_the_key_signs_falls_everywhere(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south = await two(cast)
        stolen = Keyring(north.folder / "op.key").load()
        thief = await forged(north, stolen, cast)
        report = await south.node.network.ingest.lines(thief, via=None, end_of_round=True)
        assert report.accepted >= 2
        assert {each["category"] for each in await on_map(south)} == {"gardening"}

        asked = await commands.run(north.services, "keys_new", {"stolen": True})
        floor = json.loads(asked["request"])["epoch_floor"]
        assert floor > json.loads(thief[0])["b"]["epoch"]
        line = signed_offline(tmp_path, asked["request"], north.cards[:2])
        await commands.run(north.services, "keys_paste", {"line": line})
        await cast.sync(south)
        assert {each["category"] for each in await on_map(south)} == {"groceries"}
        # The thief goes on signing, ever later epochs: nobody takes it.
        cast.clock.advance(hours=3)
        again = await forged(north, stolen, cast)
        report = await south.node.network.ingest.lines([*thief, *again], via=None, end_of_round=True)
        assert report.accepted == 0
        assert {each["category"] for each in await on_map(south)} == {"groceries"}
        # Nor does the node itself begin anew for it.
        await north.node.network.ingest.lines(again, via=None, end_of_round=True)
        assert (await north.services.publishing.publish(CONSOLE)).epoch == floor
        # Nor does it pass as the node on the wire.
        assert (await south.services.peering.sync(CONSOLE))[0].ok


async def forged(member: Member, key: KeyPair, cast: Neighbourhood) -> list[bytes]:
    """A head as far ahead as a head may be, and a need under it that nobody has."""
    now = int(cast.clock.now().timestamp())
    today = cast.clock.now().date()
    shape = Summary(
        origin=member.id,
        epoch=now + 86_000,
        seq=1,
        set="public",
        id="A" * 22,
        kind="need",
        category="gardening",
        cell="85194ad7fffffff",
        urgency="today",
        helpers="1",
        remote=False,
        status="open",
        posted=today,
        expires=today.replace(day=today.day + 9),
    )
    line = codec.write(shape, key)
    head = make_head(
        [entry_of(codec.read_line(line))],
        origin=member.id,
        epoch=shape.epoch,
        seq=2,
        set="public",
        asof=today,
        issued=now,
        next_by=now + 90_000,
        keys_rev=1,
    )
    return [codec.write(head, key), line]


async def test_no_other_line_is_taken(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south = await two(cast)
        asked = await commands.run(north.services, "keys_new", {"stolen": False})
        request = json.loads(asked["request"])
        root = rescue.derive_root(rescue.join(north.cards[:2]))
        foreign = KeyPair.from_seed(bytes(32))

        def line(**changes: object) -> str:
            body = request | changes
            return codec.write(Keys.from_body(body), root).decode()

        good = line()
        other = await commands.run(south.services, "keys_new", {"stolen": False})
        refused = {
            "no_keys_line": [
                "",
                "{}",
                asked["request"],
                good.replace('"rev":2', '"rev":3'),
                codec.write(Keys.from_body(request), foreign).decode(),
                (await north.services.carrier.export(["public"])).splitlines()[-1].decode(),
            ],
            "other_group": [signed_offline(tmp_path, other["request"], south.cards[:2])],
            "older_keys": [line(rev=1), line(epoch_floor=1)],
            "other_key": [line(op_key=foreign.did)],
            "floor_too_far": [line(epoch_floor=request["epoch_floor"] + 3 * 86_400)],
        }
        for code, lines in refused.items():
            for text in lines:
                with pytest.raises(Invalid) as fault:
                    await commands.run(north.services, "keys_paste", {"line": text})
                assert fault.value.code == code, text
        assert "another group's" in signed_offline(tmp_path, asked["request"], south.cards[:2], fails=True)
        assert "Two different cards" in signed_offline(
            tmp_path, asked["request"], north.cards[:1], fails=True
        )
        assert "Copy it whole" in signed_offline(tmp_path, asked["request"][:-5], north.cards[:2], fails=True)
        await commands.run(north.services, "keys_paste", {"line": good})
        with pytest.raises(Invalid, match="no newer"):
            await commands.run(north.services, "keys_paste", {"line": good})


async def test_the_power_goes_between_the_line_and_the_key(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south = await two(cast)
        asked = await commands.run(north.services, "keys_new", {"stolen": False})
        line = signed_offline(tmp_path, asked["request"], north.cards[:2]).encode()
        keys = codec.read_line(line).statement
        assert isinstance(keys, Keys)
        shutil.copy(north.folder / "op.key", tmp_path / "old.key")
        shutil.copy(north.folder / "op.key.next", tmp_path / "next.key")
        await commands.run(north.services, "keys_paste", {"line": line.decode()})
        await north.stop()
        shutil.copy(tmp_path / "old.key", north.folder / "op.key")
        shutil.copy(tmp_path / "next.key", north.folder / "op.key.next")
        await north.start()
        assert Keyring(north.folder / "op.key").load().did == keys.op_key
        await cast.sync(south)
        assert [each["origin_state"] for each in await on_map(south)] == ["complete"]


async def test_a_backup_from_before_the_new_key_asks_for_the_cards(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south = await two(cast)
        copy = tmp_path / "copy"
        await north.services.backup.backup(CONSOLE, copy, PHRASE)
        asked = await commands.run(north.services, "keys_new", {"stolen": False})
        line = signed_offline(tmp_path, asked["request"], north.cards[:2])
        await commands.run(north.services, "keys_paste", {"line": line})
        await cast.sync(south)
        await north.stop()
        shutil.rmtree(north.folder)
        await backups.restore(copy, north.folder, PHRASE, cast.clock)
        await north.start()
        # Nobody answers a key that counts no more; a file from a neighbour says why.
        with pytest.raises(Conflict, match="none has answered"):
            await north.services.publishing.publish(CONSOLE)
        assert (await north.services.carrier.take(await south.services.carrier.export(["public"]))).ok
        with pytest.raises(Conflict, match="another signing key"):
            await north.services.publishing.publish(CONSOLE)
        await north.stop()
        await north.start()  # what it holds of itself does not keep it from starting
        again = await commands.run(north.services, "keys_new", {"stolen": False})
        assert again["rev"] == 3
        line = signed_offline(tmp_path, again["request"], north.cards[:2])
        assert (await commands.run(north.services, "keys_paste", {"line": line}))["waits"] == ""
        await cast.sync(south)
        assert [each["origin_state"] for each in await on_map(south)] == ["complete"]


async def test_a_lost_key_file_is_replaced_by_the_cards(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south = await two(cast)
        await north.stop()
        (north.folder / "op.key").unlink()
        await north.start()
        with pytest.raises(Conflict, match="not the one"):
            await north.services.publishing.publish(CONSOLE)
        asked = await commands.run(north.services, "keys_new", {"stolen": False})
        line = signed_offline(tmp_path, asked["request"], north.cards[:2])
        assert (await commands.run(north.services, "keys_paste", {"line": line}))["waits"] == ""
        await cast.sync(south)
        assert [each["origin_state"] for each in await on_map(south)] == ["complete"]


async def test_everything_is_taken_back_at_once(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south = await two(cast)
        old = await north.services.carrier.export(["public"])
        report = await commands.run(north.services, "erase_all", {})
        assert report["added"] == 0
        await cast.sync(south)
        assert await on_map(south) == []
        assert (await south.services.carrier.take(old)).received == 0
        assert await on_map(south) == []
        assert set((await north.services.publishing.shared(CONSOLE)).values()) == {"only_us"}
        (view,) = [each for each in await south.services.neighbourhood.groups() if each.origin == north.id]
        assert (view.state, view.live) == ("complete", 0)
        async with north.services.backup._db.read() as tx:
            assert await own_lines.get(tx, "head:public") is not None
