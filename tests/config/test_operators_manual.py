import re

from django.conf import settings

READ = re.compile(
    r"""(?:environ(?:\.get|\.setdefault)?[\[(]|flag\(|secret\()\s*"([A-Z][A-Z_]+)"|"([A-Z_]+)" (?:not )?in os"""
)
NOT_FOR_OPERATORS = {"DJANGO_SETTINGS_MODULE", "MAKELEVEL"}


def settings_read_from_the_environment() -> set[str]:
    files = [*settings.BASE_DIR.glob("config/**/*.py"), settings.BASE_DIR / "run.py", settings.BASE_DIR / "manage.py"]
    found = {name for file in files for match in READ.finditer(file.read_text()) for name in match.groups() if name}
    return found - NOT_FOR_OPERATORS


def test_it_names_every_setting() -> None:
    manual = (settings.BASE_DIR / "docs" / "operators.md").read_text()
    named = set(re.findall(r"^\| `([A-Z_]+)`", manual, re.MULTILINE))
    assert {"DATABASE_URL", "SECRET_KEY", "VAR_DIR", "PORT"} <= settings_read_from_the_environment()
    assert settings_read_from_the_environment() - named == set()


def test_it_names_no_setting_that_is_gone() -> None:
    manual = (settings.BASE_DIR / "docs" / "operators.md").read_text()
    read_by_other_tools = {"ARGS", "CHROMIUM", "CI", "PYTHON"}
    named = set(re.findall(r"^\| `([A-Z_]+)`", manual, re.MULTILINE)) - read_by_other_tools
    assert named - settings_read_from_the_environment() == set()
