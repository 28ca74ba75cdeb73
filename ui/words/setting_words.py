"""Words of the settings pages. Every text is a msgid."""

from collections.abc import Mapping

from node.errors import N_

PAGES: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    N_("Our work"): (
        (
            "/settings/rules",
            N_("How we work"),
            N_("Street, phone desk or checked service; who decides what"),
            "settings",
        ),
        (
            "/settings/kinds",
            N_("Kinds of help"),
            N_("What you call them, and which you do not do"),
            "settings",
        ),
        (
            "/safety/kinds",
            N_("What each kind of help asks"),
            N_("Safety checks, and who goes alone"),
            "safety_rules",
        ),
        (
            "/settings/texts",
            N_("Our texts"),
            N_("What you say on the telephone and on the pages"),
            "settings",
        ),
        (
            "/settings/questions",
            N_("Our questions"),
            N_("What you want to know beside what everybody is asked"),
            "settings",
        ),
    ),
    N_("With others"): (
        ("/settings/group", N_("Our group"), N_("Name, phone, hours, open or full, our clock"), "settings"),
        (
            "/settings/sharing",
            N_("What others may see"),
            N_("For each kind of help: only us, groups you chose, anyone"),
            "share",
        ),
        (
            "/settings/public",
            N_("Before everybody can read it"),
            N_("What waits for the yes of a second person"),
            "approve_public",
        ),
        (
            "/settings/kit",
            N_("Starter kit"),
            N_("How you work as one file, to give away or to take"),
            "settings",
        ),
    ),
    N_("Keeping it running"): (
        (
            "/settings/mail",
            N_("Messages by e-mail"),
            N_("Your mail server, and how mail stays out of spam"),
            "settings",
        ),
        (
            "/settings/messages",
            N_("Text messages"),
            N_("A gateway for texts, and answers by text"),
            "settings",
        ),
        (
            "/settings/chat",
            N_("Chats"),
            N_("Messages to a volunteer's own chat, and to the group's room"),
            "settings",
        ),
        (
            "/settings/checks",
            N_("Does everything work?"),
            N_("Address, clock, backup, rescue cards"),
            "settings",
        ),
        ("/team", N_("Who works here"), N_("Who may do what, and who may read names"), ""),
        (
            "/privacy/removals",
            N_("Data protection"),
            N_("What goes when, and the papers the law asks for"),
            "privacy",
        ),
        ("/import", N_("Bring a sheet in"), N_("From Google Forms, Airtable or a spreadsheet"), "import"),
        ("/export", N_("Take our data out"), N_("A sheet for a report, or everything, sealed"), "export"),
    ),
}
"""Heading -> its pages: address, name, what is there, the permission it takes (empty: none)."""

TEXT_PART: Mapping[str, str] = {
    "scope": N_("What we do, where and when"),
    "script": N_("On the telephone"),
    "consent": N_("What people say yes to"),
    "rules": N_("Our rules"),
    "message": N_("Messages"),
    "privacy": N_("About people's data"),
}

TEXT: Mapping[str, str] = {
    "scope.do": N_("What we do"),
    "scope.do_not": N_("What we do not do"),
    "scope.where": N_("Where we help"),
    "scope.when": N_("When we help"),
    "scope.safety": N_("How we look after each other"),
    "scope.liability": N_("What we cannot promise"),
    "script.greeting": N_("How we answer"),
    "script.intake": N_("What we ask"),
    "script.closing": N_("How we end a call"),
    "script.no_help": N_("When it is nothing for us"),
    "consent.help_you": N_("On the telephone: keep it to help"),
    "consent.groups_see": N_("On the telephone: other groups see it"),
    "consent.keep_details": N_("On the telephone: keep the details for next time"),
    "consent.details_to_group": N_("On the telephone: give the details to another group"),
    "consent.ring": N_("On the telephone: ring them now and then"),
    "consent.messages": N_("On their page and at sign-up: we write to them by ourselves"),
    "consent.refer": N_("On the telephone: give the whole request to another group"),
    "volunteer.offered": N_("To a volunteer: offer them to another group"),
    "ask.help_you": N_("On the page: keep it to help"),
    "ask.groups_see": N_("On the page: other groups see it"),
    "ask.pass_on": N_("On the page: we may give it to a neighbouring group"),
    "ask.keep_details": N_("On the page: we keep their details"),
    "volunteer.keep_details": N_("On the page for new volunteers: may we keep this?"),
    "gift.keep_details": N_("On the page for things to give: may we keep this?"),
    "triage.urgent": N_("What is urgent"),
    "triage.decides": N_("Who decides what is urgent"),
    "emergency.words": N_("Words that mean danger"),
    "emergency.say": N_("What to say in danger"),
    "visit.alone": N_("When somebody visits alone"),
    "message.ask_volunteer": N_("Asking a volunteer"),
    "message.ask_organisation": N_("Asking an organisation"),
    "message.group_chat": N_("For the group chat"),
    "message.confirmed": N_("When a volunteer is confirmed"),
    "message.told": N_("Who comes, and when"),
    "privacy.contact": N_("Whom to ask about data"),
    "privacy.why": N_("Why we keep what"),
}
"""Key of a text -> what it is."""

TEXT_HINT: Mapping[str, str] = {
    "scope.do": N_("It stands on the front page and on the form. A line for each thing reads best."),
    "scope.do_not": N_("So that nobody asks in vain."),
    "scope.where": N_("The streets, parts of town or villages."),
    "scope.safety": N_("Who comes, how they are checked, and what nobody of ours will ever ask for."),
    "scope.liability": N_("Who answers for what: insurance, money, things that break."),
    "scope.when": N_("When somebody comes; the hours of the telephone stand elsewhere."),
    "emergency.words": N_(
        "With commas between them. Whoever types one of them on a call is shown what to say."
    ),
    "triage.urgent": N_("It stands beside a new request, so that everybody decides alike."),
    "message.group_chat": N_("Anybody may read it: no name, no address."),
    "privacy.contact": N_("A name or a role, and how to reach them. It stands where people say yes."),
}
"""What is good to know before one writes it."""

