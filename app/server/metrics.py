"""The server's metrics, for Prometheus."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.store.records import ACTIVE, RunStore

# Seconds. A drawing takes a few milliseconds, a lesson's landscape some tenths of a second.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The metrics of one app, in a registry of its own, because tests have several apps in a process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        requests = Counter(
            "descent_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        seconds = Histogram(
            "descent_request_seconds",
            "From a request's header to the end of its answer",
            ["route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        predictions = Counter("descent_predictions", "Images answered", ["model", "digit"], registry=self.registry)
        # Looking a series up takes longer than counting in it. There are only as many as routes and networks.
        self._requests = functools.cache(requests.labels)
        self._seconds = functools.cache(seconds.labels)
        self._predictions = functools.cache(predictions.labels)

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests(method, route, status).inc()
        self._seconds(route).observe(seconds)

    def count_predictions(self, model: str, digits: Iterable[int]) -> None:
        for digit in digits:
            self._predictions(model, digit).inc()

    def watch(self, store: RunStore, watchers: Callable[[], int]) -> None:
        """Adds the metrics that are read at each scrape: the active run and the number of watchers."""
        self.registry.register(_Now(store, watchers))


class _Now(Collector):
    def __init__(self, store: RunStore, watchers: Callable[[], int]) -> None:
        self._store, self._watchers = store, watchers

    def describe(self) -> Iterator[Metric]:
        """Nothing, so that registering it does not collect."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("descent_watchers", "Streams of events that are open", self._watchers())
        run = self._store.active_run()
        state = GaugeMetricFamily(
            "descent_run_state", "1 for the status of the run that is being trained", labels=["status"]
        )
        for status in ACTIVE:
            state.add_metric([status], float(run is not None and run.status == status))
        yield state
        epochs = self._store.events(run.id, name="epoch") if run else []
        speed = epochs[-1].data["images_per_second"] if epochs else 0.0
        yield GaugeMetricFamily("descent_images_per_second", "How fast the run learned in its last epoch", speed)
