"""Messages to the group's own chat room in words: kind, day, rough area and how many; one link."""

from node.errors import N_
from node.services.notices.room import RoomLetter, RoomWant
from ui.i18n import Language
from ui.parts.mail import MailWriter, want_in_words
from ui.parts.places import area_in_words

SAY_SO = N_("Can you? Say so here, not in the chat:")


class RoomMail(MailWriter):
    """As ``node.services.notices.room.RoomWriter``."""

    def room(self, letter: RoomLetter) -> str:
        """In the group's own language."""
        language = self._language((letter.language,))
        many = len(letter.wants)
        lead = language.say_many("One thing is wanted near us", "%(num)s things are wanted near us", many)
        lines = [f"{letter.group}: {lead}"]
        lines += [f"• {self._line(each, language)}" for each in letter.wants]
        lines.append(f"{language.say(SAY_SO)} {letter.link}")
        return "\n".join(lines)

    def _line(self, each: RoomWant, language: Language) -> str:
        parts = [want_in_words(self._templates, each.want, language)]
        if each.area is not None:
            parts.append(area_in_words(each.area, language))
        if each.helpers > 1:
            parts.append(language.say_many("one person is needed", "%(num)s people are needed", each.helpers))
        return language.listed(parts)
