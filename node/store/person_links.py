"""What becomes of everything that points to a person, or holds words about one, when she is erased: one table.

Every foreign key to ``persons``, ``needs`` or ``assignments``, and every sealed column, stands in it; a test fails on
one that nobody decided about, and another fills them all, erases, and looks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What erasing does."""

    GOES = "goes"
    """The row is deleted."""
    EMPTIED = "emptied"
    """The row stays as bare ids, states and days; the column is empty or points to nobody."""
    STAYS = "stays"
    """Nothing happens to it, for the reason given."""


@dataclass(frozen=True, slots=True)
class Link:
    """One column's fate and the reason for it."""

    fate: Fate
    why: str = ""


_GOES, _EMPTIED = Link(Fate.GOES), Link(Fate.EMPTIED)


def _stays(why: str) -> Link:
    return Link(Fate.STAYS, why)


_BARE = _stays("a random id that names nobody any more; the need itself is emptied")
_LETTER = _stays("sealed to one box key; goes when it was delivered, or by its own day")

LINKS: Mapping[tuple[str, str], Link] = {
    ("persons", "sealed"): _GOES,
    ("persons", "merged_into"): _GOES,
    ("merges", "kept_id"): _GOES,
    ("merges", "gone_id"): _GOES,
    ("merges", "sealed"): _GOES,
    ("holds", "person_id"): _GOES,
    ("holds", "sealed"): _GOES,
    ("breach_people", "person_id"): _GOES,
    ("breaches", "sealed"): _stays(
        "what happened to the data of many, kept by law; names nobody who was affected"
    ),
    ("volunteers", "person_id"): _GOES,
    ("vouches", "person_id"): _GOES,
    ("vouches", "by_person"): _GOES,
    ("vouches", "sealed"): _GOES,
    ("household_members", "person_id"): _GOES,
    ("household_needs", "need_id"): _BARE,
    ("teams", "captain_person"): _EMPTIED,
    ("teams", "sealed"): _stays("the team's name and streets, nothing of a person"),
    ("team_members", "person_id"): _GOES,
    ("own_links", "person_id"): _GOES,
    ("own_sessions", "person_id"): _GOES,
    ("own_passkeys", "person_id"): _GOES,
    ("own_asks", "sealed"): _stays(
        "a number or an address that somebody typed, nobody's yet; gone within a week"
    ),
    ("own_feeds", "person_id"): _GOES,
    ("own_sent", "assignment_id"): _stays("a hash and a time; goes with the task"),
    ("check_reminders", "person_id"): _GOES,
    ("visits", "person_id"): _GOES,
    ("visits", "need_id"): _BARE,
    ("visits", "assignment_id"): _BARE,
    ("incident_parts", "sealed"): _stays(
        "in the safety officers' own records, which outlive an erasure by law"
    ),
    ("checks", "person_id"): _GOES,
    ("checks", "sealed"): _GOES,
    ("apart", "sealed"): _stays(
        "names two people inside: swept at the next unlock (``erasing.sweep_pairs``)"
    ),
    ("needs", "person_id"): _EMPTIED,
    ("needs", "sealed"): _EMPTIED,
    ("assignments", "person_id"): _GOES,
    ("assignments", "need_id"): _BARE,
    ("contact_log", "need_id"): _BARE,
    ("contact_log", "note_sealed"): _EMPTIED,
    ("call_backs", "need_id"): _GOES,
    ("call_backs", "note_sealed"): _GOES,
    ("messages", "need_id"): _GOES,
    ("messages", "assignment_id"): _GOES,
    ("messages", "sealed"): _GOES,
    ("feedback", "need_id"): _BARE,
    ("feedback", "assignment_id"): _stays(
        "an answer code; the words are emptied, and it goes with the helper's task"
    ),
    ("feedback", "note_sealed"): _EMPTIED,
    ("asking_links", "need_id"): _GOES,
    ("asking_links", "sealed"): _GOES,
    ("asking_links", "told_person"): _EMPTIED,
    ("gifts", "person_id"): _GOES,
    ("gifts", "sealed"): _GOES,
    ("corrections", "need_id"): _GOES,
    ("corrections", "sealed"): _GOES,
    ("undos", "need_id"): _GOES,
    ("consents", "person_id"): _GOES,
    ("consents", "need_id"): _GOES,
    ("consents", "note_sealed"): _GOES,
    ("closed_since", "need_id"): _BARE,
    ("peer_offers", "need_id"): _BARE,
    ("peer_offers", "person_id"): _EMPTIED,
    ("peer_offers", "assignment_id"): _stays("a random id; empty once the task is gone"),
    ("away_asks", "person_id"): _GOES,
    ("away_tasks", "person_id"): _EMPTIED,
    ("away_tasks", "sealed"): _stays(
        "of a person of another group, by its word; goes days after the task is done"
    ),
    ("may_pass_on", "need_id"): _BARE,
    ("referrals", "need_id"): _BARE,
    ("referrals", "sealed"): _stays("what another group offers us, until we say yes or no: empty afterwards"),
    ("runs", "driver_id"): _GOES,
    ("runs", "sealed"): _GOES,
    ("run_stops", "assignment_id"): _GOES,
    ("run_stops", "sealed"): _GOES,
    ("run_stops", "told_sealed"): _GOES,
    ("buddies", "person_id"): _GOES,
    ("buddies", "helper_id"): _GOES,
    ("series", "person_id"): _GOES,
    ("series", "sealed"): _GOES,
    ("series_days", "need_id"): _BARE,
    ("series_hands", "helper_id"): _GOES,
    ("call_lists", "sealed"): _stays(
        "the list's name and what callers should know, nothing of a person by rule"
    ),
    ("call_callers", "person_id"): _GOES,
    ("call_entries", "person_id"): _GOES,
    ("call_entries", "sealed"): _GOES,
    ("call_words", "note_sealed"): _GOES,
    ("waves", "need_id"): _BARE,
    ("waves_asked", "need_id"): _BARE,
    ("waves_asked", "assignment_id"): _stays(
        "who was asked, by the random id of her task, with which it goes"
    ),
    ("plan_lines", "need_id"): _BARE,
    ("plan_lines", "person_id"): _GOES,
    ("plan_lines", "assignment_id"): _stays("a random id; empty once the task is gone"),
    ("receipts", "person_id"): _EMPTIED,
    ("receipts", "need_id"): _BARE,
    ("receipts", "sealed"): _stays(
        "an amount and the number of a receipt: the group's accounts, without the person"
    ),
    ("receipts", "note_sealed"): _EMPTIED,
    ("notices", "person_id"): _GOES,
    ("notices", "sealed"): _GOES,
    ("notices", "answer_sealed"): _GOES,
    ("notice_things", "person_id"): _GOES,
    ("notice_choices", "person_id"): _GOES,
    ("texts_in", "person_id"): _GOES,
    ("texts_in", "sealed"): _GOES,
    ("notice_choices", "sealed"): _GOES,
    ("mail_server", "sealed"): _stays("the group's own password at its mail server"),
    ("alert_choices", "sealed"): _stays("where an account of ours is written to"),
    ("alert_messages", "sealed"): _stays("the digits by which an account of ours confirms its address"),
    ("alert_devices", "sealed"): _stays("a browser of an account of ours"),
    ("push_devices", "sealed"): _GOES,
    ("push_key", "sealed"): _stays("the group's own key towards push services"),
    ("chat_addresses", "person_id"): _GOES,
    ("chat_addresses", "sealed"): _GOES,
    ("chat_service", "sealed"): _stays("the group's own keys at its chat service"),
    ("chat_room", "sealed"): _stays("the address of the group's own room"),
    ("room_posts", "need_id"): _BARE,
    ("text_gateway", "sealed"): _stays("the group's own keys at its gateway for texts"),
    ("drafts", "sealed"): _stays("a half-typed call, nobody's yet; gone within a day"),
    ("drafts", "need_id"): _stays(
        "which request a call became: ids and nothing typed; gone after some weeks"
    ),
    ("sheet_drafts", "sheet_sealed"): _stays(
        "a sheet somebody is bringing in, nobody's yet; gone within two days, and her row of it does not come in"
    ),
    ("sheet_drafts", "state_sealed"): _stays(
        "what was chosen about that sheet; goes with it. Until then it has hashes by which her row is kept out"
    ),
    ("sheet_mappings", "sealed"): _stays(
        "what words in a sheet mean, such as hours: a few words each, kept without the row that they stood in"
    ),
    ("shift_notes", "sealed"): _stays(
        "from one shift to the next, with no name by rule; gone after some days"
    ),
    ("box_keys", "private_sealed"): _stays("a key"),
    ("outbox", "message_sealed"): _EMPTIED,
    ("outbox", "copy_sealed"): _EMPTIED,
    ("inbox", "message_sealed"): _LETTER,
    ("mailbox", "message_sealed"): _LETTER,
    ("audit", "note_sealed"): _EMPTIED,
    ("past_audit", "note_sealed"): _EMPTIED,
    ("past_row_keys", "sealed"): _stays("a key"),
}
"""(table, column) -> what becomes of it when its person, or the one whose need it is, is erased."""
