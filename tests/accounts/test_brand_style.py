import pytest
from django.test import Client

from tests.factories import make_brand

pytestmark = pytest.mark.django_db


def test_it_serves_the_accent_of_the_brand_as_a_style_sheet(client: Client) -> None:
    brand = make_brand(name="Laden", accent_colour="#7a1f5c")

    response = client.get(f"/brands/{brand.pk}/style.css")

    assert response["Content-Type"] == "text/css"
    assert "light-dark(#7a1f5c, " in response.content.decode()


def test_it_darkens_an_accent_that_nobody_could_read(client: Client) -> None:
    brand = make_brand(name="Laden", accent_colour="#ffee00")

    assert "#ffee00" not in client.get(f"/brands/{brand.pk}/style.css").content.decode().partition(",")[0]


def test_it_knows_no_other_brand(client: Client) -> None:
    assert client.get("/brands/0/style.css").status_code == 404
