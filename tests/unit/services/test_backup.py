import json
import resource

import pytest

from node.domain.actors import ANONYMOUS, CONSOLE
from node.errors import Conflict, DiskFull, Invalid, MutualAidError, NotAllowed
from node.services.sheets import sealed_file as module
from node.services.sheets.backup import MAGIC, restore
from node.store import audit, settings
from node.vault import Compartment
from tests.harness.clock import FakeClock
from tests.harness.house import PASSWORD, house

PASSPHRASE = "eight small words"


@pytest.fixture
async def home(tmp_path):
    async with house(tmp_path / "node") as opened:
        await opened.found()
        (opened.folder / "node.toml").write_text('public_url = "http://127.0.0.1:1"\n')
        async with opened.db.write() as tx:  # more than one block, and something only the WAL holds
            await settings.put(tx, settings.HOURS, "x" * 300_000)
        yield opened


@pytest.fixture
async def made(home, tmp_path):
    await home.backup.backup(CONSOLE, tmp_path / "group.backup", PASSPHRASE)
    return tmp_path / "group.backup"


async def test_a_backup_comes_back_as_a_working_node(home, made, tmp_path):
    cookie = (await home.access.sign_in("Mina", PASSWORD)).cookie
    blob = home.vault.seal(Compartment.PEOPLE, "persons", "a", {"name": "Somebody"})
    origin = home.keyring.load().did
    clock = FakeClock()
    clock.advance(days=2)
    restored = await restore(made, tmp_path / "new", PASSPHRASE, clock)
    assert restored.parts == ("group.db", "op.key", "node.toml")
    assert restored.made_at == int(FakeClock().now().timestamp())
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["group.db", "node.toml", "op.key"]
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    async with house(tmp_path / "new", clock=clock) as again:
        assert again.keyring.load().did == origin
        async with again.db.read() as tx:
            assert await settings.get(tx, settings.RESTORED_AT) == int(clock.now().timestamp())
            assert await settings.get(tx, settings.HOURS) == "x" * 300_000
            assert (await audit.verify(tx)).whole
        assert await again.access.actor_for(cookie) is None, "a copy signs nobody in"
        await again.access.sign_in("Mina", PASSWORD)
        assert again.vault.open(Compartment.PEOPLE, "persons", "a", blob) == {"name": "Somebody"}


async def test_the_file_tells_nothing_and_nothing_is_left_beside_it(home, made):
    content = made.read_bytes()
    for readable in (b"Knowle", b"Mina", b"SQLite", b"CREATE TABLE", home.folder.name.encode() * 2):
        assert readable not in content
    assert made.stat().st_mode & 0o777 == 0o600
    assert not (home.folder / ".backup").exists()
    assert [path.name for path in made.parent.iterdir() if path.name.startswith("group")] == ["group.backup"]


async def test_it_can_be_made_while_locked_and_only_by_who_may(home, tmp_path):
    assert not home.vault.is_open(Compartment.PEOPLE)
    with pytest.raises(NotAllowed):
        await home.backup.backup(ANONYMOUS, tmp_path / "b", PASSPHRASE)
    with pytest.raises(Invalid):
        await home.backup.backup(CONSOLE, tmp_path / "b", "short")
    with pytest.raises(MutualAidError, match="could not be written"):
        await home.backup.backup(CONSOLE, tmp_path / "no such folder" / "b", PASSPHRASE)
    (tmp_path / "b").write_text("mine")
    with pytest.raises(Conflict):
        await home.backup.backup(CONSOLE, tmp_path / "b", PASSPHRASE)
    assert (tmp_path / "b").read_text() == "mine"


async def refused(file, tmp_path, code, passphrase=PASSPHRASE):
    with pytest.raises(Invalid) as error:
        await restore(file, tmp_path / "new", passphrase, FakeClock())
    assert error.value.code == code
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "new.partial").exists()


