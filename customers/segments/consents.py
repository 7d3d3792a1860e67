"""Conditions on the ledger of consents, read as the gate reads it (customers.consent): per address, a no stands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Exists, F, OuterRef, Q, TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Consent
from customers.models.consent import ConsentState, ContactChannel, LegalBasis, Purpose
from customers.segments.condition import Condition
from customers.segments.sets import everybody, ids, without

if TYPE_CHECKING:
    from accounts.models import Brand
    from customers.querysets import ConsentQuerySet
    from customers.segments.sets import Ids

PERSON = "customer__canonical_id"
IS_LATER = Q(recorded_at__gt=OuterRef("recorded_at")) | Q(recorded_at=OuterRef("recorded_at"), pk__gt=OuterRef("pk"))


class Said(TextChoices):
    YES = "yes", _("yes: granted")
    NO = "no", _("no: withdrawn or objected")
    NOTHING = "nothing", _("nothing was said")


class ConsentGiven(Condition):
    key, section, label = "consent", _("Consent"), _("Consent on record")
    purpose = forms.ChoiceField(
        label=_("purpose"), choices=[(it.value, it.label) for it in Purpose if it != Purpose.SERVICE]
    )
    channel = forms.ChoiceField(label=_("by"), choices=ContactChannel.choices)
    said = forms.ChoiceField(
        label=_("what was said"),
        choices=Said.choices,
        help_text=_("Whether a mail may go out is decided anew for each mail."),
    )

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        filters = {"purpose": self.cleaned_data["purpose"], "channel": self.cleaned_data["channel"]}
        ledger = Consent.objects.order_by().filter(**filters | ({"brand": brand} if brand else {}))
        yes = ids(_standing_yes(ledger, now=now), PERSON)
        if self.cleaned_data["said"] == Said.YES:
            return yes
        no = ids(_refusals(ledger), PERSON)
        if self.cleaned_data["said"] == Said.NO:
            return without(no, yes)
        return without(everybody(), yes, no)

    def phrase(self, *, is_negated: bool) -> str:
        texts = {
            Said.YES: (
                gettext("agreed to %(purpose)s by %(channel)s"),
                gettext("did not agree to %(purpose)s by %(channel)s"),
            ),
            Said.NO: (
                gettext("refused %(purpose)s by %(channel)s"),
                gettext("did not refuse %(purpose)s by %(channel)s"),
            ),
            Said.NOTHING: (
                gettext("said nothing about %(purpose)s by %(channel)s"),
                gettext("said yes or no to %(purpose)s by %(channel)s"),
            ),
        }
        chosen = texts[Said(self.cleaned_data["said"])][is_negated]
        purpose, channel = Purpose(self.cleaned_data["purpose"]), ContactChannel(self.cleaned_data["channel"])
        return chosen % {"purpose": purpose.label, "channel": channel.label}


def objected_to_profiling(*, now: datetime) -> Ids:
    """Canonical ids of those who may stand in no segment: a no to profiling that no later opt-in of theirs answers."""
    ledger = Consent.objects.order_by().filter(purpose=Purpose.PROFILING)
    opt_ins = ledger.filter(IS_LATER, state=ConsentState.GRANTED, basis=LegalBasis.OPT_IN, recorded_at__lte=now)
    answers = _same_matter(opt_ins)
    # An objection without address counts for all of them, until one is named in a yes.
    stands_for_all = Q(~Exists(answers), address="")
    stands_for_one = Q(~Exists(answers.filter(address=OuterRef("address")))) & ~Q(address="")
    return ids(_refusals(ledger).filter(stands_for_all | stands_for_one), PERSON)


def _refusals(ledger: ConsentQuerySet) -> ConsentQuerySet:
    return ledger.exclude(state=ConsentState.GRANTED)


def _standing_yes(ledger: ConsentQuerySet, *, now: datetime) -> ConsentQuerySet:
    """A yes after every no that speaks for its address; only an opt-in ends a no."""
    refusals = _same_matter(_refusals(Consent.objects.order_by())).filter(address__in=["", OuterRef("address")])
    granted = ledger.filter(state=ConsentState.GRANTED, recorded_at__lte=now)
    never_refused = Q(~Exists(refusals))
    opted_in_since = Q(basis=LegalBasis.OPT_IN) & Q(~Exists(refusals.filter(IS_LATER)))
    return granted.filter(never_refused | opted_in_since)


def _same_matter(ledger: ConsentQuerySet) -> ConsentQuerySet:
    """Of the same person, brand, purpose and channel as the row outside."""
    return ledger.alias(person=F(PERSON)).filter(
        person=OuterRef(PERSON),
        brand=OuterRef("brand"),
        purpose=OuterRef("purpose"),
        channel=OuterRef("channel"),
    )
