from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone
from tqdm import tqdm

from accounts import demo
from accounts.models import Brand, Team, User
from touchpoints.feed import catch_up
from touchpoints.models import Case
from workspace.demo.answers import load_answers
from workspace.demo.care import look_after
from workspace.demo.fresh import silence_history, switch_campaigns_on, tell_fresh
from workspace.demo.loading import CUSTOMERS_PER_STEP, Loader
from workspace.demo.people import People
from workspace.demo.segments import make_segments

BRAND = {
    "name": "Kaffeehaus Morgenrot",
    "legal_name": "Kaffeehaus Morgenrot GmbH",
    "postal_address": "Musterweg 1\n10115 Berlin",
    "imprint_url": "https://shop.example/impressum",
    "privacy_url": "https://shop.example/datenschutz",
    "sender_name": "Kaffeehaus Morgenrot",
    "sender_email": "service@shop.example",
}


class Command(BaseCommand):
    help = "Fill the database with invented customers and their last 24 months. Killed, it goes on where it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=5000, help="how many (default 5000)")
        parser.add_argument("--seed", type=int, default=1, help="another number gives other people (default 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        for command in ("seed_vocabulary", "seed_journeys", "seed_surveys"):
            call_command(command)
        Brand.objects.filter(is_default=True).update(**BRAND)
        now = timezone.now()
        self._load_history(People(seed=options["seed"], until=now), count=options["customers"])
        # Without fresh statistics the planner takes 148,000 touchpoints for one and reads customers row by row.
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        silence_history()
        self.stdout.write("Deriving orders, journeys and campaigns …")
        catch_up()
        switch_campaigns_on(now=now)
        tell_fresh(now=timezone.now())
        catch_up()
        make_segments()
        make_users()

    def _load_history(self, people: People, *, count: int) -> None:
        loader = Loader(people, until=people.until)
        steps = range(1, count + 1, CUSTOMERS_PER_STEP)
        for first in tqdm(steps, desc="Customers", unit=f"×{CUSTOMERS_PER_STEP}", disable=None):
            with transaction.atomic():
                told = loader.load(range(first, min(first + CUSTOMERS_PER_STEP, count + 1)))
                load_answers(told)


@transaction.atomic
def make_users() -> None:
    """The demo logins; made last, they say that the demo data is complete."""
    for name, role in demo.LOGINS.items():
        user, is_new = User.objects.get_or_create(
            username=name, defaults={"first_name": name.title(), "is_staff": True, "email": f"{name}@shop.example"}
        )
        if is_new:
            user.set_password(demo.PASSWORD)
            user.save()
            user.groups.add(user.groups.model.objects.get(name=role))
    team, _is_new = Team.objects.get_or_create(name="Service")
    agents = list(User.objects.filter(username__in=["tarik", "sophie"]))
    team.members.set(agents)
    for number, case in enumerate(Case.objects.open().filter(owner=None).order_by("pk")):
        # Every third is still nobody’s.
        Case.objects.filter(pk=case.pk).update(owner=[*agents, None][number % 3], team=team)
    look_after(colleagues=agents, now=timezone.now())
