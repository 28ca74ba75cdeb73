"""Messages in words: one structure, written out twice, so that text and HTML say the same.

No picture, no script, nothing that is fetched or that tells anybody that it was opened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.dates import format_date

from node.domain.notices.asking import ABOUT_ASKING
from node.domain.notices.notice import Kind
from node.domain.notices.tasks import Changed
from node.errors import N_
from node.services.notices.letter import Letter, Want, Written
from ui.i18n import Language, Languages
from ui.web.templating import Templates, as_one
from ui.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one kind of message says. Msgids, but for the address behind the button."""

    subject: str
    """With ``%(what)s`` for the request that it is about; empty where it says how many."""
    before: str
    button: str
    after: str = ""


WHY_HELPS = N_("You get this because you help with %(group)s.")
WHY_ASKED = N_("You get this because you wrote to %(group)s.")
SAID: Mapping[Kind, Said] = {
    Kind.URGENT: Said(
        subject=N_("Wanted today: %(what)s"),
        before=N_("Somebody near you needs this today. We ask you because it fits what you said you can do."),
        button=N_("See it, and say whether you can"),
        after=N_("If you cannot, you need not answer. Others are asked too."),
    ),
    Kind.DIGEST: Said(
        subject="",
        before=N_("This is wanted near you, and fits what you said you can do."),
        button=N_("See them, and take one"),
        after=N_("Nothing for you this time? Then you need not answer."),
    ),
    Kind.ASKED: Said(
        subject=N_("Could you do this? %(what)s"),
        before=N_("We would like to ask you for this. A yes or a no helps us: then we know where we stand."),
        button=N_("Say yes or no"),
    ),
    Kind.CONFIRMED: Said(
        subject=N_("It is yours: %(what)s"),
        before=N_(
            "Thank you! You are confirmed for this. On your page you read where, and how to reach them."
        ),
        button=N_("Open my task"),
        after=N_("Something came up? Give it back there, the sooner the better. Nobody minds."),
    ),
    Kind.CALLED_OFF: Said(
        subject=N_("You need not go: %(what)s"),
        before=N_("This is not needed from you any more. Please do not go. Thank you for being ready to!"),
        button=N_("Open my page"),
    ),
    Kind.STALE: Said(
        subject=N_("We have not heard from you: %(what)s"),
        before=N_(
            "Nobody has told us how this stands. Tomorrow it goes back to the others, and is yours no longer. "
            "Open it: that is enough, and it stays yours."
        ),
        button=N_("Open my task"),
        after=N_("You have been there already? Then say that it is done. You cannot? Say that, too."),
    ),
    Kind.RETURNED: Said(
        subject=N_("No longer yours: %(what)s"),
        before=N_("We heard nothing, so this went back to the others by itself. Please do not go any more."),
        button=N_("Open my page"),
        after=N_("You have been there, or still want to do it? Ring us. Nobody minds."),
    ),
    Kind.MOVED: Said(
        subject=N_("Another day or time: %(what)s"),
        before=N_(
            "This is yours, and its day or its time was changed. Please look whether you can still come."
        ),
        button=N_("See when it is now"),
        after=N_("You cannot come then? Give it back there, or ring us. Then we still find somebody."),
    ),
    Kind.HELD: Said(
        subject=N_("Please do not go yet: %(what)s"),
        before=N_(
            "This is yours, but as things are you are not to go. On your page you read why. Ring us first."
        ),
        button=N_("Open my task"),
    ),
    Kind.REMINDER: Said(
        subject=N_("Tomorrow: %(what)s"),
        before=N_("This is yours, and it is tomorrow. On your page you read where, and how to reach them."),
        button=N_("Open my task"),
        after=N_("You cannot come after all? Give it back there, or ring us. Then we still find somebody."),
    ),
    Kind.WROTE: Said(
        subject=N_("A coordinator wrote to you: %(what)s"),
        before=N_("There is a message for you about this. On your page you read it, and can answer."),
        button=N_("Open my task"),
    ),
    Kind.FOUND: Said(
        subject=N_("Somebody was found"),
        before=N_("Somebody was found for what you asked for. On your private page you read who comes."),
        button=N_("Open my page"),
        after=N_("It does not suit you after all? Say so there, or ring us. Nobody minds."),
    ),
    Kind.LOOKING: Said(
        subject=N_("We look for somebody again"),
        before=N_(
            "Nobody is sure to come at the moment. We look for somebody, and write to you as soon as we know."
        ),
        button=N_("Open my page"),
        after=N_("You do not need it any more? Say so there."),
    ),
    Kind.NEW_DAY: Said(
        subject=N_("The day for what you asked for"),
        before=N_("It has a day now, or another one than before. On your private page you read which."),
        button=N_("Open my page"),
        after=N_("The day does not suit you? Say so there, or ring us."),
    ),
    Kind.ENDED: Said(
        subject=N_("We do not go on with what you asked for"),
        before=N_("On your private page you read how it ended."),
        button=N_("Open my page"),
        after=N_("Is that not right? Ring us, or ask again."),
    ),
    Kind.HOW: Said(
        subject=N_("How did it go?"),
        before=N_("We were told that it is done. Did it go well? One tap on your private page tells us."),
        button=N_("Open my page"),
        after=N_("Nobody came? Say that too: then one of us looks at it within a day."),
    ),
    Kind.SIGN_IN: Said(
        subject=N_("Your link to come in"),
        before=N_("Somebody, we hope you, asked for a link to your page with us."),
        button=N_("Open my page"),
        after=N_(
            "The link works once, and not for long. You did not ask for it? Then do nothing: nobody comes in "
            "without it."
        ),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPage:
    """What the template is given: everything in words already."""

    subject: str
    before: str
    wants: Sequence[str]
    button: str
    link: str
    after: str
    sign_off: str
    ring: str
    why: str
    stop: str
    choices_link: str


STALE_ASKED = Said(
    subject=N_("Can you do this, or not? %(what)s"),
    before=N_("We asked you for this, and have not heard from you. Tomorrow we ask the others again."),
    button=N_("Say yes or no"),
    after=N_("Saying no is fine, and nobody asks why."),
)
"""``Kind.STALE`` to somebody who was asked and is not confirmed."""


MOVED: Mapping[Changed, Said] = {
    Changed.WHEN: SAID[Kind.MOVED],
    Changed.WHERE: Said(
        subject=N_("Another place: %(what)s"),
        before=N_("This is yours, and where to go was changed. Please read it anew before you go."),
        button=N_("See where it is now"),
        after=N_("You cannot go there? Give it back there, or ring us. Then we still find somebody."),
    ),
    Changed.BOTH: Said(
        subject=N_("Another time and place: %(what)s"),
        before=N_(
            "This is yours, and both when and where were changed. Please look whether you can still come."
        ),
        button=N_("Open my task"),
        after=N_("You cannot come then? Give it back there, or ring us. Then we still find somebody."),
    ),
}
"""``Kind.MOVED``, by what is another."""


def said_in(letter: Letter) -> Said:
    """What that letter says."""
    if letter.kind is Kind.MOVED:
        return MOVED[letter.changed]
    return STALE_ASKED if letter.kind is Kind.STALE and letter.only_asked else SAID[letter.kind]


class MailWriter:
    """As ``node.services.notices.letter.Writer``."""

    def __init__(self, templates: Templates, languages: Languages) -> None:
        self._templates = templates
        self._languages = languages

    def write(self, letter: Letter) -> Written:
        """The letter in the first of its languages that there is."""
        language = self._language(letter.languages)
        return self.written(self._page(letter, language), language)

    def written(self, page: LetterPage, language: Language) -> Written:
        """A page of words as it goes: the same twice."""
        html = self._templates.draw("mail.html", language, {"page": page, "site": None})
        return Written(language=language.code, subject=page.subject, text=_text(page), html=html)

    def test_message(self, group: str, language: Language) -> Written:
        """What somebody who sets the mail server up sends to herself."""
        say = language.say
        page = LetterPage(
            subject=say(N_("A test message from %(group)s"), group=group),
            before=say(N_("If you can read this, messages to your volunteers go out.")),
            wants=(),
            button="",
            link="",
            after=say(
                N_("Look whether it came to your inbox or to spam. The page says what to do about spam.")
            ),
            sign_off=group,
            ring="",
            why="",
            stop="",
            choices_link="",
        )
        return self.written(page, language)

    def _language(self, wanted: Sequence[str]) -> Language:
        known = {each.code for each in self._languages}
        return self._languages.get(next((code for code in wanted if code in known), ""))

    def _page(self, letter: Letter, language: Language) -> LetterPage:
        said, say = said_in(letter), language.say
        wants = [self._want(each, language) for each in letter.wants]
        if not said.subject:
            subject = language.say_many("One thing you could do", "%(num)s things you could do", len(wants))
        elif wants:
            subject = say(said.subject, what=self._what(letter.wants[0], language))
        else:
            subject = say(said.subject)
        listed = letter.kind is not Kind.SIGN_IN
        return LetterPage(
            subject=subject,
            before=say(said.before),
            wants=wants,
            button=say(said.button),
            link=letter.link,
            after=say(said.after) if said.after else "",
            sign_off=letter.group,
            ring=say(N_("Rather ring us? %(phone)s"), phone=as_one(letter.phone, language.direction))
            if letter.phone
            else "",
            why=say(WHY_ASKED if letter.kind in ABOUT_ASKING else WHY_HELPS, group=letter.group)
            if listed
            else "",
            stop=say(N_("Fewer messages, or none")) if listed else "",
            choices_link=letter.choices_link if listed else "",
        )

    def _what(self, want: Want, language: Language) -> str:
        return self._templates.kind(want.category, language)

    def _want(self, want: Want, language: Language) -> str:
        return want_in_words(self._templates, want, language)


def want_in_words(templates: Templates, want: Want, language: Language) -> str:
    """``Groceries – today, in the morning``: what a map tells, without the place."""
    if want.window is not None:
        days = dict.fromkeys((want.window.first, want.window.last))
        when = " – ".join(format_date(day, "EEE d MMM", locale=language.locale) for day in days)
    else:
        when = language.say(words.URGENCY[want.urgency])
    if want.part_of_day is not None:
        when = f"{when}, {language.say(words.PART_OF_DAY[want.part_of_day])}"
    return f"{templates.kind(want.category, language)} – {when}"


def _text(page: LetterPage) -> str:
    """Without HTML, for whoever reads so; long addresses stay whole, on a line of their own."""
    parts = [page.before]
    if page.wants:
        parts.append("\n".join(f"* {each}" for each in page.wants))
    if page.button:
        parts.append(f"{page.button}:\n{page.link}")
    parts += [page.after, "\n".join(each for each in (page.sign_off, page.ring) if each)]
    if page.stop:
        parts.append(f"-- \n{page.why}\n{page.stop}:\n{page.choices_link}")
    return "\n\n".join(each for each in parts if each) + "\n"
