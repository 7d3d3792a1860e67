"""Ready surveys with their campaigns, one TOML file each; `manage.py seed_surveys` adds those that are missing."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def surveys() -> list[dict[str, Any]]:
    return [tomllib.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.toml"))]
