"""Stands between one SDK and the server: writes down what passes, and loses the first success on its way back."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

OF_THE_HOP = frozenset({"connection", "transfer-encoding", "content-length", "host", "date", "server"})


@dataclass(frozen=True)
class Passed:
    path: str
    headers: dict[str, str]
    body: bytes
    status: int


@dataclass
class Relay:
    server: tuple[str, int]
    passed: list[Passed] = field(default_factory=list)
    has_lost: bool = False
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def statuses(self) -> list[int]:
        return [it.status for it in self.passed]

    def forward(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[http.client.HTTPResponse, bytes]:
        with closing(http.client.HTTPConnection(*self.server, timeout=30)) as upstream:
            upstream.request(method, path, body, headers | {"Connection": "close"})
            answer = upstream.getresponse()
            return answer, answer.read()

    def loses(self, method: str, status: int) -> bool:
        is_first = method == "POST" and status == 200 and not self.has_lost
        self.has_lost |= is_first
        return is_first


@contextmanager
def relay_to(server: tuple[str, int]) -> Iterator[Relay]:
    relay = Relay(server)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in OF_THE_HOP}
            answer, content = relay.forward(self.command, self.path, headers, body)
            if self.command == "POST":
                relay.passed.append(Passed(self.path, headers, body, answer.status))
            if relay.loses(self.command, answer.status):
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in OF_THE_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET = do_OPTIONS = pass_on  # noqa: N815 (the names of http.server)

        def log_message(self, *_args: Any) -> None:
            pass

    server_here = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server_here.daemon_threads = True
    relay.port = server_here.server_address[1]
    thread = threading.Thread(target=server_here.serve_forever, daemon=True)
    thread.start()
    try:
        yield relay
    finally:
        server_here.shutdown()
        server_here.server_close()
        thread.join()
