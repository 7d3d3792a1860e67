"""In production a page that names a missing static file answers 500; in development it only looks odd."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
NAMED = re.compile(r"""{%\s*static\s+["']([^"']+)["']""")


def test_every_static_file_that_a_template_names_is_there() -> None:
    named = {name for template in TEMPLATES.rglob("*.html") for name in NAMED.findall(template.read_text())}

    assert "css/base.css" in named
    assert [name for name in sorted(named) if finders.find(name) is None] == []
