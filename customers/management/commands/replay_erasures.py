from typing import Any

from django.core.management.base import BaseCommand

from customers.actions import replay_erasures


class Command(BaseCommand):
    help = "After a backup was restored: forget again whom settings.ERASURE_LOG names."

    def handle(self, *args: Any, **options: Any) -> None:
        count = replay_erasures()
        self.stdout.write(f"{count} forgotten again.")
