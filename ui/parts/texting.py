"""Messages as short texts: the subject of the mail, a link, and what else fits into two messages of the network."""

from collections.abc import Mapping, Sequence

from node.domain.notices.answering import Reply
from node.domain.notices.notice import Kind
from node.domain.notices.texts import fitted
from node.errors import N_
from node.services.notices.letter import Letter, Notification
from ui.i18n import Language
from ui.parts.mail import MailWriter, said_in

WITH_DAY = frozenset(
    {Kind.ASKED, Kind.CONFIRMED, Kind.CALLED_OFF, Kind.MOVED, Kind.HELD, Kind.STALE, Kind.RETURNED}
)
"""Where the day is not said by the first words."""
ANSWERS: Mapping[Kind, str] = {
    Kind.ASKED: N_("Answer YES or NO."),
    Kind.CONFIRMED: N_("When it is done, answer DONE."),
    Kind.REMINDER: N_("When it is done, answer DONE."),
    Kind.STALE: N_("Still yours? Answer YES. Is it done? Answer DONE."),
}
"""What can be answered by text (``domain.notices.answering``)."""


REPLIES: Mapping[Reply, str] = {
    Reply.NOTED_YES: N_("Noted: you said yes. We tell you as soon as it is yours."),
    Reply.HERS: N_("It is yours, thank you! Where, and how to reach them:"),
    Reply.STILL_HERS: N_("Noted, thank you! It stays yours."),
    Reply.NOTED_NO: N_("Noted: not this time. Thank you for telling us."),
    Reply.NOTED_DONE: N_("Noted: done. Thank you!"),
    Reply.STOPPED: N_("You get no more messages from us."),
    Reply.UNCLEAR: N_("We could not tell what you mean. Please say it here, or ring us:"),
}
DIGITS = N_("%(digits)s are the digits for the page “What we tell you”.")
NOT_YOU = N_("You did not ask for them? Then do nothing.")
LONGEST_TITLE = 60
"""Letters of a notification's first line; telephones cut it before that."""
WITH_LINK = frozenset({Reply.HERS, Reply.UNCLEAR})


class NoticeWriter(MailWriter):
    """As ``node.services.notices.letter.Writer``."""

    def text(self, letter: Letter, *, can_answer: bool) -> str:
        """Who writes, what it is about and the link; then how to answer, and how to end it."""
        language = self._language(letter.languages)
        if letter.reply is not None:
            return _answered(letter, letter.reply, language)
        if letter.code:
            return fitted(
                [f"{letter.group}: {language.say(DIGITS, digits=letter.code)}"], [language.say(NOT_YOU)]
            )
        lead = f"{letter.group}: {self._lead(letter, language)}"
        if can_answer:
            beside = [language.say(each) for each in _answers(letter)]
        elif letter.kind is Kind.SIGN_IN:
            beside = []
        else:
            beside = [f"{language.say('Fewer messages, or none')}: {letter.choices_link}"]
        return fitted([lead, letter.link], beside)

    def notification(self, letter: Letter) -> Notification:
        """Who writes and what it is about, as in a text."""
        language = self._language(letter.languages)
        return Notification(
            language=language.code,
            direction=language.direction,
            title=letter.group[:LONGEST_TITLE],
            body=self._lead(letter, language),
            link=letter.link,
            fewer=language.say("Fewer messages, or none"),
            choices_link=letter.choices_link,
        )

    def test_text(self, group: str, language: Language) -> str:
        """What somebody who sets the gateway up sends to herself."""
        words = language.say(N_("If you can read this, messages to your volunteers go out."))
        return fitted([f"{group}: {words}"], [])

    def _lead(self, letter: Letter, language: Language) -> str:
        subject, wants = said_in(letter).subject, letter.wants
        if not subject:
            return language.say_many("One thing you could do", "%(num)s things you could do", len(wants))
        if not wants:
            return language.say(subject)
        named = self._want if letter.kind in WITH_DAY else self._what
        return language.say(subject, what=named(wants[0], language))


def _answered(letter: Letter, reply: Reply, language: Language) -> str:
    """What we answer to a text of hers."""
    words = f"{letter.group}: {language.say(REPLIES[reply])}"
    beside = [letter.phone] if reply is Reply.UNCLEAR and letter.phone else []
    return fitted([words, letter.link] if reply in WITH_LINK else [words], beside)


def _answers(letter: Letter) -> Sequence[str]:
    """How to answer that message, and how to end them all."""
    stop = N_("No more of these? Answer STOP.")
    kind = Kind.ASKED if letter.kind is Kind.STALE and letter.only_asked else letter.kind
    if kind is Kind.SIGN_IN:
        return ()
    return (ANSWERS[kind], stop) if kind in ANSWERS else (stop,)
