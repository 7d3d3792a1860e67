"""Every role against every endpoint and verb on customers: open for exactly what an AppConfig declares."""

import pytest
from django.test import Client

from accounts.roles import Role, declared_permissions
from customers.api.parts import IdentityViewSet, MergeViewSet, NoteViewSet, TagViewSet
from customers.api.views import CustomerViewSet
from customers.models import Identity, Merge, Note, Tag
from tests.factories import make_customer, make_user

pytestmark = pytest.mark.django_db
VIEWS = {
    "customers": CustomerViewSet, "identities": IdentityViewSet, "merges": MergeViewSet, "notes": NoteViewSet,
    "tags": TagViewSet,
}  # fmt: skip
VERBS = {"customers": ("GET", "POST", "PATCH"), "identities": ("GET", "POST", "DELETE")} | {
    "merges": ("GET", "POST", "DELETE"),
    "notes": ("GET", "POST", "PATCH", "DELETE"),
    "tags": ("GET", "POST", "PATCH", "DELETE"),
}
CASES = [(path, verb) for path, verbs in VERBS.items() for verb in verbs]


@pytest.mark.parametrize("role", Role)
def test_it_opens_for_exactly_the_declared_roles(role: Role) -> None:
    user, client, anna = make_user(role), Client(), make_customer(email="anna@example.org")
    client.force_login(user)
    rows = {
        "customers": anna.pk,
        "identities": Identity.objects.get().pk,
        "merges": Merge.objects.create(kept=anna, merged=make_customer(), reason="same card").pk,
        "notes": Note.objects.create(customer=anna, text="Calls", author=user).pk,
        "tags": Tag.objects.create(key="regular", name="Regular").key,
    }
    wrong = []
    for path, verb in CASES:
        url = f"/api/v1/{path}/" if verb == "POST" else f"/api/v1/{path}/{rows[path]}/"
        # An empty body, no state named: refused with another status wherever it may be done at all.
        status = client.generic(verb, url, b"{}", content_type="application/json").status_code
        permission = VIEWS[path].permission[verb]
        may = role is Role.ADMINISTRATOR or role in declared_permissions().get(permission, set())
        expected = {"GET": 200, "POST": 400}.get(verb, 428) if may else 403
        wrong += [] if status == expected else [f"{verb} {path}: {status} instead of {expected}"]
    assert wrong == []


def test_a_stranger_gets_nowhere() -> None:
    for path, verb in CASES:
        url = f"/api/v1/{path}/" if verb == "POST" else f"/api/v1/{path}/1/"
        assert Client().generic(verb, url, b"{}", content_type="application/json").status_code == 401
