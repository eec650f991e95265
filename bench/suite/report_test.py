"""RESULTS.md from made-up measurements."""

import pathlib
import tempfile
import unittest

from . import report
from .page import FIGURES, read_page
from .processes import BenchError
from .size import Size
from .trading import FLOOR_KINDS, read_floor


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
            "latency_us": {"count": 600_000, "p50": 20_000, "p99": p99, "p999": p99}}


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


def ordered(rate):
    return {**published(rate), "requests": 50_000}


def ticked(p99, **faults):
    return {"latency_us": {"p50": 28_000, "p99": p99, "max": p99 + 5_000}, "events_per_s": 99_500.0,
            "events": 12_000, "streams": 100, "server_cpu_s": 1.5, "seconds": 6.0, "missing": 0,
            "strange": 0, "inconsistent": 0, "closed": 0, "refused": 0, **faults}


def trading_results():
    rates = dict.fromkeys(FLOOR_KINDS, 1_500_000.0)
    return {
        "floor": {"runs": [{"orders_per_s": {**rates, "many of them": rate}, "idle_tick_ns": 11.0,
                            "name_bytes": 50.4} for rate in (1_100_000.0, 1_300_000.0)]},
        "orders": {"runs": [ordered(11_000.0), ordered(12_000.0)]},
        "equity": {"0": [ticked(52_000)], "250ms": [ticked(300_000)]},
        "start-fills": {"clean_s": [0.7, 0.8], "killed_s": [1.0], "behind": [4_000],
                        "records": 2_100_000, "fills": 1_050_000, "orders": 1_050_000,
                        "named": 1_050_000, "store_bytes": 2**30, "tape_bytes": 2**31},
    }


def coalesced(rate, **faults):
    return {**result(us=0.2), "deliveries_per_s": rate, "published_per_s": 1200.0, "published": 8_000,
            "not_delivered": 0, **faults}


def at_once(p50, p99):
    return {**result(p99=p99), "latency_us": {"p50": p50, "p99": p99, "p999": p99, "max": p99}}


def addressed(us, received=600_000):
    """A pair of own topics and one of all."""
    return {"own": {**result(us), "expected": 600_000, "received": received},
            "shared": {**result(4.0), "expected": 600_000, "received": 600_000}}


def overrun(converged_ms, busy=40, **faults):
    return {**result(), "published_per_s": 900_000.0, "converged_ms": converged_ms, "screens": 1,
            "wrong_screens": 0, "records": {**published(50_000.0), "busy": busy,
                                            "latency_us": {"p50": 100, "max": 900}}, **faults}


def limits_results():
    """Those of the fan-out's limits."""
    return {
        "coalescing": {"pairs": [{"livetape": coalesced(5_000_000.0),
                                  "nchan": coalesced(100_000.0, chunks=0, lost=None)}],
                       "batches": [coalesced(2_500_000.0)], "rival": None},
        "latency": {"one": [at_once(90, 900)], "all": [at_once(900, 4_900)]},
        "own-topics": {"pairs": [addressed(5.9), addressed(6.0)]},
        "overload": {"runs": [overrun(102.0)]},
    }


