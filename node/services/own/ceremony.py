"""The answers of passkeys, checked by py_webauthn, which is loaded with the first of them (a second on a small board).

Both functions are slow the first time: call them in a thread.
"""

from dataclasses import dataclass

from node.errors import N_, Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a passkey is good: the host of the public address, and that address."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new passkey. ``public_key`` is COSE."""

    id: bytes
    public_key: bytes
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What an answer says of itself, before anything is believed."""

    id: bytes
    handle: bytes | None
    challenge: bytes


def refused() -> Invalid:
    """One answer to whatever does not fit: it tells a stranger nothing."""
    return Invalid("passkey", N_("That passkey opens nothing here. Ask us for a link: with it you come in."))


def shown(answer: str) -> Shown:
    """Of a sign-in (the JSON of ``PublicKeyCredential.toJSON()``). Raises ``Invalid``."""
    from webauthn.helpers import parse_authentication_credential_json, parse_client_data_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        read = parse_authentication_credential_json(answer)
        said = parse_client_data_json(read.response.client_data_json)
    except (WebAuthnException, ValueError, TypeError) as error:
        raise refused() from error
    return Shown(id=read.raw_id, handle=read.response.user_handle, challenge=said.challenge)


def made_challenge(answer: str) -> bytes:
    """The challenge that the answer of a new passkey is for. Raises ``Invalid``."""
    from webauthn.helpers import parse_client_data_json, parse_registration_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        read = parse_registration_credential_json(answer)
        return parse_client_data_json(read.response.client_data_json).challenge
    except (WebAuthnException, ValueError, TypeError) as error:
        raise refused() from error


def made(answer: str, challenge: bytes, site: Site) -> Made:
    """A new passkey of a device that knew who holds it. Raises ``Invalid``."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError) as error:
        raise refused() from error
    return Made(id=found.credential_id, public_key=found.credential_public_key, count=found.sign_count)


def came(answer: str, challenge: bytes, site: Site, public_key: bytes) -> int:
    """How often that passkey was used, as its device counts; the caller compares. Raises ``Invalid``."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError) as error:
        raise refused() from error
    return found.new_sign_count
