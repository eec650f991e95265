"""AsyncEventStream: reads a stream from asyncio programs."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import AsyncGenerator, AsyncIterator, Iterator, Mapping, Optional, Type

from ._address import Parameters
from ._async_http import READ_BYTES, AsyncConnection, AsyncResponse
from ._resume import Resuming, Token, is_event_stream
from .errors import LivetapeError
from .sse import EVENT_BYTES_MAX, Event, SseParser


class AsyncEventStream:
    """`EventStream` for asyncio: the same arguments and promises.

    async with AsyncEventStream("/api/v1/sse/training") as stream:
        async for event in stream:
            print(event.json()["data"])
    """

    def __init__(
        self,
        url: str,
        token: Token = None,
        last_event_id: Optional[str] = None,
        *,
        base_url: str = "http://127.0.0.1:8000",
        params: Optional[Parameters] = None,
        headers: Optional[Mapping[str, str]] = None,
        heartbeat_timeout: float = 45,
        timeout: float = 10,
        retries: Optional[int] = None,
        control: bool = False,
        event_bytes_max: int = EVENT_BYTES_MAX,
    ) -> None:
        self._resuming = Resuming(
            url, token, last_event_id, base_url, params, headers, retries, control
        )
        self._heartbeat_timeout = heartbeat_timeout
        self._timeout = timeout
        self._event_bytes_max = event_bytes_max
        self._connection: Optional[AsyncConnection] = None
        self._closed = False
        self._chunks: Optional[AsyncGenerator[Iterator[Event], None]] = None
        self._events: Optional[Iterator[Event]] = None  # of the chunk at hand
        # What reads the next chunk, and how many wait for it.
        self._more: Optional[asyncio.Task[Iterator[Event]]] = None
        self._waiting = 0
        # While it waits for its next try; close() ends the wait.
        self._rest: Optional[asyncio.Future[None]] = None

    @property
    def last_event_id(self) -> Optional[str]:
        """The cursor after the last event handed out; keep it to go on in another run."""
        return self._resuming.last_event_id

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        while True:
            if self._events is not None:
                try:
                    for event in self._events:
                        return event
                except LivetapeError:
                    await self._begin_anew()
                    raise
                self._events = None
            if self._more is None:
                self._more = asyncio.ensure_future(self._go_on())
            more = self._more
            self._waiting += 1
            try:
                # Who waits may be cancelled, as by asyncio.wait_for; the connection stays, and what
                # comes is there for the next call.
                await asyncio.wait((more,))
            finally:
                self._waiting -= 1
            if self._more is more:
                self._more = None
                self._events = more.result()

    async def _go_on(self) -> Iterator[Event]:
        if self._chunks is None:
            self._chunks = self._read()
        try:
            return await self._chunks.__anext__()
        except StopAsyncIteration:
            raise
        except BaseException:
            # A generator that has raised is over; the next one resumes.
            self._chunks = None
            raise

    async def _begin_anew(self) -> None:
        self._events = None
        chunks, self._chunks = self._chunks, None
        if chunks is not None:
            await chunks.aclose()

    async def __aenter__(self) -> AsyncEventStream:
        return self

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the iteration, also from another task; at once while it waits."""
        self._closed = True
        if self._rest is not None and not self._rest.done():
            self._rest.set_result(None)
        self._disconnect()
        if self._more is not None and self._waiting == 0:
            more, self._more = self._more, None
            more.cancel()
            await asyncio.gather(more, return_exceptions=True)

    async def _read(self) -> AsyncGenerator[Iterator[Event], None]:
        while not self._closed:
            parser = SseParser(self._event_bytes_max)
            try:
                response = await asyncio.wait_for(self._connect(), self._timeout)
                delay = await self._refused(response)
                while delay is None:
                    chunk = await asyncio.wait_for(response.read_some(), self._heartbeat_timeout)
                    if self._closed:
                        return
                    if not chunk:
                        delay = self._resuming.ended()
                        break
                    yield self._resuming.events(parser, chunk)
            except (OSError, asyncio.TimeoutError) as error:
                if self._closed:
                    return
                delay = self._resuming.lost(error)
            finally:
                self._disconnect()
            if not self._closed:
                await self._wait(delay)

    async def _wait(self, delay: float) -> None:
        self._rest = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(self._rest, delay)
        except asyncio.TimeoutError:
            pass  # nobody has closed it
        finally:
            self._rest = None

    async def _connect(self) -> AsyncResponse:
        address = self._resuming.address
        self._connection = await AsyncConnection.open(address)
        if self._closed:
            raise ConnectionError("closed while it connected")
        return await self._connection.request("GET", address.path, self._resuming.request_headers())

    async def _refused(self, response: AsyncResponse) -> Optional[float]:
        """None: it is a stream. Else the seconds until the next try."""
        if response.status == 204:
            self._closed = True
            return 0.0
        if response.status == 200:
            if not is_event_stream(response.headers.get("content-type")):
                raise LivetapeError(200, f"{self._resuming.address.path} is no event stream")
            return None
        body = await asyncio.wait_for(response.read_some(), self._timeout)
        return self._resuming.refused(
            response.status, response.reason, body[:READ_BYTES], response.headers.get("retry-after")
        )

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
