"""Whatever is stored: an export that is imported again, in either language, changes nothing."""

import io

import pytest
from django.db import transaction
from django.utils import translation
from django.utils.timezone import get_current_timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from customers.actions.exporting import export_customers
from customers.actions.importing import begin_check, begin_import, upload_import
from customers.importing.records import FIELDS
from customers.models import Customer, Identity
from tests.customers.importing import work
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SIGNS = st.one_of(
    st.sampled_from("=+-@'\"\t\r\n;, |äß€\u200b\u2028🙂0"),
    st.characters(exclude_categories=("Cs", "Cc")),
)
TEXT = st.text(SIGNS, max_size=12)
IDENTIFIER = st.text(SIGNS, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(str.isprintable)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "fields": st.fixed_dictionaries(
                {
                    **dict.fromkeys(("title", "given_name", "family_name", "company_name", "street", "city"), TEXT),
                    "salutation": st.sampled_from(["", "frau", "herr"]),
                    "postal_code": st.sampled_from(["", "01067", "1010", "SW1A 1AA"]),
                    "country": st.sampled_from(["", "DE", "AT", "GB"]),
                    "language": st.sampled_from(["", "de", "en"]),
                    "properties": st.dictionaries(TEXT, st.one_of(TEXT, st.floats(-1e9, 1e9)), max_size=2),
                }
            ),
            "user_ids": st.lists(IDENTIFIER.filter(bool), max_size=2),
            "phone": st.sampled_from(["", "+493012345", "+43664123456"]),
        }
    ),
    min_size=6,
    max_size=6,
)


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.VAR_DIR = tmp_path


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE, language=st.sampled_from(["de", "en"]))
def test_an_export_that_comes_back_changes_nothing(people, language):
    with transaction.atomic():
        user = make_user(language=language)
        store(people)
        before = everything()
        with translation.override(language):
            text = "".join(
                export_customers(customers=Customer.objects.all(), by=user, filters={}, zone=get_current_timezone())
            )
        file = imported(text, by=user)
        assert file.state == "done", file.failure
        assert (file.created, file.updated, file.refused) == (0, 0, 0)
        assert everything() == before
        transaction.set_rollback(True)


def store(people):
    for number, person in enumerate(people):
        fields = person["fields"] | ({"postal_code": "1010"} if person["fields"]["country"] == "AT" else {})
        fields |= {"postal_code": ""} if fields["country"] in ("", "DE") and fields["postal_code"] == "1010" else {}
        made = Customer.objects.create(is_known=True, **fields)
        identities = [("user_id", value) for value in person["user_ids"]] + [("phone", person["phone"])]
        identities.append(("email", f"a{number}@example.org"))
        for kind, value in identities:
            if value:
                Identity.objects.get_or_create(kind=kind, value=value, defaults={"customer": made, "is_trusted": True})


def imported(text: str, *, by: User):
    file = upload_import(file=io.BytesIO(text.encode()), name="kunden.csv", by=by)
    begin_check(file=file, columns=file.columns, only_fill_empty=False)
    begin_import(file=work(file))
    return work(file)


def everything():
    people = Customer.objects.order_by("pk").values_list("pk", "version", *FIELDS, "properties")
    return list(people), list(Identity.objects.order_by("pk").values_list("customer", "kind", "value", "is_trusted"))
