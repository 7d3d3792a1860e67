import json

from hypothesis import given
from hypothesis import strategies as st

from touchpoints.fingerprint import fingerprint

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
events = st.dictionaries(st.text(max_size=5), json_values, max_size=5)


@given(event=events)
def test_it_fits_a_bigint_and_is_never_zero(event):
    assert -(2**63) <= fingerprint(event) < 2**63
    assert fingerprint(event) != 0


@given(event=events)
def test_the_order_of_keys_makes_no_difference(event):
    assert fingerprint(dict(reversed(event.items()))) == fingerprint(event)


@given(event=events, other=events)
def test_other_content_has_another_fingerprint(event, other):
    is_same = json.dumps(event, sort_keys=True) == json.dumps(other, sort_keys=True)  # to Python, 1 is True
    assert (fingerprint(event) == fingerprint(other)) == is_same


def test_what_belongs_to_the_delivery_does_not_count():
    assert fingerprint({"a": 1, "sentAt": 1, "sent_at": 2, "context": {}}) == fingerprint({"a": 1})
