import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tests.touchpoints.conftest import Connect
from tests.touchpoints.writing import make_writer
from touchpoints.horizon import Horizon, horizon, waiting_for
from touchpoints.models import Touchpoint


def last_id() -> int:
    return Touchpoint.objects.order_by("id").values_list("id", flat=True).last() or 0


def test_it_waits_for_an_earlier_id_that_is_not_committed(connect: Connect) -> None:
    writer, slow, fast = make_writer(), connect(), connect()
    (early,) = writer.insert(slow)
    (late,) = writer.insert(fast)
    fast.commit()

    assert last_id() == late  # what `id > position` alone would move to, skipping the early one
    assert horizon().touchpoint_id < early
    slow.commit()
    assert horizon().touchpoint_id == late


def test_it_names_the_transaction_it_waits_for(connect: Connect) -> None:
    slow = connect()
    make_writer().insert(slow)

    (waiting,) = waiting_for()

    assert (waiting.pid, waiting.application_name) == (slow.info.backend_pid, "writer")
    assert waiting.state == "idle in transaction"
    assert waiting.began_at is not None
    assert not waiting.holds_changes
    slow.rollback()
    assert waiting_for() == []


def test_it_goes_on_when_a_backend_is_killed(connect: Connect) -> None:
    writer, slow, fast = make_writer(), connect(), connect()
    writer.insert(slow)
    (late,) = writer.insert(fast)
    fast.execute("select pg_terminate_backend(%s, 5000)", [slow.info.backend_pid])
    fast.commit()

    assert horizon().touchpoint_id == late
    slow.close()


def test_it_announces_again_after_a_rolled_back_savepoint(connect: Connect) -> None:
    writer, slow, fast = make_writer(), connect(), connect()
    with slow.transaction():
        with slow.transaction(force_rollback=True):
            writer.insert(slow)
        writer.insert(fast)
        fast.commit()
        assert waiting_for() == []
        (early,) = writer.insert(slow)
        (late,) = writer.insert(fast)
        fast.commit()
        assert horizon().touchpoint_id == early - 1
    assert horizon().touchpoint_id == late


def test_it_keeps_the_announcement_when_a_later_savepoint_is_rolled_back(connect: Connect) -> None:
    writer, slow = make_writer(), connect()
    with slow.transaction():
        (early,) = writer.insert(slow)
        with slow.transaction(force_rollback=True):
            writer.insert(slow)
        assert horizon().touchpoint_id == early - 1


def test_it_holds_from_the_very_first_id(connect: Connect) -> None:
    writer, slow, fast = make_writer(), connect(), connect()
    fast.execute("alter sequence touchpoints_touchpoint_id_seq restart")
    fast.commit()

    assert writer.insert(slow) == [1]
    writer.insert(fast)
    fast.commit()
    assert horizon().touchpoint_id == 0
    slow.commit()
    assert horizon().touchpoint_id == 2


def test_it_waits_for_copies(connect: Connect) -> None:
    writer, slow, fast = make_writer(), connect(), connect()
    writer.insert(fast)
    fast.commit()
    before = last_id()
    columns = [field.column for field in Touchpoint._meta.concrete_fields if field.column not in {"id", "received_at"}]
    listed = ", ".join(columns)
    slow.execute(f"create temp table one as select {listed} from touchpoints_touchpoint limit 1")  # noqa: S608
    slow.execute("update one set message_id = 'copied'")
    with slow.cursor().copy("copy one to stdout") as copy:
        data = b"".join(copy)
    with slow.cursor().copy(f"copy touchpoints_touchpoint ({listed}) from stdin") as copy:
        copy.write(data)
    writer.insert(fast)
    fast.commit()

    assert horizon().touchpoint_id == before


def test_it_does_not_wait_for_other_tables_locks_or_databases(connect: Connect) -> None:
    other = connect()
    other.execute("select pg_advisory_xact_lock_shared(1), pg_advisory_xact_lock_shared(20001, 5)")
    other.execute("insert into customers_customerchange (kind, customer_pk) values ('erased', 1)")
    writer, fast = make_writer(), connect()
    (late,) = writer.insert(fast)
    fast.commit()

    assert horizon().touchpoint_id == late


@pytest.mark.django_db(transaction=True)
def test_it_sees_its_own_rows() -> None:
    writer = make_writer()
    with transaction.atomic():
        before = horizon()
        own: psycopg.Connection[tuple[int]] = connection.connection
        (id,) = writer.insert(own)
        assert horizon() == Horizon(id, before.change_id)


@pytest.mark.django_db(transaction=True)
def test_it_refuses_an_older_snapshot() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        with pytest.raises(DatabaseError, match="READ COMMITTED"):
            horizon()
        transaction.set_rollback(True)
