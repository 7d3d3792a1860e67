"""Receivers of webhooks: real HTTP servers on loopback addresses that answer as a test likes."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.db.models import F
from standardwebhooks import Webhook as Verifier

from touchpoints.models import Webhook, WebhookDelivery

RECEIVER = "127.0.0.2"
Answer = Callable[[dict[str, Any]], int]


@dataclass
class Receiver:
    port: int = 0
    answer: Answer = lambda _told: 204
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{RECEIVER}:{self.port}/hook"

    def told(self, secret: str) -> list[dict[str, Any]]:
        """What came, each verified."""
        return [Verifier(secret).verify(body, headers) for headers, body in self.calls]


@contextmanager
def receiving(receiver: Receiver | None = None) -> Iterator[Receiver]:
    receiver = receiver or Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.calls.append((dict(self.headers), body))
            time.sleep(receiver.seconds)
            self.send_response(receiver.answer(json.loads(body)))
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((RECEIVER, receiver.port), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def canary(address: str = "127.0.0.1") -> Iterator[tuple[int, list[Any]]]:
    """A port that nobody may connect to, and who did."""
    visitors: list[Any] = []
    with socket.create_server((address, 0)) as server:

        def watch() -> None:
            while True:
                try:
                    connection, visitor = server.accept()
                except OSError:
                    return
                visitors.append(visitor)
                connection.close()

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        yield server.getsockname()[1], visitors
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def pass_time(**hours: int) -> None:
    """As if so much time had passed since the last calls."""
    WebhookDelivery.objects.update(due_at=F("due_at") - timedelta(**hours))
    Webhook.objects.exclude(retry_at=None).update(retry_at=F("retry_at") - timedelta(**hours))
