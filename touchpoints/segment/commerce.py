"""The e-commerce vocabulary of the Segment spec: names, subjects, amounts, lines, stars."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from touchpoints.segment.people import text_of
from touchpoints.subject_steps import CASE, KIND_OF, ORDER, SUBSCRIPTION
from touchpoints.vocabulary import TYPES

LONGEST_NAME = 80
# The spelling that the vocabulary knows as an alias, by one without case and underscores.
SPELLINGS = {alias.casefold(): alias for word in TYPES for alias in word.aliases} | {
    spelled: type
    for type, kind in KIND_OF.items()
    if kind != CASE
    for name in [type.replace("_", " ")]
    for spelled in (name, name.replace("cancelled", "canceled"))
}
AMOUNTS = ("total", "revenue", "value")
MOST_STARS = 5
NEUTRAL_STARS = 3


def type_named(name: str) -> str:
    """Any spelling of a name of the spec is that name; another one is a type as it is, for staff to classify."""
    text = " ".join(name.split())
    return SPELLINGS.get(text.casefold().replace("_", " "), text[:LONGEST_NAME].rstrip())


def subject_of(properties: Mapping[str, Any]) -> str:
    for kind in (ORDER, SUBSCRIPTION):
        if key := text_of(properties.get(f"{kind}_id")) or text_of(properties.get(f"{kind}Id")):
            return f"{kind}:{key}"
    return ""


def amount_of(properties: Mapping[str, Any], *, is_exact: bool) -> Any:
    """`is_exact`: of an order, where an amount that cannot be read must be seen by somebody."""
    sent = next((properties[name] for name in AMOUNTS if properties.get(name) not in (None, "")), None)
    return sent if is_exact or _is_number(sent) else None


def currency_of(properties: Mapping[str, Any], *, is_exact: bool) -> Any:
    sent = properties.get("currency") or ""
    if not isinstance(sent, str):
        return sent if is_exact else ""
    code = sent.strip().upper()
    return code if is_exact or (len(code) == 3 and code.isascii() and code.isalpha()) else ""


def with_lines(properties: dict[str, Any]) -> dict[str, Any]:
    """An order's products as the lines of an order here."""
    products = properties.get("products")
    if not isinstance(products, list):
        return properties
    rest = {key: value for key, value in properties.items() if key != "products"}
    return rest | {"lines": [_line(it) if isinstance(it, dict) else it for it in products]}


def valence_of(properties: Mapping[str, Any]) -> int | None:
    """Of stars, 1 to 5."""
    sent: Any = properties.get("rating")
    stars = float(sent) if _is_number(sent) else 0.0
    return round(stars - NEUTRAL_STARS) if 1 <= stars <= MOST_STARS else None


def _line(product: Mapping[str, Any]) -> dict[str, Any]:
    sku = text_of(product.get("sku")) or text_of(product.get("product_id"))
    return {"sku": sku, "quantity": 1} | {key: value for key, value in product.items() if key != "sku"}


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return False
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False
