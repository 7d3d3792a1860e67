"""One HTTP call to somebody we do not know: no redirects, no private addresses, no longer than `CALL_SECONDS`."""

import ipaddress
import ssl
import time
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import httpcore

from touchpoints.webhooks.addresses import ForbiddenAddressError, is_own_choice, reachable

CONNECT_SECONDS = 5.0
CALL_SECONDS = 15.0


class PlainHttpError(Exception):
    pass


def call(url: str, *, content: bytes, headers: Mapping[str, str]) -> int:
    """The status the receiver answered. Raises OSError, httpcore's errors and those of touchpoints.webhooks."""
    context = None if url.startswith("http:") else trusted()
    backend = GuardedBackend(is_plain=url.startswith("http:"), ends=time.monotonic() + CALL_SECONDS)
    with (
        httpcore.ConnectionPool(ssl_context=context, network_backend=backend, max_connections=1) as pool,
        pool.stream("POST", url, headers=list(headers.items()), content=content) as response,
    ):
        # The status says it all: what a stranger goes on to say is not read.
        return response.status


@cache
def trusted() -> ssl.SSLContext:
    """The authorities this machine trusts, or those of SSL_CERT_FILE; reading them takes long."""
    return ssl.create_default_context()


class GuardedBackend(httpcore.NetworkBackend):
    """Looks at the very address the socket is about to connect to, so a name cannot turn to another one in between."""

    def __init__(self, *, is_plain: bool, ends: float) -> None:
        self._is_plain = is_plain
        self._ends = ends
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        error: Exception = ForbiddenAddressError(host)
        for address in reachable(host, port):
            if self._is_plain and not is_own_choice(ipaddress.ip_address(address)):
                raise PlainHttpError(host)
            try:
                stream = self._sockets.connect_tcp(address, port, min(CONNECT_SECONDS, _left(self._ends)))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
            else:
                return BoundedStream(stream, ends=self._ends)
        raise error


class BoundedStream(httpcore.NetworkStream):
    """A receiver that sends a byte now and then does not hold us longer than one that is silent."""

    def __init__(self, stream: httpcore.NetworkStream, *, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=_left(self._ends))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=_left(self._ends))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout=_left(self._ends))
        return BoundedStream(stream, ends=self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
