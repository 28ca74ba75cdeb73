"""Page words for the codes that services return. Every text is a msgid; ``say`` turns it into the reader's language."""

from collections.abc import Mapping

from node.errors import N_

URGENCY: Mapping[str, str] = {"today": N_("Today"), "this_week": N_("This week"), "whenever": N_("No hurry")}

NEED_STATE: Mapping[str, str] = {
    "new": N_("To look at"),
    "open": N_("Looking for someone"),
    "offered": N_("Waiting for an answer"),
    "assigned": N_("Someone is confirmed"),
    "in_progress": N_("Help is under way"),
    "reported": N_("Helper says it is done"),
    "closed": N_("Closed"),
    "on_hold": N_("On hold"),
    "referred": N_("With a neighbouring group"),
}

NEED_TONE: Mapping[str, str] = {
    "new": "warm",
    "open": "warm",
    "offered": "wait",
    "assigned": "good",
    "in_progress": "good",
    "reported": "wait",
    "closed": "",
    "on_hold": "wait",
    "referred": "",
}
"""The look of a state's chip; the word always stands beside it."""

TASK_STATE: Mapping[str, str] = {
    "proposed": N_("Asked, no answer yet"),
    "interested": N_("Can help, waiting for your yes"),
    "approved": N_("Confirmed"),
    "contacted": N_("On the way"),
    "done": N_("Done"),
    "declined": N_("Cannot this time"),
    "released": N_("Gave it back"),
    "withdrawn": N_("Taken back by us"),
    "expired": N_("No answer in time"),
}

TASK_TONE: Mapping[str, str] = {
    "proposed": "wait",
    "interested": "warm",
    "approved": "good",
    "contacted": "good",
    "done": "good",
}

CLOSE_REASON: Mapping[str, str] = {
    "completed": N_("Done"),
    "partly_completed": N_("Partly done"),
    "could_not_complete": N_("Could not be done"),
    "no_longer_needed": N_("No longer wanted"),
    "done_by_others": N_("Done by somebody else"),
    "out_of_scope": N_("Not our area, or not something we do"),
    "signposted": N_("Told them where else to ask"),
    "unreachable": N_("Could not reach them"),
    "duplicate": N_("The same request twice"),
    "withdrawn": N_("They took it back"),
    "removed": N_("Removed (a mistake or a test)"),
}

EFFORT: Mapping[str, str] = {
    "under_30m": N_("under half an hour"),
    "1h": N_("about an hour"),
    "2h": N_("about two hours"),
    "half_day": N_("half a day"),
    "day": N_("a day"),
}

PART_OF_DAY: Mapping[str, str] = {
    "morning": N_("in the morning"),
    "afternoon": N_("in the afternoon"),
    "evening": N_("in the evening"),
}

PEOPLE: Mapping[str, str] = {"1": N_("Lives alone"), "2-4": N_("2 to 4 people"), "5+": N_("5 people or more")}

REPEATS: Mapping[str, str] = {
    "weekly": N_("every week"),
    "monthly": N_("every month"),
    "other": N_("again and again"),
}

PHONE_KIND: Mapping[str, str] = {
    "own": N_("Their own"),
    "neighbour": N_("A neighbour's"),
    "none": N_("Has no phone"),
    "withheld": N_("Would rather not say"),
}

SHARE: Mapping[str, str] = {
    "only_us": N_("Only us"),
    "peers": N_("Groups we chose"),
    "public": N_("Anyone"),
}

TRANSPORT: Mapping[str, str] = {
    "foot": N_("On foot"),
    "bike": N_("By bike"),
    "public": N_("By bus or train"),
    "car": N_("By car"),
    "van": N_("By van"),
}

SAFETY_CHECK: Mapping[str, str] = {
    "met": N_("We have met them"),
    "id": N_("We have seen their ID"),
    "criminal_record": N_("Police record seen"),
}

ROLE: Mapping[str, str] = {
    "coordinator": N_("Takes calls, asks volunteers, confirms"),
    "triage": N_("Takes calls and sorts requests"),
    "safety": N_("Looks after safety"),
    "admin": N_("Looks after this site: settings, neighbours, team"),
}
"""What a member of staff does."""

RECORDS: Mapping[str, str] = {
    "people": N_("Names, phones and addresses"),
    "vetting": N_("Safety checks"),
    "safeguarding": N_("Safety notes"),
}
"""What can be read only by whom somebody let."""

WEEKDAY: Mapping[str, str] = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}

FILTER: Mapping[str, str] = {
    "all_open": N_("Everything open"),
    "to_triage": N_("To look at"),
    "unassigned": N_("Nobody yet"),
    "due_today": N_("Due today"),
    "waiting": N_("Waiting for an answer"),
    "overdue": N_("Late"),
    "mine": N_("Mine"),
    "closed": N_("Closed"),
}

