"""Two segments, so that a newcomer sees what one looks like before building the next."""

from customers.models import Segment

REGULARS = {
    "and": [
        {"condition": "country", "with": {"countries": ["DE"]}},
        {"condition": "orders", "with": {"bound": "at_least", "number": 2, "days": 365}},
        {"not": [{"condition": "score", "with": {"kind": "nps", "bound": "at_most", "number": 6}}]},
    ]
}
QUIET = {
    "and": [
        {"condition": "orders", "with": {"bound": "at_least", "number": 1}},
        {"condition": "touchpoints", "with": {"bound": "at_most", "number": 0, "days": 180}},
    ]
}
SEGMENTS = (
    ("Stammkundschaft in Deutschland", "Kauft wieder und war zuletzt nicht unzufrieden.", REGULARS),
    ("Still geworden", "Hat einmal gekauft und sich ein halbes Jahr nicht gemeldet.", QUIET),
)


def make_segments() -> None:
    for name, description, rules in SEGMENTS:
        Segment.objects.get_or_create(name=name, defaults={"description": description, "rules": rules})
