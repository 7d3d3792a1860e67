"""Who writes the same a moment later is told so on a page, and nothing of theirs is stored."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from tests.factories import make_user
from touchpoints.models import Channel

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "select count(*) from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))"


def add_channel(language: str) -> HttpResponse:
    client = Client(headers={"accept-language": language})
    client.force_login(make_user(is_superuser=True, language=language))
    try:
        fields = {"key": "kiosk", "label_de": "Zweiter", "label_en": "", "icon": "", "position": "0"}
        return client.post("/admin/touchpoints/channel/add/", fields)
    finally:
        connection.close()


@pytest.mark.parametrize(("language", "told"), [("de", "einen Moment schneller"), ("en", "a moment faster")])
def test_the_second_is_told(language, told):
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            Channel.objects.create(key="kiosk", label_de="Erster")
            answer = other.submit(add_channel, language)
            while not _is_waiting():
                assert not answer.done(), answer.result().content
                time.sleep(0.02)
        page = answer.result()
    assert page.status_code == 409
    assert told in page.content.decode()
    assert Channel.objects.get(key="kiosk").label_de == "Erster"


def _is_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])
