"""RESULTS.md from made-up measurements."""

import pathlib
import tempfile
import unittest

from . import report
from .size import Size


class NoServers:
    server_core, client_core = 0, 1

    def version(self, name):
        return f"{name} 1.0"


def result(us=4.0, p99=50_000, lost=0, connect_s=0.5, resident=600.0):
    return {"subscribers": 10_000, "server_us_per_delivery": us, "load_us_per_delivery": 3.5,
            "deliveries_per_s": 100_000.0, "lost": lost, "closed": 0, "slow_events": 0,
            "connect_s": connect_s, "resident_per_subscriber": resident, "seconds": 6.0,
            "chunks": 600_000, "deliveries": 600_000, "bytes": 105_600_000, "repeated": 0,
            "sends_per_window": 1.0, "cpu_share": 0.2,
            "latency_us": {"p50": 20_000, "p99": p99, "p999": p99}}


def published(rate, connections=64):
    return {"connections": connections, "records_per_s": rate, "requests_per_s": rate,
            "latency_us": {"p50": 6_000, "p99": 9_000}, "records_per_commit": 32.0,
            "commit_p50_us": 900.0, "commit_p99_us": 2_000.0, "sync_us": 500.0,
            "load_cpu_s": 1.0, "seconds": 5.0}


def resumed(catch_up_s=0.3, ratio=1.5, missed=0):
    return {"behind": 1000, "catch_up_us": {"p50": 200_000, "max": catch_up_s * 1e6},
            "before_us": {"p50": 1_000, "p99": 2_000}, "p99_ratio": ratio,
            "during_us": {"p50": 1_000, "p99": 2_000 * ratio}, "missed": missed, "repeated": 0,
            "before_commit_p99_us": 900.0, "during_commit_p99_us": 1_000.0,
            "closed": 0, "live_missed": 0, "live_repeated": 0, "live_closed": 0}


def durable_results():
    return {
        "publish": {"single": [published(40_000.0), published(42_000.0)],
                    "batches": {1: [published(190_000.0)], 2: [published(300_000.0)]}},
        "slow-disk": {"sync_ms": 5, "pairs": [{"many": published(5_400.0),
                                               "one": published(180.0)}]},
        "resume": {"memory": [resumed()], "disk": [resumed(ratio=7.0)]},
        "start": {"records": 1_050_000, "clean_s": [0.2, 0.3], "killed_s": [0.4],
                  "bytes": 150 * 2**20},
    }


def complete_results(ours):
    return {
        **durable_results(),
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

    def test_the_best_number_of_batch_connections_counts(self):
        _, text = self.write(durable_results())
        self.assertIn("| durable records/s, NDJSON of 10,000 a request, 2 connections | "
                      "at least 200,000 | 300,000 | yes |", text)
        self.assertIn("| records/s of 64 publishers ÷ of one, sync + 5 ms | at least 20 | 30.0 |",
                      text)
        self.assertIn("| start to ready with 1,000,000 records | at most 1 s | 0.250 s", text)

    def test_each_miss_of_the_durable_tape_is_shown(self):
        results = durable_results()
        results["publish"]["single"] = [published(29_000.0)]
        results["publish"]["batches"] = {1: [published(190_000.0)]}
        results["slow-disk"]["pairs"][0]["one"] = published(1_000.0)
        # Faults count wherever they were found; the ratio beyond the ring has no target.
        results["resume"] = {"memory": [resumed(2.5, 3.0)], "disk": [resumed(missed=1)]}
        results["start"]["clean_s"] = [1.5]
        met, text = self.write(results)
        self.assertFalse(met)
        self.assertEqual(text.count("**no**"), 7, text)

    def test_what_could_not_run_is_said(self):
        results = complete_results(result())
        results["replay"] = {"missing": "the recording is not beside the checkout"}
        for name in "windows", *durable_results():
            results[name] = {"missing": "livetape is missing"}
        met, text = self.write(results)
        self.assertFalse(met)
        self.assertIn("not measured: the recording is not beside the checkout", text)


if __name__ == "__main__":
    unittest.main()
