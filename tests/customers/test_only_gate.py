"""Nothing but the gate decides: who else touches the ledger or the suppressed addresses only writes or shows."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = {"config", "workspace", "insights", "journeys", "surveys", "touchpoints", "customers", "accounts"}
# Rows of the ledger or of the list, by model, by relation, by a lookup over a relation, or by the keyed address.
READS = re.compile(
    r"\b(Consent|Suppression)\.objects\b|(?<!actions)(?<!segments)\.consents\b|\bconsents?__|\baddress_hmac\("
)
READS_IN_SQL = re.compile(r"customers_(consent|suppression)\b")
# A line here says why it decides nothing.
ALLOWED = {
    "customers/consent.py": "the gate",
    "customers/actions/consents.py": "writes entries",
    "customers/actions/erasing.py": "keeps the proof of what it erases",
    "customers/actions/replaying_erasures.py": "finds whom to erase again by keyed values",
    "customers/admin/erasure.py": "finds an erasure by a keyed value",
    "customers/privacy/person.py": "collects what tells of a person",
    "customers/actions/identities.py": "keeps an address that entries name",
    "customers/actions/suppressing.py": "writes addresses into the list",
    "customers/actions/preferring.py": "finds the entries that a person takes back",
    "customers/preferences.py": "tells a person what they said last",
    "customers/grounds.py": "copies for the proof what was there",
    "customers/models/consent.py": "tells a person what they said last",
    "customers/segments/consents.py": "finds people by what they said; who of them is written to is asked anew",
    "customers/api/suppressions.py": "takes what mail providers tell of an address",
    "customers/suppression.py": "makes the key of an address",
    "customers/views/unsubscribing.py": "finds the entry that a link was made for",
    "workspace/demo/loading.py": "writes the entries of the demo",
}
# Who speaks to a mail server, and who writes a mail that is then handed to it.
MAILERS = {
    "touchpoints/api/bodies.py": "reads a content type",
    "touchpoints/smtp.py": "speaks SMTP",
    "touchpoints/mime.py": "writes the bytes",
    "workspace/letters.py": "reads the mailbox of make run",
}


def sources(pattern: str) -> list[Path]:
    found = [path for app in sorted(APPS) for path in (ROOT / app).rglob(pattern)]
    return [path for path in found if "migrations" not in path.parts]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> set[str]:
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {
        it
        for node in nodes
        for it in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
    }


def test_nothing_else_reads_the_ledger() -> None:
    assert {name(path) for path in sources("*.py") if READS.search(path.read_text())} == set(ALLOWED)
    assert [name(path) for path in sources("*.sql") if READS_IN_SQL.search(path.read_text())] == []


def test_nothing_else_sends_mail() -> None:
    mail = ("smtplib", "email.message", "django.core.mail", "anymail", "aiosmtplib")
    senders = {name(path) for path in sources("*.py") if any(it.startswith(mail) for it in imported(path))}

    assert senders == set(MAILERS)
