"""Server-Sent Events: the parser of the HTML standard, section 9.2.6, and its events."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from typing import Any, List, Optional

from .errors import LivetapeError

EVENT_BYTES_MAX = 8 << 20
RETRY_MS_MAX = 300_000


@dataclass(frozen=True)
class Event:
    """One event. `id` is its own: None for those that carry none, as state does."""

    id: Optional[str]
    event: str
    data: str

    def json(self) -> Any:
        """The data as JSON; ValueError if it is none."""
        return json.loads(self.data)


@dataclass(frozen=True)
class Gap(Event):
    """Records after a cursor that are not to be had any more.

    reason: expired, unknown_epoch, malformed or future. What follows begins after `resumed_at`.
    """

    reason: str = ""
    requested: Optional[str] = None
    resumed_at: Optional[str] = None
    missed: Optional[int] = None

    @classmethod
    def of(cls, event: Event) -> Gap:
        fields = control_fields(event)
        return cls(
            event.id,
            event.event,
            event.data,
            str(fields.get("reason", "")),
            fields.get("requested"),
            fields.get("resumed_at"),
            fields.get("missed"),
        )


def control_fields(event: Event) -> dict[str, Any]:
    """The fields of a control event, bare or in a channel's envelope; empty if there are none."""
    try:
        fields = json.loads(event.data)
    except ValueError:
        return {}
    if isinstance(fields, dict) and isinstance(fields.get("data"), dict) and "event" in fields:
        fields = fields["data"]
    return fields if isinstance(fields, dict) else {}


class SseParser:
    """Turns the bytes of a stream, cut anywhere, into events.

    last_event_id: the cursor after what has been fed; None until the stream has named one.
    retry_ms: what the stream last asked for, or None.
    An event of more than `event_bytes_max` characters raises LivetapeError.
    """

    def __init__(self, event_bytes_max: int = EVENT_BYTES_MAX) -> None:
        self.last_event_id: Optional[str] = None
        self.retry_ms: Optional[int] = None
        self._event_bytes_max = event_bytes_max
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._begun = False
        self._after_cr = False
        self._line: List[str] = []  # pieces of a line that has not ended
        self._line_size = 0
        self._begin_event()

    def feed(self, chunk: bytes) -> List[Event]:
        """The events that `chunk` completes."""
        text = self._decoder.decode(chunk)
        if not text:
            return []
        if not self._begun:
            self._begun = True
            text = text[1:] if text[0] == "\ufeff" else text
        if self._after_cr and text.startswith("\n"):
            text = text[1:]
        # A CR ends its line at once; an LF that follows it in the next chunk is of the same end.
        self._after_cr = text.endswith("\r")
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        events = []
        for line in lines[:-1]:
            self._line.append(line)
            event = self._end_line("".join(self._line))
            self._line.clear()
            self._line_size = 0
            if event is not None:
                events.append(event)
        self._line.append(lines[-1])
        self._line_size += len(lines[-1])
        self._check_size()
        return events

    def _check_size(self) -> None:
        if self._line_size + self._data_size > self._event_bytes_max:
            raise LivetapeError(None, f"an event has more than {self._event_bytes_max} characters")

    def _begin_event(self) -> None:
        self._id: Optional[str] = None
        self._name = ""
        self._data: List[str] = []
        self._data_size = 0

    def _end_line(self, line: str) -> Optional[Event]:
        if not line:
            return self._end_event()
        if line[0] == ":":
            return None
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "data":
            self._data.append(value)
            self._line_size = 0
            self._data_size += len(value) + 1
            self._check_size()
        elif name == "event":
            self._name = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry_ms = int(value) if len(value) < 10 else RETRY_MS_MAX
            self.retry_ms = min(self.retry_ms, RETRY_MS_MAX)
        return None

    def _end_event(self) -> Optional[Event]:
        event = None
        if self._id is not None:
            self.last_event_id = self._id
        if self._data:
            event = Event(self._id, self._name or "message", "\n".join(self._data))
        self._begin_event()
        return event
