import signal
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from workspace.mailbox import Mailbox

END = {signal.SIGINT, signal.SIGTERM}


class Command(BaseCommand):
    help = "Take mails on EMAIL_PORT and keep them as files in var/mailbox instead of sending them."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, END)  # before the thread of the server inherits the mask
        folder = settings.VAR_DIR / "mailbox"
        # Without a name it would ask the DNS for its own at every connection, which can take seconds.
        controller = Controller(
            Mailbox(folder), hostname="127.0.0.1", port=settings.EMAIL_PORT, server_hostname="localhost"
        )
        try:
            controller.start()
        except OSError as error:
            raise CommandError(f"Port {settings.EMAIL_PORT} for mails is not free: {error.strerror}") from error
        self.stdout.write(f"Mails go to {folder}, none is sent")
        signal.sigwait(END)
        controller.stop()
