"""Goes through the pages of an import, as a browser does."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from customers.models import CustomerImport
from tests.customers.importing import work


def post_file(client: Client, content: str | bytes, *, name: str = "kunden.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(reverse("customer-imports"), {"file": SimpleUploadedFile(name, data)})


def uploaded(client: Client, content: str | bytes, *, name: str = "kunden.csv") -> CustomerImport:
    response = post_file(client, content, name=name)
    assert response.status_code == 302, response.content.decode()
    file = CustomerImport.objects.latest("id")
    assert response.url == reverse("customer-import", args=[file.pk])
    return file


def page(client: Client, file: CustomerImport) -> str:
    response = client.get(reverse("customer-import", args=[file.pk]))
    assert response.status_code == 200
    return response.content.decode()


def checked(client: Client, file: CustomerImport, **columns: str) -> CustomerImport:
    chosen = {f"column_{place}": key for place, key in enumerate(file.columns)} | columns
    response = client.post(reverse("customer-import-check", args=[file.pk]), chosen)
    assert response.status_code == 302, response.content.decode()
    return work(file)


def imported(client: Client, file: CustomerImport, **columns: str) -> CustomerImport:
    checked(client, file, **columns)
    client.post(reverse("customer-import-run", args=[file.pk]))
    return work(file)
