from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from surveys.models import Answer, Invitation, Response
from tests.surveys.factories import link
from touchpoints.models import Touchpoint


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scores", [("5", "5"), ("5", "1")])
def test_two_parallel_submissions_leave_one_response(invitation, scores):
    barrier = Barrier(2)

    def submit(score: str) -> int:
        try:
            barrier.wait(5)
            return Client().post(link(invitation), {"q-satisfaction": score}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(submit, scores)) == [303, 303]
    assert Response.objects.count() == 1
    # The second one corrects the first: the stream ends with what is stored.
    last = Touchpoint.objects.current().get(type__key="survey_answered")
    assert Answer.objects.get().score == last.valence + 3
    assert Touchpoint.objects.filter(type__key="survey_answered").count() == len(set(scores))
    assert Invitation.objects.get().state == "answered"
