from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest
from django.db import connection

from tests.touchpoints.writing import Connection
from touchpoints import feed

Connect = Callable[[], Connection]


@pytest.fixture
def no_followers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only those that the test registers itself."""
    monkeypatch.setattr(feed, "_followers", {})


@pytest.fixture
def connect(transactional_db: None) -> Iterator[Connect]:
    """Makes connections of other programs to the test's database; they end with the test."""
    parameters = connection.get_connection_params()
    told = {name: parameters[name] for name in ("dbname", "user", "host", "port") if parameters.get(name)}
    with ExitStack() as stack:

        def connect() -> Connection:
            made: Connection = psycopg.connect(**told, application_name="writer")
            stack.callback(made.close)
            return made

        yield connect
