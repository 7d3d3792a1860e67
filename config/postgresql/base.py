"""Django's own backend over connections that notice when the server has fallen silent (config.postgresql.silence)."""

from typing import Any

from django.db.backends.postgresql import base
from django.utils.asyncio import async_unsafe
from psycopg import IsolationLevel

from config.postgresql.silence import WatchedConnection, gate_of


class DatabaseWrapper(base.DatabaseWrapper):
    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> WatchedConnection:
        """No pool and no other isolation than the usual one: the settings ask for neither."""
        self.isolation_level = IsolationLevel.READ_COMMITTED
        gate = gate_of(str(conn_params.get("host", "")), str(conn_params.get("port", "")))
        connection = gate.connect(lambda: WatchedConnection.connect(**conn_params))
        connection.watch(conn_params, gate)
        return connection
