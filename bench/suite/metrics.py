"""A server's /metrics (Prometheus text), read as numbers."""

import math
import re
import urllib.request

from .processes import BenchError

SAMPLE = re.compile(r"^(\w+)(?:\{([^}]*)\})? (\S+)$", re.MULTILINE)


class Metrics:
    """One reading of all metrics."""

    def __init__(self, text):
        self.samples = [(name, labels, float(value))
                        for name, labels, value in SAMPLE.findall(text)]

    @classmethod
    def of(cls, server):
        with urllib.request.urlopen(f"http://{server.endpoint}/metrics", timeout=10) as answer:
            return cls(answer.read().decode())

    def total(self, name):
        """The sum of a metric over its labels."""
        values = [value for each, _, value in self.samples if each == name]
        if not values:
            raise BenchError(f"/metrics has no {name}")
        return sum(values)

    def buckets(self, name):
        """Counts of a histogram up to each bound, [(bound, count), ...]."""
        found = {}
        for each, labels, value in self.samples:
            bound = re.search(r'le="([^"]*)"', labels)
            if each == name + "_bucket" and bound:
                key = math.inf if bound.group(1) == "+Inf" else float(bound.group(1))
                found[key] = found.get(key, 0) + value
        if not found:
            raise BenchError(f"/metrics has no histogram {name}")
        return sorted(found.items())


def quantile(before, after, name, share):
    """The quantile of what a histogram counted between two readings, linear within its bucket, as
    Prometheus tells it; None when it counted nothing."""
    counted = [(bound, late - early) for (bound, late), (_, early)
               in zip(after.buckets(name), before.buckets(name))]
    wanted = share * counted[-1][1]
    if counted[-1][1] == 0:
        return None
    low, below = 0.0, 0.0
    for bound, up_to in counted:
        if up_to >= wanted:
            if math.isinf(bound):
                return low
            return low + (bound - low) * (wanted - below) / max(up_to - below, 1e-9)
        low, below = bound, up_to
    return low
