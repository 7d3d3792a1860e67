"""The law as a table: purpose, channel, ledger, suppression and address in; decision and reason out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.consent import Entry, Facts, decide

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ANNA, WORK = "anna@example.com", "anna@work.example"


def entry(state: str = "granted", basis: str = "opt_in", *, days_ago: int = 10, address: str = ANNA) -> Entry:
    basis = basis if state == "granted" else ""
    return Entry(1000 - days_ago, address, state, basis, NOW - timedelta(days=days_ago))


def facts(*entries: Entry, addresses: tuple[str, ...] = (ANNA,), suppressed: str = "") -> Facts:
    return Facts(addresses, entries, {ANNA: frozenset({suppressed} - {""})})


OPT_IN, SALE = entry(), entry(basis="existing_customer")
OBJECTED, WITHDRAWN = entry("objected", days_ago=5), entry("withdrawn", days_ago=5)
OBJECTED_TO_ALL = entry("objected", days_ago=5, address="")

TABLE = [
    # purpose, channel, facts, reason ("" = allowed), basis
    ("service", "email", facts(), "", "contract"),
    ("service", "email", facts(addresses=()), "no_address", ""),
    ("service", "email", facts(suppressed="all"), "suppressed", ""),
    ("service", "email", facts(suppressed="advertising"), "", "contract"),
    ("service", "email", facts(OBJECTED), "", "contract"),
    ("survey", "email", facts(), "no_legal_basis", ""),
    ("survey", "email", facts(addresses=()), "no_address", ""),
    ("survey", "email", facts(OPT_IN), "", "opt_in"),
    ("review", "email", facts(OPT_IN), "", "opt_in"),
    ("marketing", "email", facts(OPT_IN), "", "opt_in"),
    ("survey", "email", facts(SALE), "", "existing_customer"),
    ("survey", "email", facts(OPT_IN, suppressed="all"), "suppressed", ""),
    ("survey", "email", facts(OPT_IN, suppressed="advertising"), "suppressed", ""),
    ("survey", "email", facts(OPT_IN, OBJECTED), "objected", ""),
    ("survey", "email", facts(OPT_IN, WITHDRAWN), "withdrawn", ""),
    ("survey", "email", facts(OPT_IN, OBJECTED_TO_ALL), "objected", ""),
    ("survey", "email", facts(SALE, OBJECTED_TO_ALL), "objected", ""),
    # Said yes again after the no.
    ("survey", "email", facts(OBJECTED, entry(days_ago=1)), "", "opt_in"),
    ("survey", "email", facts(OBJECTED_TO_ALL, entry(days_ago=1)), "", "opt_in"),
    # Buying again is no yes: the fourth condition of § 7 (3) UWG.
    ("survey", "email", facts(OBJECTED, entry(basis="existing_customer", days_ago=1)), "objected", ""),
    ("survey", "email", facts(WITHDRAWN, entry(basis="existing_customer", days_ago=1)), "withdrawn", ""),
    # A yes or no for another address.
    ("survey", "email", facts(entry(address=WORK)), "no_legal_basis", ""),
    ("survey", "email", facts(OPT_IN, entry("objected", days_ago=1, address=WORK)), "", "opt_in"),
    # Time: what comes later does not count, unless it is a no.
    ("survey", "email", facts(entry(days_ago=-1)), "no_legal_basis", ""),
    ("survey", "email", facts(OPT_IN, entry("objected", days_ago=-1)), "objected", ""),
    # § 7 (3) UWG covers electronic mail only; letters need no consent.
    ("survey", "phone", facts(), "no_legal_basis", ""),
    ("survey", "phone", facts(SALE), "no_legal_basis", ""),
    ("survey", "phone", facts(OPT_IN), "", "opt_in"),
    ("survey", "post", facts(), "", "post_until_objection"),
    ("survey", "post", facts(OBJECTED_TO_ALL), "objected", ""),
    # Profiling is no reason to write to anybody.
    ("profiling", "email", facts(OPT_IN), "no_legal_basis", ""),
]


@pytest.mark.parametrize(("purpose", "channel", "given", "reason", "basis"), TABLE)
def test_it_decides_as_the_law_says(purpose: str, channel: str, given: Facts, reason: str, basis: str) -> None:
    decision = decide(given, purpose=purpose, channel=channel, now=NOW)

    assert (decision.reason, decision.basis, decision.is_allowed) == (reason, basis, not reason)
    assert decision.purpose == purpose


def test_it_writes_to_the_address_of_the_newest_consent() -> None:
    given = facts(entry(days_ago=3), entry(days_ago=1, address=WORK), addresses=(ANNA, WORK))

    assert decide(given, purpose="survey", channel="email", now=NOW).address == WORK


def test_it_writes_to_the_address_that_is_not_suppressed() -> None:
    given = facts(addresses=(ANNA, WORK), suppressed="all")

    assert decide(given, purpose="service", channel="email", now=NOW).address == WORK


entries = st.builds(
    Entry,
    id=st.integers(1, 10**6),
    address=st.sampled_from(["", ANNA, WORK]),
    state=st.sampled_from(["granted", "withdrawn", "objected"]),
    basis=st.sampled_from(["opt_in", "existing_customer"]),
    recorded_at=st.integers(0, 1000).map(lambda hours: NOW - timedelta(hours=hours)),
)


@given(st.lists(entries, unique_by=lambda e: e.id), st.sampled_from(["survey", "review", "marketing"]), st.data())
def test_it_never_writes_after_a_last_no_and_ignores_the_order_of_rows(
    ledger: list[Entry], purpose: str, data: st.DataObject
) -> None:
    given_facts = Facts((ANNA, WORK), tuple(ledger))
    decision = decide(given_facts, purpose=purpose, channel="email", now=NOW)
    shuffled = Facts((ANNA, WORK), tuple(data.draw(st.permutations(ledger))))

    assert decide(shuffled, purpose=purpose, channel="email", now=NOW) == decision
    if decision.is_allowed:
        used = next(e for e in ledger if e.id == decision.consent_id)
        later = [e for e in ledger if (e.recorded_at, e.id) > (used.recorded_at, used.id)]
        assert used.state == "granted"
        assert used.address == decision.address
        assert not [e for e in later if e.state != "granted" and e.address in {"", decision.address}]
