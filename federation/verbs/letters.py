"""``POST message`` and ``POST mailbox``: direct messages, sealed to somebody, brought by an active peer.

A message is kept or refused as a whole; what is inside is nobody's business here.
"""

from typing import Any

import orjson
from aiohttp import web

from federation.answering import Asked, Refusal, said
from federation.errors import LETTER_CODES, LetterRefused
from federation.ingest import Ingest
from federation.ports import Inbox, Mail
from protocol import canonical
from protocol.errors import LocalProtocolError
from protocol.limits import MAIL_PAGE, MAIL_PER_MEMBER, MESSAGE_BYTES

ID_CHARS = 22


class Lettering:
    """The two verbs; ``mail`` is None for a node that keeps no mail for others."""

    def __init__(self, ingest: Ingest, inbox: Inbox, mail: Mail | None) -> None:
        self._ingest = ingest
        self._inbox = inbox
        self._mail = mail

    async def message(self, asked: Asked) -> web.Response:
        """A direct message to us. From a group that we talk with no more it is kept while something of its own lies
        here, or of ours there: it may be the one that has it deleted, or says that it is. Which it is, only its
        recipient can tell."""
        await self._brings(asked, deletes=True)
        try:
            return said({"answer": await self._inbox.take(_sealed(asked.body, "message"), via=asked.origin)})
        except LetterRefused as refused:
            raise _refusal(refused) from refused

    async def mailbox(self, asked: Asked) -> web.Response:
        """Mail for a member is left here, fetched by the member, and then forgotten."""
        if self._mail is None:
            raise Refusal(404, "not_offered", "this node keeps no mail for others")
        try:
            match tuple(asked.body.items()):
                case (("put", _),):
                    await self._brings(asked, deletes=False)
                    answer = await self._mail.put(_sealed(asked.body, "put"), via=asked.origin)
                    return said({"answer": answer})
                case (("take", int() as limit),) if limit >= 1 and limit is not True:
                    page = await self._mail.waiting(asked.origin, limit=min(limit, MAIL_PAGE))
                    value = {
                        "mail": [{"from": sender, "message": orjson.loads(each)} for sender, each in page]
                    }
                    return web.Response(body=orjson.dumps(value), content_type="application/json")
                case (("done", list() as ids),) if (
                    all(type(each) is str and len(each) == ID_CHARS for each in ids)
                    and len(ids) <= MAIL_PER_MEMBER
                ):
                    return said({"done": await self._mail.done(asked.origin, ids)})
        except LetterRefused as refused:
            raise _refusal(refused) from refused
        raise Refusal(400, "bad_request", "exactly one of put (a message), take (a number), done (ids)")

    async def _brings(self, asked: Asked, *, deletes: bool) -> None:
        """A reader may ask for lines and bring nothing; nor does anybody that we talk with no more, but for what
        ``deletes``."""
        if (await self._ingest.follow_policy()).refusal(asked.origin) is None:
            return
        if not deletes or not await self._inbox.still_heard(asked.origin):
            raise Refusal(403, "not_a_peer", "our operators let this node read only")


def _sealed(body: dict[str, Any], name: str) -> bytes:
    if body.keys() != {name} or type(body[name]) is not dict:
        raise Refusal(400, "bad_request", f"{name} is a direct message")
    try:
        return canonical.encode(body[name], limit=MESSAGE_BYTES)
    except LocalProtocolError as fault:
        raise LetterRefused("too_large" if fault.code == "too_long" else "unreadable") from fault


def _refusal(refused: LetterRefused) -> Refusal:
    status, meaning = LETTER_CODES[refused.code]
    wait = None if refused.retry_after is None else int(refused.retry_after)
    return Refusal(status, refused.code, meaning, retry_after=wait)
