import pytest

from node.clock import unix
from node.domain.actors import ANONYMOUS, CONSOLE
from node.errors import Conflict, Invalid, Misconfigured, NotAllowed, NotFound, TooMany
from node.services.accounts.setup import PROOF_WORDS
from node.store import audit, compartments, own_lines, settings
from node.vault import Compartment
from protocol import codec, identity
from protocol.statements import Keys
from tests.harness.house import PASSWORD, answers, house


@pytest.fixture
async def home(tmp_path):
    async with house(tmp_path) as opened:
        yield opened


async def test_set_up_makes_a_whole_node_once(home):
    assert not await home.setup.is_done()
    code = await home.setup.starting_code()
    made = await home.setup.complete(answers(code=code.lower().replace("-", " ")))
    assert await home.setup.is_done()
    assert made.words == identity.fingerprint_words(made.origin)
    assert [len(card.split()) for card in made.cards] == [20, 20, 20]
    async with home.db.read() as tx:
        assert await settings.get(tx, settings.GROUP_NAME) == "Knowle Neighbours"
        assert await settings.get(tx, settings.PLACE) == (51.44, -2.57)
        assert await settings.get(tx, settings.REGION) == "GB"
        assert await settings.get(tx, settings.ORIGIN) == made.origin
        assert {row.name for row in await compartments.all_of(tx)} == {"people", "vetting"}
        keys = await own_lines.get(tx, "keys")
        assert (await audit.verify(tx)).whole
    signed = codec.read_line(keys.line)
    codec.verify(signed, identity.public_of(made.origin))
    assert signed.statement == Keys(
        origin=made.origin, rev=1, epoch_floor=unix(home.clock), op_key=home.keyring.load().did
    )
    assert (home.folder / "op.key").stat().st_mode & 0o777 == 0o600
    assert home.vault.region == "GB"
    assert home.vault.seal(Compartment.PEOPLE, "persons", "a", {})
    assert await home.setup.starting_code() is None
    with pytest.raises(Conflict, match="set up already"):
        await home.setup.complete(answers(code=code))


@pytest.mark.parametrize(
    ("changes", "zone"),
    [
        ({}, "Europe/London"),  # +44 117 ...
        ({"phone": "+1 415 555 0123"}, "America/Los_Angeles"),
        ({"phone": "+44 7700 900123"}, "UTC"),  # a mobile tells no place: that of the machine
        ({"phone": "", "zone": "Pacific/Auckland"}, "Pacific/Auckland"),
        ({"zone": "Asia/Kathmandu"}, "Asia/Kathmandu"),
    ],
)
async def test_the_clock_is_asked_for_else_the_telephone_tells_it(home, changes, zone):
    await home.found(**changes)
    async with home.db.read() as tx:
        assert await settings.get(tx, settings.ZONE) == zone


async def test_a_clock_that_nobody_knows_is_asked_for_again(home):
    with pytest.raises(Invalid) as wrong:
        await home.found(zone="Europe/Atlantis")
    assert set(wrong.value.fields) == {"zone"}


async def test_only_the_last_code_counts_and_guessing_is_slowed(home):
    first = await home.setup.starting_code()
    second = await home.setup.starting_code()
    assert first != second
    with pytest.raises(Invalid) as wrong:
        await home.setup.check_code(first)
    assert "code" in wrong.value.fields
    for _ in range(5):
        with pytest.raises(Invalid):
            await home.setup.check_code("ABCD")
    with pytest.raises(TooMany):
        await home.setup.check_code(second)
    home.clock.advance(seconds=5)
    await home.setup.check_code(second)
    raw = b"".join(path.read_bytes() for path in home.folder.iterdir())
    assert second.encode() not in raw
    assert second.replace("-", "").encode() not in raw


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"group_name": "  "}, "group_name"),
        ({"group_name": "x" * 81}, "group_name"),
        ({"place": (91.0, 0.0)}, "place"),
        ({"place": (float("nan"), 0.0)}, "place"),
        ({"password": "short"}, "password"),
        ({"handle": ""}, "handle"),
        ({"handle": "a\nb"}, "handle"),
        ({"region": "ZZ"}, "region"),
        ({"phone": "1" * 121}, "phone"),
    ],
)
async def test_wrong_answers_name_their_field_and_change_nothing(home, change, field):
    code = await home.setup.starting_code()
    with pytest.raises(Invalid) as refused:
        await home.setup.complete(answers(code=code, **change))
    assert field in refused.value.fields
    assert not await home.setup.is_done()
    assert await home.setup.complete(answers(code=code))


async def test_cards_are_confirmed_by_typing_words_back(home):
    made = await home.found()
    actor = (await home.access.sign_in("Mina", PASSWORD)).actor
    words = [" ".join(card.split()[PROOF_WORDS]).upper() for card in made.cards]
    assert not await home.setup.cards_confirmed()
    with pytest.raises(Invalid):
        await home.setup.confirm_cards(actor, [words[0], words[0], words[0]])
    with pytest.raises(NotAllowed):
        await home.setup.confirm_cards(ANONYMOUS, words)
    await home.setup.confirm_cards(actor, [words[2], words[0], words[1]])
    assert await home.setup.cards_confirmed()


async def test_two_cards_open_the_records_again(tmp_path):
    async with house(tmp_path) as home:
        made = await home.found()
        blob = home.vault.seal(Compartment.PEOPLE, "persons", "a", {"name": "Somebody"})
        old = (await home.access.sign_in("Mina", PASSWORD)).cookie
    async with house(tmp_path, seed="later") as home:
        opened = await home.rescue.open(CONSOLE, [made.cards[2], made.cards[0]], "mina", "a new password")
        assert sorted(opened) == ["people", "vetting"]
        assert await home.access.actor_for(old) is None
        with pytest.raises(NotAllowed):
            await home.access.sign_in("Mina", PASSWORD)
        await home.access.sign_in("Mina", "a new password")
        assert home.vault.open(Compartment.PEOPLE, "persons", "a", blob) == {"name": "Somebody"}
        async with home.db.read() as tx:
            assert await settings.get(tx, settings.CARDS_OPENED_AT) is not None
            assert "cards.open" in {entry.action for entry in await audit.latest(tx)}


async def test_cards_that_are_wrong_say_why_and_change_nothing(tmp_path):
    async with house(tmp_path / "a") as home, house(tmp_path / "b", seed="other") as other:
        made, others = await home.found(), await other.found()
        for cards in (
            others.cards[:2],
            made.cards[:1],
            (made.cards[0], others.cards[1]),
            ("nonsense", "words"),
        ):
            with pytest.raises(Invalid) as refused:
                await home.rescue.open(CONSOLE, cards, "Mina", "a new password")
            assert refused.value.fields["cards"]
        with pytest.raises(NotFound):
            await home.rescue.open(CONSOLE, made.cards[:2], "Nobody", "a new password")
        assert await home.access.sign_in("Mina", PASSWORD)


async def test_an_op_key_that_others_can_read_is_refused(home):
    await home.found()
    (home.folder / "op.key").chmod(0o644)
    async with house(home.folder / "x") as other:
        with pytest.raises(Misconfigured, match="signing key"):
            other.keyring.load()
    async with house(home.folder) as again:
        with pytest.raises(Misconfigured, match="chmod 600"):
            again.keyring.load()
