import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from config.embedded import processes
from config.embedded.errors import NO_SPACE, EmbeddedServersError, disk_is_full
from config.embedded.rights import handed_over, postgresql_programs

FASTER_BUT_UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# An error tells its statement and quotes the row: personal data have no place in a log.
NO_ROWS_IN_LOG = ("log_error_verbosity=terse", "log_min_error_statement=panic", "log_parameter_max_length_on_error=0")
THROWAWAY = (*FASTER_BUT_UNSAFE, "wal_level=minimal", "max_wal_senders=0", "autovacuum=off")
STILL_IN_USE = "pre-existing shared memory block is still in use"
RECOVERY_SECONDS = 300
STILL_IN_USE_SECONDS = 30


class PostgreSQL:
    name = "PostgreSQL"

    def __init__(self, *, folder: Path, sockets: Path, is_throwaway: bool) -> None:
        self.data = folder / "postgresql"
        self.log = folder / "postgresql.log"
        self.sockets = sockets
        self.is_throwaway = is_throwaway
        self.programs = postgresql_programs()

    def start(self) -> None:
        if not self.data.exists():
            self._make_cluster()
        self._refuse_other_major()
        self._settle_stale_pid_file()
        end = time.monotonic() + STILL_IN_USE_SECONDS
        while not self._is_up():
            line = self._last_complaint()
            if STILL_IN_USE not in line or time.monotonic() > end:
                raise self._explained(line)
            time.sleep(0.5)  # a backend of the killed server still computes; it ends by itself

    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        """Fast; at once where that hangs, as PostgreSQL 18 does when it was about to recover from a crash."""
        fast = [] if self.is_throwaway else [signal.SIGINT]
        processes.stop(self.process, signals=[*fast, signal.SIGQUIT])

    def _make_cluster(self) -> None:
        """Built beside and renamed, so that a killed initdb leaves nothing that looks like data."""
        beside = self.data.with_name("postgresql-new")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700)
        options = ["-U", "postgres", "-A", "trust", "--encoding=utf8", "--locale=C.UTF-8"]
        self._once(beside, "initdb", *options, *(["-N"] if self.is_throwaway else []))
        self._once(beside, "postgres", "--single", "postgres", stdin=b"create database kundenpfad\n")
        beside.rename(self.data)

    def _once(self, data: Path, program: str, *options: str, stdin: bytes = b"") -> None:
        with handed_over(data) as (name, identity):
            mode, rest = ([options[0]], options[1:]) if options[0] == "--single" else ([], options)
            done = subprocess.run(
                [self.programs / program, *mode, "-D", name, *rest],
                input=stdin, capture_output=True, env=_environment(), check=False, **identity,
            )  # fmt: skip
        if done.returncode:
            raise self._explained(done.stderr.decode(errors="replace").strip())

    def _refuse_other_major(self) -> None:
        ours = _major(self._asked("postgres", "--version").stdout.split()[-1])
        theirs = _major((self.data / "PG_VERSION").read_text())
        if ours != theirs:
            raise EmbeddedServersError(
                f"The data in {self.data} were written by PostgreSQL {theirs}, this is PostgreSQL {ours}: "
                f"move the folder aside to start anew, or carry the data over (docs/operators.md, Upgrade)."
            )

    def _settle_stale_pid_file(self) -> None:
        """PostgreSQL refuses when any process of its user happens to have the pid in the file."""
        file = self.data / "postmaster.pid"
        if not file.exists():
            return
        pid = int(file.read_text().split()[0])
        works_in = Path(f"/proc/{pid}/cwd")
        if not processes.is_alive(pid) or not Path("/proc").exists():
            return  # PostgreSQL decides by itself
        if works_in.exists() and works_in.samefile(self.data):
            processes.stop_stray(pid)
        else:
            file.unlink(missing_ok=True)

    def _is_up(self) -> bool:
        settings = (
            "listen_addresses=",
            "max_connections=200",
            *NO_ROWS_IN_LOG,
            *(THROWAWAY if self.is_throwaway else ()),
        )
        flags = [part for setting in settings for part in ("-c", setting)]
        with handed_over(self.data) as (name, identity), self.log.open("w") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", name, "-k", self.sockets, *flags],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environment(),
                preexec_fn=processes.die_with_parent(signal.SIGINT), **identity,
            )  # fmt: skip
        end = time.monotonic() + RECOVERY_SECONDS
        while self.is_running() and time.monotonic() < end:
            who = ("-h", str(self.sockets), "-U", "postgres", "-d", "postgres")
            if self._asked("pg_isready", "-q", *who).returncode == 0:
                return True
            time.sleep(0.02)
        return False

    def _asked(self, program: str, *options: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self.programs / program, *options],
            capture_output=True, text=True, env=_environment(), check=False, cwd="/",
        )  # fmt: skip

    def _last_complaint(self) -> str:
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        complaints = [line for line in lines if "FATAL" in line or "PANIC" in line]
        return (complaints or lines or ["it gave no reason"])[-1]

    def _explained(self, line: str) -> EmbeddedServersError:
        if NO_SPACE in line:
            return disk_is_full(self.data.parent)
        return EmbeddedServersError(f"PostgreSQL did not start: {line} ({self.log}).")


def _major(version: str) -> int:
    return int(version.strip().split(".")[0])


def _environment() -> dict[str, str]:
    """Without what would change a PostgreSQL program's mind: PGDATA, PGHOST, locales of this shell."""
    foreign = ("PG", "LC_", "LANG")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
