"""What people complained about in the tools they had before (the end of the product paper), each with the tests that
show that it cannot happen here. A complaint without a test, and a test that is gone, fail the build.
"""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PAPER = TESTS.parent / "../shared/design/product.md"
OURS = "scenario/test_complaints.py::"

SHOWN_BY: Mapping[str, tuple[str, ...]] = {
    "a claimed task could be claimed again": (
        OURS + "test_a_claimed_task_could_be_claimed_again",
        "contract/test_hostile_stranger.py::test_of_two_confirmations_at_once_exactly_one_wins",
        "bench/test_load.py::test_many_at_once_share_no_number_and_send_nobody_twice",
    ),
    "two offers from one person after a mis-tap": (
        OURS + "test_two_offers_from_one_person_after_a_mistap",
        "contract/test_hostile_stranger.py::test_a_volunteers_double_tap_is_one_answer",
    ),
    "the same sheet imported twice made doubles": (
        "scenario/test_sheets_on_pages.py::test_the_same_sheet_next_week_is_known_and_changes_nothing",
        "unit/services/test_imports.py::test_run_twice_it_changes_nothing",
        "unit/services/test_import_others.py::test_the_same_sheet_as_a_spreadsheet_file_is_known_again",
    ),
    "old matches could not be imported": (
        "unit/services/test_import_others.py::test_past_matches_become_requests_that_are_over_with_their_helper",
    ),
    "requests got buried as they aged": (OURS + "test_requests_got_buried_as_they_aged",),
    "nobody asked after three days whether it had happened": (
        OURS + "test_nobody_asked_after_three_days_whether_it_had_happened",
    ),
    "contact details readable by guests": (
        "contract/test_routes_by_actor.py::test_what_an_actor_may_not_do_changes_nothing",
        "contract/test_routes_by_actor.py::test_names_are_shown_where_they_belong",
        "scenario/test_levels_on_pages.py::test_every_page_tells_what_its_level_may_see_and_no_more",
    ),
    "location hiding that leaked through the API, or was believed on when it was off": (
        OURS + "test_location_hiding_leaked_through_the_api_or_was_believed_on_when_it_was_off",
        "scenario/test_canaries.py::test_no_private_word_leaves_on_any_way",
    ),
    "printing a case silently claimed it": (OURS + "test_printing_a_case_silently_claimed_it",),
    "a volunteer without the chat account could not be assigned": (
        OURS + "test_a_volunteer_without_the_chat_account_could_not_be_assigned",
    ),
    "people had to fill the whole form again each week": (
        OURS + "test_people_had_to_fill_the_whole_form_again_each_week",
        "unit/services/test_intake.py::test_last_time_brings_everything_but_when_and_money",
    ),
    "category names could not be translated": (OURS + "test_category_names_could_not_be_translated",),
    "a sync broke silently and entries vanished": (
        OURS + "test_a_sync_broke_silently_and_entries_vanished",
        "unit/federation/test_rounds.py::test_a_lost_line_is_repaired_by_one_full_pull",
        "unit/federation/test_rounds.py::test_a_server_that_leaves_something_out_is_noticed_and_asked_once",
    ),
    "approved, yet no contact details shown, so the job could not be done": (
        OURS + "test_approved_yet_no_contact_details_shown_so_the_job_could_not_be_done",
        OURS + "test_neither_number_nor_address_is_said_before_the_yes_at_it_and_to_the_volunteer",
    ),
}
"""In the paper's own words; each test by its file and name."""


@cache
def names_in(file: str) -> frozenset[str]:
    """Names of the tests that pytest would run there: of the module itself, none of them always skipped."""
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return frozenset(
        each.name
        for each in tree.body
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        and each.name.startswith("test_")
        and not any(ast.unparse(mark).startswith("pytest.mark.skip(") for mark in each.decorator_list)
    )


@pytest.mark.parametrize("complaint", SHOWN_BY)
def test_every_complaint_is_shown_by_tests_that_are_there(complaint: str) -> None:
    assert SHOWN_BY[complaint]
    for each in SHOWN_BY[complaint]:
        file, _, name = each.partition("::")
        assert Path(file).name.startswith("test_")
        assert name in names_in(file), f"{each}: gone"


def test_every_test_of_the_complaints_file_answers_one() -> None:
    named = {
        each.removeprefix(OURS) for tests in SHOWN_BY.values() for each in tests if each.startswith(OURS)
    }
    assert names_in(OURS.removesuffix("::")) == named


@pytest.mark.skipif(not PAPER.exists(), reason="../shared/design/product.md is absent")
def test_it_is_the_list_of_the_paper() -> None:
    said = " ".join(PAPER.read_text("utf-8").split("## What others get wrong")[1].split())
    listed = said.partition("used the other tools: ")[2].removesuffix(".").split("; ")
    assert listed == list(SHOWN_BY)
