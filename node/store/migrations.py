"""The shape of ``group.db``, as numbered steps that each happen whole or not at all.

A step is one explicit transaction together with the note that it was done, one statement at a time: a script
killed half-way commits what it had done so far, a transaction leaves nothing. Every table is STRICT. Ids are
22-character base64url text, days are ``YYYY-MM-DD`` text, times are whole Unix seconds, lists are JSON text.
"""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, Final

from sqlite_utils import Database as UtilsDatabase
from sqlite_utils import Migrations

from node.store.steps import (
    across,
    alert_devices,
    alerts,
    asked_for_another,
    asker_notices,
    asking,
    brought,
    callers,
    calls,
    captains,
    chats,
    decided_of_parts,
    desk,
    ended_copies,
    exchange,
    exchange_ends,
    gifts,
    handing_on,
    incident_readers,
    intake,
    kinds,
    last_box_keys,
    left_links,
    letters,
    matching,
    message_consents,
    neighbours,
    notices,
    opening,
    own_page,
    own_passkeys,
    passing_on,
    people,
    poll_words,
    polls,
    pulled_forward,
    pushing,
    questions,
    recovery,
    referral_urgency,
    referrals_said,
    resources,
    rights,
    rota_moved,
    rounds,
    safeguarding,
    second_yes,
    second_yes_offers,
    second_yes_poll_words,
    second_yes_residents,
    second_yes_rest,
    series,
    series_changes,
    series_days,
    settings,
    sheet_answers,
    sheet_desk,
    sheet_numbers,
    sheet_runs,
    sheets,
    signed_up,
    taken_calls,
    texting,
    texts_in,
    the_group,
    vetting,
)

STEPS: Final = (
    ("0001_the_group", the_group.STATEMENTS),
    ("0002_neighbours", neighbours.STATEMENTS),
    ("0003_letters", letters.STATEMENTS),
    ("0004_exchange", exchange.STATEMENTS),
    ("0005_recovery", recovery.STATEMENTS),
    ("0006_desk", desk.STATEMENTS),
    ("0007_intake", intake.STATEMENTS),
    ("0008_people", people.STATEMENTS),
    ("0009_settings", settings.STATEMENTS),
    ("0009b_kinds", kinds.STATEMENTS),
    ("0009c_resources", resources.STATEMENTS),
    ("0009d_questions", questions.STATEMENTS),
    ("0010_exchange_ends", exchange_ends.STATEMENTS),
    ("0010_vetting", vetting.STATEMENTS),
    ("0010b_safeguarding", safeguarding.STATEMENTS),
    ("0012_sheets", sheets.STATEMENTS),
    ("0012b_sheet_desk", sheet_desk.STATEMENTS),
    ("0012c_sheet_runs", sheet_runs.STATEMENTS),
    ("0014_rounds", rounds.STATEMENTS),
    ("0011_matching", matching.STATEMENTS),
    ("0013_rights", rights.STATEMENTS),
    ("0011b_series", series.STATEMENTS),
    ("0013b_second_yes", second_yes.STATEMENTS),
    ("0015_calls", calls.STATEMENTS),
    ("0008b_captains", captains.STATEMENTS),
    ("0015b_handing_on", handing_on.STATEMENTS),
    ("0070_notices", notices.STATEMENTS),
    ("0071_own_page", own_page.STATEMENTS),
    ("0072_asking", asking.STATEMENTS),
    ("0073_second_yes_rest", second_yes_rest.STATEMENTS),
    ("0074_gifts", gifts.STATEMENTS),
    ("0075_polls", polls.STATEMENTS),
    ("0076_texting", texting.STATEMENTS),
    ("0077_texts_in", texts_in.STATEMENTS),
    ("0078_opening", opening.STATEMENTS),
    ("0079_own_passkeys", own_passkeys.STATEMENTS),
    ("0080_across", across.STATEMENTS),
    ("0081_passing_on", passing_on.STATEMENTS),
    ("0082_pushing", pushing.STATEMENTS),
    ("0084_asker_notices", asker_notices.STATEMENTS),
    ("0085_alerts", alerts.STATEMENTS),
    ("0086_second_yes_residents", second_yes_residents.STATEMENTS),
    ("0087_second_yes_offers", second_yes_offers.STATEMENTS),
    ("0095_brought", brought.STATEMENTS),
    ("0091_series_days", series_days.STATEMENTS),
    ("0089_taken_calls", taken_calls.STATEMENTS),
    ("0093_chats", chats.STATEMENTS),
    ("0104_asked_for_another", asked_for_another.STATEMENTS),
    ("0105_poll_words", poll_words.STATEMENTS),
    ("0098_rota_moved", rota_moved.STATEMENTS),
    ("0099_series_changes", series_changes.STATEMENTS),
    ("0106_alert_devices", alert_devices.STATEMENTS),
    ("0096_left_links", left_links.STATEMENTS),
    ("0097_incident_readers", incident_readers.STATEMENTS),
    ("0111_last_box_keys", last_box_keys.STATEMENTS),
    ("0100_referrals_said", referrals_said.STATEMENTS),
    ("0107_referral_urgency", referral_urgency.STATEMENTS),
    ("0112_ended_copies", ended_copies.STATEMENTS),
    ("0113_sheet_answers", sheet_answers.STATEMENTS),
    ("0101_second_yes_poll_words", second_yes_poll_words.STATEMENTS),
    ("0102_decided_of_parts", decided_of_parts.STATEMENTS),
    ("0108_callers", callers.STATEMENTS),
    ("0116_sheet_numbers", sheet_numbers.STATEMENTS),
    ("0117_message_consents", message_consents.STATEMENTS),
    ("0122_signed_up", signed_up.STATEMENTS),
    ("0120_pulled_forward", pulled_forward.STATEMENTS),
)
"""Every step this version knows, in order: the name under which a file notes that it was done, and its statements."""


def _noted(migrations: Migrations, name: str, statements: Iterable[str]) -> None:
    @migrations(name=name)
    def step(db: UtilsDatabase) -> None:
        for statement in statements:
            db.execute(statement)


def _known() -> Migrations:
    migrations = Migrations("group")
    for name, statements in STEPS:
        _noted(migrations, name, statements)
    return migrations


MIGRATIONS: Final = _known()


def pending(connection: sqlite3.Connection, migrations: Migrations = MIGRATIONS) -> list[str]:
    """The names of the steps that this file still lacks, in order."""
    return [step.name for step in migrations.pending(_utils(connection))]


def unknown(connection: sqlite3.Connection, migrations: Migrations = MIGRATIONS) -> list[str]:
    """Steps that this file has and this version of the program does not know: it is newer than we are."""
    known = {step.name for step in migrations._migrations}
    return [step.name for step in migrations.applied(_utils(connection)) if step.name not in known]


def apply(
    connection: sqlite3.Connection,
    migrations: Migrations = MIGRATIONS,
    *,
    copy_first: Callable[[str], Any] | None = None,
) -> list[str]:
    """Brings the file up to date and returns the names of the steps done.

    ``copy_first`` is called with the first missing step's name before anything changes, if the file has steps
    already (that is: data). The connection must be in autocommit mode (``isolation_level=None``).
    """
    db = _utils(connection)
    missing = pending(connection, migrations)
    if missing and copy_first is not None and migrations.applied(db):
        copy_first(missing[0])
    migrations.apply(db)
    return missing


def _utils(connection: sqlite3.Connection) -> UtilsDatabase:
    return UtilsDatabase(connection, execute_plugins=False)
