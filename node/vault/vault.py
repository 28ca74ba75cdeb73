"""The vault of one running node: locked when it starts, opened compartment by compartment."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from node.errors import N_, Locked, Misconfigured
from node.logs import logger
from node.vault import index, records
from node.vault.compartments import Compartment
from node.vault.index import Kind
from node.vault.keys import KeyPair, WrongKey, seal_to, unseal

log = logger("vault")
_BLINDED_AT_ONCE = 16
OnUnlock = Callable[[Compartment], Awaitable[None]]
OnLock = Callable[[Compartment], None]


class Vault:
    """Seals always, opens what has been unlocked. Holds private keys in memory only.

    ``publics`` are the compartments' public keys; empty before set-up (then even sealing raises
    ``Misconfigured``). ``region`` is the country of phone numbers without a country code, see
    ``node.vault.index``.
    """

    def __init__(
        self, publics: Mapping[Compartment, bytes] | None = None, *, region: str | None = None
    ) -> None:
        self._publics: dict[Compartment, bytes] = dict(publics or {})
        self._pairs: dict[Compartment, KeyPair] = {}
        self._former: dict[Compartment, tuple[KeyPair, ...]] = {}
        """Pairs that came before the present one, the oldest first; opened together with it."""
        self._blinded: dict[tuple[Kind, str, str | None], bytes] = {}
        """The last few hashes: whoever looks somebody up mostly stores her next, and a phone number is slow to read."""
        self._on_unlock: list[OnUnlock] = []
        self._on_lock: list[OnLock] = []
        self.region = region

    def install(self, publics: Mapping[Compartment, bytes]) -> None:
        """Takes over the public keys that set-up made or the database holds."""
        self._publics.update(publics)

    def seal(self, compartment: Compartment, table: str, row_id: str, value: Mapping[str, Any]) -> bytes:
        """The box for one row's personal fields; works while locked."""
        return records.seal(self._public(compartment), compartment, table, row_id, value)

    def open(self, compartment: Compartment, table: str, row_id: str, blob: bytes) -> dict[str, Any]:
        """What was sealed for exactly this row. Raises ``Locked``, or ``Misconfigured`` for a box of another
        row."""
        for pair in (self._pair(compartment), *reversed(self._former.get(compartment, ()))):
            try:
                return records.open_(pair, compartment, table, row_id, blob)
            except WrongKey:
                continue
        raise Misconfigured(
            "record_damaged",
            N_("A stored record cannot be opened: it was changed outside the program."),
            hint=f"table {table}, row {row_id}: restore it from a backup",
        )

    def try_open(
        self, compartment: Compartment, table: str, row_id: str, blob: bytes
    ) -> dict[str, Any] | None:
        """The same, None for what was sealed to somebody else's key (``named``). Raises ``Locked``."""
        try:
            return records.open_(self._pair(compartment), compartment, table, row_id, blob)
        except WrongKey:
            return None

    def is_open(self, compartment: Compartment) -> bool:
        """Whether records of this compartment can be read now."""
        return compartment in self._pairs

    def blind(self, kind: Kind, text: str) -> bytes:
        """The keyed hash by which a phone, an e-mail or an imported row is found again. Raises ``Locked``.

        Its key is that of the first pair the compartment ever had: rows that were imported hold nothing from which
        their hash could be made anew.
        """
        first = self._people_pairs()[0]
        known = (kind, text, self.region)
        held = self._blinded.get(known)
        if held is None:
            if len(self._blinded) >= _BLINDED_AT_ONCE:
                self._blinded.clear()
            held = self._blinded[known] = index.keyed(first.private, kind, text, self.region)
        return held

    def row_keys(self) -> tuple[bytes, ...]:
        """The keys under which rows of sheets are hashed, the one for new rows first: as with ``blind`` that of the
        first pair, so that a sheet is known again after the compartment got a new one. Those of later pairs are
        for rows that came in while they were taken. Raises ``Locked``.
        """
        return tuple(index.key(pair.private, "row") for pair in self._people_pairs())

    def lock(self, *compartments: Compartment) -> None:
        """Forgets the private keys of these compartments, or of all, at once."""
        for compartment in compartments or tuple(Compartment):
            self._former.pop(compartment, None)
            self._blinded.clear()
            if self._pairs.pop(compartment, None) is not None:
                for callback in self._on_lock:
                    callback(compartment)

    def on_unlock(self, callback: OnUnlock) -> None:
        """``callback(compartment)`` is awaited each time one opens, in the order they were given: for caches,
        and for what was written while locked and waits to be completed."""
        self._on_unlock.append(callback)

    def on_lock(self, callback: OnLock) -> None:
        """``callback(compartment)`` is called each time one closes: whoever holds opened records drops
        them."""
        self._on_lock.append(callback)

    async def unlock(
        self,
        privates: Mapping[Compartment, bytes],
        former: Mapping[Compartment, Sequence[bytes]] | None = None,
    ) -> tuple[Compartment, ...]:
        """Opens compartments with their private keys, and those they had before (the oldest first); those already open
        stay as they are. Returns the newly opened.

        A callback that fails is logged and does not keep anybody out. Raises ``Misconfigured`` if a key is
        not the one of its compartment.
        """
        opened: list[Compartment] = []
        for compartment, private in privates.items():
            pair = KeyPair.of(private)
            if pair.public != self._public(compartment):
                raise Misconfigured(
                    "compartment_key",
                    N_("A stored key does not fit its compartment."),
                    hint=f"compartment {compartment}: restore from a backup",
                )
            if compartment not in self._pairs:
                self._pairs[compartment] = pair
                self._former[compartment] = tuple(map(KeyPair.of, (former or {}).get(compartment, ())))
                opened.append(compartment)
        for compartment in opened:
            for callback in self._on_unlock:
                try:
                    await callback(compartment)
                except Exception as error:
                    # Housekeeping that fails - one damaged record - must not keep the desk out.
                    log.warning(
                        "after_unlock_failed", compartment=compartment.value, error=type(error).__name__
                    )
        return tuple(opened)

    def grant(self, compartment: Compartment, public: bytes) -> bytes:
        """The compartment's private key sealed to somebody's public key. Raises ``Locked``."""
        return seal_to(public, self._pair(compartment).private)

    def next_pair(self, compartment: Compartment) -> tuple[KeyPair, tuple[KeyPair, ...]]:
        """A fresh pair for a compartment, and every pair so far with the oldest first; nothing changes until
        ``take_pair``. Raises ``Locked``."""
        return KeyPair.new(), (*self._former.get(compartment, ()), self._pair(compartment))

    def take_pair(self, compartment: Compartment, pair: KeyPair) -> None:
        """From now on new records are sealed to that pair; call it once the pair is stored. Raises ``Locked``."""
        self._former[compartment] = (*self._former.get(compartment, ()), self._pair(compartment))
        self._pairs[compartment], self._publics[compartment] = pair, pair.public

    def reseal(self, compartment: Compartment, blob: bytes) -> bytes | None:
        """The box under the compartment's present key, if it lies under a former one; else None. Raises ``Locked``."""
        return records.resealed(self._pair(compartment).public, self._former.get(compartment, ()), blob)

    def _public(self, compartment: Compartment) -> bytes:
        try:
            return self._publics[compartment]
        except KeyError as error:
            raise Misconfigured(
                "not_set_up",
                N_("This node has not been set up yet."),
                hint="open its address in a browser and type the starting code, or run: mutualaid init",
            ) from error

    def _people_pairs(self) -> tuple[KeyPair, ...]:
        """Every pair that ``people`` ever had, the first one first. Raises ``Locked``."""
        return (*self._former.get(Compartment.PEOPLE, ()), self._pair(Compartment.PEOPLE))

    def _pair(self, compartment: Compartment) -> KeyPair:
        try:
            return self._pairs[compartment]
        except KeyError as error:
            raise Locked from error


def open_granted(pair: KeyPair, sealed: Mapping[Compartment, bytes]) -> dict[Compartment, bytes]:
    """The compartment keys that were sealed to this person. Raises ``Misconfigured`` if one is not theirs."""
    try:
        return {compartment: unseal(pair, box) for compartment, box in sealed.items()}
    except WrongKey as error:
        raise Misconfigured(
            "grant_damaged",
            N_("A stored key cannot be opened: it was changed outside the program."),
            hint="let another holder grant the compartment again, or restore from a backup",
        ) from error


def open_former(private: bytes, sealed: Sequence[bytes]) -> list[bytes]:
    """The private halves of before, each sealed to the present one. Raises ``Misconfigured`` if one is not."""
    pair = KeyPair.of(private)
    try:
        return [unseal(pair, box) for box in sealed]
    except WrongKey as error:
        raise Misconfigured(
            "former_key_damaged",
            N_("A stored key cannot be opened: it was changed outside the program."),
            hint="restore from a backup",
        ) from error
