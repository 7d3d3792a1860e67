import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "expected"), [("Müller", "muller"), ("Straße", "strasse"), ("ÖZDEMİR", "ozdemir"), ("Ærø", "aero")]
)
def test_it_folds_umlauts_case_and_accents(text: str, expected: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select folded(%s)", [text])
        assert cursor.fetchone() == (expected,)


def test_it_sorts_as_german_dictionaries_do() -> None:
    names = ["Zander", "de Vries", "Özdemir", "ärger", "Strasser", "Ottmann"]
    with connection.cursor() as cursor:
        cursor.execute("select name from unnest(%s::text[]) name order by folded(name), name", [names])
        found = [name for (name,) in cursor.fetchall()]
    assert found == ["ärger", "de Vries", "Ottmann", "Özdemir", "Strasser", "Zander"]
