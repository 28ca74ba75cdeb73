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

AWAY_STATE: Mapping[str, str] = {
    "interested": N_("Offered, no answer yet"),
    "approved": N_("They said yes"),
    "contacted": N_("On the way"),
    "done": N_("Done"),
    "declined": N_("They said no, thank you"),
    "released": N_("Taken back by us"),
    "withdrawn": N_("Taken back by them"),
    "expired": N_("No answer in time"),
}
"""A volunteer of ours with a neighbouring group."""

OWN_AWAY: Mapping[str, str] = {
    "asked": N_("Our coordinators look at it first"),
    "not_offered": N_("Not this time, say our coordinators"),
    "waiting": N_("Waiting for their yes"),
    "yes": N_("They said yes"),
    "on_way": N_("On your way"),
    "quicker": N_("Somebody was quicker"),
    "no": N_("They said: no, thank you"),
    "over": N_("Taken care of"),
    "unanswered": N_("They did not answer in time"),
}
"""The same, as the volunteer reads it."""
OWN_OVER: Mapping[str, str] = {
    "not_needed": N_("Not needed this time"),
    "no_word": N_("No word came in time"),
}
"""What became of a task of hers that came to nothing."""
OWN_AWAY_TONE: Mapping[str, str] = {"asked": "wait", "waiting": "wait", "yes": "good", "on_way": "good"}

NO_BELL: Mapping[str, str] = {
    "later": N_("Neighbours can be asked at once for what is needed today and still open."),
    "not_given": N_("Neighbours cannot be asked: none of them gets this from us, by what was agreed."),
    "no_neighbours": N_("Neighbours cannot be asked: there is no neighbouring group yet that could help."),
    "sensitive": N_("Neighbours cannot be asked: this kind of help never leaves our group."),
    "only_us": N_("Neighbours cannot be asked: this kind of help is set to “only us”."),
    "kept_here": N_("Neighbours cannot be asked: this request is kept here."),
    "no_consent": N_("Neighbours cannot be asked: the person has not agreed that other groups see it."),
    "not_yet": N_("Neighbours can be asked in a few minutes, once this stands on their map."),
    "rung": N_("All neighbours were asked about this already."),
}
"""Why nobody can be rung about a request."""

HANDED_OVER: Mapping[str, str] = {
    "given": N_("Details passed on, not yet arrived"),
    "received": N_("Details arrived there; only their volunteer can open them"),
    "deleted": N_("They have deleted the details"),
}

PASSED_ON: Mapping[str, str] = {
    "out asked": N_("%(group)s was asked to take this over. No answer yet."),
    "out accepted": N_("%(group)s has taken this over. You will hear how it ends."),
    "out declined": N_("%(group)s could not take this over."),
    "out ended": N_("It ended with %(group)s."),
    "out taken_back": N_("Taken back from %(group)s."),
    "in accepted": N_("Taken over from %(group)s. They hear how it ends."),
    "in ended": N_("Taken over from %(group)s, and they know how it ended."),
    "in taken_back": N_("%(group)s has taken this back."),
}
"""Where a request that was passed on stands, by way and state."""

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

CHANNEL: Mapping[str, str] = {
    "phone": N_("By phone"),
    "in_person": N_("Somebody came in"),
    "email": N_("By e-mail"),
    "social": N_("By chat or a social network"),
    "council": N_("From the council’s line"),
    "paper": N_("On paper"),
    "page": N_("On our page"),
    "import": N_("From a sheet"),
    "neighbour": N_("From a neighbouring group"),
}
TYPED_CHANNELS = ("phone", "in_person", "email", "social", "council", "paper")
"""What somebody at the desk can have typed in."""

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

WHO_SEES: Mapping[str, str] = {
    "peers": N_("groups we chose, and whom a go-between of ours speaks for"),
    "public": N_("anybody"),
}
"""The same within a sentence."""

TOLD_BY: Mapping[str, str] = {
    "cell": N_("where it is"),
    "category": N_("the kind of help"),
    "requires": N_("what it takes"),
    "languages": N_("the languages"),
    "people": N_("how many live there"),
    "window": N_("the days"),
}
"""What makes one request the only one of its kind."""

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

PART_SHORT: Mapping[str, str] = {
    "morning": N_("Morning"),
    "afternoon": N_("Afternoon"),
    "evening": N_("Evening"),
}
"""At the head of a table of hours."""

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
    "practice": N_("Practice calls"),
    "unassigned": N_("Nobody yet"),
    "due_today": N_("Due today"),
    "waiting": N_("Waiting for an answer"),
    "overdue": N_("Late"),
    "mine": N_("Mine"),
    "call_back": N_("Ring again"),
    "quiet": N_("Gone quiet"),
    "happened": N_("Did it happen?"),
    "oldest": N_("Oldest first"),
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

