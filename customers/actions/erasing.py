"""Forgetting a person (Art. 17 DSGVO). Killed at any point, it is done again from the start and ends the same."""

import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.tracking import tracked
from customers.actions.suppressing import suppress_address
from customers.holding import hold_to_delete
from customers.models import Consent, ConsentProof, Customer, CustomerChange, Erasure, Identity
from customers.models.consent import SuppressionScope
from customers.models.erasure import ErasureReason
from customers.models.merge import CustomerChangeKind
from customers.privacy.elsewhere import elsewhere
from customers.privacy.holdings import Holding, holdings, personal_fields
from customers.privacy.person import Person
from customers.suppression import address_hmac

Done = TypeVar("Done")

WRITTEN_TO = ("email", "phone")
ATTEMPTS = 20


@transaction.atomic
def request_erasure(*, customer: Customer, by: User | None = None, reason: str = ErasureReason.ASKED) -> Erasure:
    """The person is to be forgotten with all that was merged with them; `finish_erasure` does it."""
    person = Person.of([customer.pk])
    if Erasure.objects.unfinished().filter(records__overlap=list(person.records)).exists():
        raise ValidationError(_("This person is being erased already."))
    return Erasure.objects.create(
        records=sorted(person.records),
        hmacs=[address_hmac(value) for value in sorted(person.values)],
        reason=reason,
        requested_by=by,
    )


def finish_erasure(*, erasure: Erasure) -> Erasure:
    """Do what is left to do: the note outside the database, files, then all rows in one transaction."""
    person = Person.of(erasure.records)
    _note_outside(erasure)
    for place in elsewhere():
        if place.is_outside_database:
            place.erase(person)
    giving_way(lambda: _finish(erasure))
    erasure.refresh_from_db()
    return erasure


def giving_way(delete: Callable[[], Done]) -> Done:
    """Begin again where somebody writes about the same people; each time we gave way another one has come through."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return delete()
        except (OperationalError, IntegrityError):
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


@transaction.atomic
def _finish(erasure: Erasure) -> None:
    held = Erasure.objects.unfinished().select_for_update().filter(pk=erasure.pk).first()
    if not held:
        return
    # What came between the request and our holding them belongs to it as well.
    held.counts = _forget(Person.of(hold_to_delete(erasure.records)))
    held.erased_at = timezone.now()
    held.save(update_fields=["counts", "erased_at"])


def _forget(person: Person) -> dict[str, int]:
    _keep_proofs(person)
    _suppress(person)
    counts = {place.key: place.erase(person) for place in elsewhere() if not place.is_outside_database}
    rows = delete_rows_of(person)
    counts |= {holding.model._meta.label: len(pks) for holding, pks in rows.items()}
    return {key: count for key, count in counts.items() if count}


def delete_rows_of(person: Person) -> dict[Holding, list[int]]:
    """Whatever leads to the person, who is held, with its history; the ids of what went. Followers hear of it."""
    rows = {holding: list(holding.of(person.records).values_list("pk", flat=True)) for holding in holdings()}
    # No row of a group may hold another back.
    Customer.objects.filter(pk__in=person.records).update(canonical=None)
    for holding, pks in rows.items():
        holding.model._default_manager.filter(pk__in=pks).delete()
    # After deleting, which was written down, too.
    blank_history({holding.model: pks for holding, pks in rows.items()})
    CustomerChange.objects.bulk_create(
        CustomerChange(kind=CustomerChangeKind.ERASED, customer_pk=pk) for pk in sorted(person.records)
    )
    return rows


def blank_history(rows: Mapping[type[models.Model], Collection[int]]) -> None:
    """Of these rows the history keeps who, when and which field, and no personal value."""
    told = {model for model, _trigger in tracked()}
    about = [f"{model._meta.label_lower}:{pk}" for model, pks in rows.items() if model in told for pk in pks]
    columns = {
        model._meta.label_lower: [it.column for it in model._meta.concrete_fields if it.name in personal_fields(model)]
        for model in rows
    }
    with connection.cursor() as cursor:
        cursor.execute("select blank_changes(%s, %s)", [about, json.dumps(columns)])


def _keep_proofs(person: Person) -> None:
    entries = Consent.objects.filter(customer__in=person.records).exclude(address="").order_by("id")
    ConsentProof.objects.bulk_create(
        ConsentProof(
            address_hmac=address_hmac(entry.address),
            brand_id=entry.brand_id,
            channel=entry.channel,
            purpose=entry.purpose,
            state=entry.state,
            basis=entry.basis,
            text_id=entry.text_id,
            origin=entry.origin,
            recorded_at=entry.recorded_at,
        )
        for entry in entries
    )


def _suppress(person: Person) -> None:
    """Who wanted to be forgotten is not written to when somebody imports the address again."""
    identities = Identity.objects.filter(customer__in=person.records, kind__in=WRITTEN_TO)
    consents = Consent.objects.filter(customer__in=person.records).exclude(address="")
    for address in sorted({*identities.values_list("value", flat=True), *consents.values_list("address", flat=True)}):
        suppress_address(address=address, reason="erased", scope=SuppressionScope.ADVERTISING)


def _note_outside(erasure: Erasure) -> None:
    """A backup made before knows nothing of this erasure: `manage.py replay_erasures` reads it here."""
    line: dict[str, Any] = {
        "erasure": erasure.pk,
        "requested_at": erasure.requested_at.isoformat(),
        "hmacs": [bytes(hmac).hex() for hmac in erasure.hmacs],
    }
    settings.ERASURE_LOG.parent.mkdir(parents=True, exist_ok=True)
    with settings.ERASURE_LOG.open("a", encoding="ascii") as log:
        # On a line of its own, also when a crash cut the last one off.
        log.write(("\n" if _is_cut_off() else "") + json.dumps(line) + "\n")
        log.flush()
        os.fsync(log.fileno())


def _is_cut_off() -> bool:
    with settings.ERASURE_LOG.open("rb") as log:
        size = log.seek(0, os.SEEK_END)
        return size > 0 and (log.seek(size - 1), log.read(1))[1] != b"\n"


def finish_erasures(*, erasures: Iterable[Erasure] | None = None) -> int:
    unfinished = Erasure.objects.unfinished() if erasures is None else erasures
    return sum(finish_erasure(erasure=erasure).erased_at is not None for erasure in unfinished)
