"""Whether the alarm clock's wire holds. Nothing but beat and the workers needs the broker."""

from celery import current_app
from kombu.exceptions import OperationalError

SECONDS = 1


def broker_answers() -> bool:
    timeouts = {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS}
    with current_app.connection_for_write(connect_timeout=SECONDS, transport_options=timeouts) as connection:
        try:
            connection.ensure_connection(max_retries=1, timeout=SECONDS)
        except OperationalError:
            return False
        return True
