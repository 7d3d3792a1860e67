"""Art. 15 DSGVO: everything that is stored about a person, to read and as data; every taking out is noted."""

import pytest
from django.test import Client

from accounts.roles import Role
from customers.models import CustomerExport
from customers.privacy.export import as_data
from customers.privacy.person import Person
from tests.customers.marked import EMAIL, MARKER, make_marked_person, marked_fields
from tests.factories import make_customer, make_user


def test_the_data_hold_every_personal_field_of_every_model(db: None) -> None:
    customer = make_marked_person()
    told = str(as_data(Person.of([customer.pk])))
    assert {field for field in marked_fields() if f"{MARKER}{field}"[:12] not in told} == set()
    assert EMAIL in told
    assert len(marked_fields()) > 20


@pytest.mark.django_db
def test_page_and_file_tell_the_same() -> None:
    customer, client = make_marked_person(), Client()
    client.force_login(make_user(Role.ADMINISTRATOR))
    path = f"/admin/customers/customer/{customer.pk}/disclosure/"

    page = client.get(path).content.decode()
    data = client.get(f"{path}?format=json")

    assert data["Content-Disposition"] == f'attachment; filename="disclosure-{customer.pk}.json"'
    for field in marked_fields():
        marker = f"{MARKER}{field}"[:12]
        assert marker in page
        assert marker in data.content.decode()
    noted = CustomerExport.objects.filter(filters={"disclosure": customer.pk})
    assert noted.count() == 2
    assert len({row.rows for row in noted}) == 1
    assert min(row.rows for row in noted) > 10


@pytest.mark.django_db
def test_colleagues_are_not_named() -> None:
    colleague = make_user(first_name="Verschwiegen", email="verschwiegen@firma.example")
    customer = make_customer(owner=colleague)
    told = str(as_data(Person.of([customer.pk])))
    assert "Verschwiegen" not in told
    assert "verschwiegen" not in told


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [("service_agent", 403), ("analyst", 404), ("customer_success", 200)])
def test_it_takes_the_right_to_export(role: str, status: int) -> None:
    client = Client()
    client.force_login(make_user(Role(role)))
    assert client.get(f"/admin/customers/customer/{make_customer().pk}/disclosure/").status_code == status


@pytest.mark.django_db
def test_staff_erase_a_person_on_the_page_after_a_warning(settings, tmp_path) -> None:
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    customer, client = make_customer(), Client()
    client.force_login(make_user(Role.CUSTOMER_SUCCESS))
    path = f"/admin/customers/customer/{customer.pk}/erasure/"
    assert b"cannot be undone" in client.get(path, headers={"Accept-Language": "en"}).content
    customer.refresh_from_db()
    answer = client.post(path, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[0][0].startswith("/admin/customers/erasure/")
    assert client.get(path).status_code == 404
