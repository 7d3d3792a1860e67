from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from journeys.matching import Event, Rule, Template, match

START = datetime(2026, 1, 1, tzinfo=UTC)
SEEN, BASKET, PAGE, ORDER, SHIPPED, DELIVERED, REVIEW, CANCELLED, CALL = range(1, 10)
AWARE, SHOP, BUY, WAIT, USE, TELL = range(6)


def rules(*, enters=(), inside=(), leaves=()):
    found = {}
    for role, pairs in (("enters", enters), ("inside", inside), ("leaves", leaves)):
        for type_id, stage in pairs:
            found.setdefault(type_id, []).append(Rule(stage, role))
    return found


PURCHASE = Template(
    rules=rules(
        enters=[
            (SEEN, AWARE),
            (PAGE, AWARE),
            (BASKET, SHOP),
            (ORDER, BUY),
            (SHIPPED, WAIT),
            (DELIVERED, USE),
            (REVIEW, TELL),
        ],
        inside=[(PAGE, SHOP)],
    ),
    inactivity=timedelta(days=90),
    end_types=frozenset({CANCELLED}),
    subject_kind="order",
    subject_start=BUY,
)
PERSON = Template(rules=PURCHASE.rules, inactivity=timedelta(days=90), end_types=frozenset({CANCELLED}))


def at(day, type_id, subject="", **properties):
    return Event(START + timedelta(days=day), type_id, None, subject, properties)


def stages(path):
    return [visit.stage for visit in path.visits]


def matched(*events, template=PERSON, day=80):
    return match(events, template, now=START + timedelta(days=day))


def test_a_run_begins_with_a_touchpoint_that_enters_a_stage():
    assert matched(at(0, CALL)) == []
    (path,) = matched(at(0, CALL), at(1, SEEN))
    assert (path.started_at, stages(path)) == (START + timedelta(days=1), [AWARE])


def test_each_entered_stage_closes_the_one_before():
    (path,) = matched(at(0, SEEN), at(1, BASKET), at(3, ORDER))
    assert [(visit.stage, visit.left_at) for visit in path.visits] == [
        (AWARE, START + timedelta(days=1)),
        (SHOP, START + timedelta(days=3)),
        (BUY, None),
    ]
    assert path.current_stage == BUY


def test_stages_may_be_left_backwards_and_entered_again():
    (path,) = matched(at(0, BASKET), at(1, SEEN), at(2, BASKET))
    assert stages(path) == [SHOP, AWARE, SHOP]


def test_what_may_happen_in_the_current_stage_stays_in_it():
    (path,) = matched(at(0, BASKET), at(1, PAGE), at(2, BASKET))
    assert stages(path) == [SHOP]
    assert path.visits[0].touchpoint_count == 3


def test_a_leaving_touchpoint_leaves_the_run_without_a_current_stage():
    template = Template(rules=rules(enters=[(BASKET, SHOP)], leaves=[(CALL, SHOP)]), inactivity=timedelta(days=9))
    (path,) = matched(at(0, BASKET), at(1, CALL), template=template, day=2)
    assert path.current_stage is None
    assert path.visits[0].left_at == START + timedelta(days=1)
    assert path.ended_at is None


def test_an_end_type_ends_the_run_and_the_next_touchpoint_begins_another():
    first, second = matched(at(0, BASKET), at(1, CANCELLED), at(2, BASKET))
    assert (first.ended_at, first.end_reason, first.ordinal) == (START + timedelta(days=1), "end_rule", 1)
    assert first.visits[-1].left_at == START + timedelta(days=1)
    assert (second.ended_at, second.ordinal) == (None, 2)


def test_inactivity_ends_the_run_after_the_allowed_time():
    first, second = matched(at(0, BASKET), at(91, BASKET), day=92)
    assert (first.ended_at, first.end_reason) == (START + timedelta(days=90), "inactivity")
    assert second.ended_at is None


def test_inactivity_is_seen_without_a_further_touchpoint():
    (still_open,) = matched(at(0, BASKET), day=90)
    (ended,) = matched(at(0, BASKET), day=91)
    assert still_open.ended_at is None
    assert ended.ended_at == START + timedelta(days=90)


