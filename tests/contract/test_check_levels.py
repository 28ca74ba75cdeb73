"""The table of safety checks in docs/safeguarding.md is the catalogue's, and says who reviewed it."""

import re
from pathlib import Path

from node.domain.catalogue import catalogue

TEXT = (Path(__file__).parents[2] / "docs" / "safeguarding.md").read_text("utf-8")


def test_each_kind_stands_with_its_check_and_how_one_goes() -> None:
    told = {
        code: (check, going)
        for check, going, codes, why in re.findall(
            r"^\| (\w+) \| (\w+) \| (`[^|]+`) \| ([^|]+) \|$", TEXT, re.M
        )
        for code in re.findall(r"`(\w+)`", codes)
        if why.strip()
    }
    assert told == {each.code: (str(each.check), str(each.going)) for each in catalogue().categories}


def test_who_reviewed_it_and_when() -> None:
    _, _, reviews = TEXT.partition("| reviewed on | by whom | what came of it |")
    assert re.search(r"^\| \d{4}-\d\d-\d\d \| [^|]+ \| [^|]+ \|$", reviews, re.M)
