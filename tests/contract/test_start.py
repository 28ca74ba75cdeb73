"""What a node leaves alone until somebody needs it: memory that most groups never pay for."""

import json
import subprocess
import sys

LATER = {
    "PIL": "nothing of ours draws with it",
    "aiosmtplib": "the first message",
    "apprise": "the first text",
    "babel.messages": "translators' tools",
    "icalendar": "the first calendar",
    "jsonschema": "tests, and commands that check",
    "numpy": "nothing of ours counts with it",
    "openpyxl": "nothing of ours reads with it",
    "phonenumbers.timezone": "setting up",
    "pmtiles": "the first map of streets",
    "scipy": "the benchmark",
    "segno": "the first QR code",
    "webauthn": "the first passkey",
}
"""Module -> what it waits for."""
START = """
import json, sys
from node.__main__ import main
import node.app
from ui.i18n import Languages
languages = Languages.load()
read = [each.code for each in languages if {"catalogue", "locale"} & set(vars(each))]
print(json.dumps([sorted(sys.modules), read]))
"""


def test_what_is_rarely_needed_is_not_imported_at_start() -> None:
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)
    imported, read = json.loads(done.stdout)
    assert "ui.routes" in imported
    assert "node.services.accounts.setup" in imported
    assert {name: LATER[name] for name in sorted(LATER.keys() & set(imported))} == {}
    assert read == [], "languages without a reader"
