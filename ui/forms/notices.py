"""What somebody wants to be told, and where the group's mail goes out."""

from collections.abc import Sequence

from node.domain.ids import PersonId
from node.domain.notices.chat import LONGEST_HINT, LONGEST_NAME, ChatService
from node.domain.notices.choices import EARLIEST_FROM, LATEST_UNTIL, Choices
from node.domain.notices.gateway import Gateway, GatewayKind
from node.domain.notices.mail import PORTS, MailServer, Tls
from node.domain.notices.notice import Way
from node.errors import N_
from node.services.notices.chat_settings import ChatServiceView
from node.services.notices.choosing import ChoicesView
from node.services.notices.text_settings import GatewayView
from ui import forms
from ui.words import notice_words

AS_IT_IS = ("", N_("As it is now"))
"""While the records are closed nobody can say how she is told as long as she did not choose: then it stays so."""
AS_THE_GROUP = ("", N_("As the group does"))


def _hours(first: int, last: int) -> Sequence[tuple[str, str]]:
    return [AS_THE_GROUP, *((str(hour), f"{hour % 24:02}:00") for hour in range(first, last + 1))]


class ChoicesForm(forms.PageForm):
    """Four choices, and no more."""

    mostly_optional = True
    urgent = forms.tick(N_("Tell me at once what is wanted today"))
    digest = forms.tick(N_("Once a day, tell me what else fits"))
    way = forms.one_of(N_("How should we tell you?"), [*notice_words.WAY.items(), AS_IT_IS])
    quiet_from = forms.one_of(N_("Quiet from"), _hours(EARLIEST_FROM + 6, 24))
    quiet_until = forms.one_of(N_("until"), _hours(0, LATEST_UNTIL))

    @classmethod
    def showing(cls, view: ChoicesView) -> "ChoicesForm":
        """As they are."""
        held = view.choices
        # That nothing reaches her just now, because she stopped it or mail came back, is no choice of hers.
        way = held.way or (None if view.way is Way.PHONE and (held.out or view.bounced) else view.way)
        form = cls(
            urgent=held.urgent,
            digest=held.digest,
            way=str(way or ""),
            quiet_from="" if held.quiet_from is None else str(held.quiet_from),
            quiet_until="" if held.quiet_until is None else str(held.quiet_until),
        )
        there: set[str | None] = {Way.EMAIL, Way.PHONE, held.way, *(view.ways & {Way.TEXT})}
        if way is None:
            there.add("")
        if view.pushes:
            there.add(Way.PUSH)
        if view.chats:
            there.add(Way.CHAT)
        form.way.choices = [each for each in form.way.choices if each[0] in there]
        return form

    def wanted(self, person_id: PersonId) -> Choices:
        """As they were chosen; whoever chooses anything gets messages again."""
        return Choices(
            person_id=person_id,
            urgent=bool(self.urgent.data),
            digest=bool(self.digest.data),
            way=Way(self.way.data) if self.way.data else None,
            quiet_from=int(self.quiet_from.data) if self.quiet_from.data else None,
            quiet_until=int(self.quiet_until.data) if self.quiet_until.data else None,
        )


class MailForm(forms.PageForm):
    """The mail server."""

    host = forms.line(N_("Mail server"), required=True, limit=253)
    tls = forms.one_of(N_("Encryption"), notice_words.TLS)
    port = forms.line(N_("Port"), limit=5)
    user = forms.line(N_("User name"), limit=200)
    password = forms.secret_kept(N_("Password"))
    sender = forms.line(N_("Mail comes from this address"), required=True, limit=200)
    reply_to = forms.line(N_("Answers go to this address"), limit=200)

    @classmethod
    def showing(cls, server: MailServer | None) -> "MailForm":
        """As it is set, without the password."""
        if server is None:
            return cls(tls=str(Tls.STARTTLS), port=str(PORTS[Tls.STARTTLS]))
        return cls(
            host=server.host,
            tls=str(server.tls),
            port=str(server.port),
            user=server.user,
            sender=server.sender,
            reply_to=server.reply_to,
        )

    def server(self) -> MailServer:
        """What was typed; an empty port is the usual one."""
        tls = Tls(self.tls.data)
        port = self.port.data or str(PORTS[tls])
        return MailServer(
            host=self.host.data,
            port=int(port) if port.isascii() and port.isdigit() else 0,
            tls=tls,
            user=self.user.data,
            password=self.password.data or "",
            sender=self.sender.data,
            reply_to=self.reply_to.data,
        )


class GatewayForm(forms.PageForm):
    """What carries texts."""

    kind = forms.one_of(N_("How do texts go out?"), notice_words.GATEWAY_KIND)
    url = forms.secret_kept(N_("Address of the gateway"))
    secret = forms.secret_kept(N_("Key for a web hook"))
    answers = forms.tick(N_("Our gateway passes answers on to us"))

    @classmethod
    def showing(cls, view: GatewayView | None) -> "GatewayForm":
        """As it is set, without its keys."""
        return cls() if view is None else cls(kind=str(view.kind), answers=view.answers)

    def gateway(self) -> Gateway:
        """What was typed; an empty address stays as it is."""
        return Gateway(
            kind=GatewayKind(self.kind.data),
            url=(self.url.data or "").strip(),
            secret=(self.secret.data or "").strip(),
            answers=bool(self.answers.data),
        )


class ChatAddressForm(forms.PageForm):
    """Her own address in the chat."""

    address = forms.line(N_("Your address there"), required=True, limit=200)


class ChatCodeForm(forms.PageForm):
    """The digits that came there."""

    code = forms.line(N_("The six digits that came there"), required=True, limit=20)


class ChatForm(forms.PageForm):
    """The chat by which people are written to."""

    name = forms.line(N_("Which chat?"), required=True, limit=LONGEST_NAME)
    url = forms.secret_kept(N_("Its Apprise address"))
    hint = forms.line(N_("What do people write as their address there?"), limit=LONGEST_HINT)

    @classmethod
    def showing(cls, view: ChatServiceView | None) -> "ChatForm":
        """As it is set, without its keys."""
        return cls() if view is None else cls(name=view.name, hint=view.hint)

    def service(self) -> ChatService:
        """What was typed; an empty address stays as it is."""
        return ChatService(name=self.name.data, hint=self.hint.data or "", url=(self.url.data or "").strip())


class RoomForm(forms.PageForm):
    """The group's own room."""

    url = forms.secret_kept(N_("Apprise address of the room"))
    urgent = forms.tick(N_("Tell the room by itself what is wanted today"))


class TryChatForm(forms.PageForm):
    """A test message."""

    to = forms.line(N_("Your own address there"), required=True, limit=200)


class TryTextForm(forms.PageForm):
    """A test text."""

    to = forms.line(N_("Your own mobile number"), required=True, limit=40)


class TryForm(forms.PageForm):
    """A test message."""

    to = forms.line(N_("Your own e-mail address"), required=True, limit=200)
