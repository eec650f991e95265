"""When a call is tried again, and after how long. No input or output."""

from __future__ import annotations

import random
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Optional

FIRST_DELAY_S = 0.1
DELAY_MAX_S = 10.0
RETRY_AFTER_MAX_S = 60.0

# Not now. 502 and 504 are a proxy's words for a lost connection.
PASSING = frozenset((429, 502, 503, 504))
# Another try with the same Idempotency-Key is still under way.
IN_FLIGHT = 409


class Tries:
    """The tries of one call. Each method gives the seconds to wait, or None: give up."""

    def __init__(self, retries: int) -> None:
        self._left = retries
        self._made = 0
        self._maybe_kept = False
        self._reconnected = False

    def after_loss(self, reused: bool) -> Optional[float]:
        """No answer came. `reused`: the connection had served an earlier call."""
        self._maybe_kept = True
        if reused and not self._reconnected:
            # The server closes idle connections: no sign of trouble.
            self._reconnected = True
            return 0.0
        return self._again(0.0)

    def after_status(self, status: int, retry_after: Optional[str]) -> Optional[float]:
        """It was refused."""
        if status == IN_FLIGHT and self._maybe_kept:
            return self._again(seconds_of(retry_after))
        if status in PASSING:
            # 503 is also said when the disk took too long, and it may take the record yet.
            self._maybe_kept = self._maybe_kept or status != 429
            return self._again(seconds_of(retry_after))
        return None

    def _again(self, at_least: float) -> Optional[float]:
        if self._left <= 0:
            return None
        self._left -= 1
        delay: float = min(DELAY_MAX_S, FIRST_DELAY_S * 2.0**self._made)
        self._made += 1
        # Jitter, so that those who were refused together do not return together.
        return at_least + delay * random.uniform(0.5, 1.0)


def seconds_of(retry_after: Optional[str]) -> float:
    """The seconds of a Retry-After field (RFC 9110, section 10.2.3); 0 if it is none."""
    if retry_after is None:
        return 0.0
    try:
        seconds = float(int(retry_after))
    except ValueError:
        try:
            when = parsedate_to_datetime(retry_after)
        except (TypeError, ValueError):
            return 0.0
        if when.tzinfo is None:
            when = when.replace(tzinfo=timezone.utc)
        seconds = (when - datetime.now(timezone.utc)).total_seconds()
    return min(max(seconds, 0.0), RETRY_AFTER_MAX_S)
