"""Default deny: a role sees and does what an AppConfig declares for it, and nothing else."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.template import Origin
from django.template.loaders.base import Loader
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.roles import Role, declared_permissions
from tests.everything import make_everything
from tests.factories import make_user

pytestmark = pytest.mark.django_db

# Written by the product itself or by an action elsewhere, whatever the role; adding, then changing.
NEVER_ADDED = {
    "accounts": ("change",),
    "customers": (
        "customeraccess", "customerchange", "bulkchange", "customerimport", "customerexport", "comparison",
        "mergesuggestion", "erasure", "consentproof", "retentionrule", "consentrequest", "segmentmember",
    ),
    "touchpoints": (
        "touchpoint",
        "subject",
        "order",
        "subscription",
        "message",
        "rejectedtouchpoint",
        "followerposition",
        "parkedrow",
        "webhookdelivery",
        "idempotencyrecord",
        "mailhost",
    ),
    "journeys": ("journeyversion", "run", "passage"),
    "surveys": ("surveyversion", "invitation", "response", "answer"),
}  # fmt: skip
NEVER_CHANGED = {
    "accounts": ("change",),
    # A note is changed by who wrote it, whatever the role (tests/customers/test_notes.py).
    "customers": (
        "identity", "merge", "consent", "suppression", "customeraccess", "customerchange", "bulkchange", "note",
        "customerimport", "customerexport", "comparison", "mergesuggestion", "erasure", "consentproof",
        "consentrequest", "segmentmember",
    ),
    "touchpoints": (
        "touchpoint", "subject", "order", "subscription", "message", "rejectedtouchpoint", "followerposition",
        "idempotencyrecord", "mailhost", "parkedrow", "webhookdelivery",
        "writekey",
    ),
    "journeys": ("run", "passage"),
    "surveys": ("invitation", "response", "answer"),
}  # fmt: skip
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
SEARCHED = [model for model in MODELS if admin.site._registry[model].search_fields]


def test_every_declared_permission_exists() -> None:
    existing = {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in Permission.objects.select_related("content_type")
    }

    assert set(declared_permissions()) <= existing


def test_no_role_is_declared_that_does_not_exist() -> None:
    assert {role for roles in declared_permissions().values() for role in roles} <= set(Role.values)


@pytest.fixture(params=Role)
def role(request: pytest.FixtureRequest) -> Role:
    return Role(request.param)


class BlankPages(Loader):
    """Every template is empty: these tests ask who gets in, not what the page says."""

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:
        yield Origin(name=template_name, template_name=template_name, loader=self)

    def get_contents(self, origin: Origin) -> str:
        return ""


@pytest.fixture
def client(role: Role, settings: Settings) -> Client:
    (engine,) = settings.TEMPLATES
    options = engine["OPTIONS"] | {"loaders": ["tests.accounts.test_roles.BlankPages"]}
    settings.TEMPLATES = [engine | {"APP_DIRS": False, "OPTIONS": options}]
    client = Client()
    client.force_login(make_user(role))
    return client


def may(role: Role, verb: str, model: type) -> bool:
    app, name = model._meta.app_label, model._meta.model_name
    if verb == "add" and name in NEVER_ADDED[app]:
        return False
    if verb == "change" and name in NEVER_CHANGED[app]:
        return False
    return role is Role.ADMINISTRATOR or role in declared_permissions().get(f"{app}.{verb}_{name}", set())


def may_see(role: Role, model: type) -> bool:
    return may(role, "view", model) or may(role, "change", model)


def address(model: type, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_lists_and_pages_open_for_exactly_the_declared_roles(client: Client, role: Role) -> None:
    rows = make_everything()
    wrong = []
    for model in MODELS:
        expected = {
            "changelist": 200 if may_see(role, model) else 403,
            "add": 200 if may(role, "add", model) else 403,
            "change": 200 if may_see(role, model) else 403,
        }
        for page, status in expected.items():
            got = client.get(address(model, page, *([rows[model].pk] if page == "change" else []))).status_code
            wrong += [] if got == status else [f"{model._meta.label} {page}: {got} instead of {status}"]

    assert wrong == []


def test_saving_is_open_for_exactly_the_declared_roles(client: Client, role: Role) -> None:
    rows = make_everything()
    wrong = []
    for model in MODELS:
        for page in ("add", "change"):
            url = address(model, page, *([rows[model].pk] if page == "change" else []))
            # An empty form: 200 with errors where it may be saved, 403 where not.
            is_open = client.post(url, {}).status_code != 403
            if is_open != may(role, page, model):
                wrong.append(f"{model._meta.label} {page}: {is_open}")

    assert wrong == []


def test_autocompletion_answers_exactly_those_who_may_see(client: Client, role: Role) -> None:
    wrong = []
    for model, field, target in autocompletions():
        query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
        got = client.get(reverse("admin:autocomplete"), query).status_code
        if got != (200 if may_see(role, target) else 403):
            wrong.append(f"{model._meta.label}.{field}: {got}")

    assert wrong == []


def test_buttons_are_closed_to_those_who_may_not_press_them(client: Client, role: Role) -> None:
    rows = make_everything()
    wrong = []
    for model, page in admin.site._registry.items():
        for button in page.buttons:
            got = client.get(address(model, button.name, rows[model].pk)).status_code
            app, _dot, codename = button.permission.partition(".")
            declared = role is Role.ADMINISTRATOR or role in declared_permissions().get(button.permission, set())
            expected = 404 if not may_see(role, model) else 200 if declared and button.is_offered(rows[model]) else 403
            wrong += [] if got == expected else [f"{model._meta.label} {button.name} {app} {codename}: {got}"]

    assert wrong == []


def test_nobody_deletes_what_must_stay(client: Client, role: Role) -> None:
    rows = make_everything()
    stays = (
        "Customer",
        "Identity",
        "Consent",
        "Suppression",
        "Merge",
        "Touchpoint",
        "Case",
        "Message",
        "ApiKey",
        "Run",
    )
    for model in MODELS:
        if model.__name__ in stays:
            assert client.post(address(model, "delete", rows[model].pk), {"post": "yes"}).status_code == 403
            assert model._default_manager.filter(pk=rows[model].pk).exists()


def test_a_stranger_is_sent_to_the_login() -> None:
    answer = Client().get(reverse("admin:index"))
    assert answer.status_code == 302
    login = Client().get(answer.url)
    assert login.url.startswith("/login/?next=/admin/")


def test_who_may_not_enter_gets_a_page_and_no_loop() -> None:
    client = Client()
    client.force_login(make_user(Role.ANALYST, is_staff=False))

    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def autocompletions() -> Iterator[tuple[type, str, type]]:
    for model, page in admin.site._registry.items():
        for inline in [page, *(cls(model, admin.site) for cls in page.inlines)]:
            for field in inline.autocomplete_fields:
                owner = getattr(inline, "model", model)
                yield owner, field, owner._meta.get_field(field).related_model
