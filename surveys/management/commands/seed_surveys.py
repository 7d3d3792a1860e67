from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys import library
from surveys.actions import add_ready_survey
from touchpoints.models import TouchpointType


class Command(BaseCommand):
    help = "Add the ready surveys and their campaigns, switched off; what exists is left as staff edited it."

    def handle(self, *args: Any, **options: Any) -> None:
        for content in library.surveys():
            trigger = content["campaign"]["trigger"]
            if not TouchpointType.objects.filter(key=trigger).exists():
                raise CommandError(f"The touchpoint type {trigger} is missing: run manage.py seed_vocabulary first.")
            campaign = add_ready_survey(content=content)
            self.stdout.write(f"{campaign.survey} → {campaign}")
