"""HTTP/1.1 over asyncio's streams: as much as talking to livetape needs."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Dict, List, Mapping, Optional

from ._address import Address

HEAD_BYTES_MAX = 64 << 10
READ_BYTES = 64 << 10
HEX_DIGITS = frozenset(b"0123456789abcdefABCDEF")


class HttpError(ConnectionError):
    """What came was not HTTP/1.1, or ended too early."""


class AsyncResponse:
    def __init__(self, reader: asyncio.StreamReader, head: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        version, _, rest = lines[0].partition(" ")
        code, _, self.reason = rest.partition(" ")
        if not version.startswith("HTTP/1.") or len(code) != 3 or not code.isdigit():
            raise HttpError(f"no HTTP answer: {lines[0][:60]!r}")
        self.status = int(code)
        self.headers: Dict[str, str] = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if colon:
                self.headers[name.strip().lower()] = value.strip()
        self._reader = reader
        self._chunked = "chunked" in self.headers.get("transfer-encoding", "").lower()
        length = self.headers.get("content-length")
        self._left: Optional[int] = None  # of the body or of the chunk; None: until the end
        if self._chunked or self.status in (204, 304):
            self._left = 0
        elif length is not None:
            if not length.isdigit():
                raise HttpError(f"no Content-Length: {length[:20]!r}")
            self._left = int(length)
        self._ended = self._left == 0 and not self._chunked
        self._first_chunk = True
        closes = "close" in self.headers.get("connection", "").lower()
        self.keeps_open = version == "HTTP/1.1" and not closes and self._left is not None

    async def read_some(self) -> bytes:
        """The next bytes of the body as they come; empty at its end."""
        if self._ended:
            return b""
        if self._chunked and self._left == 0:
            self._left = await self._chunk_size()
            if self._left == 0:
                while await self._line():  # trailers
                    pass
                self._ended = True
                return b""
        most = READ_BYTES if self._left is None else min(READ_BYTES, self._left)
        got = await self._reader.read(most)
        if self._left is None:
            self._ended = not got
            return got
        if not got:
            raise HttpError("the answer ended too early")
        self._left -= len(got)
        self._ended = self._left == 0 and not self._chunked
        return got

    async def read(self) -> bytes:
        parts: List[bytes] = []
        while True:
            part = await self.read_some()
            if not part:
                return b"".join(parts)
            parts.append(part)

    async def _chunk_size(self) -> int:
        if not self._first_chunk and await self._line():
            raise HttpError("a chunk is longer than its size")
        self._first_chunk = False
        text = (await self._line()).split(b";")[0].strip()
        # int() would also take a sign, which the size of a chunk has not.
        if not text or not set(text) <= HEX_DIGITS:
            raise HttpError(f"no size of a chunk: {text[:20]!r}")
        return int(text, 16)

    async def _line(self) -> bytes:
        return (await _until(self._reader, b"\n")).rstrip(b"\r\n")


class AsyncConnection:
    """One connection; one request at a time. A request that did not end well closes it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str):
        self._reader = reader
        self._writer = writer
        self._host = host

    @classmethod
    async def open(cls, address: Address) -> AsyncConnection:
        reader, writer = await asyncio.open_connection(
            address.host, address.port, ssl=address.tls(), limit=HEAD_BYTES_MAX
        )
        return cls(reader, writer, address.host_field)

    async def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> AsyncResponse:
        fields = {"Host": self._host, **headers}
        if body:
            fields["Content-Length"] = str(len(body))
        lines = [f"{method} {path or '/'} HTTP/1.1"]
        for name, value in fields.items():
            if any(c in "\r\n\0" for c in value):
                raise ValueError(f"the value of {name} has a line end in it")
            lines.append(f"{name}: {value}")
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        try:
            self._writer.write(head + body)
            await self._writer.drain()
        except (BrokenPipeError, ConnectionResetError):
            # A refusal that did not wait for the whole body says more than the broken pipe.
            pass
        while True:
            response = AsyncResponse(self._reader, await _until(self._reader, b"\r\n\r\n"))
            if response.status >= 200:
                return response

    def close(self) -> None:
        try:
            self._writer.close()
        except RuntimeError:
            # Its loop is over. The server is told; the rest goes with the last reference.
            with contextlib.suppress(OSError):
                self._writer.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


async def _until(reader: asyncio.StreamReader, end: bytes) -> bytes:
    try:
        return await reader.readuntil(end)
    except asyncio.IncompleteReadError:
        raise HttpError("the connection ended without an answer") from None
    except asyncio.LimitOverrunError:
        raise HttpError(f"more than {HEAD_BYTES_MAX} bytes without an end of line") from None
