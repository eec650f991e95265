"""AsyncBroadcaster: publishes from asyncio programs."""

from __future__ import annotations

import asyncio
import logging
from types import TracebackType
from typing import Any, Iterable, List, Mapping, Optional, Tuple, Type

from . import _calls
from ._address import Address, bearer
from ._async_http import AsyncConnection, AsyncResponse
from ._calls import Call
from ._retry import Tries
from .errors import LivetapeError

log = logging.getLogger("livetape")


class AsyncBroadcaster:
    """`Broadcaster` for asyncio: the same calls and promises, as coroutines.

    One connection that stays open, no threads. Tasks may share one; their calls wait for one
    another. `timeout` is in seconds, for each try as a whole. A call that is cancelled may or may
    not have been kept. Each `asyncio.run` goes on with a connection of its own.
    """

    def __init__(
        self,
        base_url: str = "http://127.0.0.1:8000",
        token: Optional[str] = None,
        timeout: float = 10,
        retries: int = 8,
    ) -> None:
        self._address = Address.parse(base_url.rstrip("/"))
        self._authorization = bearer(token) if token is not None else None
        self._timeout = timeout
        self._retries = retries
        self._lock: Optional[asyncio.Lock] = None
        self._loop: Optional[asyncio.AbstractEventLoop] = None  # whose lock and connection these are
        self._connection: Optional[AsyncConnection] = None
        self._pause = asyncio.sleep

    async def __aenter__(self) -> AsyncBroadcaster:
        return self

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connection. A later call opens another."""
        async with self._turn():
            self._disconnect()

    async def send_training_progress(
        self,
        task_id: str,
        progress: float,
        status: str,
        message: Optional[str] = None,
        metrics: Optional[Mapping[str, Any]] = None,
        **extra: Any,
    ) -> Optional[str]:
        """progress 0-100; status queued, started, running, completed, failed or cancelled."""
        fields = {
            "task_id": task_id,
            "progress": progress,
            "status": status,
            "message": message,
            "metrics": metrics,
        }
        return _calls.id_of(await self._call(_calls.training_progress(fields, extra)))

    async def send_backtest_progress(
        self,
        backtest_id: str,
        progress: float,
        status: str,
        message: Optional[str] = None,
        current_date: Optional[str] = None,
        results: Optional[Mapping[str, Any]] = None,
        **extra: Any,
    ) -> Optional[str]:
        """progress 0-100; status as for training."""
        fields = {
            "backtest_id": backtest_id,
            "progress": progress,
            "status": status,
            "message": message,
            "current_date": current_date,
            "results": results,
        }
        return _calls.id_of(await self._call(_calls.backtest_progress(fields, extra)))

    async def send_risk_alert(
        self,
        alert_type: str,
        severity: str,
        message: str,
        metric_name: Optional[str] = None,
        metric_value: Optional[float] = None,
        threshold: Optional[float] = None,
        entity_type: Optional[str] = None,
        entity_id: Optional[str] = None,
        **extra: Any,
    ) -> Optional[str]:
        """severity low, medium, high or critical."""
        fields = {
            "alert_type": alert_type,
            "severity": severity,
            "message": message,
            "metric_name": metric_name,
            "metric_value": metric_value,
            "threshold": threshold,
            "entity_type": entity_type,
            "entity_id": entity_id,
        }
        return _calls.id_of(await self._call(_calls.risk_alert(fields, extra)))

    async def send_dashboard_update(
        self, update_type: str, data: Any, account: str = "paper"
    ) -> None:
        """State: update_type metrics, positions, orders or market; only its newest value counts."""
        await self._call(_calls.dashboard_update(update_type, data, account))

    async def send_user_event(
        self,
        event: str,
        data: Mapping[str, Any],
        user_id: Optional[str] = None,
        user_ids: Optional[Iterable[str]] = None,
        broadcast: bool = False,
    ) -> List[Optional[str]]:
        """To one user, to several, or to all: an id for each user, one for a broadcast."""
        call = _calls.user_event(event, data, user_id, user_ids, broadcast)
        return _calls.ids_of(await self._call(call))

    async def publish(
        self,
        topic: str,
        data: Any,
        type: str = "message",
        cls: str = "record",
        key: Optional[str] = None,
    ) -> Optional[str]:
        """The record's id; None for state (cls="state"), where data None deletes the key."""
        call = _calls.publish(_calls.record(topic, data, type, cls, key))
        return next(iter(_calls.ids_of(await self._call(call))), None)

    async def publish_many(self, records: Iterable[Mapping[str, Any]]) -> List[Optional[str]]:
        """Objects {"topic", "type", "data", "class", "key"}, in requests of up to 10,000.

        Each request is kept whole or not at all. `committed` of what is raised, be it LivetapeError
        or an error of the records themselves, has the ids of the requests before.
        """
        ids: List[Optional[str]] = []
        try:
            for call in _calls.publish_batches(records):
                ids += _calls.ids_of(await self._call(call))
        except Exception as error:
            setattr(error, "committed", ids)
            raise
        return ids

    async def _call(self, call: Call) -> Any:
        async with self._turn():
            tries = Tries(self._retries)
            while True:
                reused = self._connection is not None
                try:
                    response, body = await asyncio.wait_for(self._exchange(call), self._timeout)
                except (OSError, asyncio.TimeoutError) as error:
                    self._disconnect()
                    delay = tries.after_loss(reused)
                    if delay is None:
                        detail = f"no answer from {self._address.host_field}: {error!r}"
                        raise LivetapeError(None, detail) from error
                    log.debug("%s: %r, again in %.1f s", call.path, error, delay)
                    await self._wait(delay)
                    continue
                except BaseException:
                    # Cancelled: half an answer must not be the next call's.
                    self._disconnect()
                    raise
                if 200 <= response.status < 300:
                    return _calls.answer_of(response.status, body)
                delay = tries.after_status(response.status, response.headers.get("retry-after"))
                if delay is None:
                    raise LivetapeError.from_answer(response.status, response.reason, body)
                log.warning("%s: %d, again in %.1f s", call.path, response.status, delay)
                await self._wait(delay)

    async def _exchange(self, call: Call) -> Tuple[AsyncResponse, bytes]:
        if self._connection is None:
            self._connection = await AsyncConnection.open(self._address)
        path = self._address.path + call.path
        headers = call.headers(self._authorization)
        response = await self._connection.request("POST", path, headers, call.body)
        body = await response.read()
        if not response.keeps_open:
            self._disconnect()
        return response, body

    def _turn(self) -> asyncio.Lock:
        # Lock and connection serve one loop alone.
        loop = asyncio.get_running_loop()
        if self._lock is None or self._loop is not loop:
            self._disconnect()
            self._lock = asyncio.Lock()
            self._loop = loop
        return self._lock

    async def _wait(self, delay: float) -> None:
        if delay > 0:
            await self._pause(delay)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