async def test_wrong_passphrase_and_other_files(made, tmp_path):
    await refused(made, tmp_path, "wrong_passphrase", "another passphrase")
    for content in (b"", b"hello", MAGIC[:-3]):
        (tmp_path / "other").write_bytes(content)
        await refused(tmp_path / "other", tmp_path, "no_backup")
    for content in (MAGIC, MAGIC + b"{}\n", MAGIC + b"[]\n", MAGIC + b"\xff\n", MAGIC + b"7"):
        (tmp_path / "other").write_bytes(content)
        await refused(tmp_path / "other", tmp_path, "backup_damaged")
    with pytest.raises(MutualAidError, match="could not be restored"):
        await restore(tmp_path / "missing", tmp_path / "new", PASSPHRASE, FakeClock())


async def test_a_header_that_asks_for_all_memory_is_refused(made, tmp_path):
    lines = made.read_bytes().split(b"\n", 2)
    header = json.loads(lines[1])
    header["kdf"]["memory"] = 1 << 40
    (tmp_path / "greedy").write_bytes(b"\n".join([lines[0], json.dumps(header).encode(), lines[2]]))
    await refused(tmp_path / "greedy", tmp_path, "backup_damaged")


async def test_cut_off_anywhere(made, tmp_path):
    content = made.read_bytes()
    block = module._BLOCK_SEALED
    start = content.index(b"}\n") + 2 + 24
    for length in (start - 1, start + block, start + 2 * block, len(content) - 1, len(content) - 20):
        (tmp_path / "cut").write_bytes(content[:length])
        await refused(tmp_path / "cut", tmp_path, "backup_damaged")


async def test_changed_swapped_doubled_or_longer(made, tmp_path):
    content = made.read_bytes()
    block = module._BLOCK_SEALED
    start = content.index(b"}\n") + 2 + 24
    blocks = [content[at : at + block] for at in range(start, len(content), block)]
    assert len(blocks) > 3
    head = content[:start]
    changed = bytearray(content)
    changed[start + block + 100] ^= 1
    for bad in (
        bytes(changed),
        content + b"x",
        head + b"".join([blocks[0], blocks[2], blocks[1], *blocks[3:]]),
        head + b"".join([blocks[0], blocks[0], *blocks[1:]]),
        head + b"".join([blocks[0], *blocks[2:]]),
    ):
        (tmp_path / "bad").write_bytes(bad)
        await refused(tmp_path / "bad", tmp_path, "backup_damaged")


async def test_an_existing_folder_is_never_touched(made, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine").write_text("mine")
    with pytest.raises(Conflict, match="new folder only"):
        await restore(made, tmp_path / "new", PASSPHRASE, FakeClock())
    assert (tmp_path / "new" / "mine").read_text() == "mine"


async def test_the_erased_stay_erased(made, tmp_path):
    async def forget(db):
        async with db.write() as tx:
            await settings.put(tx, settings.HOURS, "forgotten")

    await restore(made, tmp_path / "new", PASSPHRASE, FakeClock(), replay=forget)
    async with house(tmp_path / "new") as again, again.db.read() as tx:
        assert await settings.get(tx, settings.HOURS) == "forgotten"


async def test_a_failing_replay_leaves_nothing(made, tmp_path):
    async def fail(db):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await restore(made, tmp_path / "new", PASSPHRASE, FakeClock(), replay=fail)
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "new.partial").exists()


@pytest.fixture
def small_files():
    """No file may grow beyond 200 kB: the next best thing to a full disk inside one process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_no_room_for_a_backup_is_said_and_leaves_nothing(home, tmp_path, small_files):
    with pytest.raises(DiskFull):
        await home.backup.backup(CONSOLE, tmp_path / "b", PASSPHRASE)
    assert not list(tmp_path.glob("b*"))
    assert not (home.folder / ".backup").exists()


async def test_no_room_for_a_restore_is_said_and_leaves_nothing(made, tmp_path, small_files):
    with pytest.raises(MutualAidError, match="could not be restored"):
        await restore(made, tmp_path / "new", PASSPHRASE, FakeClock())
    assert not list(tmp_path.glob("new*"))
