"""Messages to members of staff in words: what kind of thing, how many, and a link."""

from dataclasses import dataclass

from node.domain.notices.alerts import Kind
from node.domain.notices.texts import fitted
from node.errors import N_
from node.services.alerts.letter import AlertLetter
from node.services.notices.letter import Notification, Written
from ui.i18n import Language
from ui.parts.mail import LetterPage, MailWriter
from ui.parts.texting import LONGEST_TITLE
from ui.words import alert_words


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSaid:
    """What one kind of message says. Msgids."""

    subject: str
    """Empty where it says how many things wait."""
    before: str
    button: str
    after: str


SAID = {
    Kind.CODE: AlertSaid(
        subject=N_("%(code)s confirms your address"),
        before=N_("Type these digits on the page where you gave this address: %(code)s"),
        button=N_("Open that page"),
        after=N_(
            "They are good for an hour. You gave no address to us? Then do nothing: nothing more comes here."
        ),
    ),
    Kind.SAFETY: AlertSaid(
        subject=N_("Please look now"),
        before=N_("Somebody may not be safe. Please look at once, or ring a colleague who can."),
        button=N_("Sign in and look"),
        after=N_("If a colleague looks after it already, the page shows that."),
    ),
    Kind.NEWS: AlertSaid(
        subject="",
        before=N_("This waits for somebody at the desk:"),
        button=N_("Sign in and look"),
        after=N_("Somebody may have seen to it by the time you read this. Then the page shows that."),
    ),
}


class AlertMail(MailWriter):
    """As ``node.services.alerts.letter.AlertWriter``."""

    def alert(self, letter: AlertLetter) -> Written:
        """The letter in its language, or in the usual one where there is none."""
        return self.written(
            self._alert_page(letter, language := self._language((letter.language,))), language
        )

    def alert_notification(self, letter: AlertLetter) -> Notification:
        """The same as a browser shows it: kinds and numbers, a line each."""
        language = self._language((letter.language,))
        page = self._alert_page(letter, language)
        return Notification(
            language=language.code,
            direction=language.direction,
            title=letter.group[:LONGEST_TITLE],
            body="\n".join(page.wants if letter.kind is Kind.NEWS else [page.subject, *page.wants]),
            link=letter.link,
            fewer=page.stop,
            choices_link=letter.stop_link,
        )

    def alert_text(self, letter: AlertLetter) -> str:
        """The same as a text, or in a chat: how many things, and the links."""
        language = self._language((letter.language,))
        page = self._alert_page(letter, language)
        stop = [f"{page.stop}: {letter.stop_link}"] if letter.stop_link else []
        return fitted([f"{letter.group}: {page.subject}", letter.link], stop)

    def _alert_page(self, letter: AlertLetter, language: Language) -> LetterPage:
        said, say = SAID[letter.kind], language.say
        waits = [alert_words.WAITS[what](language, many) for what, many in letter.counted]
        number = sum(many for _, many in letter.counted)
        subject = (
            say(said.subject, code=letter.code)
            if said.subject
            else language.say_many("One thing waits", "%(num)s things wait", number)
        )
        return LetterPage(
            subject=subject,
            before=say(said.before, code=letter.code),
            wants=waits,
            button=say(said.button),
            link=letter.link,
            after=say(said.after),
            sign_off=letter.group,
            ring="",
            why=say(N_("You get this because you work with %(group)s."), group=letter.group)
            if letter.stop_link
            else "",
            stop=say(N_("Send me no more of these")) if letter.stop_link else "",
            choices_link=letter.stop_link,
        )
