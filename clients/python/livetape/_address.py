"""Where livetape is, taken apart once."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from typing import Mapping, Optional, Union
from urllib.parse import urlencode, urlsplit

Parameters = Mapping[str, Union[str, int, float, bool]]


@dataclass(frozen=True)
class Address:
    secure: bool
    host: str
    port: int
    path: str  # with the query; a base URL's has no '/' at its end

    @classmethod
    def parse(cls, url: str, parameters: Optional[Parameters] = None) -> Address:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address: it must be http://HOST[:PORT] or https://...")
        if any(ord(c) <= 0x20 or ord(c) >= 0x7F for c in parts.path + parts.query):
            raise ValueError(f"{url!r} has a character that must be percent-encoded")
        secure = parts.scheme == "https"
        query = "&".join(text for text in (parts.query, _query(parameters or {})) if text)
        path = parts.path + ("?" + query if query else "")
        return cls(secure, parts.hostname, parts.port or (443 if secure else 80), path)

    @property
    def host_field(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    def connection(self, timeout: float) -> HTTPConnection:
        if self.secure:
            return HTTPSConnection(self.host, self.port, timeout=timeout)
        return HTTPConnection(self.host, self.port, timeout=timeout)

    def tls(self) -> Optional[ssl.SSLContext]:
        return ssl.create_default_context() if self.secure else None


def bearer(token: str) -> str:
    """The value of an Authorization field. The token is not repeated in the error."""
    if not token or any(ord(c) <= 0x20 or ord(c) >= 0x7F for c in token):
        raise ValueError("the token has characters that no token has")
    return f"Bearer {token}"


def _query(parameters: Parameters) -> str:
    texts = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in parameters.items()
    }
    return urlencode(texts)
