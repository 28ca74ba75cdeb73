"""Requests to addresses that strangers gave us (``node.ports.Outside``), with the same guard as requests to peers."""

import asyncio
import ssl
from collections.abc import Mapping, Sequence

import aiohttp
from yarl import URL

from federation.addresses import Address
from federation.connections import Connections, Resolve, checked_addresses, system_resolve
from federation.errors import PeerError
from federation.problems import wait_told
from node.ports import Answered, Misled

SECONDS = 10.0
"""For look-up, connection and answer together."""
LONGEST_ANSWER = 500


class ToOutside:
    """Every address of a name is held against the table first, and the connection goes to one that was checked.
    ``allow_private`` and ``tls`` are for tests."""

    def __init__(
        self,
        connections: Connections,
        *,
        resolve: Resolve = system_resolve,
        allow_private: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._connections = connections
        self._resolve = resolve
        self._allow_private = allow_private
        self._tls = tls

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """As ``Outside``."""
        try:
            async with asyncio.timeout(SECONDS):
                target = URL(url)
                addresses = await checked_addresses(target, self._resolve, allow_private=self._allow_private)
                return await self._post_to_one_of(addresses, target, body, headers)
        except PeerError as error:
            if error.code == "bad_address":
                raise Misled(str(error)) from error
            return Answered(status=0, said=str(error)[:LONGEST_ANSWER])
        except (aiohttp.ClientError, ssl.SSLError, OSError, ValueError) as error:
            return Answered(status=0, said=type(error).__name__)

    async def _post_to_one_of(
        self, addresses: Sequence[Address], url: URL, body: bytes, headers: Mapping[str, str]
    ) -> Answered:
        """The first that takes the connection."""
        for address in addresses[:-1]:
            try:
                return await self._post_to(address, url, body, headers)
            except aiohttp.ClientConnectorError:
                continue
        return await self._post_to(addresses[-1], url, body, headers)

    async def _post_to(self, address: Address, url: URL, body: bytes, headers: Mapping[str, str]) -> Answered:
        host = url.raw_host or ""
        async with self._connections.passing.post(
            url.with_host(str(address)),
            data=body,
            headers={**headers, "Host": host if url.is_default_port() else f"{host}:{url.port}"},
            skip_auto_headers=("User-Agent", "Accept-Encoding"),
            allow_redirects=False,
            server_hostname=host,
            ssl=self._tls or True,
        ) as answer:
            said = (await answer.content.read(LONGEST_ANSWER)).decode("utf-8", "replace")
            told = {name.lower(): value for name, value in answer.headers.items()}
            return Answered(status=answer.status, said=said, wait=wait_told(answer.status, told) or 0)
