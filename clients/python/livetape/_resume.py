"""What both readers do with a stream that ends, apart from reading it. No input or output."""

from __future__ import annotations

import logging
import random
from typing import Callable, Dict, Iterator, Mapping, Optional, Union

from ._address import Address, Parameters, bearer
from ._retry import seconds_of
from .errors import LivetapeError
from .sse import Event, Gap, SseParser, control_fields

log = logging.getLogger("livetape")

Token = Union[str, Callable[[], str], None]

# Handled here and of no interest to most who read; `control=True` shows them.
CONTROL = frozenset(("connected", "hello", "ping", "heartbeat", "slow", "drain", "auth"))
RETRY_MS = 3000
DELAY_MAX_S = 30.0
# Refusals that another try may not meet. All others are final.
PASSING = frozenset((408, 429, 500, 502, 503, 504))


class Resuming:
    """The cursor of one reader, how often it has failed, and what it asks the server for."""

    def __init__(
        self,
        url: str,
        token: Token,
        last_event_id: Optional[str],
        base_url: str,
        params: Optional[Parameters],
        headers: Optional[Mapping[str, str]],
        retries: Optional[int],
        control: bool,
    ) -> None:
        whole = url if "://" in url else base_url.rstrip("/") + "/" + url.lstrip("/")
        self.address = Address.parse(whole, params)
        self.last_event_id = last_event_id
        self.retry_ms = RETRY_MS
        self._token = token
        self._headers = dict(headers or {})
        self._retries = retries
        self._control = control
        self._failures = 0
        self._drained = False

    def request_headers(self) -> Dict[str, str]:
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-cache", **self._headers}
        token = self._token() if callable(self._token) else self._token
        if token is not None:
            headers["Authorization"] = bearer(token)
        if self.last_event_id:
            headers["Last-Event-ID"] = self.last_event_id
        return headers

    def events(self, parser: SseParser, chunk: bytes) -> Iterator[Event]:
        """The events to hand out. The cursor moves with each, so none is lost if it stops here."""
        self._failures = 0
        for event in parser.feed(chunk):
            if event.id is not None:
                self.last_event_id = event.id
            if event.event in CONTROL:
                self._handle(event, parser)
                if self._control:
                    yield event
            elif event.event == "gap":
                gap = Gap.of(event)
                log.warning("%s: gap (%s)", self.address.path, gap.reason)
                yield gap
            else:
                yield event
        if parser.last_event_id is not None:
            self.last_event_id = parser.last_event_id
        if parser.retry_ms is not None:
            self.retry_ms = parser.retry_ms

    def _handle(self, event: Event, parser: SseParser) -> None:
        if event.event == "drain":
            self._drained = True
        elif event.event == "slow":
            log.warning("%s: read too slowly, state skipped: %s", self.address.path, event.data)
        elif event.event == "auth" and not callable(self._token):
            # The same token would be refused; a callable may have another.
            reason = control_fields(event).get("reason", "refused")
            raise LivetapeError(401, f"token {reason}")

    def refused(self, status: int, reason: str, body: bytes, retry_after: Optional[str]) -> float:
        """Seconds until the next try; raises what is final."""
        error = LivetapeError.from_answer(status, reason, body)
        if status not in PASSING:
            raise error
        return max(self._failed(error), seconds_of(retry_after))

    def lost(self, error: BaseException) -> float:
        """No connection, or one that broke. Seconds until the next try."""
        detail = f"no stream from {self.address.host_field}: {error!r}"
        failure = LivetapeError(None, detail)
        failure.__cause__ = error
        return self._failed(failure)

    def ended(self) -> float:
        """A clean end. Seconds until the next try."""
        log.log(
            logging.DEBUG if self._drained else logging.INFO,
            "%s: ended, again in %d ms",
            self.address.path,
            self.retry_ms,
        )
        self._drained = False
        return self.retry_ms / 1000

    def _failed(self, error: LivetapeError) -> float:
        self._failures += 1
        if self._retries is not None and self._failures > self._retries:
            raise error
        doubled = self.retry_ms / 1000 * 2.0 ** min(self._failures - 1, 10)
        delay = max(self.retry_ms / 1000, min(DELAY_MAX_S, doubled) * random.uniform(0.5, 1.0))
        log.warning("%s: %s, again in %.1f s", self.address.path, error, delay)
        return delay


def is_event_stream(content_type: Optional[str]) -> bool:
    return (content_type or "").partition(";")[0].strip().lower() == "text/event-stream"
