"""How a word may be mistyped, as patterns that an index of trigrams serves. Words come folded (customers.search)."""

from collections.abc import Iterator

# Shorter words have too many neighbours, longer ones are no names.
SHORTEST, LONGEST = 4, 30
# In the middle of four letters a gap leaves no trigrams that are rare enough to look for.
GAP_ANYWHERE_FROM, LONGEST_PIECE_FROM = 5, 3
ANY_LETTER = "_"


def one_typo_apart(word: str) -> list[str]:
    """Patterns (of LIKE) of words that become this one by a letter left out, added or mistaken, or two swapped."""
    if not SHORTEST <= len(word) <= LONGEST or not word.isalnum():
        return []
    found = dict.fromkeys(pattern for pattern in _neighbours(word) if pattern != word)
    if len(word) >= GAP_ANYWHERE_FROM:
        return list(found)
    return [pattern for pattern in found if max(map(len, pattern.split(ANY_LETTER))) >= LONGEST_PIECE_FROM]


def regular_expression(word: str) -> str:
    """Of a name with this word in it, or, between two blanks, one that is a typo apart."""
    patterns = "|".join(one_typo_apart(word)).replace(ANY_LETTER, ".")
    return f"{word}| ({patterns}) " if patterns else f" {word}"


def _neighbours(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield f"{before}{ANY_LETTER}{after}"
        if after:
            yield f"{before}{ANY_LETTER}{after[1:]}"
            yield f"{before}{after[1:]}"
        if len(after) > 1:
            yield f"{before}{after[1]}{after[0]}{after[2:]}"