QUESTION_KIND: Mapping[str, str] = {
    "yes_no": N_("Yes or no"),
    "choice": N_("One of a few answers"),
    "text": N_("In a few words"),
}
ASKED_AT: Mapping[str, str] = {
    "call": N_("On the phone, when we take a call"),
    "page": N_("On the page where people ask for help"),
    "helper": N_("When somebody wants to help"),
}

KIT_PART: Mapping[str, str] = {
    "rules": N_("How we work"),
    "kinds": N_("Kinds of help"),
    "safety": N_("What kinds of help ask for safety"),
    "texts": N_("Scripts and texts"),
    "questions": N_("Our questions"),
}
SIGHT: Mapping[str, str] = {"shown": N_("Shown"), "hidden": N_("Hidden")}

PRESET: Mapping[str, str] = {
    "street": N_("Street"),
    "phone_desk": N_("Group with a phone desk"),
    "checked": N_("Checked service"),
}
PRESET_ABOUT: Mapping[str, str] = {
    "street": N_("Neighbours who mostly know each other. Few rules, no hurry with paper."),
    "phone_desk": N_("People ring a number, and we send somebody whom they do not know yet."),
    "checked": N_(
        "With safety checks, often for a council or a charity. Two people decide where it matters. As long as you"
        " are alone you decide alone, and whoever comes next is asked to look at what everybody can read."
    ),
}

RULE: Mapping[str, str] = {
    "decide_hours": N_("Nobody has decided: when does everybody see it?"),
    "second_yes": N_("Who confirms a volunteer where a safety check is needed?"),
    "export_yes": N_("Who decides that data is taken out?"),
    "newcomers": N_("What may somebody do whom nobody of us has met?"),
    "public_yes": N_("Who says yes before something is shown to everybody?"),
    "keep_requests_days": N_("A request is closed: how long do we keep what was said about it?"),
    "keep_askers_days": N_("Nothing is open for somebody any more: how long do we keep their record?"),
    "keep_left_days": N_("Somebody left, or never began to help: how long do we keep their record?"),
    "area_km": N_("How far around do we go?"),
    "money_most": N_("How much money do we give at once, at most?"),
    "details_days": N_("How long can a helper still read the details after it is done?"),
    "receipt_cap": N_("How much is paid back for one request without asking?"),
    "wave_minutes": N_("Several were asked and nobody said yes: when are the next ones asked?"),
    "quiet_from": N_("From when in the evening is nobody asked by itself?"),
    "quiet_until": N_("From when in the morning is somebody asked again?"),
    "claims": N_("Whose yes is enough where no check and nothing special is needed?"),
}
RULE_HINT: Mapping[str, str] = {
    "decide_hours": N_(
        "A new request, or a volunteer who waits for our yes. What is for today: one hour at most."
    ),
    "second_yes": N_("Any coordinator alone, or another one than the coordinator who asked the volunteer."),
    "public_yes": N_(
        "Sharing more, and what stands on pages for everybody. With two it is another one than who asked."
    ),
    "keep_requests_days": N_("Then it is emptied by itself; only that there was one is still counted."),
    "keep_askers_days": N_("Then they are erased by themselves. The law wants a number; you choose it."),
    "keep_left_days": N_("Then they are erased by themselves."),
    "export_yes": N_("Any coordinator alone, or only with another coordinator's yes."),
    "area_km": N_("Whoever asks from further away reads which neighbouring group answers there."),
    "money_most": N_("It stands beside every request for money. Nobody can write down more. 0: no limit."),
    "details_days": N_("Then name, phone and address are shut for the helper."),
    "receipt_cap": N_("In your own money, without pence. 0: no limit. A coordinator can say yes to more."),
    "wave_minutes": N_("Only where you choose that the asking goes on by itself."),
    "quiet_from": N_("You can still ask by hand. 24 is midnight."),
    "claims": N_("Shopping, a dog, a call: kinds of help for which nobody has to show or have anything."),
}
UNIT: Mapping[str, str] = {
    "hours": N_("hours"),
    "days": N_("days"),
    "minutes": N_("minutes"),
    "km": N_("km"),
    "clock": N_("o'clock"),
    "money": N_("in the money of your country"),
}
RULE_CHOICE: Mapping[str, str] = {
    "one": N_("Any coordinator"),
    "coordinator": N_("A coordinator confirms it"),
    "helper": N_("The first helper who says yes"),
    "two": N_("Two people"),
    "pairs": N_("Help at the doorstep or by phone, or together with somebody we know"),
    "met": N_("Nothing before we have met"),
}

CARD: Mapping[str, str] = {
    "name": N_("Name of the group"),
    "phone": N_("Phone"),
    "hours": N_("Hours"),
}
"""Our line in the phone book: what of it is words."""

NODE_KIND: Mapping[str, str] = {
    "group": N_("A group that helps people"),
    "hub": N_("A go-between: it passes on what groups say, and sends nobody itself"),
    "council": N_("A council or district: it looks at the whole, and sends nobody itself"),
}
"""What a node is, as it says of itself."""

PLACE: Mapping[str, str] = {
    "what": N_("What does it give?"),
    "address": N_("Address"),
    "area": N_("For whom"),
    "hours": N_("When is it open?"),
    "phone": N_("Phone"),
    "link": N_("Link"),
}
"""A place on the list of other help: what of it is words, but its name."""
