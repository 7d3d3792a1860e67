"""What is written to the log names nobody."""

import io
import json
import logging
import logging.config

import pytest
from django.test import Client

from config.logs import log_settings
from tests.factories import make_user


@pytest.fixture
def log():
    """The log as in production, in memory."""
    written = io.StringIO()
    settings = log_settings(is_readable=False)
    settings["handlers"]["console"]["stream"] = written
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers = []
    logging.config.dictConfig(settings)
    yield written
    root.handlers, root.level = before, level


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("GET /customers/?q=M%C3%BCller", "GET /customers/?q=…"),
        ("GET /api/v1/customers/?email=anna%40example.org&page_size=2", "GET /api/v1/customers/?email=…&page_size=…"),
        ("GET /customers/?q=O'Brien&page=2", "GET /customers/?q=…&page=…"),
        ("550 <anna.maria@mail.example.org>: unknown", "550 <…@…>: unknown"),
        ("1 + 1 = 2? yes & no", "1 + 1 = 2? yes & no"),
    ],
)
def test_it_hides_who_it_is_about(log, line, told):
    logging.getLogger("test").warning(line)
    assert json.loads(log.getvalue())["event"] == told


@pytest.mark.django_db
def test_a_search_leaves_no_name_in_the_log(log):
    client = Client()
    client.force_login(make_user(is_superuser=True))
    client.get("/customers/", {"q": "Mustermensch"})
    client.get("/api/v1/customers/", {"email": "mustermensch@example.org"})
    assert "/customers/" in log.getvalue()
    assert "ustermensch" not in log.getvalue()


def test_an_error_with_an_address_hides_it(log):
    try:
        raise ValueError("cannot write to mustermensch@example.org")
    except ValueError:
        logging.getLogger("test").exception("failed")
    assert "ValueError" in log.getvalue()
    assert "ustermensch" not in log.getvalue()
