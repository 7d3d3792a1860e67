"""Gauges for Prometheus, read from the database at every scrape."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from touchpoints.horizon import waiting_for
from touchpoints.lag import follower_lags
from touchpoints.outbox import mail_backlog


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
        yield _by_follower(
            "kundenpfad_follower_parked_rows",
            "Rows that a follower could not apply in three tries.",
            ((lag.follower, lag.parked) for lag in lags),
        )
        yield GaugeMetricFamily(
            "kundenpfad_feed_waiting_transactions",
            "Open transactions that hold the feed back.",
            value=len(waiting_for()),
        )
        backlog = mail_backlog(now=timezone.now())
        for name, documentation, value in (
            ("kundenpfad_mails_waiting", "Mails that are due and not sent.", backlog.mails),
            ("kundenpfad_mail_lag_seconds", "How long the oldest of them has been waiting.", backlog.seconds),
            ("kundenpfad_mail_server_failing", "1 while a mail server fails.", backlog.is_server_failing),
        ):
            yield GaugeMetricFamily(name, documentation, value=float(value))

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing: otherwise registering would read the database."""
        return []


def _by_follower(name: str, documentation: str, values: Iterable[tuple[str, float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, documentation, labels=["follower"])
    for follower, value in values:
        family.add_metric([follower], value)
    return family