CLOSED_SINCE: Mapping[str, str] = {
    "withdrawn": N_("We took it back ourselves after the backup."),
    "taken": N_("Somebody was on it after the backup."),
    "gone": N_("Nobody knows of it any more."),
}

NEIGHBOUR_STATE: Mapping[str, str] = {
    "active": N_("We talk with them"),
    "paused": N_("Paused"),
    "blocked": N_("Blocked"),
    "asked": N_("Waits for your yes"),
    "left": N_("The talks are over"),
}

PEER_ROLE: Mapping[str, str] = {
    "peer": N_("A neighbouring group: each sees what help is wanted at the other’s"),
    "hub": N_("A go-between: groups that it speaks for are welcome here too"),
    "reader": N_("They only look, for example a council: we take nothing from them"),
}
"""What another group is to us."""

WAS: Mapping[str, str] = {
    "left": N_(
        "The talks with them were over before. Taken back, they stay over: the way back is an invitation."
    ),
    "asked": N_(
        "They had asked to be neighbours, and nobody here had said yes. Taken back, nothing is kept of them."
    ),
    "brought": N_(
        "Nobody here ever agreed to be their neighbour: a go-between spoke for them. Taken back, its word counts again."
    ),
}
"""What a group was before it was paused or blocked, if it was no neighbour."""

GIVES: Mapping[str, str] = {
    "both": N_("What anybody may see, and what groups we chose may see"),
    "public": N_("Only what anybody may see"),
    "nothing": N_("Nothing of ours"),
}
"""Which of our requests one group gets."""

ADVICE: Mapping[str, str] = {
    "false_needs": N_("They ask for help that nobody wants"),
    "flooding": N_("They send far too much"),
    "impersonation": N_("They say they are a group that they are not"),
    "unsafe": N_("People came to harm, or nearly, and nothing changed"),
    "leaks": N_("They pass on what they were told in confidence"),
    "other": N_("Something else: ask us"),
}
"""Why a group is blocked, as others may read it."""

LETTER: Mapping[str, str] = {
    "offer": N_("An offer to help"),
    "answer": N_("Our answer to an offer"),
    "handover": N_("Details for one task"),
    "receipt": N_("That details have come"),
    "outcome": N_("How a task went"),
    "referral": N_("A request passed on"),
    "revoke": N_("That details must be deleted"),
    "deleted": N_("That details were deleted"),
    "state?": N_("A question how a task stands"),
    "state": N_("How a task stands"),
    "rekey": N_("A new key for letters"),
    "ring": N_("A ring for today"),
}
"""What a sealed letter to another group is."""

LETTER_STATE: Mapping[str, str] = {
    "waiting": N_("on its way"),
    "held": N_("waits for somebody here"),
    "at_hub": N_("lies with a go-between"),
    "delivered": N_("arrived"),
    "ended": N_("not sent any more"),
}

LETTER_TONE: Mapping[str, str] = {"waiting": "wait", "held": "now", "at_hub": "wait", "delivered": "good"}

_IN_THEIR_NAME = N_("In their name, and not signed by them for us")
_NOT_AMONG = N_("We do not talk with them")
TURNED_DOWN: Mapping[str, str] = {
    "too_often": N_("They asked too often"),
    "replayed": N_("The very same request came again"),
    "busy": N_("Too much came at once"),
    "body_refused": N_("Too much was sent, or too slowly"),
    "out_of_time": N_("Their clock and ours are apart"),
    "before_start": N_("Made before this program was started"),
    "cursor_lost": N_("They asked to go on from where we know nothing of, and begin anew"),
    "keys_unknown": N_("We did not know their keys"),
    "left": _NOT_AMONG,
    "not_a_peer": _NOT_AMONG,
    "bad_signature": _IN_THEIR_NAME,
    "bad_key_id": _IN_THEIR_NAME,
    "not_signed": _IN_THEIR_NAME,
    "wrong_digest": _IN_THEIR_NAME,
    "wrong_key": _IN_THEIR_NAME,
    "other_authority": _IN_THEIR_NAME,
}
"""Why a request was turned down, by its code."""
TURNED_OTHERWISE = N_("They asked for something that we do not give, or in a way that we do not know")

