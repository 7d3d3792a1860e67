#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

from accounts.acting import acting
from config.embedded import EmbeddedServersError, own_servers_unless

NEED_NO_SERVERS = {"collectstatic", "compilemessages", "help", "mailbox", "makemessages", "version"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    are_given = "DATABASE_URL" in os.environ or "REDIS_URL" in os.environ
    try:
        with (
            own_servers_unless(are_given or NEED_NO_SERVERS.intersection(sys.argv[1:2])),
            acting(origin=f"command {' '.join(sys.argv[1:2])}"),
        ):
            execute_from_command_line(sys.argv)
    except EmbeddedServersError as error:
        sys.exit(str(error))
