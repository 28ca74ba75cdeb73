"""What the history of a person or a request shows has a name: a code stands on no page."""

import re
from pathlib import Path

from ui.words.words import ACTION

ROOT = Path(__file__).parents[3]
RECORDED = re.compile(r'record\(\s*tx,\s*[\w.\[\]]+,\s*"([a-z_]+\.[a-z_]+)",\s*(?:person|need)_object\(')


def test_whatever_is_written_down_about_somebody_or_a_request_has_words() -> None:
    found = set()
    for path in (ROOT / "node" / "services").rglob("*.py"):
        found |= set(RECORDED.findall(path.read_text("utf-8")))
    assert len(found) > 80, "is it written down in another way now?"
    assert sorted(found - set(ACTION)) == []
