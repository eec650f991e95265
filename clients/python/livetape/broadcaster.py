"""Broadcaster: publishes from ordinary, blocking programs."""

from __future__ import annotations

import logging
import os
import threading
import time
from http.client import HTTPConnection, HTTPException, HTTPResponse
from types import TracebackType
from typing import Any, Iterable, List, Mapping, Optional, Type

from . import _calls
from ._address import Address, bearer
from ._calls import Call
from ._retry import Tries
from .errors import LivetapeError

log = logging.getLogger("livetape")


class Broadcaster:
    """Publishes to livetape over one connection that stays open.

    Each call returns once the server has the record on disk. A lost connection, 429 and 503 are
    tried again up to `retries` times, for 10 to 20 s, with the same Idempotency-Key, so that
    nothing is kept twice; then, and for all else that is refused, LivetapeError is raised.
    `timeout` is in seconds, for connecting and for each wait for the server.

    Threads may share one; their calls wait for one another. A process that is forked while it
    holds one goes on with a connection of its own.
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
        self._lock = threading.Lock()
        self._connection: Optional[HTTPConnection] = None
        self._process = os.getpid()  # whose connection and lock these are
        self._pause = time.sleep

    def __enter__(self) -> Broadcaster:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection. A later call opens another."""
        if self._process != os.getpid():
            self._begin_in_child()
        with self._lock:
            self._disconnect()

    def send_training_progress(
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
        return _calls.id_of(self._call(_calls.training_progress(fields, extra)))

    def send_backtest_progress(
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
        return _calls.id_of(self._call(_calls.backtest_progress(fields, extra)))

    def send_risk_alert(
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
        return _calls.id_of(self._call(_calls.risk_alert(fields, extra)))

    def send_dashboard_update(self, update_type: str, data: Any, account: str = "paper") -> None:
        """State: update_type metrics, positions, orders or market; only its newest value counts."""
        self._call(_calls.dashboard_update(update_type, data, account))

    def send_user_event(
        self,
        event: str,
        data: Mapping[str, Any],
        user_id: Optional[str] = None,
        user_ids: Optional[Iterable[str]] = None,
        broadcast: bool = False,
    ) -> List[Optional[str]]:
        """To one user, to several, or to all: an id for each user, one for a broadcast."""
        call = _calls.user_event(event, data, user_id, user_ids, broadcast)
        return _calls.ids_of(self._call(call))

    def publish(
        self,
        topic: str,
        data: Any,
        type: str = "message",
        cls: str = "record",
        key: Optional[str] = None,
    ) -> Optional[str]:
        """The record's id; None for state (cls="state"), where data None deletes the key."""
        call = _calls.publish(_calls.record(topic, data, type, cls, key))
        return next(iter(_calls.ids_of(self._call(call))), None)

    def publish_many(self, records: Iterable[Mapping[str, Any]]) -> List[Optional[str]]:
        """Objects {"topic", "type", "data", "class", "key"}, in requests of up to 10,000.

        Each request is kept whole or not at all. `committed` of what is raised, be it LivetapeError
        or an error of the records themselves, has the ids of the requests before.
        """
        ids: List[Optional[str]] = []
        try:
            for call in _calls.publish_batches(records):
                ids += _calls.ids_of(self._call(call))
        except Exception as error:
            setattr(error, "committed", ids)
            raise
        return ids

    def _call(self, call: Call) -> Any:
        if self._process != os.getpid():
            self._begin_in_child()
        with self._lock:
            tries = Tries(self._retries)
            while True:
                reused = self._connection is not None
                try:
                    response = self._exchange(call)
                    body = response.read()
                except (OSError, HTTPException) as error:
                    self._disconnect()
                    delay = tries.after_loss(reused)
                    if delay is None:
                        detail = f"no answer from {self._address.host_field}: {error!r}"
                        raise LivetapeError(None, detail) from error
                    log.debug("%s: %r, again in %.1f s", call.path, error, delay)
                    self._wait(delay)
                    continue
                if 200 <= response.status < 300:
                    return _calls.answer_of(response.status, body)
                delay = tries.after_status(response.status, response.getheader("Retry-After"))
                if delay is None:
                    raise LivetapeError.from_answer(response.status, response.reason, body)
                log.warning("%s: %d, again in %.1f s", call.path, response.status, delay)
                self._wait(delay)

    def _begin_in_child(self) -> None:
        # What the parent's threads hold stays theirs: two on one connection would read each other's
        # answers, and a lock that was held at the fork is never released here.
        self._lock = threading.Lock()
        self._disconnect()  # closes this process's end only
        self._process = os.getpid()

    def _exchange(self, call: Call) -> HTTPResponse:
        if self._connection is None:
            self._connection = self._address.connection(self._timeout)
        connection = self._connection
        path = self._address.path + call.path
        try:
            connection.request("POST", path, call.body, call.headers(self._authorization))
        except (BrokenPipeError, ConnectionResetError):
            # A refusal that did not wait for the whole body says more than the broken pipe.
            return connection.getresponse()
        response = connection.getresponse()
        if response.will_close:
            self._connection = None
        return response

    def _wait(self, delay: float) -> None:
        if delay > 0:
            self._pause(delay)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
