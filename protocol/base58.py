"""base58 (the Bitcoin alphabet), as did:key and multibase ``z`` use it."""

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}


def encode(data: bytes) -> str:
    """The text of ``data``; leading zero bytes become ones."""
    number = int.from_bytes(data, "big")
    digits: list[str] = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(_ALPHABET[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return _ALPHABET[0] * zeros + "".join(reversed(digits))


def decode(text: str, length: int) -> bytes:
    """The ``length`` bytes that ``text`` stands for; ``ValueError`` for another letter or another length."""
    number = 0
    for character in text:
        if character not in _VALUE:
            raise ValueError("not base58")
        number = number * 58 + _VALUE[character]
    if number.bit_length() > 8 * length:
        raise ValueError("longer than expected")
    data = number.to_bytes(length, "big")
    if encode(data) != text:
        raise ValueError("shorter than expected")
    return data
