"""The pages of the administration, generated over its registry: list, empty list, add, change, history, buttons."""

from collections.abc import Iterator, Sequence
from functools import cache, partial

from django.contrib import admin
from django.db.models import Model

from accounts.models import Team, User
from customers.models import Segment
from tests.everything import make_everything
from tests.factories import make_touchpoint, make_type
from tests.pages.pages import Page
from tests.pages.rows import a_changed_customer
from touchpoints.actions import seed_vocabulary
from touchpoints.actions.vocabulary import merge_type
from touchpoints.feed import catch_up
from touchpoints.models import Channel, TouchpointType

TEXT = "Beispieltext"


@cache
def everything() -> dict[type[Model], Model]:
    return make_everything(TEXT)


def a_row_of(model: type[Model]) -> Sequence[object]:
    return [everything()[model].pk]


def some_rows() -> Sequence[object]:
    everything()
    return ()


def some_new_types() -> Sequence[object]:
    """One that looks like a known one, one that is being merged, one that is strange."""
    everything()
    seed_vocabulary()
    merged = make_type("orderCompleted", state="new")
    for key in ("orderCompleted", "Produkt_angesehn", "x" * 80):
        make_touchpoint(type=make_type(key, state="new").key, subject="order:1001", properties={TEXT: [TEXT]})
    catch_up()
    if not merged.is_merged:
        merge_type(type=merged, into=TouchpointType.objects.get(key="order_placed"))
    return ()


def a_segment_by_rules() -> Sequence[object]:
    """With a group in a group, filled in and finding somebody."""
    everything()
    rules = {
        "and": [
            {"condition": "known", "with": {"known": "yes"}},
            {"condition": "touchpoints", "with": {"bound": "at_most", "number": 20, "days": 90}},
            {"not": [{"condition": "consent", "with": {"purpose": "survey", "channel": "post", "said": "no"}}]},
        ]
    }
    return [Segment.objects.create(name=TEXT, rules=rules).pk]


def a_segment_that_lost_its_tag() -> Sequence[object]:
    rules = {"and": [{"condition": "tag", "with": {"tag": "gone"}}]}
    return [Segment.objects.create(name=f"{TEXT} ?", rules=rules).pk]


def admin_pages() -> Iterator[Page]:
    yield Page("admin:index")
    yield Page("admin:password_change")
    yield from (Page(f"/admin/{app}/") for app in ("accounts", "customers", "touchpoints", "journeys", "surveys"))
    yield Page("admin:customers_retentionrule_record", at=some_rows)
    yield Page("admin:accounts_team_history", at=partial(a_row_of, Team))
    yield Page("admin:customers_customer_history", at=a_changed_customer)
    yield Page("admin:customers_customer_history", at=a_changed_customer, query="who=0&what=customers.merge")
    yield Page("admin:accounts_team_delete", at=partial(a_row_of, Team))
    yield Page("admin:touchpoints_channel_delete", at=partial(a_row_of, Channel), note="protected")
    yield Page("admin:auth_user_password_change", at=partial(a_row_of, User))
    yield Page("admin:customers_customer_changelist", query="q=nobody", note="nothing found")
    yield Page("admin:touchpoints_touchpoint_changelist", at=some_rows, query="customer__id__exact=1")
    yield Page("admin:customers_segment_change", at=a_segment_by_rules, note="by rules")
    yield Page("admin:customers_segment_change", at=a_segment_that_lost_its_tag, note="invalid")
    yield Page("admin:touchpoints_touchpointtype_new", at=some_new_types)
    yield Page("admin:touchpoints_touchpointtype_new", note="none")
    for model in sorted(admin.site._registry, key=lambda model: model._meta.label):
        yield from _pages_of(model)


def _pages_of(model: type[Model]) -> Iterator[Page]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    page = admin.site._registry[model]
    yield Page(f"{name}_changelist", at=some_rows)
    yield Page(f"{name}_change", at=partial(a_row_of, model))
    if page.has_add_permission(_Anybody()):  # type: ignore[arg-type]
        yield Page(f"{name}_add")
    for button in page.buttons:
        if button.warning or button.page:
            yield Page(f"{name}_{button.name}", at=partial(a_row_of, model))


class _Anybody:
    """A request of somebody who may do everything."""

    class user:  # noqa: N801
        @staticmethod
        def has_perm(_permission: str) -> bool:
            return True
