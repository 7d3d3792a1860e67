"""Runs a PostgreSQL program on the embedded database: `python -m config.embedded psql` (or pg_dump …)."""

import os
import subprocess
import sys

from config.embedded.errors import EmbeddedServersError
from config.embedded.holding import own_servers
from config.embedded.rights import postgresql_programs
from config.embedded.sockets import socket_folder

if __name__ == "__main__":
    program, *options = sys.argv[1:] or ["psql"]
    try:
        with own_servers() as servers:
            where = {"PGHOST": str(socket_folder(servers.folder)), "PGUSER": "postgres", "PGDATABASE": "kundenpfad"}
            command = [str(postgresql_programs() / program), *options]
            sys.exit(subprocess.run(command, env={**os.environ, **where}, check=False).returncode)
    except (EmbeddedServersError, FileNotFoundError) as error:
        sys.exit(str(error))
