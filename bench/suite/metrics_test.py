"""Metrics and quantiles from texts."""

import unittest

from .metrics import Metrics, quantile
from .processes import BenchError


def histogram(*counts):
    bounds = "0.001", "0.01", "+Inf"
    return Metrics("".join(f'commit_seconds_bucket{{le="{bound}"}} {count}\n'
                           for bound, count in zip(bounds, counts)))


class MetricsTest(unittest.TestCase):
    def test_sums_over_labels(self):
        metrics = Metrics('# HELP sends all\n# TYPE sends counter\nsends{loop="0"} 2\n'
                          'sends{loop="1"} 3\nsends_other 9\nplain 1e3\n')
        self.assertEqual(metrics.total("sends"), 5)
        self.assertEqual(metrics.total("plain"), 1000)

    def test_what_is_not_there_is_said(self):
        with self.assertRaisesRegex(BenchError, "has no sends"):
            Metrics("other 1\n").total("sends")
        with self.assertRaisesRegex(BenchError, "no histogram commit"):
            Metrics("commit 1\n").buckets("commit")

    def test_quantiles_are_of_what_came_between_two_readings(self):
        before, after = histogram(100, 100, 100), histogram(150, 200, 200)
        self.assertAlmostEqual(quantile(before, after, "commit_seconds", 0.5), 0.001)
        self.assertAlmostEqual(quantile(before, after, "commit_seconds", 0.75), 0.0055)
        self.assertAlmostEqual(quantile(before, after, "commit_seconds", 1), 0.01)

    def test_above_all_bounds_is_the_last_bound(self):
        self.assertEqual(quantile(histogram(0, 0, 0), histogram(0, 0, 5), "commit_seconds", 0.5),
                         0.01)

    def test_nothing_counted_has_no_quantile(self):
        self.assertIsNone(quantile(histogram(1, 1, 1), histogram(1, 1, 1), "commit_seconds", 0.5))


if __name__ == "__main__":
    unittest.main()
