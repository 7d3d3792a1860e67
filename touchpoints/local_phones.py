"""Phone numbers without prefix belong to the country of whoever they are sent with, once it is clear who that is."""

from collections.abc import Iterable

from customers.claims import ask_claims, read_claims
from customers.identity import BY_STRENGTH, Identifier, InvalidIdentityError, identifier
from customers.recognition import Claim
from touchpoints.batch import Incoming


def with_numbers_abroad(items: Iterable[Incoming], claims: dict[Identifier, Claim]) -> dict[Identifier, Claim]:
    """Items get the numbers they mean, read as those of the source's country before; the claims with those of them.

    One more statement, only where a number belongs to another country.
    """
    items = list(items)
    if not [item for item in items if _respell(item, claims)]:
        return claims
    named = {it for item in items for it in item.identifiers}
    claims = {it: claim for it, claim in claims.items() if it.kind != "phone" or it in named}
    if missing := sorted(named - claims.keys()):
        claims |= read_claims(ask_claims(missing), people=[claim.person for claim in claims.values()])
    return claims


def _respell(item: Incoming, claims: dict[Identifier, Claim]) -> bool:
    country = _country(item, claims) if item.local_phone else ""
    if not country:
        return False
    try:
        number = identifier("phone", item.local_phone, country=country)
    except InvalidIdentityError:
        return False
    before = item.identifiers
    item.identifiers = tuple(number if it.kind == "phone" else it for it in before)
    return item.identifiers != before


def _country(item: Incoming, claims: dict[Identifier, Claim]) -> str:
    """Of the customer whom the strongest of the other identifiers leads to."""
    others = sorted((it for it in item.identifiers if it.kind != "phone"), key=lambda it: BY_STRENGTH.index(it.kind))
    return next((claims[it].person.country for it in others if it in claims), "")
