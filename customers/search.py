"""Finding names however they are spelled: case, accents, ß = ss, and ue = ü = u make no difference."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import BooleanField, CharField, Func, QuerySet

from customers.typos import one_typo_apart, regular_expression

ONE_TYPO = (Path(__file__).parent / "sql/find_one_typo.sql").read_text()
ALIKE = (Path(__file__).parent / "sql/find_alike.sql").read_text()
MOST_SIMILAR = 100
# The share of trigrams that two words have in common (of pg_trgm); two typos in ten letters leave more.
ALIKE_FROM = 0.5
# In shorter words are no trigrams to look for.
LONG_ENOUGH = 3
MOST_WORDS = 10


class SpelledAlike(Func):
    """`folded()` (customers/migrations/0002_folded.sql), and ae, oe, ue read as a, o, u."""

    function = "regexp_replace"
    template = "regexp_replace(folded(%(expressions)s), '([aou])e', '\\1', 'g')"
    output_field = CharField()


class NameWords(Func):
    """The words of a whole name, each between two blanks (customers/migrations/0026_name_words.sql)."""

    function = "name_words"
    arity = 3
    output_field = CharField()


NAME_WORDS = NameWords("given_name", "family_name", "company_name")


class IsAnyOf(Func):
    """`pk = any(array(…))`: by the index whatever the number, where `in` may read the table beside a common name."""

    arity = 2
    arg_joiner = " = any("
    template = "%(expressions)s)"
    output_field = BooleanField()


def words_of(term: str) -> list[str]:
    """The words of what somebody typed, spelled as those of names are."""
    with connection.cursor() as cursor:
        cursor.execute("select name_words('', %s, '')", [term])
        (words,) = cursor.fetchone()
    return str(words).split()[:MOST_WORDS]


def parts_of_names(words: Sequence[str]) -> Iterator[str]:
    """What a name must contain. Words of one or two letters are the beginning of a word beside a longer one.

    Alone, two letters are a whole word (Li), and one is none: names that only begin so are too many to look through.
    """
    if any(len(word) >= LONG_ENOUGH for word in words):
        yield from (word if len(word) >= LONG_ENOUGH else f" {word}" for word in words)
    elif any(len(word) > 1 for word in words):
        yield from (f" {word} " for word in words)


def is_any(rows: QuerySet[Any]) -> bool:
    """Planned as if all rows were wanted: else the table may be read through in the hope to meet one soon."""
    if rows.query.is_empty():
        return False
    sql, params = rows.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        # The SQL is Django's own, its values are bound.
        cursor.execute("with found as materialized (" + sql + ") select exists (select from found)", params)  # noqa: S608
        (is_found,) = cursor.fetchone()
    return bool(is_found)


def similar_people(words: Sequence[str]) -> list[int]:
    """Whose names are one typo per word apart; where nobody's are, those that look most alike. Best first."""
    longest, *others = sorted(words, key=len, reverse=True) or [""]
    patterns = [f"% {pattern} %" for pattern in one_typo_apart(longest)]
    if not patterns or not all(word.isalnum() for word in others):
        return []
    asked = {"term": " ".join(words), "most": MOST_SIMILAR}
    typos = asked | {"patterns": patterns, "others": [regular_expression(word) for word in others]}
    return _people(ONE_TYPO, typos) or _people(ALIKE, asked | {"longest": longest, "others": others})


def _people(sql: str, asked: dict[str, Any]) -> list[int]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE_FROM)])
        cursor.execute(sql, asked)
        return [person for (person,) in cursor.fetchall()]
