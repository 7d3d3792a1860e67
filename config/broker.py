"""Redis as the broker, for workers that outlive it.

With kombu 5.7 a worker dies when its broker goes away while a task runs: closing the channel wants to put the
unacknowledged message back through a connection that is already gone, and meets an AttributeError there, which
nobody takes for a lost connection. Our messages are ticks of an alarm clock; none needs to be put back.
"""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError as BrokerIsGone


class Channel(redis.Channel):
    do_restore = False

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise BrokerIsGone("This connection to the broker was closed.")
        parameters: dict[str, Any] = super()._connparams(asynchronous=asynchronous)  # type: ignore[misc] # not in the stubs
        return parameters


class Transport(redis.Transport):
    Channel = Channel


def install() -> None:
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), "config.broker:Transport"))
