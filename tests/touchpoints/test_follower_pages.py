import pytest
from django.test import Client

from accounts.roles import Role
from tests.factories import make_touchpoint, make_user
from tests.touchpoints.conftest import Connect
from tests.touchpoints.writing import make_writer
from touchpoints import feed

LIST = "/admin/touchpoints/followerposition/"


@pytest.mark.django_db
def test_it_shows_how_much_waits(client: Client) -> None:
    feed.catch_up()
    make_touchpoint()
    client.force_login(make_user(Role.ADMINISTRATOR))

    page = client.get(LIST).content.decode()

    assert '<td class="field-behind">1</td>' in page
    assert "The followers wait" not in page


def test_it_names_the_transaction_that_holds_the_feed_back(client: Client, connect: Connect) -> None:
    slow = connect()
    make_writer().insert(slow)
    client.force_login(make_user(Role.ADMINISTRATOR))

    page = client.get(LIST).content.decode()

    assert f"process {slow.info.backend_pid} (writer), open since" in page
    assert "insert into" not in page
