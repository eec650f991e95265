"""What goes wrong between a program and livetape."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional, Tuple, Type


class LivetapeError(Exception):
    """A request that livetape refused, or that no try got an answer to.

    status: the HTTP status, or None if there was no answer. After None and 503 what was to be
        published may have been kept all the same.
    detail: what is wrong and what is right, in livetape's words.
    field:  the field at fault, if the answer names one.
    committed: of `publish_many`, the ids of what was kept before the failure.
    """

    def __init__(self, status: Optional[int], detail: str, field: Optional[str] = None) -> None:
        super().__init__(f"{status}: {detail}" if status is not None else detail)
        self.status = status
        self.detail = detail
        self.field = field
        self.committed: list[Optional[str]] = []

    def __reduce__(
        self,
    ) -> Tuple[Type[LivetapeError], Tuple[Optional[int], str, Optional[str]], Dict[str, Any]]:
        # An exception is made again from its text alone, which is not enough: a pool of processes
        # would break on it.
        return type(self), (self.status, self.detail, self.field), self.__dict__

    @classmethod
    def from_answer(cls, status: int, reason: str, body: bytes) -> LivetapeError:
        """From a refusal's status line and body, problem+json (RFC 9457) or anything else."""
        try:
            problem = json.loads(body)
        except ValueError:
            problem = None
        if not isinstance(problem, dict):
            return cls(status, reason or "refused")
        said = [problem.get(name) for name in ("detail", "error", "message", "title")]
        detail = next((text for text in said if isinstance(text, str) and text), reason)
        field = problem.get("field")
        return cls(status, detail, field if isinstance(field, str) else None)
