"""Of every model it is decided whether the history tells of it, and who acts is known for both ways of reading it."""

import pgtrigger
from django.apps import apps
from django.db import connection

from accounts.tracking import tracked
from tests.test_architecture import our_models

# Append-only or derived by us: they are their own history.
LEDGERS = {
    "accounts.Change",
    "customers.CustomerAccess", "customers.Consent", "customers.Pause", "customers.Suppression",
    "customers.CustomerChange",
    "customers.BulkChange", "customers.CustomerImport", "customers.CustomerExport", "customers.ImportProblem",
    "customers.ImportedCustomer", "customers.ImportClaim", "customers.Comparison", "customers.ConsentProof",
    "customers.Erasure", "customers.ConsentRequest",
    "touchpoints.Touchpoint", "touchpoints.RejectedTouchpoint", "touchpoints.IdempotencyRecord", "touchpoints.Message",
    "touchpoints.WebhookDelivery",
    "surveys.Invitation", "surveys.Response", "surveys.Answer",
    "insights.KpiAccess",
}  # fmt: skip
DERIVED = {
    "touchpoints.Subject", "touchpoints.Order", "touchpoints.Subscription", "touchpoints.FollowerPosition",
    "touchpoints.MailHost", "journeys.Run", "journeys.Passage", "customers.SegmentMember", "touchpoints.ParkedRow",
    "touchpoints.TypeUse", "touchpoints.Rereading",
}  # fmt: skip


def test_every_model_is_tracked_or_is_its_own_history():
    tables = {model._meta.db_table for model, _trigger in tracked()}
    untracked = {model._meta.label for model in our_models() if model._meta.db_table not in tables}
    assert untracked == LEDGERS | DERIVED


def test_the_triggers_of_the_database_are_those_of_the_models(db):
    installed = {
        (model._meta.label, trigger.get_installation_status(model)) for model, trigger in pgtrigger.registered()
    }
    assert {status for _label, status in installed} == {("INSTALLED", True)}
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_trigger where tgname like 'pgtrigger_%'")
        assert cursor.fetchone()[0] == len(pgtrigger.registered())


def test_what_is_told_elsewhere_names_a_relation():
    for model, trigger in tracked():
        for name in trigger.about:
            assert model._meta.get_field(name).related_model in apps.get_models(), f"{model}: {name}"
