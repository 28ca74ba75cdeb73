"""Setting a node up, once: the starting code, the first account, the keys, and the rescue cards.

The pages and ``mutualaid init`` use the same verbs. The rescue cards and the root key exist only while
``complete`` runs; the cards are handed back once and kept nowhere.
"""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import phonenumbers

from node.clock import Clock, unix
from node.domain.actors import Actor, ActorKind, Role
from node.domain.ids import Random, new_id
from node.domain.permissions import Permission, require
from node.domain.settings.presets import RULES, USUAL, Preset
from node.domain.settings.widening import RULE as PUBLIC_YES
from node.domain.zone import zone
from node.errors import N_, Conflict, Invalid
from node.services.accounts.access import Access, new_account
from node.services.accounts.founding import found
from node.services.accounts.keyring import Keyring
from node.services.accounts.passwords import Passwords, Throttle
from node.services.accounts.team import check_handle
from node.services.settings.group_zone import UNKNOWN
from node.store import audit, own_lines, proposals, settings, staff
from node.store.db import Database, Tx
from node.store.own_lines import OwnLine
from node.store.proposals import ProposalRow
from node.vault.compartments import RESCUED
from node.vault.keys import KeyPair
from protocol import codec, identity, rescue
from protocol.statements import Keys

_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_GROUPS, _CODE_GROUP = 4, 4
"""16 letters of 32: 80 bits, written ``ABCD-EFGH-JKLM-NPQR``."""
PROOF_WORDS = slice(4, 8)
"""Words 5 to 8 of a card are typed back; the first four only say which set and which card it is."""
_NAME_LENGTH = 80
_SHORT_LENGTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupAnswers:
    """What the set-up page asks. ``place`` is latitude, longitude in degrees; ``region`` the two-letter
    country of telephone numbers, told from ``phone`` when that begins with + and ``region`` is empty."""

    code: str
    language: str
    group_name: str
    place: tuple[float, float]
    phone: str = ""
    hours: str = ""
    handle: str
    password: str
    public_url: str = ""
    region: str = ""
    preset: str = USUAL
    """What kind of group it is (``node.domain.settings.presets``)."""
    zone: str = ""
    """IANA name; empty: that of the telephone number, if it tells one, else that of the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """A node that has just been made. ``cards`` are to be shown or written once and are kept nowhere."""

    origin: str
    words: tuple[str, ...]
    cards: tuple[str, str, str]
    actor: Actor


class Setup:
    """The first hour of a node."""

    def __init__(
        self,
        db: Database,
        access: Access,
        keyring: Keyring,
        clock: Clock,
        random: Random,
        *,
        passwords: Passwords,
        on_done: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        """``on_done``: awaited once the node has been made, for what looks at the settings only at start."""
        self._db = db
        self._on_done = (access.load, *on_done)
        self._keyring = keyring
        self._clock = clock
        self._random = random
        self._passwords = passwords
        self._throttle = Throttle(clock)

    async def is_done(self) -> bool:
        """Whether this node has been set up."""
        async with self._db.read() as tx:
            return await settings.get(tx, settings.DONE)

    async def starting_code(self) -> str | None:
        """A new one-time code to print where the operator sees it, or None once set up. The one before is
        void."""
        letters = [_CODE_LETTERS[byte % 32] for byte in self._random(_CODE_GROUPS * _CODE_GROUP)]
        code = "-".join("".join(letters[at : at + _CODE_GROUP]) for at in range(0, len(letters), _CODE_GROUP))
        async with self._db.write() as tx:
            if await settings.get(tx, settings.DONE):
                return None
            await settings.put(tx, settings.STARTING_CODE, _code_hash(code))
        return code

    async def check_code(self, code: str) -> None:
        """Raises ``Invalid`` (field ``code``) for a wrong code, ``Conflict`` once set up, ``TooMany``."""
        self._throttle.check("code")
        async with self._db.read() as tx:
            await _not_done(tx)
            kept = await settings.get(tx, settings.STARTING_CODE)
        if kept is None or not hmac.compare_digest(kept, _code_hash(code)):
            self._throttle.wrong("code")
            message = N_(
                "This is not the code that the node printed last. Capitals and dashes do not matter."
            )
            raise Invalid("wrong_code", message, fields={"code": message})

    async def complete(self, answers: SetupAnswers, *, cards: Sequence[str] | None = None) -> SetUp:
        """Makes keys, compartments, the first account (admin and coordinator) and the settings, all or
        nothing. ``cards``: three rescue cards that were kept before, else they are made here.

        Raises ``Invalid`` with the fields to mend, ``Conflict`` (``already_set_up``), ``TooMany``.
        """
        await self.check_code(answers.code)
        handle = check_handle(answers.handle)
        _check(answers)
        first, second, third = cards or rescue.split(self._random(rescue.SEED_LENGTH))
        cards = (first, second, third)
        seed = rescue.join(cards)
        rescue_pair = KeyPair.of(rescue.derive_vault(seed))
        row = await new_account(
            self._passwords,
            self._clock,
            self._random,
            handle,
            answers.password,
            frozenset({Role.ADMIN, Role.COORDINATOR}),
        )
        proofs = [await self._proof(card) for card in cards]
        op = self._keyring.load() if self._keyring.exists() else self._keyring.create(self._random)
        root = rescue.derive_root(seed)
        actor = Actor(kind=ActorKind.STAFF, id=row.id, name=row.handle, roles=row.roles)
        now = unix(self._clock)
        keys_line = codec.write(Keys(origin=root.did, rev=1, epoch_floor=now, op_key=op.did), root)
        async with self._db.write() as tx:
            await _not_done(tx)
            await staff.insert(tx, row)
            for compartment in RESCUED:
                await found(tx, compartment, row, rescue_pair.public, now)
            await own_lines.put(tx, OwnLine(name="keys", epoch=now, seq=1, line=keys_line))
            await settings.put(tx, settings.ORIGIN, root.did)
            await settings.put(tx, settings.RESCUE_PUBLIC, rescue_pair.public.hex())
            await settings.put(tx, settings.CARD_PROOFS, proofs)
            await settings.put(tx, settings.KDF, (await self._passwords.cost()).to_json())
            await _keep_answers(tx, answers, self._clock.zone_name())
            if RULES[PUBLIC_YES].value(Preset(answers.preset)) == "two":
                # Who founds a group is alone: what everybody reads of it waits for the eyes of whoever comes next.
                words = {"name": answers.group_name, "phone": answers.phone, "hours": answers.hours}
                await proposals.put(
                    tx,
                    ProposalRow(
                        id=new_id(self._random),
                        kind="card",
                        subject="",
                        value={field: text.strip() for field, text in words.items() if text.strip()},
                        by_staff=row.id,
                        at=now,
                        alone=True,
                    ),
                )
            await settings.take_out(tx, settings.STARTING_CODE)
            # Whoever sets the group up is asked to look at the time; from here on it is watched.
            await settings.put(tx, settings.TRUSTED_AT, now)
            await settings.put(tx, settings.DONE, True)
            await audit.append(tx, self._clock, actor, "node.set_up", root.did)
        for each in self._on_done:
            await each()
        return SetUp(origin=root.did, words=identity.fingerprint_words(root.did), cards=cards, actor=actor)

    async def cards_confirmed(self) -> bool:
        """Whether words of the printed cards were typed back; until then the board says so."""
        async with self._db.read() as tx:
            return await settings.get(tx, settings.CARDS_CONFIRMED)

    async def confirm_cards(self, actor: Actor, typed: Sequence[str]) -> None:
        """Proves that the cards were printed: words 5 to 8 of each of the three, in any order of the cards.

        Raises ``Invalid`` (code ``wrong_words``), ``TooMany``.
        """
        require(actor, Permission.SETTINGS)
        self._throttle.check("cards")
        async with self._db.read() as tx:
            proofs = await settings.get(tx, settings.CARD_PROOFS)
        matched = {
            proof for proof in proofs for words in typed if await self._proves(proof, " ".join(words.split()))
        }
        if len(matched) != len(proofs) or not proofs:
            self._throttle.wrong("cards")
            message = N_("These are not words 5 to 8 of the three cards. Please look at them again.")
            raise Invalid("wrong_words", message, fields={"words": message})
        async with self._db.write() as tx:
            await settings.put(tx, settings.CARDS_CONFIRMED, True)
            await audit.append(tx, self._clock, actor, "cards.confirm", "cards")

    async def _proof(self, card: str) -> str:
        salt = self._random(16)
        return (salt + await self._passwords.derive(" ".join(card.split()[PROOF_WORDS]), salt)).hex()

    async def _proves(self, proof: str, words: str) -> bool:
        kept = bytes.fromhex(proof)
        return hmac.compare_digest(kept[16:], await self._passwords.derive(words.casefold(), kept[:16]))


async def _not_done(tx: Tx) -> None:
    if await settings.get(tx, settings.DONE):
        raise Conflict("already_set_up", N_("This node has been set up already. Please sign in."))


async def _keep_answers(tx: Tx, answers: SetupAnswers, machine: str) -> None:
    await settings.put(tx, settings.GROUP_NAME, answers.group_name.strip())
    await settings.put(tx, settings.LANGUAGE, answers.language)
    await settings.put(tx, settings.PLACE, answers.place)
    await settings.put(tx, settings.PHONE, answers.phone.strip())
    await settings.put(tx, settings.HOURS, answers.hours.strip())
    await settings.put(tx, settings.PUBLIC_URL, answers.public_url.rstrip("/"))
    await settings.put(tx, settings.ZONE, answers.zone or _zone_of(answers.phone) or machine)
    await settings.put(tx, settings.PRESET, Preset(answers.preset))
    await settings.put(tx, settings.REGION, answers.region.upper() or _region_of(answers.phone))


def _check(answers: SetupAnswers) -> None:
    fields: dict[str, str] = {}
    if not 1 <= len(answers.group_name.strip()) <= _NAME_LENGTH:
        fields["group_name"] = N_("Please give the group a name of at most 80 letters.")
    latitude, longitude = answers.place
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        fields["place"] = N_("This is no place on Earth: latitude first, then longitude.")
    for name in ("phone", "hours"):
        if len(getattr(answers, name)) > _SHORT_LENGTH:
            fields[name] = N_("Please keep this shorter.")
    if answers.region and answers.region.upper() not in phonenumbers.SUPPORTED_REGIONS:
        fields["region"] = N_("This is not the two-letter code of a country.")
    if answers.preset not in set(Preset):
        fields["preset"] = N_("Please choose one of these.")
    if answers.zone and zone(answers.zone) is None:
        fields["zone"] = UNKNOWN
    if fields:
        raise Invalid("set_up_answers", N_("Please look at these answers again."), fields=fields)


def _region_of(phone: str) -> str | None:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone, None))
    except phonenumbers.NumberParseException:
        return None


def _zone_of(phone: str) -> str | None:
    """The one zone in which such a number is rung; None where there may be several."""
    from phonenumbers import (
        timezone,
    )  # asked once in the life of a group; the zones of all numbers take a while

    try:
        found = timezone.time_zones_for_number(phonenumbers.parse(phone, None))
    except phonenumbers.NumberParseException:
        return None
    return found[0] if len(found) == 1 and zone(found[0]) is not None else None


def _code_hash(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return sha256(b"starting-code|" + plain.encode()).hexdigest()
