"""Art. 30 DSGVO: the record names every category of personal data that a model declares."""

import pytest
from django.apps import apps
from django.test import Client
from django.utils.text import capfirst

from accounts.roles import Role
from customers.models import RetentionRule
from customers.privacy.holdings import personal_fields
from customers.privacy.record import activities
from tests.factories import make_brand, make_user

pytestmark = pytest.mark.django_db


def test_it_names_every_model_with_personal_fields():
    named = {category.title for activity in activities() for category in activity.categories}
    holding = [model for model in apps.get_models() if personal_fields(model)]
    assert {capfirst(str(model._meta.verbose_name_plural)) for model in holding} - named == set()


def test_it_tells_how_long_as_staff_decided():
    RetentionRule.objects.filter(key="touchpoints.rejected").update(days=14)
    kept = {label: days for activity in activities() for label, days in activity.kept}
    assert 14 in kept.values()


def test_customer_success_reads_it_and_agents_do_not():
    make_brand(legal_name="Kaffeehaus GmbH")
    for role, status in ((Role.CUSTOMER_SUCCESS, 200), (Role.SERVICE_AGENT, 403)):
        client = Client()
        client.force_login(make_user(role))
        answer = client.get("/admin/customers/retentionrule/record/")
        assert answer.status_code == status
    assert b"Kaffeehaus GmbH" not in answer.content
