"""Gives every catalogue in ui/locales the strings of messages.pot: new ones empty, what there is no more left out."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

LOCALES = Path(__file__).parent.parent / "ui" / "locales"
WIDTH = 120


def refreshed(path: Path, template: Catalog) -> str:
    """The catalogue's text with the template's strings, under its own heading: Babel's has dates and names in it, and
    its Arabic plural takes 11 to 99 for 100."""
    text = path.read_text("utf-8")
    heading = text[: text.index("\n\n") + 2]
    code = path.parent.parent.name
    with path.open("rb") as file:
        said = {each.id: each.string for each in read_po(file, locale=code) if each.id}
    made = Catalog(locale=code)  # so that it has as many plural forms
    for each in template:
        if each.id:
            made.add(each.id, said.get(each.id, ""), flags=each.flags)
    target = path.with_suffix(".new")
    with target.open("wb") as file:
        write_po(file, made, width=WIDTH, sort_output=True, omit_header=True)
    text = heading + target.read_text("utf-8").strip() + "\n"
    target.unlink()
    return text


def main() -> None:
    """All but English, whose words are the strings themselves."""
    with (LOCALES / "messages.pot").open("rb") as file:
        template = read_po(file)
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/messages.po")):
        if path.parent.parent.name != "en":
            path.write_text(refreshed(path, template), "utf-8")


if __name__ == "__main__":
    main()
