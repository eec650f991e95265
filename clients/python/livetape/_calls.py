"""The calls of the publishing API as values: what is sent, and what the answer means."""

from __future__ import annotations

import datetime
import decimal
import json
import uuid
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional

from .errors import LivetapeError

# One request of publish_many: the server takes 10,000 records and 8 MiB.
RECORDS_MAX = 10_000
BATCH_BYTES = 4 << 20

JSON = "application/json"
NDJSON = "application/x-ndjson"


@dataclass(frozen=True)
class Call:
    path: str
    body: bytes
    content_type: str = JSON
    # The same on every try, so that a retry never doubles a record.
    key: str = field(default_factory=lambda: str(uuid.uuid4()))

    def headers(self, authorization: Optional[str]) -> Dict[str, str]:
        headers = {
            "Content-Type": self.content_type,
            "Idempotency-Key": self.key,
            "Accept": "application/json",
        }
        if authorization is not None:
            headers["Authorization"] = authorization
        return headers


def training_progress(fields: Mapping[str, Any], extra: Mapping[str, Any]) -> Call:
    return Call("/api/v1/sse/training", _json(_given(fields, extra)))


def backtest_progress(fields: Mapping[str, Any], extra: Mapping[str, Any]) -> Call:
    return Call("/api/v1/sse/backtest", _json(_given(fields, extra)))


def risk_alert(fields: Mapping[str, Any], extra: Mapping[str, Any]) -> Call:
    return Call("/api/v1/sse/alerts", _json(_given(fields, extra)))


def dashboard_update(update_type: str, data: Any, account: str) -> Call:
    body = {"update_type": update_type, "data": data, "account": account}
    return Call("/api/v1/sse/dashboard", _json(body))


def user_event(
    event: str,
    data: Mapping[str, Any],
    user_id: Optional[str],
    user_ids: Optional[Iterable[str]],
    broadcast: bool,
) -> Call:
    if isinstance(user_ids, str):
        raise TypeError("user_ids is a list of users; for one user give user_id")
    to: Dict[str, Any] = {}
    if user_id is not None:
        to["user_id"] = user_id
    if user_ids is not None:
        to["user_ids"] = list(user_ids)
    if broadcast:
        to["broadcast"] = True
    if len(to) != 1:
        raise ValueError("give exactly one of user_id, user_ids and broadcast=True")
    return Call("/api/v1/events", _json({**to, "event": event, "data": data}))


def record(topic: str, data: Any, type: str, cls: str, key: Optional[str]) -> Dict[str, Any]:
    made = {"topic": topic, "type": type, "data": data, "class": cls}
    if key is not None:
        made["key"] = key
    return made


def publish(one: Mapping[str, Any]) -> Call:
    return Call("/api/v1/publish", _json(one))


def publish_batches(records: Iterable[Mapping[str, Any]]) -> Iterator[Call]:
    """The records, in order, in requests that the server takes."""
    lines: List[bytes] = []
    size = 0
    for one in records:
        line = _json(one)
        if lines and (len(lines) == RECORDS_MAX or size + len(line) + 1 > BATCH_BYTES):
            yield _batch(lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line) + 1
    if lines:
        yield _batch(lines)


def answer_of(status: int, body: bytes) -> Any:
    """What a success says."""
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError as error:
        raise LivetapeError(status, f"the answer is no JSON: {body[:60]!r}") from error


def id_of(answer: Any) -> Optional[str]:
    """The id that a typed endpoint answers; None for state."""
    return answer.get("id") if isinstance(answer, dict) else None


def ids_of(answer: Any) -> List[Optional[str]]:
    ids = answer.get("ids") if isinstance(answer, dict) else None
    return list(ids) if isinstance(ids, list) else []


def _batch(lines: List[bytes]) -> Call:
    return Call("/api/v1/publish", b"\n".join(lines) + b"\n", NDJSON)


def _given(fields: Mapping[str, Any], extra: Mapping[str, Any]) -> Dict[str, Any]:
    return {**{name: value for name, value in fields.items() if value is not None}, **extra}


def _json(value: Any) -> bytes:
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
    )
    return text.encode("utf-8")


def _plain(value: Any) -> Any:
    """Values that programs of this trade hold, as JSON knows them."""
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")