LETTER_ANSWER: Mapping[str, str] = {
    "unreachable": N_("their site cannot be reached"),
    "deadline": N_("their site did not answer in time"),
    "no_way": N_("nobody can reach them, and no go-between keeps their post"),
    "not_offered": N_("their site does not take letters yet"),
    "box_key_unknown": N_("they have new keys that we have not heard of yet"),
    "expired": N_("it was too old"),
    "peer_paused": N_("they are paused here"),
    "peer_blocked": N_("they are blocked here"),
    "peer_left": N_("the talks are over"),
    "full": N_("their letter box is full"),
    "refused": N_("they do not talk with us"),
    "dropped": N_("somebody here took it back"),
}
"""Why the last try to deliver a letter failed."""

ROLE_SHORT: Mapping[str, str] = {
    "peer": N_("Neighbouring group"),
    "hub": N_("Go-between"),
    "reader": N_("Only looks"),
}

BOOK_STATE: Mapping[str, str] = {
    "open": N_("Open"),
    "full": N_("Full just now"),
    "resting": N_("Has a break"),
}
"""What a group's line in the phone book says; the best first."""

OWN_STATE: Mapping[str, str] = {
    "open": N_("We are open for requests"),
    "full": N_("We are full: please nothing new"),
    "resting": N_("We have a break"),
}
"""The same of our own group."""

BOOK_UNTIL: Mapping[str, str] = {
    "full": N_("Full until %(day)s"),
    "resting": N_("Has a break until %(day)s"),
}

BOOK_SILENT = N_("Not heard from since %(day)s")
"""In its place, of a group that should have spoken again by now: what it said then may not be so any more."""

BOOK_TONE: Mapping[str, str] = {"open": "good", "full": "wait", "resting": "wait", "silent": "wait"}

TALK_ERROR: Mapping[str, str] = {
    "bad_url": N_("Their address is none that a group's site can have. Ask them for it again."),
    "bad_address": N_(
        "Their address leads into a private network. If they live next door, say so in the settings below."
    ),
    "unreachable": N_("Their site cannot be reached just now."),
    "deadline": N_("Their site did not answer in time."),
    "too_large": N_("Their site sent more than any answer may have, so we hung up."),
    "redirect": N_("Their address sends us somewhere else. Ask them for the new one."),
    "compressed": N_("Their site answered in a way that we do not read."),
    "not_signed": N_(
        "What answered at their address did not sign its answer. Something may stand between us."
    ),
    "bad_signature": N_("What answered at their address signed it wrongly. Something may stand between us."),
    "wrong_key": N_("What answered at their address holds another key. Ring them and compare the six words."),
    "other_node": N_("Another group lives at that address now. Ring them and ask."),
    "clock": N_("Their clock and ours differ too much. One of the two is wrong."),
    "refused": N_("They have not said yes to us yet. Ring them: they must add us, too."),
    "keys_unknown": N_("They do not know our key yet. This mends itself at the next talk."),
    "cursor_lost": N_("We read everything of theirs again from the start. This mends itself."),
    "failed": N_("Their site had a fault of its own."),
    "nonsense": N_("What lives at that address is no site like ours."),
    "no_address": N_("We know no address of theirs: they call us."),
    "not_active": N_("We do not talk with them now."),
    "not_offered": N_("Their site does not do this yet. It may be an older one."),
    "reader": N_("We only read there; nothing of ours goes to them."),
    "ahead": N_(
        "They hold newer lines of ours than we do. Was this site put back from a backup, or does it run twice?"
    ),
    "left": N_("Their people ended the talks with us."),
    "invite_unknown": N_("The invitation was used already, is over, or was taken back. Ask for a new one."),
    "busy": N_("Their site is asked too much just now. We wait as long as it wants."),
    "internal": N_("Something went wrong on our side. It is written down in the log."),
}
"""Why the last talk with a neighbouring group failed."""

NO_ANSWER: Mapping[str, str] = {
    **TALK_ERROR,
    "bad_address": N_(
        "Their address leads into a private network. If they really are in the same house, tick the box that says so."
    ),
}
"""Why nobody answered at an address that was just typed."""

CONSENT: Mapping[str, str] = {
    "help_you": N_("We may keep this to help them"),
    "groups_see": N_("Groups nearby may see that help is wanted, without the name"),
    "details_to_group": N_("Another group may get their details"),
    "keep_details": N_("We may keep their details for next time"),
    "messages": N_("We may write to them by ourselves, in the way they choose"),
}

ASKED_STEP: Mapping[str, str] = {
    "received": N_("We have it"),
    "finding": N_("We look for someone"),
    "found": N_("Found"),
    "coming": N_("On the way"),
    "done": N_("Done"),
}
"""How far a request is, for the one who asked."""

