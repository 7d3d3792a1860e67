"""`make bench`, or `make bench ARGS="feed"` for some: one line per figure, on a PostgreSQL that keeps what it is told.

Data are made once and kept under var/bench; remove the folder to start anew.
"""

import importlib
import os
import pkgutil
import sys
from pathlib import Path

import django
from django.core.management import call_command

import benchmarks
from config.embedded import own_servers

VAR = Path(__file__).resolve().parent.parent / "var"
NOT_A_BENCHMARK = {"__main__", "bare", "figures", "ingest_driver"}


def main(wanted: list[str]) -> None:
    names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    chosen = [name for name in names if name not in NOT_A_BENCHMARK and (not wanted or name in wanted)]
    if not chosen:
        sys.exit(f"No such benchmark; there are: {', '.join(sorted(set(names) - NOT_A_BENCHMARK))}")
    (VAR / "bench").mkdir(parents=True, exist_ok=True)
    with own_servers(VAR / "bench", is_throwaway=False) as servers:
        servers.enter_environment()
        _start_django()
        for name in chosen:
            importlib.import_module(f"benchmarks.{name}").run()


def _start_django() -> None:
    """As in production: with DEBUG, Django would keep every query in memory."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "0", "LOG_LEVEL": "WARNING"}
    for name in ("SECRET_KEY", "LINK_KEY", "ADDRESS_KEY", "WEBHOOK_KEY"):
        os.environ.setdefault(name, "only-for-benchmarks")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("seed_vocabulary", verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