FRESHNESS: Mapping[str, str] = {
    "complete": N_("Up to date"),
    "pending": N_("New, not fetched yet"),
    "catching_up": N_("Catching up"),
    "incomplete": N_("Some lines are missing"),
    "stale": N_("Not heard from for a while"),
    "forked": N_("Says two different things: compare the six words by phone"),
    "unknown": N_("They have sent nothing out yet"),
}

FRESHNESS_TONE: Mapping[str, str] = {
    "complete": "good",
    "pending": "wait",
    "catching_up": "wait",
    "incomplete": "wait",
    "stale": "wait",
    "forked": "now",
    "unknown": "",
}

NEIGHBOUR_STATE: Mapping[str, str] = {
    "active": N_("We talk with them"),
    "paused": N_("Paused"),
    "blocked": N_("Blocked"),
}

CONSENT: Mapping[str, str] = {
    "help_you": N_("We may keep this to help them"),
    "groups_see": N_("Groups nearby may see that help is wanted, without the name"),
    "details_to_group": N_("Another group may get their details"),
    "keep_details": N_("We may keep their details for next time"),
}

OTHERS_SEE_NOTHING: Mapping[str, str] = {
    "state": N_("it is not open"),
    "sensitive": N_("this kind of help always stays with us"),
    "only_us": N_("we share nothing of this kind"),
    "kept_here": N_("this one is kept in our group"),
    "no_consent": N_("they did not say yes to it"),
    "no_place": N_("nobody knows where it is"),
}
"""Why other groups see nothing of a request."""

DONE: Mapping[str, str] = {
    "asked": N_("Asked. Send them the private link below, or ring them."),
    "confirmed": N_("Confirmed. Now tell the person who comes, and when."),
    "told": N_("Noted: they were told by phone."),
    "opened": N_("Volunteers can be asked now."),
    "kept": N_("Kept in our group. What others see of it goes away by itself."),
    "let_go": N_("Others may see it again, if the person agreed."),
    "held": N_("On hold. It comes back to the board on that day."),
    "closed": N_("Closed."),
    "reopened": N_("Open again."),
    "withdrawn": N_("Taken back. The place is free again."),
    "declined": N_("Noted: not this time."),
    "contacted": N_("Noted: on the way."),
    "finished": N_("Noted: done."),
    "saved": N_("Saved."),
    "added": N_("Added."),
    "sent": N_("Sent out now. Neighbouring groups see it the next time they ask."),
    "fetched": N_("Fetched the news from neighbouring groups."),
    "blocked": N_("Blocked. Nothing from them is shown any more."),
    "resumed": N_("We talk with them again."),
    "apart": N_("Noted. These two are never brought together, and nobody is told why."),
    "signed_out": N_("You are signed out. The records stay open for whoever else works here."),
    "locked": N_("Locked. The records open again when a coordinator signs in."),
    "member_added": N_("Added. Tell them the name and the first password, best face to face."),
    "records": N_("Noted. They can read these records from now on."),
    "suspended": N_("Stopped. They are signed out everywhere and can read nothing."),
    "taken_up": N_("They can sign in again. Choose below what they may read."),
    "password": N_("The new password is set. Tell it to them, best face to face."),
    "own_password": N_("Your password is changed. Your other phones and computers are signed out."),
    "erased": N_("Erased. Nothing here names them any more."),
    "cards": N_("The rescue cards are right. Now give them to three people in three houses."),
}
"""What a page says after something was done; the address carries the code."""

ACTOR: Mapping[str, str] = {
    "system": N_("by itself"),
    "anonymous": N_("on the public page"),
    "console": N_("at the machine"),
}

ACTION: Mapping[str, str] = {
    "need.taken": N_("Taken down"),
    "need.imported": N_("Came in from a sheet"),
    "need.open": N_("Volunteers may be asked"),
    "need.hold": N_("Put on hold"),
    "need.refer": N_("Passed to a neighbouring group"),
    "need.take_back": N_("Taken back from the neighbouring group"),
    "need.close": N_("Closed"),
    "need.reopen": N_("Opened again"),
    "need.follows": N_("Moved on"),
    "need.keep_here": N_("Sharing outside changed"),
    "need.told_by_phone": N_("They were told by phone"),
    "task.proposed": N_("A volunteer was asked"),
    "task.interested": N_("A volunteer said: I can help"),
    "task.interest": N_("“I can help”"),
    "task.approve": N_("Confirmed"),
    "task.contact": N_("On the way"),
    "task.done": N_("Helper says it is done"),
    "task.decline": N_("Not this time"),
    "task.release": N_("Given back"),
    "task.withdraw": N_("Taken back by us"),
    "task.expire": N_("No answer in time"),
    "task.link": N_("New private link"),
    "task.device": N_("Link opened on a phone or computer"),
    "look.need": N_("Looked at name and phone"),
    "look.name": N_("Looked at name and phone"),
    "look.task": N_("The volunteer looked at the details"),
    "look.card": N_("Looked at the card"),
    "look.person": N_("Looked at the person"),
}