OTHERS_SEE_NOTHING: Mapping[str, str] = {
    "state": N_("it is not open"),
    "sensitive": N_("this kind of help always stays with us"),
    "only_us": N_("we share nothing of this kind"),
    "kept_here": N_("this one is kept in our group"),
    "no_consent": N_("they did not say yes to it"),
    "no_place": N_("nobody knows where it is"),
}
"""Why other groups see nothing of a request."""

OTHERS_SEE_NOTHING_OF_YOURS: Mapping[str, str] = {
    "state": N_("it is not on the map just now"),
    "no_consent": N_("you did not say yes to it"),
}
"""The same, where it is said otherwise to the person whom it is about."""

DONE: Mapping[str, str] = {
    "one_record": N_("That record was made one with another. This is the page of the whole."),
    "asker_change": N_("Thank you. We read it, and ring you if something is not clear."),
    "asker_off": N_("Called off. Nobody comes."),
    "asker_back": N_("It stands again. If somebody was to come, we ask anew."),
    "asker_how": N_("Thank you for telling us."),
    "poll_begun": N_("Asked. It stands on the first page."),
    "poll_words": N_("Kept. Whoever reads this language sees it so."),
    "poll_ended": N_("Ended. Nobody can answer it any more."),
    "poll_answered": N_("Thank you. Your answer is counted."),
    "giver_keep": N_("Thank you. It stays with us."),
    "giver_end": N_("Noted. Nobody rings you about it."),
    "giver_back": N_("It stands again. Thank you!"),
    "gift_keep": N_("It stays on the list."),
    "gift_give": N_("Noted: somebody has it."),
    "gift_end": N_("Noted: it is gone."),
    "gift_back": N_("It is on the list again."),
    "gift_taken": N_("Written down. It is on the list."),
    "mail_set": N_("Saved. Now send yourself a test message."),
    "mail_off": N_("No messages go out any more."),
    "call_noted": N_("Noted."),
    "text_seen_to": N_("Seen to."),
    "texts_set": N_("Saved. Now send yourself a test text."),
    "texts_off": N_("No texts go out any more."),
    "chat_set": N_("Saved. Now send yourself a test message."),
    "chat_off": N_("No messages go to chats any more, and the addresses there are gone."),
    "chat_address": N_("Look into your chat: digits to type here are on their way."),
    "chat_confirmed": N_("That is your address. From now on we tell you there."),
    "chat_off_for_me": N_("Done. Your address in the chat is gone."),
    "room_set": N_("Saved. Now try it."),
    "room_off": N_("Nothing goes to the room any more."),
    "room_told": N_("The room is told of it in a minute."),
    "room_back": N_("Taken back. The room is told nothing."),
    "unsafe_told": N_("Thank you for telling us. Somebody who looks after safety reads it, and reaches you."),
    "notice_again": N_("It goes out again within a minute."),
    "alerts_address": N_("Look into your mail: digits to type here are on their way."),
    "alerts_confirmed": N_("That is your address. From now on we write to it."),
    "alerts_off": N_("Done. Nothing is sent to you any more, and your address is gone."),
    "closed_on": N_("Saved. Your coordinators are told while the records are closed, too."),
    "closed_off": N_("Saved. While the records are closed nothing is sent."),
    "notices_chosen": N_("Saved. That is how it is from now on."),
    "push_on": N_("Done. This phone or computer shows what we tell you."),
    "push_off_there": N_("Done. That one shows nothing more from us."),
    "push_off": N_("Done. This phone or computer shows nothing more from us."),
    "let_read": N_("Done. They can read this from now on: tell them."),
    "taken_in": N_("Done. Whoever reads the closed records reads these as well."),
    "incident_removed": N_("The report is gone."),
    "given_again": N_("Done. Everybody who may read this can open it with their present password."),
    "waits": N_("Kept. It is shown once a second person said yes."),
    "shown_to_all": N_("Done. It goes out with the next sending, or stands on the page now."),
    "not_shown": N_("Done. It is not shown."),
    "breach_written": N_("Written down. Below is whom to tell, and by when."),
    "taken_back": N_("Noted. From now on the answer is no; what others see of it goes at the next sending."),
    "held_back": N_("The record stays until somebody ends this."),
    "hold_ended": N_("It goes by itself again, as all others."),
    "removed": N_("Removed."),
    "own_times": N_("Saved. Our coordinators see it, and ask you only then."),
    "own_break": N_("Enjoy your break. Nobody asks you until you are back."),
    "own_back": N_("Welcome back!"),
    "own_calendar_ended": N_("Ended. That address shows nothing any more."),
    "named": N_("Done. They hear of it now, and decide."),
    "not_named": N_("Noted. They read on their page that it is not this time."),
    "not_yet": N_("Taken back. It stands as before."),
    "own_undone": N_("Undone. Nobody counts on you for it."),
    "own_no": N_("Noted. Somebody else will be asked. That is fine."),
    "own_signed_out": N_("You are signed out here."),
    "own_passkey": N_("Done. Next time you come in with it."),
    "own_passkey_away": N_("Taken away. It opens nothing any more."),
    "own_device_ended": N_("Ended. That one cannot open your page any more."),
    "device_ended": N_("Ended. Whoever sits there has to sign in again."),
    "keys_on": N_("The keys of the board are on here."),
    "keys_off": N_("The keys of the board are off here."),
    "devices_ended": N_("Ended. You are signed in only here."),
    "switched": N_("Signed out. Who is next?"),
    "left": N_("Done. Thank them for what they did."),
    "own_eyes": N_("You see with your own eyes again."),
    "dropped": N_("Thrown away."),
    "asked_to_take_out": N_("Asked. Another coordinator sees it on this page."),
    "asked": N_("Asked. Send them the private link below, or ring them."),
    "confirmed": N_("Confirmed. Now tell the person who comes, and when."),
    "told": N_("Noted: they were told by phone."),
    "list_made": N_("The list is made. Below you see who rings whom."),
    "list_more": N_("They are on the list now."),
    "list_more_there": N_("They are on the list now. Whoever was on it already stays as they were."),
    "call_taken": N_("Noted: you look after it."),
    "call_seen_to": N_("Noted: it is seen to."),
    "repeats": N_("It repeats now. Each new one comes to the board a week before its day."),
    "left_out": N_("Left out of the plan."),
    "asking_stopped": N_("Stopped. Whoever had not answered need not come, and their link says thank you."),
    "undone": N_("Undone. It stands as it did before."),
    "heard": N_("Noted: they are on it."),
    "shift_set": N_("Saved. Everybody sees who is on."),
    "shift_note": N_("Written. Everybody who comes after you sees it until they have read it."),
    "shift_read": N_("Noted: you have read it."),
    "written": N_("Sent. They see it when they open their link."),
    "written_by_her": N_("Sent. A coordinator sees it on the board."),
    "seen": N_("Noted: you have read it."),
    "how": N_("Thank you for telling us."),
    "nobody_came": N_("Written down. It is open again, so that somebody else can be asked."),
    "agreed": N_("Written down: other groups may see it."),
    "corrected": N_("Put right. What it said before stays in the history."),
    "as_it_was": N_("Nothing was changed."),
    "logged": N_("Written down."),
    "logged_again": N_("Written down. It comes back to “Ring again” on the day you said."),
    "call_back_done": N_("Noted: nobody has to ring any more."),
    "opened": N_("Volunteers can be asked now."),
    "kept": N_("Kept in our group. What others see of it goes away by itself."),
    "let_go": N_("Others may see it again, if the person agreed."),
    "settled": N_("Off the list."),
    "held": N_("On hold. It comes back to the board on that day."),
    "closed": N_("Closed."),
    "reopened": N_("Open again."),
    "withdrawn": N_("Taken back. The place is free again."),
    "declined": N_("Noted: not this time."),
    "contacted": N_("Noted: on the way."),
    "finished": N_("Noted: done."),
    "saved": N_("Saved."),
    "told_incident": N_("Sealed and handed over. Thank you for writing it down."),
    "stopped": N_("Stopped for now. Their tasks are back on the board."),
    "set_out": N_("Noted: they set out. We watch the clock."),
    "visit_back": N_("Good. They are back."),
    "visit_longer": N_("Noted: 15 minutes more."),
    "visit_rang": N_("Written down. Ring again soon; after two tries, send somebody."),
    "added": N_("Added."),
    "helps_too": N_("They help, too. It stays one person."),
    "volunteer_added": N_("Added. Press their name: there you make the link to their own page."),
    "laid_out": N_("Written down. You get it back."),
    "sent": N_("Sent out now. Neighbouring groups see it the next time they ask."),
    "fetched": N_("Fetched the news from neighbouring groups."),
    "entry": N_("Saved. Neighbouring groups read it within ten minutes of the clock, or when they next ask."),
    "joined": N_("You are neighbours now. The first news comes within minutes."),
    "introduced": N_("Asked. Their people must say yes too; then the talks begin by themselves."),
    "not_joined": N_("You said no. Nothing of them is kept."),
    "invite_back": N_("Taken back. That link opens nothing any more."),
    "pause": N_("Paused. We do not talk with them until somebody here says so."),
    "block": N_("Blocked. Nothing from them is shown any more."),
    "back": N_("We talk with them again."),
    "done_already": N_("That was done already. Nothing was done a second time."),
    "taken_away": N_("Taken back. They are to us what they were before, and no more."),
    "leave": N_("The talks are over. Their site is told the next time it asks."),
    "key_accepted": N_("Noted: they have a new key. What you agreed on goes on."),
    "key_kept": N_("Noted: it was not them. The old key stays the one that counts."),
    "apart": N_("Noted. These two are never brought together, and nobody is told why."),
    "may_meet": N_("Noted. If these two were kept apart, they may meet again from now on."),
    "signed_out": N_("You are signed out. The records stay open for whoever else works here."),
    "locked": N_("Locked. The records open again when a coordinator signs in."),
    "member_added": N_("Added. Tell them the name and the first password, best face to face."),
    "records": N_("Noted. They can read these records from now on."),
    "suspended": N_("Stopped. They are signed out everywhere and can read nothing."),
    "taken_up": N_("They can sign in again. Choose below what they may read."),
    "password": N_("The new password is set. Tell it to them, best face to face."),
    "own_password": N_("Your password is changed. Your other phones and computers are signed out."),
    "handed_over": N_(
        "Confirmed. The details are on their way, sealed for that group alone. Now tell the person who comes."
    ),
    "not_handed_over": N_("Written down. The other group reads “no, thank you”, and nothing was passed on."),
    "rung": N_("The bell rings at their desk as soon as their site is reached."),
    "asked_how": N_("Asked. Their answer comes to this page by itself."),
    "letter_sent": N_("It is on its way now."),
    "letter_dropped": N_("It is not sent any more."),
    "referred": N_("Given to them, sealed. You will read their answer here."),
    "stays": N_("They said no, and that is written down. The request stays with us."),
    "back_here": N_("It is back on our board. The other group is told to delete what it has."),
    "accepted": N_("It is ours now. The other group will hear how it ends."),
    "declined_theirs": N_("Back to them. Nothing of it is kept here."),
    "erased": N_("Erased. Nothing here names them any more."),
    "kept_call": N_("Your half-typed call is kept for a day. Only you see it."),
    "dropped_call": N_("Thrown away."),
    "made_one": N_(
        "They are one person now. What each record held is kept, so that they can be parted again."
    ),
    "made_two": N_("Noted: two people. They are not shown here again."),
    "parted": N_("They are two people again, each with what was theirs."),
    "practice_over": N_("All practice calls are gone."),
    "promised": N_("Noted: we ring back. It stands on the board."),
    "promise_kept": N_("Noted: they were rung back."),
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
    "need.asker_wrote": N_("They wrote on their page"),
    "need.asker_said": N_("They said on their page how it went"),
    "need.imported": N_("Came in from a sheet"),
    "match.imported": N_("Came in from a sheet: somebody helped"),
    "volunteer.imported": N_("Came in from a sheet of volunteers"),
    "need.open": N_("Volunteers may be asked"),
    "need.room": N_("Told to the group's chat room"),
    "need.room_back": N_("Not told to the group's chat room after all"),
    "need.hold": N_("Put on hold"),
    "need.refer": N_("Passed to a neighbouring group"),
    "need.take_back": N_("Taken back from the neighbouring group"),
    "need.close": N_("Closed"),
    "need.reopen": N_("Opened again"),
    "need.promised": N_("Promised to ring back"),
    "need.promise_kept": N_("Rung back"),
    "emergency.shown": N_("The page said whom to ring in danger"),
    "person.merged": N_("Two records became one"),
    "person.two_people": N_("Noted: another record is another person"),
    "person.parted": N_("Two records were parted again"),
    "need.follows": N_("Moved on"),
    "need.closed_since": N_("Closed since the backup? Neighbouring groups know it as over"),
    "need.keep_here": N_("Sharing outside changed"),
    "need.told_by_phone": N_("They were told by phone"),
    "need.round_day": N_("The round that brings it is on another day"),
    "need.helper_alone": N_("Whom nobody has met would go alone"),
    "task.link_ended": N_("A private link ended: whoever made it does not work here any more"),
    "need.helper_lacks": N_("Who is confirmed no longer has what this takes"),
    "need.group_over": N_("What went on with the helper's group ended: somebody has to ring"),
    "publish.unwritable": N_("A request that cannot be put as others could read it was left out"),
    "need.corrected": N_("Put right"),
    "need.others_may_see": N_("They said yes to other groups seeing it"),
    "need.undo": N_("The last step was undone"),
    "away.asked": N_("They were asked whether they would help a neighbouring group"),
    "away.not_offered": N_("Not offered to a neighbouring group after all"),
    "away.offered": N_("Offered to a neighbouring group"),
    "away.taken_back": N_("Offer to a neighbouring group taken back"),
    "call.slip": N_("What a call said was put right"),
    "calls.described": N_("What the friendly calls should know was changed"),
    "calls.on": N_("They are rung now and then"),
    "calls.seen_to": N_("What a friendly call brought up was seen to"),
    "calls.taken": N_("A friendly call was made"),
    "notice.again": N_("A message was sent once more"),
    "notice.no_answer": N_("Rung, and nobody answered"),
    "notice.rung": N_("They were told by phone"),
    "notices.came_back": N_("Mail to their address came back"),
    "notices.works": N_("Mail to their address works after all"),
    "notices.chat_address": N_("Gave an address for chat messages"),
    "notices.chat_confirmed": N_("Confirmed the address for chat messages"),
    "notices.chat_off": N_("Wants no chat messages any more"),
    "notices.chosen": N_("Chose what they are told, and how"),
    "notices.push_off": N_("A phone or computer shows notifications no more"),
    "notices.push_on": N_("A phone or computer shows notifications"),
    "person.added": N_("Written down"),
    "person.erased": N_("Removed"),
    "series.hand_end": N_("Handing on a repeat ended"),
    "series.not_skipped": N_("A day that was left out takes place"),
    "task.undo": N_("The last step was undone"),
    "volunteer.calendar": N_("Got an address for their calendar"),
    "volunteer.calendar_ended": N_("The address for their calendar ended"),
    "volunteer.device_ended": N_("A phone or computer was signed out"),
    "volunteer.own_break": N_("Takes a break, or came back from one"),
    "volunteer.own_link": N_("A link to their own page was made"),
    "volunteer.own_times": N_("Changed when and how far they can help"),
    "receipt.claimed": N_("Money that was laid out was written down"),
    "receipt.pay": N_("Money that was laid out was paid back"),
    "receipt.refuse": N_("Money that was laid out is not paid back"),
    "receipt.take_back": N_("A receipt waits again"),
    "need.call_back_done": N_("Nobody has to ring any more"),
    "task.proposed": N_("A volunteer was asked"),
    "task.interested": N_("A volunteer said: I can help"),
    "task.interest": N_("“I can help”"),
    "task.approve": N_("Confirmed"),
    "task.contact": N_("On the way"),
    "task.done": N_("Helper says it is done"),
    "task.heard": N_("Heard from the helper"),
    "task.decline": N_("Not this time"),
    "task.release": N_("Given back"),
    "task.withdraw": N_("Taken back by us"),
    "task.expire": N_("No answer in time"),
    "task.thanked": N_("Somebody else said yes: thanked"),
    "need.repeated": N_("Came by itself: it repeats"),
    "series.begin": N_("It repeats from now on"),
    "series.skip": N_("What repeats: not on one day"),
    "series.pause": N_("What repeats has a break"),
    "series.resume": N_("What repeats goes on"),
    "series.end": N_("It repeats no more"),
    "series.change": N_("What repeats: on other days, or at another time"),
    "series.change_back": N_("What repeats: as before after all"),
    "series.buddy": N_("The buddy was asked first"),
    "buddy.begin": N_("Buddies: suggested"),
    "buddy.agree": N_("Buddies: one of both said yes"),
    "buddy.end": N_("Buddies no more"),
    "plan.asked": N_("Asked from the plan for the list"),
    "plan.made": N_("A plan for the list was made"),
    "asking.start": N_("Several were asked"),
    "asking.enough": N_("Somebody said yes: nobody else is asked"),
    "asking.lost": N_("The yes was taken back: the asking goes on"),
    "asking.nobody_left": N_("Everybody who fits was asked"),
    "asking.stop": N_("Nobody else is asked"),
    "task.link": N_("New private link"),
    "task.link_shut": N_("Private link closed"),
    "task.device": N_("Link opened on a phone or computer"),
    "task.neighbour": N_("A neighbouring group offered somebody"),
    "task.asked": N_("The neighbouring group was asked how it stands"),
    "handover.consent": N_("They were asked about passing details on"),
    "handover.given": N_("Details passed on to the helping group"),
    "handover.received": N_("The details arrived there"),
    "handover.deleted": N_("The helping group deleted the details"),
    "need.ring": N_("A neighbouring group was asked now"),
    "referral.consent": N_("They were asked about giving the request away"),
    "referral.asked": N_("A neighbouring group was asked to take it over"),
    "referral.accepted": N_("Taken over from a neighbouring group"),
    "poll.begin": N_("A short question was asked"),
    "poll.words": N_("The words of a short question were written in one language"),
    "poll.end": N_("A short question was ended"),
    "poll.remove": N_("A short question was removed"),
    "gift.told": N_("Something was offered"),
    "gift.keep": N_("What was offered still stands"),
    "gift.give": N_("What was offered was given"),
    "gift.end": N_("What was offered is gone"),
    "gift.back": N_("What was offered stands again"),
    "gift.removed": N_("What was offered was removed, as it was over for long"),
    "gift.noted": N_("A note on what was offered"),
    "look.gifts": N_("Looked at what people offer"),
    "person.offered": N_("Offered something"),
    "look.need": N_("Looked at name and phone"),
    "look.as": N_("Seen with somebody else’s eyes"),
    "look.as_helper": N_("Looked at as the volunteer sees it"),
    "look.as_own": N_("Looked at their own page as they see it"),
    "look.as_asker": N_("Looked at as whoever asked sees it"),
    "look.as_captain": N_("Looked at as the street captain sees it"),
    "look.copy": N_("A copy of the data was made"),
    "person.held": N_("The record is kept for a reason"),
    "person.hold_ended": N_("The record is not kept any longer than others"),
    "person.took_back": N_("Took back what they had agreed to"),
    "need.emptied": N_("What was said about it was removed"),
    "look.request": N_("Read the request"),
    "look.name": N_("Looked at name and phone"),
    "look.task": N_("The volunteer looked at the details"),
    "look.card": N_("Looked at the card"),
    "look.found": N_("Was found by a search"),
    "person.changed": N_("Details changed"),
    "person.household": N_("Lives with somebody we know"),
    "person.household_left": N_("Does not live with them any more"),
    "person.keep": N_("Was asked about keeping the details"),
    "person.barred": N_("Kept away for good"),
    "person.unbarred": N_("Ban lifted"),
    "person.asked_again": N_("Asked for help again"),
    "person.asks_for_another": N_("Asked for somebody else, and gets messages about it"),
    "volunteer.added": N_("Became a volunteer"),
    "volunteer.applied": N_("Said on the page: I can help"),
    "volunteer.changed": N_("What they do was changed"),
    "volunteer.vouched": N_("Somebody answers for them"),
    "volunteer.meet": N_("We have met"),
    "volunteer.check": N_("Safety checks seen"),
    "volunteer.welcome": N_("Became one of us"),
    "volunteer.passkey_made": N_("A passkey was made"),
    "volunteer.passkey_away": N_("A passkey was taken away"),
    "volunteer.passkey_copied": N_("A passkey was refused: its counter went back, it may be a copy"),
    "volunteer.rest": N_("Has a break"),
    "volunteer.resume": N_("Back from the break"),
    "volunteer.suspend": N_("Stopped for now"),
    "volunteer.lift": N_("May help again"),
    "volunteer.leave": N_("Does not help any more"),
    "volunteer.return": N_("Helps again"),
    "street_team.saved": N_("Street team saved"),
    "street_team.deleted": N_("Street team ended"),
    "need.for_household": N_("For the whole household, or not"),
    "look.person": N_("Looked at the person"),
    "look.checks": N_("Looked at the safety checks"),
    "check.noted": N_("A safety check was noted"),
    "check.spoke": N_("Spoken to about a safety check that ends"),
    "incident.told": N_("Something was written down"),
    "incident.noted": N_("A note was added"),
    "incident.let_read": N_("Somebody else can read it as well"),
    "incident.removed": N_("A report about safety that was over was removed"),
    "incident.taken_in": N_("It was taken into the closed records"),
    "look.incident": N_("Looked at what was written down"),
    "look.looks": N_("Looked at the unusual looks"),
    "category.asks": N_("What this kind of help asks"),
    "need.pair": N_("Two people go together"),
    "visit.begun": N_("Set out alone"),
    "visit.longer": N_("Stays longer"),
    "visit.no_answer": N_("Late: we rang, nobody answered"),
    "visit.back": N_("Back again"),
}
