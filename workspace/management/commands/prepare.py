from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from accounts.models import User
from touchpoints.models import Channel


class Command(BaseCommand):
    help = "Bring the database up to date; fill an empty one with the vocabulary and, while DEMO is on, demo data."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        if not Channel.objects.exists():
            self._seed("seed_vocabulary")
        if settings.IS_DEMO and not User.objects.exists():
            self._seed("seed_demo")

    def _seed(self, command: str) -> None:
        if command in get_commands():
            call_command(command)
