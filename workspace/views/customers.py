from datetime import timedelta

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.models import Brand
from customers.actions.accesses import note_access
from customers.models import AccessKind, Customer, Identity, Note, Tag
from customers.preferences import handed_url
from customers.search import LONG_ENOUGH
from touchpoints.models import Case, Channel, Subject, Touchpoint
from touchpoints.subject_page import delivery
from workspace import customer_page
from workspace.forms import AskForm, ContactForm, NoteForm, ObjectionForm

FOUND_AT_MOST = 30
NOTES_SHOWN = 10
ORDERS_SHOWN = 5
LAST_TYPE = "last_contact_type"
UNDO_OFFERED_FOR = timedelta(minutes=5)


@login_required
@permission_required("customers.view_customer", raise_exception=True)
def customers(request: HttpRequest) -> HttpResponse:
    term = request.GET.get("q", "").strip()
    found = Customer.objects.visible_to(request.user)  # type: ignore[arg-type]
    shown = found.found_by(term) if term else found.canonical().known()
    identities = Prefetch("identities", queryset=Identity.objects.filter(kind__in=["email", "phone"]))
    order = Subject.objects.orders().filter(key=term).select_related("customer").first() if term else None
    is_similar = shown.is_similar and not order
    ordered = shown if is_similar else shown.order_by("-id")
    context = {
        "term": term,
        "customers": [] if shown.is_similar and order else ordered.prefetch_related(identities)[:FOUND_AT_MOST],
        "is_similar": is_similar,
        "is_short": len(term) < LONG_ENOUGH,
        "order": order,
        "limit": FOUND_AT_MOST,
    }
    template = "workspace/_customers.html" if request.htmx else "workspace/customers.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@login_required
@permission_required("customers.view_customer", raise_exception=True)
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    person = find_customer(request, pk)
    if not person.is_canonical:
        return redirect("customer", pk=person.canonical_id)
    note_access(kind=AccessKind.PAGE, by=request.user, customer=person.pk)
    return render(request, "workspace/customer.html", page_context(request, person))


def find_customer(request: HttpRequest, pk: int) -> Customer:
    visible = Customer.objects.visible_to(request.user)  # type: ignore[arg-type]
    return get_object_or_404(visible.select_related("owner"), pk=pk)


def page_context(request: HttpRequest, person: Customer, form: ContactForm | None = None) -> dict[str, object]:
    """The whole page of a person; `form` is a contact form that was not accepted."""
    mine = {"customer__canonical_id": person.pk}
    now, earlier = customer_page.ribbons(person)
    return {
        "customer": person,
        "identities": Identity.objects.filter(**mine).order_by("kind", "id"),
        "memberships": customer_page.memberships(person),
        "ribbons": now,
        "earlier_ribbons": earlier,
        "cases": Case.objects.open().filter(**mine).select_related("owner").in_work_order(),
        **_subjects_context(person),
        "responses": customer_page.last_answers(person),
        "decisions": customer_page.contact_permissions(person, brand=Brand.objects.default()),
        "preferences_url": handed_url(person, Brand.objects.default()),
        "ask_form": AskForm(customer=person, auto_id="ask_%s"),
        "objection_form": ObjectionForm(auto_id="objection_%s"),
        "form": form or ContactForm(customer=person, initial={"type": request.session.get(LAST_TYPE)}),
        "undo": _just_logged(request, person),
        **tags_context(person),
        **notes_context(person),
        **timeline_context(request, person),
    }


def _subjects_context(person: Customer) -> dict[str, object]:
    """The newest orders, what all of them are worth in each currency, and the subscriptions that run or ran last."""
    mine = Subject.objects.of_person(person.pk).select_related("brand")
    now = timezone.now()
    return {
        "orders": [(order, delivery(order, now=now)) for order in mine.orders()[:ORDERS_SHOWN]],
        "order_sums": mine.orders().sums(),
        "subscriptions": mine.subscriptions().order_by("-is_open", "-began_at", "-id")[:ORDERS_SHOWN],
    }


def tags_context(person: Customer) -> dict[str, object]:
    tags = Tag.objects.of_person(person.pk)
    return {"customer": person, "tags": tags, "other_tags": Tag.objects.exclude(pk__in=tags.values("pk"))}


def notes_context(person: Customer, form: NoteForm | None = None) -> dict[str, object]:
    """The newest notes; `form` is a note that was not accepted."""
    notes = list(Note.objects.of_person(person.pk).select_related("author", "api_key")[: NOTES_SHOWN + 1])
    return {
        "customer": person,
        "notes": notes[:NOTES_SHOWN],
        "has_more_notes": len(notes) > NOTES_SHOWN,
        "note_form": form or NoteForm(auto_id="note_%s"),
    }


def _just_logged(request: HttpRequest, person: Customer) -> Touchpoint | None:
    """The contact this person logged a moment ago and may take back."""
    logged = request.GET.get("logged", "")
    own = Touchpoint.objects.current().of_person(person.pk).filter(properties__by=request.user.pk)
    recent = own.filter(received_at__gte=timezone.now() - UNDO_OFFERED_FOR)
    return (
        recent.select_related("type__canonical__channel").filter(pk=int(logged)).first() if logged.isdecimal() else None
    )


@login_required
@permission_required("customers.view_customer", raise_exception=True)
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """The next page of the timeline, or the timeline filtered anew."""
    person = find_customer(request, pk)
    return render(request, "workspace/_timeline.html", timeline_context(request, person))


def timeline_context(request: HttpRequest, person: Customer) -> dict[str, object]:
    chosen = {name: request.GET.get(name, "") for name in ("channel", "subject", "before")}
    try:
        page = customer_page.timeline(person, **chosen)
    except ValueError as error:
        raise Http404 from error
    return {
        "customer": person,
        "page": page,
        "chosen": chosen,
        "channels": Channel.objects.all(),
        "timeline_url": reverse("customer-timeline", args=[person.pk]),
    }
