from typing import Any

from django.core.management.base import BaseCommand

from touchpoints.actions import seed_vocabulary


class Command(BaseCommand):
    help = "Create the channels, touchpoint types, sources and default brand that are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        seed_vocabulary()
