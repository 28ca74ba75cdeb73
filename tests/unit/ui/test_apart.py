"""What is filled in keeps its own order on a page from right to left."""

from ui.i18n import Languages, apart


def test_what_is_filled_in_stands_between_isolates_where_it_is_read_from_right_to_left() -> None:
    assert apart("%(name)s comes", "ltr") == "%(name)s comes"
    assert apart("%(name)s comes", "rtl") == "\u2068%(name)s\u2069 comes"
    assert apart("%(num)s days, not 100%%", "rtl") == "%(num)s days, not 100%%"
    assert apart("Like 2026-12-24", "rtl") == "Like \u20682026-12-24\u2069"
    assert apart("or 51.44, -2.58.", "rtl") == "or \u206851.44, -2.58\u2069."


def test_pages_have_it_and_letters_do_not() -> None:
    arabic = Languages.load().get("ar")
    message = "%(name)s comes to you."
    assert "\u2068Vera\u2069" in arabic.on_page(message, name="Vera")
    assert "\u2068" not in arabic.say(message, name="Vera")
