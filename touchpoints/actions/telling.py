from collections.abc import Mapping, Sequence

from customers.actions.describing import describe_customers, join_companies
from touchpoints.segment.people import Told


def tell(told: Sequence[tuple[str, Told]], *, owners: Mapping[str, int], is_verified: bool) -> None:
    """Give customers what SDKs told about them; `owners` are the records by message ID."""
    fields: dict[int, dict[str, str]] = {}
    for message_id, it in told:
        if it.fields:
            fields[owners[message_id]] = fields.get(owners[message_id], {}) | it.fields
    if fields:
        describe_customers(fields=fields, is_verified=is_verified)
    joined = [(owners[message_id], *it.company) for message_id, it in told if it.company]
    # Anybody may claim to belong to a company: a browser's word makes no member.
    if joined and is_verified:
        join_companies(joined=joined)
