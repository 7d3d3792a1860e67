"""How the invented colleagues look after the invented customers: tags, owners, notes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count

from accounts.models import User
from customers.actions import add_tag, set_owner
from customers.models import Customer, Note, Tag
from touchpoints.models import Case, Subject

TAGS = {
    "regular": ("Stammkundschaft", "green", "Hat viermal oder öfter bestellt."),
    "sensitive": ("Behutsam ansprechen", "red", "Hat gerade einen offenen Vorgang."),
    "press": ("Presse", "purple", "Schreibt über Kaffee: Anfragen an die Geschäftsführung."),
}
NOTES = [
    "Ruft lieber vormittags an.",
    "Hat eine Siebträgermaschine und fragt gern nach Mahlgraden.",
    "Bestellt jedes Jahr im Dezember Geschenke für das ganze Team.",
    "Möchte Rechnungen ohne Lieferschein.",
]
OFTEN = 4
MOST = 500


@transaction.atomic
def look_after(*, colleagues: Sequence[User], now: datetime) -> None:
    """Once; running it again adds nothing."""
    if Tag.objects.exists():
        return
    tags = {
        key: Tag.objects.create(key=key, name=name, colour=colour, description=description)
        for key, (name, colour, description) in TAGS.items()
    }
    regulars, worried = _regulars(), list(Case.objects.open().values_list("customer_id", flat=True)[:MOST])
    for tag, people in ((tags["regular"], regulars), (tags["sensitive"], worried), (tags["press"], regulars[:2])):
        if people:
            add_tag(customers=people, tag=tag, by=colleagues[0])
    for number, colleague in enumerate(colleagues):
        if mine := regulars[number :: len(colleagues) + 1]:
            set_owner(customers=mine, owner=colleague, by=colleagues[0])
    Note.objects.bulk_create(
        Note(
            customer_id=pk,
            text=NOTES[number % len(NOTES)],
            author=colleagues[number % len(colleagues)],
            created_at=now - timedelta(days=3 * number + 1),
        )
        for number, pk in enumerate(regulars[:40])
    )


def _regulars() -> list[int]:
    ordered = (
        Subject.objects.orders().values("customer__canonical").annotate(count=Count("id")).filter(count__gte=OFTEN)
    )
    people = Customer.objects.filter(pk__in=ordered.values("customer__canonical"))
    return list(people.order_by("pk").values_list("pk", flat=True)[:MOST])
