"""The group's mail server: one row, its password sealed."""

from dataclasses import replace

from node.domain.notices.mail import MailServer, Tls
from node.store.db import Tx

ROW = "mail"


async def get(tx: Tx) -> tuple[MailServer, bytes] | None:
    """The server without its password, and the box with it; None where none is set."""
    async with tx.execute(
        "SELECT host, port, tls, username, sender, reply_to, sealed FROM mail_server WHERE id = ?", (ROW,)
    ) as cursor:
        row = await cursor.fetchone()
    if row is None:
        return None
    server = MailServer(
        host=row["host"],
        port=row["port"],
        tls=Tls(row["tls"]),
        user=row["username"],
        sender=row["sender"],
        reply_to=row["reply_to"],
    )
    return server, row["sealed"]


async def put(tx: Tx, server: MailServer, sealed: bytes) -> None:
    """In place of the one before."""
    bare = replace(server, password="")
    await tx.execute(
        "INSERT OR REPLACE INTO mail_server(id, host, port, tls, username, sender, reply_to, sealed) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        (ROW, bare.host, bare.port, bare.tls, bare.user, bare.sender, bare.reply_to, sealed),
    )


async def take_out(tx: Tx) -> bool:
    """No mail goes any more. Whether one was set."""
    return (await tx.execute("DELETE FROM mail_server")).rowcount == 1
