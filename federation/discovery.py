"""Who lives at an address: first contact, before anything is trusted."""

from dataclasses import dataclass

from federation.client import PeerClient
from federation.errors import PeerError
from protocol import codec
from protocol.bundle import BadLine
from protocol.codec import Signed
from protocol.errors import RemoteProtocolError
from protocol.identity import fingerprint_words, public_of
from protocol.statements import Keys, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """A node that proved to hold the root key's word for its op key. Whether it is the *right* node is for
    the operators to compare: the words, read out over the telephone."""

    origin: str
    words: tuple[str, ...]
    name: str
    """As it names itself; the origin if it sent no profile."""
    op_key: str
    keys_line: bytes
    profile_line: bytes | None


async def discover(client: PeerClient, url: str, *, allow_private: bool = False) -> Discovered:
    """Asks ``GET node`` and checks both signatures. Raises PeerError."""
    keys: Signed | None = None
    profile: Signed | None = None
    for line in await client.node(url, allow_private=allow_private):
        if isinstance(line, BadLine):
            continue
        try:
            signed = codec.read_line(line)
            if isinstance(signed.statement, Keys) and keys is None:
                codec.verify_keys(signed)
                keys = signed
            elif isinstance(signed.statement, Profile) and keys is not None and profile is None:
                if signed.statement.origin != keys.statement.origin or not isinstance(keys.statement, Keys):
                    continue
                codec.verify(signed, public_of(keys.statement.op_key))
                profile = signed
        except RemoteProtocolError:
            continue
    if keys is None or not isinstance(keys.statement, Keys):
        raise PeerError("nonsense", f"{url} does not answer like a node of this network.")
    said = profile.statement if profile else None
    return Discovered(
        origin=keys.statement.origin,
        words=fingerprint_words(keys.statement.origin),
        name=said.name if isinstance(said, Profile) else keys.statement.origin,
        op_key=keys.statement.op_key,
        keys_line=keys.line,
        profile_line=profile.line if profile else None,
    )
