"""The verdict of a soak."""

import unittest

from .soak import slope, verdict

LOAD = {"lost": 0, "closed": 0, "deliveries": 19_000}


class SoakTest(unittest.TestCase):
    def test_a_slope_is_bytes_a_second(self):
        self.assertAlmostEqual(slope([(0, 1000), (10, 1020), (20, 1040)]), 2)

    def test_what_comes_to_rest_is_good(self):
        samples = [(t, 30_000_000 + min(t, 400) * 1000) for t in range(0, 1000, 10)]
        text, good = verdict(samples, LOAD, 10)
        self.assertTrue(good, text)
        self.assertIn("+0.00 KiB/s", text)

    def test_what_grows_on_is_not(self):
        samples = [(t, 30_000_000 + t * 2000) for t in range(0, 1000, 10)]
        self.assertFalse(verdict(samples, LOAD, 10)[1])

    def test_what_loses_is_not(self):
        samples = [(0, 1), (10, 1), (20, 1), (30, 1)]
        self.assertFalse(verdict(samples, {**LOAD, "lost": 1}, 10)[1])


if __name__ == "__main__":
    unittest.main()
