"""What a thief of the disk could read: made-up people's words are looked for in every file there is."""

import base64
from collections.abc import Iterator

import pytest

from node.domain.actors import CONSOLE
from node.store import audit, settings
from node.vault import Compartment
from tests.harness.house import PASSWORD, house

CANARIES = {
    "name": "Wilhelmina Kanarienvogel",
    "phone": "07700 900147",
    "phone_e164": "+447700900147",
    "email": "wilhelmina.kanarienvogel@example.org",
    "street": "17 Undisclosed Crescent",
    "notes": "the key is under the blue pot, ring twice",
    "doorstep_word": "marmalade-zeppelin",
}
PASSPHRASE = "eight small words"
PEOPLE = Compartment.PEOPLE


def spellings(text: str) -> Iterator[bytes]:
    """Ways in which the same words could lie on a disk."""
    for plain in (text, text.lower(), text.upper()):
        yield plain.encode()
        yield plain.encode("utf-16-le")
    yield text.encode().hex().encode()
    yield base64.b64encode(text.encode()).rstrip(b"=")
    for word in text.split():
        if len(word) > 6:
            yield word.encode()
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) > 8:
        yield digits.encode()


def found_in(folder) -> set[str]:
    """Which canaries can be read in which files."""
    return {
        f"{path.name}: {what}"
        for path in folder.rglob("*")
        if path.is_file()
        for what, text in (CANARIES | {"password": PASSWORD, "passphrase": PASSPHRASE}).items()
        if any(spelling in path.read_bytes() for spelling in spellings(text))
    }


async def store(home, *, row_id: str = "AAAAAAAAAAAAAAAAAAAAAA") -> None:
    async with home.db.write() as tx:
        await tx.execute(
            "INSERT INTO persons(id, state, sealed, phone_index, email_index, created_day, updated_day)"
            " VALUES (?, 'active', ?, ?, ?, '2026-11-02', '2026-11-02')",
            (
                row_id,
                home.vault.seal(PEOPLE, "persons", row_id, CANARIES),
                home.vault.blind("phone", CANARIES["phone"]) if home.vault.is_open(PEOPLE) else None,
                home.vault.blind("email", CANARIES["email"]) if home.vault.is_open(PEOPLE) else None,
            ),
        )
        note = home.vault.seal(PEOPLE, "audit", f"person:{row_id}", {"note": CANARIES["notes"]})
        await audit.append(tx, home.clock, CONSOLE, "person.add", f"person:{row_id}", {}, note)


async def test_no_file_of_a_node_tells_who_asked_for_help(tmp_path):
    async with house(tmp_path / "node") as home:
        await home.found()
        await store(home, row_id="written-while-locked-A")
        cookie = (await home.access.sign_in("Mina", PASSWORD)).cookie
        await store(home)
        assert (home.folder / "group.db-wal").stat().st_size > 0
        assert found_in(home.folder) == set()
        assert not any(
            part.encode() in path.read_bytes() for path in home.folder.iterdir() for part in cookie.split(".")
        )
        await home.backup.backup(CONSOLE, tmp_path / "node" / "copy.backup", PASSPHRASE)
        assert found_in(home.folder) == set()
    assert found_in(tmp_path) == set(), "nor after closing"


async def test_the_search_would_find_what_is_not_sealed(tmp_path):
    """If this one finds nothing, the test above proves nothing."""
    async with house(tmp_path) as home:
        async with home.db.write() as tx:
            await settings.put(tx, settings.HOURS, " ".join(CANARIES.values()))
        assert {each.partition(": ")[2] for each in found_in(tmp_path)} >= set(CANARIES)


async def test_the_rescue_cards_are_kept_nowhere(tmp_path):
    async with house(tmp_path) as home:
        made = await home.found()
        everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for card in made.cards:
        words = card.split()
        for start in range(4, 17):
            assert " ".join(words[start : start + 3]).encode() not in everything


@pytest.mark.parametrize("sealed", [True, False])
async def test_what_was_deleted_is_overwritten(tmp_path, sealed):
    """``secure_delete``: a removed row's bytes do not stay in free pages, sealed or not."""
    async with house(tmp_path) as home:
        await home.found()
        blob = home.vault.seal(PEOPLE, "persons", "a", CANARIES) if sealed else b"readable" * 40
        async with home.db.write() as tx:
            await tx.execute(
                "INSERT INTO persons(id, state, sealed, created_day, updated_day) VALUES ('a', 'active', ?, 'd', 'd')",
                (blob,),
            )
    assert blob[-40:] in (tmp_path / "group.db").read_bytes()
    async with house(tmp_path) as home, home.db.write() as tx:
        await tx.execute("DELETE FROM persons WHERE id = 'a'")
    assert blob[-40:] not in (tmp_path / "group.db").read_bytes()
