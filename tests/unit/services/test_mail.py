"""Mail against a real server: what it looks like, and everything a server may say or leave unsaid."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from node.domain.notices.answers import Outcome, Refusal, Stage, next_try, outcome
from node.domain.notices.envelope import Content, envelope
from node.domain.notices.mail import MailServer, Tls, faults
from node.domain.notices.notice import State, Way
from node.errors import Invalid, Locked, NotAllowed
from node.services.notices.carrying import Line, Parcel
from node.services.notices.smtp import Smtp
from node.store import notices as rows
from node.store import persons
from tests.harness.mailroom import GROUP, TODAY, URL, Mailroom, mailroom
from tests.harness.post_office import PASSWORD, SENDER, USER, Mail

SAM = "sam.pretend@example.net"
KIM = "kim.pretend@example.net"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Mailroom]:
    async with mailroom(tmp_path) as opened:
        yield opened


async def one_waits(room: Mailroom, address: str = SAM, name: str = "Sam Pretend") -> None:
    """A volunteer for whom something is wanted today."""
    await room.helper(address, name)
    await room.office.need("groceries", urgency=TODAY)
    await room.notices.find()


async def states(room: Mailroom) -> list[tuple[str, str]]:
    async with room.office.db.read() as tx:
        return sorted(
            (str(row.notice.state), row.notice.answer) for row in await rows.listed(tx, list(State), 99)
        )


# --- what a filter of spam looks at


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data.split()


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_a_message_passes_the_checks_of_a_spam_filter(room: Mailroom, language: str) -> None:
    await room.helper(SAM, languages=(language,))
    await room.office.need("groceries", urgency=TODAY)
    await room.office.need("lift")
    assert await room.turn() == 2
    for mail in room.post.mails:
        _check(mail, language)
    assert len({mail.message["Message-ID"] for mail in room.post.mails}) == 2


def _check(mail: Mail, language: str) -> None:
    message = mail.message
    # Every header that must be there is, once; nothing is folded wrongly or too long (RFC 5322, 2.1.1).
    for name in (
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
        "List-Id",
        "List-Unsubscribe",
    ):
        assert len(message.get_all(name, [])) == 1, name
    assert message.defects == []
    assert all(len(line) <= 998 for line in mail.raw.split(b"\r\n"))
    assert max(len(line) for line in mail.raw.split(b"\r\n")) <= 200
    mail.raw.decode("ascii")
    # One domain: envelope, From, Message-ID, List-Id (SPF and DKIM align under DMARC).
    assert mail.sender == SENDER
    assert message["From"].addresses[0].addr_spec == SENDER
    assert message["From"].addresses[0].display_name == GROUP
    assert re.fullmatch(r"<[A-Za-z0-9_-]{22}@example\.org>", message["Message-ID"])
    assert message["List-Id"] == "<notices.example.org>"
    # One recipient, and nobody else's address anywhere.
    assert mail.to == (SAM,)
    assert message["To"].addresses[0].addr_spec == SAM
    assert message["Cc"] is None
    assert message["Bcc"] is None
    # It says that a machine wrote it, and how to end it with one request (RFC 3834, 8058).
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(rf"<{re.escape(URL)}/n/[A-Za-z0-9_-]{{22}}>", message["List-Unsubscribe"])
    assert parsedate_to_datetime(message["Date"]).astimezone(UTC).year == 2026
    # A subject as a person writes it.
    subject = message["Subject"]
    assert 5 < len(subject) <= 78
    assert not subject.isupper()
    assert "!" not in subject
    # Text and HTML, in that order, saying the same; neither fetches anything or tells that it was opened.
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    html = _Html()
    html.feed(mail.part("html"))
    tags = {tag for tag, _ in html.tags}
    assert not tags & {"img", "script", "link", "iframe", "object", "form", "style", "audio", "video"}
    attributes = {name for _, given in html.tags for name in given}
    assert not attributes & {"src", "background", "srcset", "onload"}
    assert "url(" not in mail.part("html")
    links = [given["href"] for tag, given in html.tags if tag == "a"]
    assert links
    assert all(link and link.startswith(f"{URL}/") for link in links)
    assert all(str(link) in mail.part("plain") for link in links)
    given = dict(html.tags)["html"]
    assert (given["lang"], given["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert message["Content-Language"] == language
    said = [
        word for word in mail.part("plain").split() if not word.startswith("http") and word not in ("*", "--")
    ]
    assert {word.strip(":") for word in said} <= {word.strip(":") for word in html.words}
    # Its text is mostly text.
    assert len(" ".join(said)) > 100


async def test_the_senders_name_cannot_begin_a_header_of_its_own() -> None:
    server = MailServer(host="localhost", port=25, tls=Tls.NONE, sender=SENDER)
    made = envelope(
        server,
        'Knowle "N" <x@y.example>\r\nBcc: everybody@example.org',
        SAM,
        Content(language="en", subject="Wanted\r\nBcc: all@example.org", text="a", html="<p>a</p>"),
        notice_id="x" * 22,
        created_at=1,
    )
    message = Mail("", (), made).message
    assert message["Bcc"] is None
    assert message["From"].addresses[0].addr_spec == SENDER
    assert len(message["From"].addresses) == 1


# --- the way there


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.TLS])
async def test_over_tls_with_a_password(tmp_path: Path, tls: Tls) -> None:
    async with mailroom(tmp_path, tls=tls, sign_in=True) as room:
        await one_waits(room)
        assert await room.notices.deliver() == 1
        assert room.post.secure == [True]
        assert room.post.signed_in == [USER]
        disk = b"".join(path.read_bytes() for path in room.office.folder.iterdir() if path.is_file())
        assert PASSWORD.encode() not in disk
        assert SAM.encode() not in disk


async def test_a_certificate_that_nobody_vouches_for_gets_no_password(tmp_path: Path) -> None:
    async with mailroom(tmp_path, tls=Tls.STARTTLS, sign_in=True, carrier=Smtp()) as room:
        await one_waits(room)
        assert await room.notices.deliver() == 0
        assert room.post.signed_in == []
        assert await states(room) == [("waiting", "")]


async def test_a_server_without_starttls_is_told_nothing(tmp_path: Path) -> None:
    async with mailroom(tmp_path) as room:
        server = room.post.server(tls=Tls.STARTTLS, user=USER, password=PASSWORD)
        await room.notices.mail.change(room.office.admin, server)
        await one_waits(room)
        assert await room.notices.deliver() == 0
        assert room.post.mails == []


# --- what it says


async def test_not_now_is_tried_again_with_growing_waits(room: Mailroom) -> None:
    await one_waits(room)
    room.post.refuses[SAM] = "451 4.2.0 greylisted"
    assert await room.notices.deliver() == 0
    assert await states(room) == [("waiting", "recipient_451")]
    assert await room.notices.deliver() == 0
    tried: list[int] = []
    for minute in range(60):
        room.office.clock.advance(minutes=1)
        async with room.office.db.read() as tx:
            before = (await rows.listed(tx, [State.WAITING], 1))[0].notice.tries
        await room.notices.deliver()
        async with room.office.db.read() as tx:
            if (await rows.listed(tx, [State.WAITING], 1))[0].notice.tries > before:
                tried.append(minute)
    gaps = [after - before for before, after in pairwise(tried)]
    assert 3 <= len(tried) <= 6
    assert gaps == sorted(gaps)
    room.post.refuses.clear()
    room.office.clock.advance(hours=5)
    assert await room.notices.deliver() == 1


async def test_an_address_that_does_not_work_is_marked_and_another_one_lifts_it(room: Mailroom) -> None:
    person = await room.helper(SAM)
    await room.helper(KIM, "Kim Pretend")
    await room.office.need("groceries", urgency=TODAY)
    room.post.refuses[SAM] = f"550 5.1.1 <{SAM}> unknown"
    assert await room.turn() == 1
    assert await states(room) == [("failed", "recipient_550"), ("sent", "")]
    assert (await room.notices.choices(person)).bounced
    assert await room.notices.failing() == 1
    assert [each[0] for each in (await room.notices.outbox(room.office.ana)).addresses] == [person]
    await room.office.need("lift", urgency=TODAY)
    assert await room.turn() == 1
    assert room.post.to(SAM) == []
    await change_address(room, person, "sam@example.net")
    assert not (await room.notices.choices(person)).bounced
    await room.office.need("phone_call", urgency=TODAY)
    assert await room.turn() == 3
    assert len(room.post.to("sam@example.net")) == 2, "also what came while nobody could write to her"


async def change_address(room: Mailroom, person: str, address: str) -> None:
    desk = room.office.desk
    async with desk.db.write() as tx:
        held = await persons.get(tx, person)
        assert held is not None
        await persons.update(tx, desk.person_row(held, replace(desk.open_person(held), email=address)))


async def test_one_bad_address_keeps_nobody_waiting(room: Mailroom) -> None:
    for number in range(4):
        await room.helper(f"made.up{number}@example.net", f"Sam Pretend{number}")
    room.post.refuses["made.up1@example.net"] = "553 5.1.3 no such thing"
    room.post.refuses["made.up2@example.net"] = "450 4.2.1 later"
    await room.office.need("groceries", urgency=TODAY)
    assert await room.turn() == 2
    assert {mail.to[0] for mail in room.post.mails} == {"made.up0@example.net", "made.up3@example.net"}


async def test_down_then_up_nothing_is_lost_and_nothing_comes_twice(room: Mailroom) -> None:
    for number in range(5):
        await room.helper(f"made.up{number}@example.net", f"Sam Pretend{number}")
    await room.office.need("groceries", urgency=TODAY)
    await room.post.close()
    await room.turn()
    assert (await room.notices.outbox(room.office.ana)).trouble == {Way.EMAIL}
    async with room.office.db.read() as tx:
        assert sum(row.notice.tries for row in await rows.listed(tx, [State.WAITING], 9)) == 0
    await room.post.open()
    assert await room.notices.deliver() == 0, "it is not asked again at once"
    room.office.clock.advance(minutes=2)
    assert await room.notices.deliver() == 5
    assert len({mail.to for mail in room.post.mails}) == len(room.post.mails) == 5
    assert not (await room.notices.outbox(room.office.ana)).trouble


async def test_a_wrong_password_marks_nobodys_address(tmp_path: Path) -> None:
    async with mailroom(tmp_path, tls=Tls.TLS, sign_in=True) as room:
        await room.notices.mail.change(room.office.admin, room.post.server(user=USER, password="wrong"))
        await one_waits(room)
        assert await room.notices.deliver() == 0
        assert await states(room) == [("waiting", "")]
        await room.notices.mail.change(room.office.admin, room.post.server(user=USER, password=PASSWORD))
        room.office.clock.advance(minutes=16)
        assert await room.notices.deliver() == 1


class Killed(BaseException):
    """As a process that is ended."""


class DiesAfterTheYes(Smtp):
    """The server took it, and before anything is noted there is no process any more."""

    deadly = True

    @asynccontextmanager
    async def open(self, server: MailServer) -> AsyncIterator[Line]:
        async with super().open(server) as line:
            yield _Deadly(line, self)


class _Deadly:
    def __init__(self, line: Line, of: DiesAfterTheYes) -> None:
        self._line, self._of = line, of

    async def send(self, parcel: Parcel) -> None:
        await self._line.send(parcel)
        if self._of.deadly:
            raise Killed


async def test_killed_between_the_yes_and_the_note_it_goes_twice_under_one_message_id(tmp_path: Path) -> None:
    carrier = DiesAfterTheYes()
    async with mailroom(tmp_path, carrier=carrier) as room:
        await one_waits(room)
        with pytest.raises(Killed):
            await room.notices.deliver()
        carrier.deadly = False
        assert await room.notices.deliver() == 1
        assert await room.notices.deliver() == 0
        first, second = room.post.to(SAM)
        assert first.message["Message-ID"] == second.message["Message-ID"]
        assert first.raw == second.raw


# --- its settings


async def test_settings_are_checked_and_kept_sealed(room: Mailroom) -> None:
    mail, admin = room.notices.mail, room.office.admin
    with pytest.raises(Invalid) as wrong:
        await mail.change(admin, MailServer(host="a b", port=0, tls=Tls.NONE, sender="nobody"))
    assert set(wrong.value.fields) == {"host", "port", "tls", "sender"}
    with pytest.raises(NotAllowed):
        await mail.shown(room.office.ana)
    await mail.change(admin, room.post.server(user=USER, password=PASSWORD))
    await mail.change(admin, room.post.server(user=USER, reply_to="desk@example.org"), keep_password=True)
    async with room.office.db.read() as tx:
        opened = await mail.opened(tx)
    assert opened is not None
    assert opened.password == PASSWORD
    await mail.change(admin, room.post.server(host="localhost", user=USER), keep_password=True)
    async with room.office.db.read() as tx:
        opened = await mail.opened(tx)
    assert opened is not None
    assert opened.password == "", "another server is told no old secret"
    room.office.lock()
    async with room.office.db.read() as tx:
        with pytest.raises(Locked):
            await mail.opened(tx)


async def test_without_encryption_only_this_machine() -> None:
    far = MailServer(host="mail.example.org", port=25, tls=Tls.NONE, sender=SENDER)
    assert faults(far) == {"tls": "open_way"}
    assert faults(MailServer(host="mail.example.org", port=587, tls=Tls.STARTTLS, sender=SENDER)) == {}


@pytest.mark.parametrize(
    ("refusal", "what"),
    [
        (Refusal(stage=Stage.CONNECT), Outcome.ALL_LATER),
        (Refusal(stage=Stage.SIGN_IN, code=535), Outcome.ALL_LATER),
        (Refusal(stage=Stage.SENDER, code=553), Outcome.ALL_LATER),
        (Refusal(stage=Stage.RECIPIENT, code=450), Outcome.LATER),
        (Refusal(stage=Stage.RECIPIENT, code=550), Outcome.BOUNCED),
        (Refusal(stage=Stage.RECIPIENT, code=552), Outcome.NEVER),
        (Refusal(stage=Stage.CONTENT, code=451), Outcome.LATER),
        (Refusal(stage=Stage.CONTENT, code=554), Outcome.NEVER),
    ],
)
def test_what_an_answer_means(refusal: Refusal, what: Outcome) -> None:
    assert outcome(refusal) is what


def test_waits_grow_and_end_growing() -> None:
    waits = [next_try(0, tries, 0.5) for tries in range(1, 14)]
    assert waits == sorted(waits)
    assert waits[0] == 60
    assert waits[-1] == 4 * 3600
