"""RESULTS.md from made-up measurements."""

import pathlib
import tempfile
import unittest

from . import report
from .scenarios import Size


class NoServers:
    server_core, client_core = 0, 1

    def version(self, name):
        return f"{name} 1.0"


def result(us=4.0, p99=50_000, lost=0, connect_s=0.5, resident=600.0):
    return {"subscribers": 10_000, "server_us_per_delivery": us, "load_us_per_delivery": 3.5,
            "deliveries_per_s": 100_000.0, "lost": lost, "closed": 0, "slow_events": 0,
            "connect_s": connect_s, "resident_per_subscriber": resident, "seconds": 6.0,
            "chunks": 600_000, "deliveries": 600_000, "bytes": 105_600_000, "repeated": 0, "sends_per_window": 1.0, "cpu_share": 0.2,
            "latency_us": {"p50": 20_000, "p99": p99, "p999": p99}}


def complete_results(ours):
    return {
        "fan-out": {
            "bare": {"pairs": [{"livetape": ours, "bare": result(4.0)} for _ in range(7)]},
            "nchan": {"pairs": [{"livetape": ours, "nchan": result(9.0, p99=100_000)}
                                for _ in range(3)]},
            "fastapi": {"runs": [result(40.0)]},
        },
        "idle": {
            "livetape": {"missing": None, "runs": [ours]},
            "nchan": {"missing": None, "runs": [result(connect_s=0.6)]},
            "bare": {"missing": None, "runs": []},
            "fastapi": {"missing": "not installed", "runs": []},
        },
        "windows": {"one": ours, "many": ours},
        "replay": {"messages_per_s": [700_000.0, 650_000.0]},
    }


class ReportTest(unittest.TestCase):
    def write(self, results):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "RESULTS.md"
            met = report.write(path, folder, "bench/run", NoServers(), Size(quick=False), results)
            return met, path.read_text(encoding="utf-8")

    def test_all_targets_met(self):
        met, text = self.write(complete_results(result()))
        self.assertTrue(met, text)
        self.assertIn("| CPU per delivery ÷ bare send loop | at most 1.25 | 1.00 (1.00 to 1.00) |",
                      text)
        self.assertIn("| CPU per delivery ÷ nchan | at most 0.65 | 0.44", text)
        self.assertIn("| p99 latency ÷ nchan | at most 0.8 | 0.50", text)
        self.assertIn("675,000 (650,000 to 700,000) messages/s, 2 runs", text)

    def test_each_miss_is_shown(self):
        met, text = self.write(complete_results(
            result(us=9.0, p99=99_000, lost=2, connect_s=2.0, resident=2_000.0)))
        self.assertFalse(met)
        # Three ratios, the losses, memory, time to connect.
        self.assertEqual(text.count("**no**"), 6, text)

    def test_what_could_not_run_is_said(self):
        results = complete_results(result())
        results["replay"] = {"missing": "the recording is not beside the checkout"}
        results["windows"] = {"missing": "livetape is missing"}
        met, text = self.write(results)
        self.assertFalse(met)
        self.assertIn("not measured: the recording is not beside the checkout", text)


if __name__ == "__main__":
    unittest.main()
