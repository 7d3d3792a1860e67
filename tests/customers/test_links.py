import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from customers.links import LinkPurpose, claimed_row, hide_tokens, is_genuine, token

UNSUBSCRIBE, ANSWER = LinkPurpose.UNSUBSCRIBE, LinkPurpose.ANSWER


@given(st.sampled_from(LinkPurpose), st.integers(1, 10**18 - 1), st.integers(-(2**63), 2**63 - 1))
def test_it_opens_what_it_was_made_for(purpose: LinkPurpose, row: int, nonce: int) -> None:
    text = token(purpose, row, nonce=nonce)

    assert claimed_row(text) == row
    assert is_genuine(text, purpose=purpose, row=row, nonce=nonce)


def test_it_opens_nothing_else() -> None:
    text = token(ANSWER, 7, nonce=1)

    assert not is_genuine(text, purpose=UNSUBSCRIBE, row=7, nonce=1)
    assert not is_genuine(text, purpose=ANSWER, row=8, nonce=1)
    assert not is_genuine(text, purpose=ANSWER, row=7, nonce=2), "a new nonce revokes"
    assert not is_genuine(text.replace("7~", "8~"), purpose=ANSWER, row=8, nonce=1)
    assert not is_genuine("7~ä", purpose=ANSWER, row=7, nonce=1)


def test_it_depends_on_the_key_of_the_installation(settings: Settings) -> None:
    text = token(ANSWER, 7)
    settings.LINK_KEY = "another"

    assert not is_genuine(text, purpose=ANSWER, row=7)


@pytest.mark.parametrize("text", ["", "7", "7~", "7~short", "~" + 24 * "a", "x~" + 24 * "a", "7~" + 25 * "a", "\0"])
def test_it_reads_no_row_from_nonsense(text: str) -> None:
    assert claimed_row(text) is None


def test_it_hides_tokens_in_any_text() -> None:
    text = token(ANSWER, 7)
    for around in ("GET /a/{}/ 200", "https://x.example/a/{}", '<a href="/u/{}">', "/a/{}/?score=9", "{}"):
        hidden = hide_tokens(around.format(text))
        assert text.partition("~")[2] not in hidden
        assert "7~…" in hidden
    assert hide_tokens("Anna ~ 7 of ~100 people") == "Anna ~ 7 of ~100 people"
