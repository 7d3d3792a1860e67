from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from customers.actions import apply_retention, due_by_retention


class Command(BaseCommand):
    help = "Delete what was kept long enough, as every night; with --dry-run only say how much that is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        act = due_by_retention if options["dry_run"] else apply_retention
        for key, count in act(now=timezone.now()).items():
            self.stdout.write(f"{key}: {count}")
