"""Publishes to and reads from livetape. Standard library only.

`Broadcaster` and `AsyncBroadcaster` publish; `EventStream` and `AsyncEventStream` read.
"""

from .async_broadcaster import AsyncBroadcaster
from .async_stream import AsyncEventStream
from .broadcaster import Broadcaster
from .errors import LivetapeError
from .sse import Event, Gap, SseParser
from .stream import EventStream

__all__ = [
    "AsyncBroadcaster",
    "AsyncEventStream",
    "Broadcaster",
    "Event",
    "EventStream",
    "Gap",
    "LivetapeError",
    "SseParser",
]
__version__ = "0.1.0"
