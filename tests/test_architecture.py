"""What import-linter and ruff cannot see: relations, layers inside an app, sizes, names, help texts."""

import ast
import re
import subprocess
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.contrib.auth.models import AbstractUser
from django.db import models

from accounts.models import User

ROOT = Path(__file__).resolve().parent.parent
# Higher apps may refer to lower ones; journeys and surveys are siblings.
LAYERS = [["workspace"], ["insights"], ["journeys", "surveys"], ["touchpoints"], ["customers"], ["accounts"]]
HEIGHT = {app: len(LAYERS) - number for number, layer in enumerate(LAYERS) for app in layer}
# Imports inside an app flow from the first to the last; modules named after a calculation stand with the followers.
INNER_LAYERS = [
    ["apps"],
    ["urls"],
    ["api", "views", "admin", "management", "tasks"],
    ["filters"],
    ["actions"],
    ["followers", "named module"],
    ["models"],
    ["querysets"],
]
DEPTH = {name: number for number, layer in enumerate(INNER_LAYERS) for name in layer}
# A database backend is a package with a module of this name.
NAMED_BY_DJANGO = {"config/postgresql/base.py"}
MEANINGLESS = re.compile(r"(^|/)(services?|selectors?|managers?|utils?|helpers?|common|core|misc|base)\.py$")
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)|<style\b|\sstyle=|\son(click|change|load|submit|input)=|javascript:",
    re.IGNORECASE,
)
# A mail carries its style in itself: mail programs load no style sheet.
MAIL = "/mail/"


def tracked(*patterns: str) -> list[Path]:
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in found.stdout.splitlines() if (ROOT / line).is_file()]


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in HEIGHT]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_relations_point_downwards(model):
    app = model._meta.app_label
    for field in model._meta.get_fields():
        if field.is_relation and not field.auto_created and field.related_model._meta.app_label in HEIGHT:
            target = field.related_model._meta.app_label
            assert target == app or HEIGHT[target] < HEIGHT[app], f"{field} points upwards to {target}"


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_model_declares_its_personal_fields(model):
    """What is told to a person, blanked in the history and kept from who may not see customers."""
    if model._meta.auto_created or model._meta.proxy or not model._meta.managed:
        pytest.skip("without fields of its own")
    declared = vars(model).get("personal_fields")
    assert isinstance(declared, tuple), f"say personal_fields = (…) or () in {model.__name__}"
    assert set(declared) <= {field.name for field in model._meta.concrete_fields}


@pytest.fixture(scope="module")
def imports():
    return grimp.build_graph(*HEIGHT, exclude_type_checking_imports=True, cache_dir=None)


def part(module: str) -> str:
    """The layer of a module inside its app."""
    first = (module.split(".") + [""])[1]
    return first if first in DEPTH else "named module"


def is_pure(module: str, imports) -> bool:
    """A calculation that knows no rows may be used from anywhere."""
    return part(module) == "named module" and not any(
        ".models" in name or ".actions" in name for name in imports.find_upstream_modules(module)
    )


def may_import(importer: str, imported: str, imports) -> bool:
    source, target = part(importer), part(imported)
    if source == target or is_pure(imported, imports) or (source, target) == ("followers", "named module"):
        return True
    return DEPTH[target] > DEPTH[source]


@pytest.mark.parametrize("app", HEIGHT)
def test_imports_inside_an_app_flow_one_way(app, imports):
    wrong = []
    for importer in imports.modules:
        if not importer.startswith(f"{app}.") or ".migrations" in importer:
            continue
        for imported in imports.find_modules_directly_imported_by(importer):
            if imported.startswith(f"{app}.") and not may_import(importer, imported, imports):
                wrong.append(f"{importer} → {imported}")
    assert wrong == []


def test_no_file_is_too_long():
    limits = {"*.py": 300, "Makefile": 50, "static/js/*.js": 100}
    too_long = {
        str(path.relative_to(ROOT)): lines
        for pattern, limit in limits.items()
        for path in tracked(pattern)
        if "/migrations/" not in str(path) and (lines := len(path.read_text().splitlines())) > limit
    }
    assert too_long == {}
    assert len((ROOT / "config/settings.py").read_text().splitlines()) <= 250


def test_every_module_is_named_after_what_it_does():
    named = [str(path.relative_to(ROOT)) for path in tracked("*.py")]
    assert [path for path in named if MEANINGLESS.search(path) and path not in NAMED_BY_DJANGO] == []


def test_no_template_holds_inline_script_or_style():
    offenders = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in tracked("*.html")
        if MAIL not in str(path) and (match := INLINE.search(path.read_text()))
    ]
    assert offenders == []


def test_long_sql_lives_in_files():
    opening = re.compile(r"\s*(select|insert|update|delete|with|create)\s", re.IGNORECASE)
    offenders = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if path.relative_to(ROOT).parts[0] not in {"tests", "benchmarks"}
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and opening.match(node.value)
        if len(node.value.strip().splitlines()) > 3
    ]
    assert offenders == []


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_fields_that_people_edit_explain_themselves(model):
    from django.contrib import admin

    if model not in admin.site._registry or not admin.site._registry[model].has_change_permission(_Everything()):
        pytest.skip("no person edits this model")
    read_only = set(admin.site._registry[model].get_readonly_fields(_Everything()))
    if model is User:
        read_only |= {field.name for field in AbstractUser._meta.fields}  # Django's words
    silent = [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.Field)
        and field.editable
        and not field.auto_created
        and field.name not in read_only
        and not field.help_text
    ]
    assert silent == []


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_constraints_and_indexes_are_named_by_us(model):
    names = [item.name for item in (*model._meta.constraints, *model._meta.indexes)]
    assert [name for name in names if not re.search(r"_(uniq|check|idx|excl)$", name)] == []


class _Everything:
    """A request of somebody who may do everything."""

    class user:  # noqa: N801
        is_active = is_staff = is_superuser = is_authenticated = True

        @staticmethod
        def has_perm(permission, obj=None):
            return True

    GET: dict[str, str] = {}
