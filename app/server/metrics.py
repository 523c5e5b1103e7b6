"""The server's metrics, for Prometheus."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.store.records import ACTIVE, RunStore, StoreError

# Seconds. A drawing takes a few milliseconds, a lesson's landscape some tenths of a second.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The metrics of one app, in a registry of its own, because tests have several apps in a process.

    `registry` has all that a scrape returns. `watchers` is the number of open streams, `feed_lag` that of seconds since
    events were read for them.
    """

    def __init__(self) -> None:
        registry = CollectorRegistry()
        requests = Counter("descent_requests", "Requests answered", ["method", "route", "status"], registry=registry)
        seconds = Histogram(
            "descent_request_seconds",
            "From a request's header to the end of its answer",
            ["route"],
            buckets=_BUCKETS,
            registry=registry,
        )
        predictions = Counter("descent_predictions", "Images answered", ["model", "digit"], registry=registry)
        self.watchers = Gauge(
            "descent_watchers", "Streams of events that are open", registry=registry, multiprocess_mode="livesum"
        )
        self.feed_lag = Gauge(
            "descent_feed_lag_seconds",
            "Since the events of watched runs were read, for the run that waits longest",
            registry=registry,
            multiprocess_mode="livemax",
        )
        # Looking a series up takes longer than counting in it. There are only as many as routes and networks.
        self._requests = functools.cache(requests.labels)
        self._seconds = functools.cache(seconds.labels)
        self._predictions = functools.cache(predictions.labels)
        self.registry = registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            # The values are in files of this folder, and a scrape of any process has the sum over all of them.
            self.registry = CollectorRegistry()
            MultiProcessCollector(self.registry)  # type: ignore[no-untyped-call]

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests(method, route, status).inc()
        self._seconds(route).observe(seconds)

    def count_predictions(self, model: str, digits: Iterable[int]) -> None:
        for digit in digits:
            self._predictions(model, digit).inc()

    def read_at_each_scrape(self, store: RunStore) -> None:
        """Adds what the store knows: the queue and the active runs."""
        self.registry.register(_Now(store))

    def text(self) -> bytes:
        """The metrics as Prometheus reads them."""
        return generate_latest(self.registry)


class _Now(Collector):
    def __init__(self, store: RunStore) -> None:
        self._store = store

    def describe(self) -> Iterator[Metric]:
        """Nothing, so that registering it does not collect."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        try:
            runs, queue = self._store.active_runs(), self._store.queue_length()
            epochs = [self._store.events(run.id, name="epoch") for run in runs]
        except StoreError:
            yield _up(0)
            return
        yield _up(1)
        yield GaugeMetricFamily("descent_queue", "Runs that wait to be started", queue)
        state = GaugeMetricFamily("descent_run_state", "Runs that are being trained, by status", labels=["status"])
        for status in ACTIVE:
            state.add_metric([status], sum(run.status == status for run in runs))
        yield state
        attempts = sum(run.attempt for run in runs)
        yield GaugeMetricFamily("descent_run_attempts", "How often these runs were begun, together", attempts)
        speed = sum(ended[-1].data["images_per_second"] for ended in epochs if ended)
        yield GaugeMetricFamily("descent_images_per_second", "How fast runs learned in their last epochs", speed)


def _up(value: int) -> Metric:
    return GaugeMetricFamily("descent_store_up", "1 if the store can be read", value)
