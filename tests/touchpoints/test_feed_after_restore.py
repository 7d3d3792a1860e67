"""A dump restored into a new cluster, whose transaction ids start lower: the positions still hold."""

import os
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from config.embedded import own_servers
from config.embedded.rights import postgresql_programs
from tests.factories import make_touchpoint
from touchpoints import feed


def transaction_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_followers")
def test_it_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    feed.register(
        feed.Follower("seeing", lambda batch: seen.extend(row.id for row in batch.touchpoints()), batch_limit=2)
    )
    made = [make_touchpoint().id for _ in range(3)]
    feed.run_follower("seeing")
    before = transaction_id()

    with own_servers(tmp_path / "new", is_throwaway=True) as servers:
        copy_to(servers.database_url)
        connection.close()
        with monkeypatch.context() as patch:
            patch.setitem(connection.settings_dict, "HOST", servers.database_url.partition("host=")[2])
            patch.setitem(connection.settings_dict, "NAME", "kundenpfad")
            assert transaction_id() < before
            made.append(make_touchpoint().id)
            feed.catch_up()
            connection.close()

    assert seen == made


def copy_to(target: str) -> None:
    settings = connection.settings_dict
    source = f"{os.environ['DATABASE_URL']}&dbname={settings['NAME']}"
    dump = subprocess.run(
        [postgresql_programs() / "pg_dump", "--no-owner", source], check=True, capture_output=True
    ).stdout
    psql = [postgresql_programs() / "psql", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", target]
    subprocess.run(psql, input=dump, check=True, capture_output=True)