def complete_results(ours):
    return {
        **limits_results(),
        "backtest": {"runs": [{"short": 11.5, "long": 12.25, "sweep": 1.85}]},
        "beside-jobs": {"pairs": [{"idle": ours, "busy": ours}], "workers": 2},
        "page": {"figures": {**dict.fromkeys(FIGURES, 1.5), "seconds": 120.0}},
        **durable_results(),
        **trading_results(),
        "fan-out": {
            "bare": {"pairs": [{"livetape": ours, "bare": result(4.0)} for _ in range(7)]},
            "nchan": {"pairs": [{"livetape": ours, "nchan": result(9.0, p99=100_000)}
                                for _ in range(3)]},
            "fastapi": {"runs": {"lean": [result(70.0)], "usual": [result(120.0)]}},
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


FLOOR_OUTPUT = """\
market orders       1893741 orders/s, 528 ns each
resting limits      1236492 orders/s, 809 ns each
many of them        1275496 orders/s, 784 ns each
half and half       1475151 orders/s, 678 ns each
idle tick              10.8 ns
events: 6516000, of them fills: 3208000
names                  50.4 bytes an order, 1000000 of them
"""


class FloorTest(unittest.TestCase):
    def test_the_figures_are_found(self):
        read = read_floor(FLOOR_OUTPUT)
        self.assertEqual(read["orders_per_s"], {
            "market orders": 1893741, "resting limits": 1236492, "many of them": 1275496,
            "half and half": 1475151})
        self.assertEqual((read["idle_tick_ns"], read["name_bytes"]), (10.8, 50.4))

    def test_a_figure_that_is_not_told_is_said(self):
        with self.assertRaisesRegex(BenchError, "many of them"):
            read_floor(FLOOR_OUTPUT.replace("many of them", "few of them"))


class PageTest(unittest.TestCase):
    def test_what_is_not_told_is_said(self):
        with self.assertRaisesRegex(BenchError, "does not tell"):
            read_page('{"task_ms": 200}')
        with self.assertRaisesRegex(BenchError, "does not tell"):
            read_page("")


class ReportTest(unittest.TestCase):
    def write(self, results):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "RESULTS.md"
            met = report.write(path, folder, "bench/run", NoServers(), Size(quick=False), results,
                               0.25)
            return met, path.read_text(encoding="utf-8")

    def test_all_targets_met(self):
        met, text = self.write(complete_results(result()))
        self.assertTrue(met, text)
        self.assertIn("| CPU per delivery ÷ bare send loop | at most 1.15 | 1.00 (1.00 to 1.00) |",
                      text)
        self.assertIn("| CPU per delivery ÷ nchan | at most 0.55 | 0.44", text)
        self.assertIn("| p99 latency ÷ nchan | at most 0.6 | 0.50", text)
        self.assertIn("| CPU per delivery ÷ FastAPI, lean | at most 0.06 | 0.057 | yes |", text)
        self.assertIn("| CPU per delivery ÷ FastAPI, usual | at most 0.06 | 0.033 | yes |", text)
        self.assertIn("675,000 (650,000 to 700,000) messages/s, 2 runs", text)

    def test_each_miss_is_shown(self):
        met, text = self.write(complete_results(
            result(us=9.0, p99=99_000, lost=2, connect_s=2.0, resident=2_000.0)))
        self.assertFalse(met)
        # Five ratios, the losses, memory, time to connect.
        self.assertEqual(text.count("**no**"), 8, text)

    def test_each_miss_of_the_limits_is_shown(self):
        results = limits_results()
        results["coalescing"] = {"pairs": [{"livetape": coalesced(400_000.0, not_delivered=5),
                                            "nchan": coalesced(100_000.0)}],
                                 "batches": [coalesced(900_000.0)], "rival": None}
        results["latency"] = {"one": [at_once(101, 1_001)], "all": [at_once(1_001, 5_001)]}
        results["own-topics"] = {"pairs": [addressed(6.1, received=599_999)]}
        results["overload"] = {"runs": [overrun(151.0, busy=0, wrong_screens=1)]}
        met, text = self.write(results)
        self.assertFalse(met)
        self.assertEqual(text.count("**no**"), 12, text)

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

    def test_the_slowest_kind_of_orders_counts(self):
        met, text = self.write(trading_results())
        self.assertTrue(met, text)
        self.assertIn("of the slowest kind | at least 1,000,000 | 1,200,000 (1,100,000 to "
                      "1,300,000) | yes |", text)
        self.assertIn("| p99 from a tick to equity on the wire, `interval=250ms` | at most 305 ms | "
                      "300.0 ms | yes |", text)

    def test_each_miss_of_paper_trading_is_shown(self):
        results = trading_results()
        for run in results["floor"]["runs"]:
            run["orders_per_s"]["half and half"] = 900_000.0
            run["name_bytes"] = 65.0
        results["orders"]["runs"] = [ordered(9_900.0)]
        results["equity"] = {"0": [ticked(55_100)], "250ms": [ticked(305_100, inconsistent=1)]}
        results["start-fills"].update(clean_s=[2.1], killed_s=[2.1])
        met, text = self.write(results)
        self.assertFalse(met)
        self.assertEqual(text.count("**no**"), 8, text)

    def test_what_could_not_run_is_said(self):
        results = complete_results(result())
        results["replay"] = {"missing": "the recording is not beside the checkout"}
        for name in "windows", *limits_results(), *durable_results(), *trading_results():
            results[name] = {"missing": "livetape is missing"}
        met, text = self.write(results)
        self.assertFalse(met)
        self.assertIn("not measured: the recording is not beside the checkout", text)


if __name__ == "__main__":
    unittest.main()
