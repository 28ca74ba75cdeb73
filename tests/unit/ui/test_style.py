"""The design system: contrast of every pair in both themes, logical properties only, files under hashed names."""

import re
from pathlib import Path

import pytest

from ui.web.assets import LAYERS, STATIC, Assets

CSS = {path.stem: path.read_text("utf-8") for path in (STATIC / "css").glob("*.css")}

TEXT = 4.5
SHAPE = 3.0
PAIRS = [
    *[("ink", ground, TEXT) for ground in ("ground", "surface", "sunk")],
    *[("ink", ground, TEXT) for ground in ("action-soft", "stop-soft", "good-soft", "wait-soft")],
    *[("ink-soft", ground, TEXT) for ground in ("ground", "surface", "sunk", "action-soft", "wait-soft")],
    *[("link", ground, TEXT) for ground in ("ground", "surface", "sunk", "action-soft")],
    ("on-action", "action", TEXT),
    ("on-action", "action-strong", TEXT),
    ("stop", "stop-soft", TEXT),
    ("stop", "surface", TEXT),
    ("stop", "ground", TEXT),
    ("good", "good-soft", TEXT),
    ("wait", "wait-soft", TEXT),
    ("line-strong", "surface", SHAPE),
    ("line-strong", "ground", SHAPE),
    ("action", "surface", SHAPE),
    ("ink", "cell-0", TEXT),
    ("ink", "cell-1", TEXT),
    ("ink", "cell-2", TEXT),
    ("on-action", "cell-3", SHAPE),
    ("on-action", "cell-4", TEXT),
]  # fmt: skip


def _tokens() -> dict[str, dict[str, str]]:
    light, dark = CSS["tokens"].split("@media", 1)
    found = {
        name: dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", text))
        for name, text in (("light", light), ("dark", dark))
    }
    found["dark"] = found["light"] | found["dark"]
    return found


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast(theme: str) -> None:
    tokens = _tokens()[theme]
    weak = {}
    for front, back, least in PAIRS:
        lighter, darker = sorted((_luminance(tokens[front]), _luminance(tokens[back])), reverse=True)
        if (ratio := (lighter + 0.05) / (darker + 0.05)) < least:
            weak[front, back] = round(ratio, 2)
    assert not weak


@pytest.mark.parametrize("name", sorted(CSS))
def test_logical_properties_only(name: str) -> None:
    physical = re.findall(
        r"(?:^|[;{\s])((?:margin|padding|border|inset)-(?:left|right|top|bottom)|left|right|top|bottom|(?:min-|max-)?"
        r"(?:width|height))\s*:",
        re.sub(r"@media[^{]*", "", CSS[name]),
    )
    assert not physical


def test_layers_stand_in_order() -> None:
    bundle = Assets.load()
    asset = bundle.find(bundle.url("site.css").removeprefix("/static/"))
    assert asset is not None
    text = asset.body.decode()
    assert text.startswith("@layer " + ", ".join(LAYERS))
    assert set(CSS) == set(LAYERS)


def test_another_content_has_another_address() -> None:
    one, other = Assets([("a.css", b"a")]), Assets([("a.css", b"b")])
    assert one.url("a.css") != other.url("a.css")
    assert one.integrity("a.css").startswith("sha384-")
    assert one.find("a.css") is None


def test_every_icon_that_is_drawn_exists() -> None:
    held = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    used = set()
    for path in (Path(STATIC).parent / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        used |= set(re.findall(r'icon\("([\w-]+)"\)', text))
        used |= set(re.findall(r'notice\("[\w ]*", "([\w-]+)"', text))
    assert used <= held
