"""Runs the import command on files written by a test."""

import csv
import io
from pathlib import Path

from django.core.management import call_command
from django.utils import translation

TILL = """
source = "till"
[file]
delimiter = ";"
decimal = ","
thousands = "."
time_zone = "Europe/Berlin"
time_format = "%d.%m.%Y %H:%M"
[constants]
type = "store_purchased"
currency = "EUR"
[columns]
time = "Zeit"
value = "Betrag"
place = "Filiale"
[customer]
loyalty_card = "Karte"
receipt = "Bon"
"""
ORDERS = """
source = "orders"
group_by = "order"
[file]
time_zone = "Europe/Berlin"
[constants]
type = "order_placed"
subject_kind = "order"
currency = "EUR"
[columns]
time = "at"
[customer]
user_id = "customer"
receipt = "order"
[lines]
sku = "sku"
description = "text"
quantity = "quantity"
price = "price"
[[rules]]
column = "order"
starts_with = "C"
type = "order_cancelled"
"""
TILL_HEADER = "Bon;Karte;Zeit;Betrag;Filiale\r\n"
ORDERS_HEADER = "order,customer,at,sku,text,quantity,price\n"


class Import:
    """Writes files into a folder, runs the command on them and keeps what it said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.errors_path = folder / "errors.csv"

    def __call__(self, content: str | bytes, mapping: str = TILL, name: str = "file.csv", **options: str) -> str:
        self.errors_path.unlink(missing_ok=True)
        (self.folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        (self.folder / "mapping.toml").write_text(mapping)
        out, err = io.StringIO(), io.StringIO()
        arguments = ["--mapping", self.folder / "mapping.toml", "--errors", self.errors_path]
        for name_of_option, value in options.items():
            arguments += [f"--{name_of_option}", value]
        with translation.override("en"):
            call_command("import_touchpoints", *map(str, [self.folder / name, *arguments]), stdout=out, stderr=err)
        return out.getvalue()

    @property
    def errors(self) -> dict[int, str]:
        if not self.errors_path.exists():
            return {}
        with self.errors_path.open(encoding="utf-8-sig", newline="") as file:
            return {int(row["line"]): row["problem"] for row in csv.DictReader(file, delimiter=";")}
