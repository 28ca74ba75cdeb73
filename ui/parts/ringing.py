"""What to say to somebody who has to be rung: one sentence, for the one who rings and in the other's own language."""

from node.domain.notices.notice import Kind
from node.services.notices.ringing import ToRing
from ui.contexts.notices import Hers, RingLine
from ui.i18n import Language, Languages
from ui.parts.mail import want_in_words
from ui.web.templating import Templates
from ui.words import notice_words


def ring_line(line: ToRing, reader: Language, templates: Templates, languages: Languages) -> RingLine:
    """That call in words."""
    hers = _hers(line, reader, languages)
    said = None if hers is None else Hers(language=hers.code, words=_words(line, hers, templates))
    return RingLine(line=line, words=_words(line, reader, templates), hers=said)


def _hers(line: ToRing, reader: Language, languages: Languages) -> Language | None:
    """The first of her languages that we have, unless she speaks the reader's."""
    spoken = line.called.languages if line.called else ()
    if reader.code in spoken:
        return None
    known = {language.code for language in languages}
    return next((languages.get(code) for code in spoken if code in known), None)


def _words(line: ToRing, language: Language, templates: Templates) -> str:
    said = notice_words.SAY["asked" if line.only_asked else line.kind]
    if line.kind is Kind.MOVED:
        said = notice_words.SAY_MOVED.get(line.changed, said)
    return language.say(said, what=want_in_words(templates, line.want, language))
