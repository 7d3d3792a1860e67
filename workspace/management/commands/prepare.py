from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from accounts.models import User
from touchpoints.models import Channel


class Command(BaseCommand):
    help = "Bring the database up to date; fill an empty one with the vocabulary and, while DEMO is on, demo data."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Bringing the database up to date …")
        call_command("migrate", interactive=False, verbosity=options["verbosity"] - 1)
        if not Channel.objects.exists():
            self._seed("seed_vocabulary")
        if settings.IS_DEMO and not User.objects.exists():
            self._seed("seed_demo")

    def _seed(self, command: str) -> None:
        if command in get_commands():
            self.stdout.write(f"Filling the empty database: {command} …")
            call_command(command)
