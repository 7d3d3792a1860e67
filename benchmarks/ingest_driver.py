"""A process of its own that sends batches and tells how long they took: `{"seconds": …, "milliseconds": […]}`."""

import http.client
import itertools
import json
import sys
import threading
import time
import uuid
from typing import Any

CONNECTIONS = 4


def main(asked: dict[str, Any]) -> None:
    bodies = [_body(asked) for _ in range(asked["batches"])]
    waiting, milliseconds = iter(bodies), list[float]()
    lock = threading.Lock()

    def send() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", asked["port"], timeout=60)
        headers = {
            "Authorization": f"Bearer {asked['key']}",
            "Content-Type": "application/json",
            "X-Forwarded-Proto": "https",
        }
        while True:
            with lock:
                body = next(waiting, None)
            if body is None:
                return
            began = time.perf_counter()
            connection.request("POST", asked["path"], body, headers)
            response = connection.getresponse()
            answer = response.read()
            milliseconds.append((time.perf_counter() - began) * 1000)
            if response.status != 200:
                raise RuntimeError(answer)

    threads = [threading.Thread(target=send) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(milliseconds) < len(bodies):
        sys.exit("Some batches were not taken.")
    print(json.dumps({"seconds": time.perf_counter() - began, "milliseconds": milliseconds}))


def _body(asked: dict[str, Any]) -> bytes:
    return json.dumps({"touchpoints": [_event(next(_numbers), asked) for _ in range(asked["size"])]}).encode()


def _event(number: int, asked: dict[str, Any]) -> dict[str, Any]:
    """Every tenth an order; every twentieth of somebody new; the bare view reads `customer_pk`."""
    customers = asked["customers"]
    who = number * 7919 % len(customers)
    name = f"new-{uuid.uuid4()}" if number % 20 == 0 else f"bench-{who}"
    event = {
        "message_id": str(uuid.uuid4()),
        "type": "product_viewed",
        "customer": {"user_id": name, "anonymous_id": f"device-{name}"},
        "occurred_at": "2026-03-02T10:00:00.123+01:00",
        "channel": "web",
        "session_id": f"s-{number // 5}",
        "referrer": "https://www.google.com/search?q=tee",
        "properties": {"sku": f"A-{number % 500}", "url": "https://shop.example/tee", "price": 9.9, "tags": ["a", "b"]},
    }
    if number % 10 == 0:
        event |= {"type": "order_placed", "subject": f"order:{number}", "value": "59.90", "currency": "EUR"}
    if asked["path"] == "/bare":
        event["customer_pk"] = customers[who]
    return event


_numbers = itertools.count(1)

if __name__ == "__main__":
    main(json.load(sys.stdin))
