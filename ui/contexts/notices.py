"""What the templates about messages to people are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from node.domain.settings.texts import Said
from node.services.alerts.choosing import AlertsView, StopView
from node.services.alerts.own_devices import OwnDevice
from node.services.notices.chat_settings import ChatServiceView
from node.services.notices.choosing import ChoicesView
from node.services.notices.notices import OutboxView
from node.services.notices.ringing import ToRing
from node.services.notices.room import RoomView
from node.services.notices.text_settings import GatewayView


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLinkPage:
    """`/n/<token>`"""

    token: str
    view: ChoicesView
    form: Any
    agrees: Said
    """What she says yes to by choosing a way."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDeviceRow:
    """One browser that shows what waits."""

    device: OwnDevice
    names: tuple[str, str]
    """Browser and system by their own names; empty where it did not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsPage:
    """`/devices/notices`"""

    view: AlertsView
    form: Any
    """The choices; None where nothing can ever be hers."""
    address: Any
    code: Any
    devices: Sequence[AlertDeviceRow] = ()
    failed: str = ""
    """What became of the last message, in words; empty where it went."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLinkPage:
    """`/n/desk/<token>`"""

    token: str
    view: StopView


@dataclass(frozen=True, slots=True, kw_only=True)
class Hers:
    """What to say, in her own language."""

    language: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RingLine:
    """One call to make, with what to say."""

    line: ToRing
    words: str
    hers: Hers | None
    """None where she speaks the reader's language, none of ours, or nobody has looked yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxPage:
    """`/notices`, and the calls of it to print."""

    view: OutboxView
    ring: Sequence[RingLine]
    locked: bool
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesPage:
    """`/settings/messages`"""

    form: Any
    test: Any
    view: GatewayView | None
    has_address: bool
    locked: bool
    problem: str = ""
    tried: str = ""
    """What came of a test text, in words."""
    tried_well: bool = False
    said: str = ""
    """The gateway's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage:
    """`/settings/mail`"""

    form: Any
    test: Any
    set: bool
    has_address: bool
    domain: str
    """Of the sender, for the lines of DNS; empty before one is set."""
    while_closed: bool = False
    """Coordinators are told while the records are closed, too."""
    problem: str = ""
    tried: str = ""
    """What came of a test message, in words."""
    tried_well: bool = False
    said: str = ""
    """The server's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPage:
    """`/settings/chat`"""

    form: Any
    test: Any
    room: Any
    """The form of the group's room."""
    room_view: RoomView | None
    view: ChatServiceView | None
    has_address: bool
    problem: str = ""
    tried: str = ""
    """What came of a test message, in words."""
    tried_well: bool = False
    said: str = ""
    """The service's own words."""
    tried_room: bool = False
    """The test went to the room."""
