#!/usr/bin/env bash
# The proof on a bare machine: tests/bare_machine.sh FOLDER [SUITE [run]], as root, with debootstrap, from a checkout.
# A Debian with python3, make, git and nothing else; `make run` (and `make test`) from a fresh clone, as an ordinary
# user and as root. Prints seconds; keeps FOLDER for the next time. PIP_* and SSL_CERT_FILE are handed in.
set -euo pipefail
root=${1:?folder} suite=${2:-trixie} only=${3:-} port=18077
checkout=$(cd "$(dirname "$0")/.." && pwd)

inside() { # inside USER COMMAND
  local home=/home/$1; [ "$1" = root ] && home=/root
  env -i HOME="$home" PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin $(env | grep -E '^(PIP_CERT|SSL_CERT_FILE|PIP_INDEX_URL|UV_INDEX_URL)=') \
    chroot --userspec="$1:$1" "$root" bash -c "cd; $2"
}
supervisor() { # the run.py that make started, not its reaper
  local process
  for process in $(living 'run\.py'); do
    [ "$(cat "/proc/$(awk '/^PPid/ {print $2}' "/proc/$process/status")/comm")" = make ] && echo "$process"
  done || true
}
now() { date +%s.%N; }
since() { printf '%.1f' "$(echo "$(now) - $1" | bc)"; }
living() { # pids of the processes that live in the root and have the word in their command
  local process
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/root")" = "$(realpath "$root")" ] && grep -qsa -- "${1:-.}" "$process/cmdline" && echo "${process#/proc/}"
  done || true
}
answers() { inside newcomer "python3 -c 'import urllib.request as r; r.urlopen(\"http://127.0.0.1:$port/login/\")'" 2>/dev/null; }

if [ ! -e "$root/etc/debian_version" ]; then
  debootstrap --variant=minbase --include=python3,make,git,ca-certificates "$suite" "$root" >/dev/null
  inside root 'useradd -m newcomer; chmod 700 /root /home/newcomer; git config --system --add safe.directory "*"'
fi
cp /etc/resolv.conf /etc/hosts "$root/etc/"
[ -z "${SSL_CERT_FILE:-}" ] || { mkdir -p "$root$(dirname "$SSL_CERT_FILE")"; cp "$SSL_CERT_FILE" "$root$SSL_CERT_FILE"; }
for there in proc sys dev; do mountpoint -q "$root/$there" || mount --rbind --make-rslave "/$there" "$root/$there"; done
rm -rf "$root/srv/kundenpfad.git"
git clone -q --bare "$checkout" "$root/srv/kundenpfad.git"
chmod -R a+rX "$root/srv/kundenpfad.git"

run() { # run USER LABEL SIGNAL: start, wait for the first page, end it by the signal
  local start supervisor
  start=$(now)
  inside "$1" "cd kundenpfad && exec make run PORT=$port" >"$root/tmp/run.log" 2>&1 &
  until answers && grep -q 'is ready' "$root/tmp/run.log"; do
    kill -0 $! || { cat "$root/tmp/run.log"; exit 1; }
    sleep 0.1
  done
  echo "$1: $2: ready after $(since "$start") s"
  start=$(now)
  kill "-$3" "$(supervisor)"
  while [ -n "$(living)" ]; do sleep 0.1; done
  echo "$1: kill -$3 of the supervisor: nothing left after $(since "$start") s"
  wait || true
}

if ! inside newcomer 'python3 -c "import ensurepip"' 2>/dev/null; then
  inside newcomer 'rm -rf kundenpfad && git clone -q /srv/kundenpfad.git kundenpfad && cd kundenpfad && ! make run' |& grep 'apt install python3-venv'
  inside root 'apt-get update -qq && apt-get install -qq -y --no-install-recommends python3-venv' &>/dev/null
fi
for user in newcomer root; do
  inside "$user" "rm -rf kundenpfad .cache && git clone -q /srv/kundenpfad.git kundenpfad"
  run "$user" "fresh clone, nothing cached" INT
  run "$user" "second start" KILL
  run "$user" "start after the kill" TERM
  [ "$only" = run ] && continue
  start=$(now)
  inside "$user" "cd kundenpfad && make test" >"$root/tmp/test.log" 2>&1 || { tail -50 "$root/tmp/test.log"; exit 1; }
  echo "$user: make test: $(since "$start") s, $(tail -1 "$root/tmp/test.log")"
done
