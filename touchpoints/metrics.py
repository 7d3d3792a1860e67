"""Gauges for Prometheus, read from the database at every scrape."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from touchpoints.horizon import waiting_for
from touchpoints.lag import follower_lags


class FeedCollector(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        lags = follower_lags(now=timezone.now())
        yield _by_follower(
            "kundenpfad_follower_lag_seconds",
            "Age of the oldest touchpoint that a follower has not applied.",
            ((lag.follower, lag.seconds) for lag in lags),
        )
        yield _by_follower(
            "kundenpfad_follower_lag_touchpoints",
            "How many touchpoints, at most, a follower has not applied.",
            ((lag.follower, lag.touchpoints) for lag in lags),
        )
        yield _by_follower(
            "kundenpfad_follower_failed",
            "1 while the last try of a follower failed.",
            ((lag.follower, float(lag.has_failed)) for lag in lags),
        )
        yield GaugeMetricFamily(
            "kundenpfad_feed_waiting_transactions",
            "Open transactions that hold the feed back.",
            value=len(waiting_for()),
        )

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing: otherwise registering would read the database."""
        return []


def _by_follower(name: str, documentation: str, values: Iterable[tuple[str, float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, documentation, labels=["follower"])
    for follower, value in values:
        family.add_metric([follower], value)
    return family
