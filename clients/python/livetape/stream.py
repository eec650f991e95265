"""EventStream: reads a stream from ordinary, blocking programs."""

from __future__ import annotations

import socket
import threading
from http.client import HTTPException
from types import TracebackType
from typing import Generator, Iterator, Mapping, Optional, Type

from ._address import Parameters
from ._resume import Resuming, Token, is_event_stream
from .errors import LivetapeError
from .sse import EVENT_BYTES_MAX, Event, SseParser

READ_BYTES = 64 << 10

# What a connection gives: events, and then the seconds to wait before the next.
EventsThenDelay = Generator[Event, None, float]


class EventStream:
    """The events of a stream, for ever: it resumes by itself where it left off.

        for event in EventStream("/api/v1/sse/training"):
            print(event.json()["data"])

    `url` is an address or a path at `base_url`; `params` are added to its query. Whenever the
    stream ends or breaks it is asked for again, after the time the server names, with the id of the
    last event that was handed out, so that each record comes once. A `Gap` says that some are not
    to be had any more. Nothing at all for `heartbeat_timeout` seconds counts as broken.

    LivetapeError is raised for what will not pass (401, 403, 404, 421, 422 and the like; a token
    that has expired, unless `token` is a function that gives a fresh one), and after `retries`
    failures in a row (None: never); going on with the iteration asks once more. `control=True` also hands out connected, hello, ping,
    heartbeat, slow, drain and auth.

    One thread iterates; any may call close().
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
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._socket: Optional[socket.socket] = None
        self._events: Optional[Iterator[Event]] = None

    @property
    def last_event_id(self) -> Optional[str]:
        """The cursor after the last event handed out; keep it to go on in another run."""
        return self._resuming.last_event_id

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        if self._events is None:
            self._events = self._read()
        try:
            return next(self._events)
        except StopIteration:
            raise
        except BaseException:
            # A generator that has raised is over; the next one resumes.
            self._events = None
            raise

    def __enter__(self) -> EventStream:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the iteration, also from another thread."""
        self._closed.set()
        with self._lock:
            if self._socket is not None:
                try:
                    self._socket.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # it has gone by itself

    def _read(self) -> Iterator[Event]:
        while not self._closed.is_set():
            try:
                delay = yield from self._connect()
            except (OSError, HTTPException) as error:
                if self._closed.is_set():
                    return
                delay = self._resuming.lost(error)
            self._closed.wait(delay)

    def _connect(self) -> EventsThenDelay:
        address = self._resuming.address
        connection = address.connection(self._timeout)
        try:
            connection.connect()
            with self._lock:
                self._socket = connection.sock
            if self._closed.is_set():
                return 0.0
            path = address.path or "/"
            connection.request("GET", path, headers=self._resuming.request_headers())
            with connection.getresponse() as response:
                if response.status == 204:
                    self._closed.set()
                    return 0.0
                if response.status != 200:
                    return self._resuming.refused(
                        response.status,
                        response.reason,
                        response.read(READ_BYTES),
                        response.getheader("Retry-After"),
                    )
                if not is_event_stream(response.getheader("Content-Type")):
                    raise LivetapeError(200, f"{path} is no event stream")
                if self._socket is not None:
                    self._socket.settimeout(self._heartbeat_timeout)
                parser = SseParser(self._event_bytes_max)
                while True:
                    chunk = response.read1(READ_BYTES)
                    if not chunk or self._closed.is_set():
                        return self._resuming.ended()
                    yield from self._resuming.events(parser, chunk)
        finally:
            with self._lock:
                self._socket = None
            connection.close()
