"""PostgreSQL and Valkey of our own, for a newcomer's machine and for tests. Imports no Django.

Every process that uses the servers holds a shared lock on one file. A keeper process owns both
servers and stops them when it gets that lock for itself: when the last user is gone, however it died.
"""

from config.embedded.errors import EmbeddedServersError
from config.embedded.holding import Servers, own_servers, own_servers_unless

__all__ = ["EmbeddedServersError", "Servers", "own_servers", "own_servers_unless"]
