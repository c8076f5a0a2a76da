"""What Prometheus may ask. No label names a terminal, let alone a citizen."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from fleet.counts import Took
from fleet.live import Live
from fleet.rows import Serving
from fleet.timing import BUCKETS

DISTRIBUTION = "kiosk-terminal"
CASE_STATES = ("received", "pending", "approved", "refused")


class Metrics:
    """Counters of one fleet manager, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.messages = Counter(
            "fleet_messages_received", "Messages from terminals", ["type"], registry=registry
        )
        self.dropped = Counter(
            "fleet_messages_dropped", "Health messages left out under load", registry=registry
        )
        self.outdated = Counter(
            "fleet_messages_outdated", "Messages of a session that is over", registry=registry
        )
        self.records = Counter(
            "fleet_records_stored", "Journal records stored for the first time", registry=registry
        )
        self.repeated = Counter(
            "fleet_records_repeated", "Journal records received again", registry=registry
        )
        self.gaps = Counter(
            "fleet_sequence_gaps", "Gaps seen in the sequences of journals", registry=registry
        )
        self.dead_letters = Counter(
            "fleet_dead_letters", "Messages and records that could not be taken", registry=registry
        )
        self.commit_seconds = Histogram(
            "fleet_ingest_commit_seconds", "One ingest transaction", registry=registry
        )
        self.commit_failures = Counter(
            "fleet_ingest_failures", "Ingest transactions to be repeated", registry=registry
        )
        self.decisions = Counter(
            "fleet_case_decisions", "Cases decided by the platform", ["state"], registry=registry
        )
        self.platform_failures = Counter(
            "fleet_platform_failures", "Cases that the platform did not take", registry=registry
        )
        self.identity = Counter(
            "fleet_identity_requests", "Codes and PINs asked for", ["what", "outcome"],
            registry=registry,
        )  # fmt: skip
        self.lookups_refused = Counter(
            "fleet_lookups_refused", "Cases not looked up: a terminal asked for too many",
            registry=registry,
        )  # fmt: skip
        self.broker_connected = Gauge(
            "fleet_broker_connected", "1 while subscribed at the broker", registry=registry
        )
        self.http_seconds = Histogram(
            "fleet_http_request_duration_seconds", "Answers over HTTP",
            ["method", "route", "status"], buckets=BUCKETS, registry=registry,
        )  # fmt: skip
        self.history_watched = Gauge(
            "fleet_history_watched_timestamp_seconds",
            "When it was last noted which terminals can serve", registry=registry,
        )  # fmt: skip
        self.last_backup = Gauge(
            "fleet_backup_last_success_timestamp_seconds",
            "When the last backup was made; 0: none is known", registry=registry,
        )  # fmt: skip
        ProcessCollector(registry=registry)
        info = Gauge("fleet_build_info", "This software", ["version"], registry=registry)
        info.labels(_version()).set(1)

    def took(self, took: Took) -> None:
        """Of any ingest, in this process or another."""
        for leaf, times in took.messages.items():
            self.messages.labels(leaf).inc(times)
        self.dropped.inc(took.dropped)
        self.records.inc(took.records)
        self.repeated.inc(took.repeated)
        self.gaps.inc(took.gaps)
        self.dead_letters.inc(took.dead_letters)
        self.outdated.inc(took.outdated)
        self.commit_failures.inc(took.failures)
        for seconds in took.seconds:
            self.commit_seconds.observe(seconds)

    def show(self, live: Live) -> None:
        """Add the counts that are read from the store when asked."""
        self.registry.register(_Counts(live))

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _Counts(Collector):
    def __init__(self, live: Live) -> None:
        self._live = live

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        seen = self._live.overview()
        devices = {"online": seen.online, "offline": seen.offline, "stale": seen.stale}
        yield _gauge("fleet_devices", "Terminals by connection and liveness", "state", devices)
        serving = {truth.value: seen.serving.get(truth, 0) for truth in Serving}
        yield _gauge("fleet_devices_serving", "Terminals that serve", "serving", serving)
        cases = {state: seen.cases.get(state, 0) for state in CASE_STATES}
        yield _gauge("fleet_cases", "Cases by state", "state", cases)
        yield GaugeMetricFamily("fleet_records_missing", "Records not held", value=seen.missing)
        yield GaugeMetricFamily("fleet_alarms", "Alarms on record", value=seen.alarms)
        yield GaugeMetricFamily(
            "fleet_case_oldest_waiting_seconds",
            "How long the oldest case has waited to be handed to its platform",
            value=self._live.oldest_waiting(),
        )


def _gauge(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def _version() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "unknown"
