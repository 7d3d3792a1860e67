"""What an unknown name probably means: the closest of the names that are known. Free of the database."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeVar

Meaning = TypeVar("Meaning")
# Below this, what is close by letters is seldom close by meaning.
CLOSE = 0.75


def spelled(name: str) -> str:
    """“orderCompleted”, “Order_Completed” and “order completed” are one spelling."""
    words = re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])", " ", name)
    return " ".join(re.findall(r"\w+", words.replace("_", " ").casefold()))


def likeliest(name: str, known: Mapping[str, Meaning]) -> Meaning | None:
    by_spelling = {spelled(other): meaning for other, meaning in known.items() if other}
    found = get_close_matches(spelled(name), by_spelling, n=1, cutoff=CLOSE)
    return by_spelling[found[0]] if found else None