def test_parallel_orders_never_mix():
    first, second = matched(
        at(0, ORDER, "order:1"), at(1, ORDER, "order:2"), at(2, DELIVERED, "order:2"), at(3, SHIPPED, "order:1"),
        template=PURCHASE,
    )  # fmt: skip
    assert (first.subject, stages(first)) == ("order:1", [BUY, WAIT])
    assert (second.subject, stages(second)) == ("order:2", [BUY, USE])


def test_what_led_to_an_order_belongs_to_it():
    first, second = matched(
        at(0, SEEN), at(1, BASKET), at(2, ORDER, "order:1"), at(5, SEEN), at(6, ORDER, "order:2"), template=PURCHASE
    )
    assert (first.subject, stages(first)) == ("order:1", [AWARE, SHOP, BUY])
    assert (second.subject, stages(second)) == ("order:2", [AWARE, BUY])


def test_looking_without_an_order_is_a_run_of_its_own():
    (path,) = matched(at(0, SEEN), at(1, BASKET), template=PURCHASE)
    assert (path.subject, path.current_stage) == ("", SHOP)


def test_an_old_look_does_not_belong_to_a_later_order():
    looked, ordered = matched(at(0, SEEN), at(95, ORDER, "order:1"), template=PURCHASE, day=96)
    assert (looked.subject, looked.end_reason) == ("", "inactivity")
    assert stages(ordered) == [BUY]


def test_a_later_stage_without_subject_belongs_to_the_latest_order():
    first, second = matched(at(0, ORDER, "order:1"), at(1, ORDER, "order:2"), at(2, REVIEW), template=PURCHASE)
    assert (stages(first), stages(second)) == ([BUY], [BUY, TELL])


def test_a_subject_of_another_kind_is_not_followed():
    (path,) = matched(at(0, ORDER, "order:1"), at(1, REVIEW, "case:7"), template=PURCHASE)
    assert stages(path) == [BUY]


def test_conditions_and_channel_must_hold():
    rule = Rule(SHOP, "enters", channel_id=5, conditions={"is_first": True})
    template = Template(rules={BASKET: [rule]}, inactivity=timedelta(days=9))
    fitting = Event(START, BASKET, 5, "", {"is_first": True, "sku": "A"})
    assert match([fitting._replace(channel_id=None)], template, now=START) == []
    assert match([fitting._replace(properties={"is_first": "true"})], template, now=START) == []
    assert len(match([fitting], template, now=START)) == 1


events = st.lists(
    st.tuples(
        st.integers(0, 400),
        st.sampled_from([SEEN, BASKET, PAGE, ORDER, SHIPPED, DELIVERED, REVIEW, CANCELLED, CALL]),
        st.sampled_from(["", "", "order:1", "order:2", "case:1"]),
    ),
    max_size=30,
).map(lambda drawn: [at(*one) for one in sorted(drawn, key=lambda one: one[0])])


@given(events, st.sampled_from([PURCHASE, PERSON]))
def test_passages_of_a_run_follow_each_other_and_only_the_last_is_open(stream, template):
    for path in match(stream, template, now=START + timedelta(days=401)):
        assert path.visits
        assert path.started_at == path.visits[0].entered_at <= path.last_at
        for visit, following in zip(path.visits, path.visits[1:], strict=False):
            assert visit.entered_at <= visit.left_at <= following.entered_at
        assert (path.ended_at is None) or path.current_stage is None


@given(events)
def test_no_touchpoint_is_counted_in_two_runs(stream):
    counted = sum(
        visit.touchpoint_count
        for path in match(stream, PURCHASE, now=START + timedelta(days=401))
        for visit in path.visits
    )
    assert counted <= sum(PURCHASE.counts(event) for event in stream)


@given(events)
def test_subjects_of_the_journey_have_their_own_runs(stream):
    paths = match(stream, PURCHASE, now=START + timedelta(days=401))
    assert len({(path.subject, path.ordinal) for path in paths}) == len(paths)
    assert {path.subject for path in paths} <= {"", "order:1", "order:2"}
