"""All of Kundenpfad on this machine: `make run` (PORT=8000, DEMO=1; docs/operators.md)."""

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys

from accounts import demo
from config.embedded import EmbeddedServersError, Servers, own_servers_unless, processes
from config.supervisor import Supervisor

HOST = "127.0.0.1"
MANAGE = [sys.executable, "manage.py"]
GUNICORN = [sys.executable, "-m", "gunicorn", "--threads=8", "--graceful-timeout=5", "--log-level=warning"]
# Here root is welcome; in production Celery's warning is right.
CELERY = [sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "-A", "config.celery"]
WORKER = ["--concurrency=2", "--loglevel=WARNING"]


def main() -> int:
    if "MAKELEVEL" in os.environ:  # `kill -9` of make ends us as well
        processes.end_with_parent(signal.SIGTERM)
    given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
    if len(given) == 1:
        sys.exit(f"Only {given[0]} is set: set both DATABASE_URL and REDIS_URL, or neither.")
    port = int(os.environ.get("PORT", "8000"))
    if not _is_free(port):
        sys.exit(f"Port {port} is taken by another program: `make run PORT={port + 1}` uses another one.")
    _set_defaults(port)
    try:
        with own_servers_unless(given) as servers:
            return _run(port, servers=servers)
    except EmbeddedServersError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:  # while it was starting
        return 130


def _set_defaults(port: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("DEMO", "1")
    if not sys.stdout.isatty():
        os.environ.setdefault("NO_COLOR", "1")
    os.environ.setdefault("SITE_URL", f"http://{HOST}:{port}")


def _run(port: int, *, servers: Servers | None) -> int:
    if code := subprocess.run([*MANAGE, "prepare"], check=False).returncode:  # noqa: S603
        return code
    parts = {
        "web": [*GUNICORN, f"--bind={HOST}:{port}", "config.wsgi"],
        "worker": [*CELERY, "--quiet", "worker", "-Q", "celery", *WORKER],
        "sender": [*CELERY, "--quiet", "worker", "-n", "sender@%h", "-Q", "outbound", *WORKER],
        "beat": [*CELERY, "--quiet", "beat", "--loglevel=WARNING", "--pidfile="],
    }
    if "EMAIL_HOST" not in os.environ:
        os.environ.update(EMAIL_HOST=HOST, EMAIL_PORT=str(_mail_port()))
        parts["mail"] = [*MANAGE, "mailbox"]

    def trouble() -> str:
        return "" if servers is None or servers.are_running() else servers.why_they_ended()

    return Supervisor(parts, trouble=trouble).run(is_ready=lambda: _answers(port), when_ready=_welcome)


def _welcome() -> None:
    lines = [f"Kundenpfad is ready: {os.environ['SITE_URL']}  (Ctrl-C stops it)"]
    if os.environ["DEMO"] == "1":
        lines += [f"  {user:<8} {role.replace('_', ' ')}" for user, role in demo.LOGINS.items()]
        lines += [f"The password of each of them is {demo.PASSWORD!r}."]
    else:
        lines += ["The first user: .venv/bin/python manage.py createsuperuser"]
    print("", *lines, "", sep="\n", flush=True)


def _mail_port() -> int:
    """Mails go to files under var/mailbox; any free port will do for that."""
    wanted = int(os.environ.get("EMAIL_PORT", "2525"))
    if _is_free(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/login/")
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True


if __name__ == "__main__":
    sys.exit(main())
