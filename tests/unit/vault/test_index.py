import pytest

from node.vault.index import keyed, normal


@pytest.mark.parametrize(
    "text", ["07700 900123", "+44 7700 900123", "(07700) 900-123", "0044 7700 900123", "٠٧٧٠٠ ٩٠٠١٢٣"]
)
def test_one_number_has_one_normal_form(text):
    assert normal("phone", text, "GB") == "+447700900123"


def test_without_a_country_the_digits_must_do():
    assert normal("phone", "07700 900123", None) == "7700900123"
    assert normal("phone", "+44 7700 900123", None) == "+447700900123"
    assert normal("phone", "no number", None) == ""


def test_mail_addresses_fold_case_and_accents_are_composed():
    assert normal("email", "  Someone@Example.ORG ", None) == "someone@example.org"
    assert normal("email", "Jose\u0301@example.org", None) == "jos\u00e9@example.org"


def test_the_hash_depends_on_key_kind_and_text():
    one = keyed(bytes(32), "phone", "07700 900123", "GB")
    assert len(one) == 32
    assert one == keyed(bytes(32), "phone", "+447700900123", None)
    assert one != keyed(b"\x01" * 32, "phone", "07700 900123", "GB")
    assert one != keyed(bytes(32), "phone", "07700 900124", "GB")
    assert keyed(bytes(32), "email", "x", None) != keyed(bytes(32), "row", "x", None)
