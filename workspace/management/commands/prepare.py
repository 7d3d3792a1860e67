from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.models import User


class Command(BaseCommand):
    help = "Bring the database up to date; fill an empty one with the vocabulary and, while DEMO is on, demo data."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Bringing the database up to date …")
        call_command("migrate", interactive=False, verbosity=options["verbosity"] - 1)
        for command in ("seed_vocabulary", "seed_journeys", "seed_surveys"):
            call_command(command)
        if settings.IS_DEMO and not User.objects.exists():
            self.stdout.write("Filling the empty database with demo data …")
            call_command("seed_demo")
