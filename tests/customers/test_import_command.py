"""`manage.py import_customers`: the same import without a page, also after `kill -9`."""

import io
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from customers.actions.importing import begin_check, begin_import
from customers.actions.resuming import start_import
from customers.importing.mapping import Mapping
from customers.models import Customer, CustomerImport, Identity
from tests.customers.importing import ANNA, BEN, HEADER, check, customer, upload, work
from tests.factories import make_user
from tests.fixtures.celery import PROJECT, environment

ROWS = 40_000
MAPPING = """
only_fill_empty = false
[file]
encoding = "windows-1252"
delimiter = ";"
numbers = "1.234,56"
dates = "%d.%m.%Y"
country = "AT"
[columns]
"Nr." = "user_id"
"Name" = "family_name"
"Tel" = "phone"
"Umsatz" = "number"
"""


def run(folder: Path, content: str, *arguments: str, mapping: str = "", encoding: str = "utf-8") -> str:
    (folder / "kunden.csv").write_bytes(content.encode(encoding))
    if mapping:
        (folder / "mapping.toml").write_text(mapping)
        arguments = (*arguments, "--mapping", str(folder / "mapping.toml"))
    out, aside = io.StringIO(), io.StringIO()
    arguments = (*arguments, "--errors", str(folder / "errors.csv"))
    with translation.override("en"):
        call_command("import_customers", str(folder / "kunden.csv"), *arguments, stdout=out, stderr=aside)
    return out.getvalue() + aside.getvalue()


def started(folder: Path) -> CustomerImport:
    """As the command leaves it when it is stopped at once."""
    (folder / "kunden.csv").write_text(HEADER + ANNA + BEN)
    return start_import(path=folder / "kunden.csv", mapping=Mapping(), is_resumable=True)


@pytest.fixture
def folder(tmp_path, settings) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    return tmp_path


@pytest.mark.django_db
def test_it_recognises_the_columns_by_their_names(folder):
    said = run(folder, HEADER + ANNA + BEN + "K3;;;;=x;;;;;\n")
    assert said.startswith("3 rows: 2 new, 0 changed, 0 unchanged, 0 further rows of the same person, 1 refused.")
    assert customer("K1").family_name == "Müller"
    listed = (folder / "errors.csv").read_text("utf-8-sig")
    assert "E-Mail;'=x" in listed


@pytest.mark.django_db
def test_a_mapping_says_what_they_mean(folder):
    run(folder, "Nr.;Name;Tel;Umsatz\nK1;Größler;01 5123456;1.234,5\n", mapping=MAPPING, encoding="windows-1252")
    assert (customer("K1").family_name, customer("K1").properties) == ("Größler", {"Umsatz": 1234.5})
    assert customer("+4315123456") == customer("K1")


@pytest.mark.django_db
def test_a_check_stores_nothing(folder):
    assert "2 new" in run(folder, HEADER + ANNA + BEN, "--check")
    assert not Customer.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [("--check",), ()])
def test_what_a_colleague_does_with_the_same_file_is_left_as_it_is(folder, arguments):
    colleagues = upload(HEADER + ANNA, by=make_user(username="clara"), name="ours.csv")
    begin_check(file=colleagues, columns=colleagues.columns, only_fill_empty=True)
    said = run(folder, HEADER + ANNA, *arguments)
    assert "1 new" in said
    before = ("checking", 0, True)
    colleagues.refresh_from_db()
    assert (colleagues.state, colleagues.position, colleagues.only_fill_empty) == before
    assert colleagues.path.exists()
    assert f"import of clara, being checked (0 %), http://127.0.0.1:8000/imports/{colleagues.pk}/" in said


@pytest.mark.django_db
def test_a_file_that_a_colleague_is_importing_is_only_checked(folder):
    colleagues = check(upload(HEADER + ANNA))
    begin_import(file=colleagues)
    with pytest.raises(CommandError, match="running .*Wait until it is done"):
        run(folder, HEADER + ANNA)
    assert "1 new" in run(folder, HEADER + ANNA, "--check")
    colleagues.refresh_from_db()
    assert (colleagues.state, Customer.objects.count()) == ("running", 0)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["checking", "checked", "running"])
def test_the_command_goes_on_with_what_it_began(folder, state):
    begun = started(folder)
    if state != "checking":
        work(begun)
    if state == "running":
        begin_import(file=begun)
    run(folder, HEADER + ANNA + BEN)
    begun.refresh_from_db()
    assert (begun.state, begun.created, CustomerImport.objects.count()) == ("done", 2, 1)


@pytest.mark.django_db
def test_it_does_not_go_on_where_the_mapping_is_another(folder):
    begun = work(started(folder))
    run(folder, HEADER + ANNA + BEN, mapping="only_fill_empty = true")
    begun.refresh_from_db()
    assert begun.state == "checked"
    assert CustomerImport.objects.get(state="done").only_fill_empty


@pytest.mark.django_db
def test_a_file_that_cannot_be_used_leaves_nothing_behind(folder, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(CommandError, match="Nowhere"):
        run(folder, HEADER + ANNA, mapping='[columns]\n"Nowhere" = "email"')
    assert list((folder / "var" / "imports").iterdir()) == []
    assert CustomerImport.objects.get().state == "cancelled"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ('[columns]\n"Nr." = "nonsense"', "nonsense is no meaning"),
        ('[columns]\n"Ort" = "city"', "by which customers are found"),
        ('[columns]\n"Nowhere" = "email"', "The file has no column Nowhere"),
        ("[nonsense]\n", "nonsense"),
        ("not toml", "mapping.toml"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(folder, mapping, reason):
    with pytest.raises(CommandError, match=reason):
        run(folder, HEADER + ANNA, mapping=mapping)
    assert not Customer.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_not_there_is_refused(folder):
    with pytest.raises(CommandError, match=r"nowhere\.csv"):
        call_command("import_customers", "nowhere.csv")


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(3))
def test_an_import_killed_three_times_ends_complete(transactional_db, tmp_path, seed):
    chance = random.Random(seed)
    lines = (f"K{n};Name {n % 700};a{n}@example.org;{10_000 + n % 90_000}\n" for n in range(ROWS))
    path = tmp_path / "kunden.csv"
    path.write_text("Kundennummer;Nachname;E-Mail;PLZ\n" + "".join(lines))
    command = [sys.executable, str(PROJECT / "manage.py"), "import_customers", str(path)]
    for _kill in range(3):
        _run_until(command, tmp_path, then_wait=chance.random() * 2)
    before = Customer.objects.count()
    subprocess.run(command, env=_environment(tmp_path), cwd=tmp_path, check=True, capture_output=True)

    print(f"seed {seed}: {before} customers after three kills, {Customer.objects.count()} at the end")
    assert 0 < before < ROWS
    assert Customer.objects.count() == ROWS
    assert Identity.objects.count() == 2 * ROWS
    done = CustomerImport.objects.get(state="done")
    assert (done.created, done.position, done.people.count()) == (ROWS, ROWS, ROWS)


def _run_until(command: list[str], folder: Path, *, then_wait: float) -> None:
    """Kills it a moment after it stored something more."""
    reached = Customer.objects.count()
    with subprocess.Popen(
        command, env=_environment(folder), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while Customer.objects.count() == reached and process.poll() is None:
            time.sleep(0.02)
        time.sleep(min(then_wait, 0.5))
        process.kill()


def _environment(folder: Path) -> dict[str, str]:
    return environment() | {"VAR_DIR": str(folder / "var"), "PYTHONPATH": str(PROJECT)}
