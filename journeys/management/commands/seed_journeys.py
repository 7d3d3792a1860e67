from typing import Any

from django.core.management.base import BaseCommand

from journeys.actions import seed_journeys


class Command(BaseCommand):
    help = "Create and publish the journey templates that are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        seed_journeys()
