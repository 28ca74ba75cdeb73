"""Linked tables over the pages, without scripts: requests, volunteers, and who was with whom by their numbers."""

import re

from tests.scenario.test_sheets_on_pages import Desk, desk

__all__ = ["desk"]

REQUESTS = """Request ID,Created,Name,Phone,Help needed,Status
0012,2020-04-01,Ada Example,07700 900301,Groceries,Done
13,2020-04-02,Bo Example,07700 900302,Groceries,Done
"""
VOLUNTEERS = """Volunteer ID,Full name,Phone,Skills
1,Sam Invented,07700 900311,Groceries
"""
MATCHES = """Match ID,Request ID,Volunteer ID,Date completed,Outcome
a,12.0,01,2020-04-05,Done
b,99,1,2020-04-05,Done
"""


async def bring(desk: Desk, sheet: str, sort: str, name: str) -> str:
    await desk.get("/import")
    path = await desk.bring(sheet.encode())
    await desk.post(path, sort=sort, name=name, dates="ymd", **desk.chosen())
    await desk.post(f"{path}/run")
    return path


async def test_a_table_of_numbers_comes_in_and_two_lists_are_asked_about(desk: Desk) -> None:
    await bring(desk, REQUESTS, "needs", "North list")
    await bring(desk, REQUESTS.replace("Example", "Otherwise").replace("9003", "9005"), "needs", "South list")
    await bring(desk, VOLUNTEERS, "volunteers", "People")
    await desk.get("/import")
    path = await desk.bring(MATCHES.encode())
    form = desk.chosen()
    assert list(form.values()) == ["id", "request", "helper_number", "closed", "status"]
    assert 'name="list-helper_number"' not in desk.text, "there is only one it can be"
    await desk.post(path, 422, sort="matches", name="Links", dates="ymd", **form)
    assert "in which of the earlier sheets" in desk.text
    assert re.search(r"<option value=\"South list\">", desk.text)
    await desk.post(path, sort="matches", name="Links", dates="ymd", **form, **{"list-request": "South list"})
    assert desk.path == f"{path}/look"
    assert "No request came in with this number" in desk.text
    await desk.post(f"{path}/run")
    assert "Brought in: 1" in desk.text
    back = (await desk.bytes(f"{path}/back.csv")).decode()
    assert "b,99,1" in back
    await desk.get("/import")
    again = await desk.bring(MATCHES.encode())
    assert re.search(r'value="South list" selected', desk.text), "remembered with the mapping"
    await desk.post(
        again, sort="matches", name="Links", dates="ymd", **desk.chosen(), **{"list-request": "South list"}
    )
    assert "Rows that are here already" in desk.text
