"""The load tools and the bare loop as they are run: real processes on loopback.

Needs LIVETAPE_BENCH_PROGRAMS, the folder of the built programs; skipped without it.
"""

import collections
import contextlib
import decimal
import http.server
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import unittest

from . import processes

PROGRAMS = os.environ.get("LIVETAPE_BENCH_PROGRAMS")


class NoStream(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_error(404)

    def log_message(self, *_):
        pass


class Acknowledging(http.server.BaseHTTPRequestHandler):
    """Takes what is published: an id for each line; no more than `room` records in all."""

    protocol_version = "HTTP/1.1"
    room, lines = 10**9, []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        lines = body.split("\n")
        Acknowledging.room -= len(lines)
        Acknowledging.lines += lines
        answer = json.dumps({"ids": [f"e-{i}" for i in range(len(lines))]},
                            separators=(",", ":")).encode()
        self.send_response(200 if Acknowledging.room >= 0 else 503)
        self.send_header("Content-Length", len(answer))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class ServedRecords(http.server.BaseHTTPRequestHandler):
    """A stream of records e-1, e-2, ...: after the cursor, else from number 20 on; at 40 it waits
    for its clients to go."""

    faulty = False  # leaves one out for whoever comes with a cursor

    def do_GET(self):
        cursor = self.headers["Last-Event-ID"]
        first = int(cursor.split("-")[1]) + 1 if cursor else 20
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(b"retry: 1\n\nid: e-0\nevent: hello\ndata: {}\n\n")
            for seq in range(first, 41):
                if not (self.faulty and cursor and seq == 15):
                    self.wfile.write(f'id: e-{seq}\ndata: {{"timestamp":'
                                     f'"2026-11-20T15:04:05.{seq:06}Z"}}\n\n'.encode())
            self.connection.recv(1)

    def log_message(self, *_):
        pass


class AcceptingOrders(http.server.BaseHTTPRequestHandler):
    """Accepts orders of all accounts but one, and keeps them."""

    protocol_version = "HTTP/1.1"
    orders = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        account = self.headers["APCA-API-KEY-ID"]
        refused = account == "poor-1"
        if not refused:
            AcceptingOrders.orders.append((account, body))
        answer = b'{"code":40310000}' if refused else b'{"id":"5a31","status":"filled"}'
        self.send_response(403 if refused else 200)
        self.send_header("Content-Length", len(answer))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class ServedEquity(http.server.BaseHTTPRequestHandler):
    """Accounts that hold 1 PROBE each and cash of 5; their streams follow its price."""

    protocol_version = "HTTP/1.1"
    changed = threading.Condition()
    price, ended, stray = "1000", False, "0"  # stray: what equity has beyond its parts

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with self.changed:
            # As it is written: json.loads would not keep the digits.
            ServedEquity.price = body.split('"price":')[1].rstrip("}")
            self.changed.notify_all()
        self.send_response(200)
        self.send_header("Content-Length", 14)
        self.end_headers()
        self.wfile.write(b'{"ids":[null]}')

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        shown = None
        with contextlib.suppress(OSError):
            while True:
                with self.changed:
                    self.changed.wait_for(lambda: self.ended or self.price != shown)
                    if self.ended:
                        return
                    shown = self.price
                equity = decimal.Decimal(shown) + 5 + decimal.Decimal(self.stray)
                self.wfile.write(f'data: {{"equity":{equity},"balance":5,"positions":[{{'
                                 f'"symbol":"PROBE","market_value":{shown}}}]}}\n\n'.encode())

    def log_message(self, *_):
        pass


class QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """The tools end their connections with a reset."""


@contextlib.contextmanager
def serving(handler):
    server = QuietServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def tool(name, port, *words):
    return subprocess.run([pathlib.Path(PROGRAMS) / name, "--to", f"127.0.0.1:{port}",
                           *map(str, words)],
                          capture_output=True, text=True, check=False, timeout=60)


@unittest.skipUnless(PROGRAMS, "LIVETAPE_BENCH_PROGRAMS is not set")
class PublishLoadTest(unittest.TestCase):
    def publish(self, *words, room=10**9):
        Acknowledging.room, Acknowledging.lines = room, []
        with serving(Acknowledging) as port:
            run = tool("livetape-publish-load", port, "--warm-up", 0, "--seconds", 30, *words)
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout.splitlines()[-1]), run

    def test_single_records_are_acknowledged_and_counted(self):
        done, _ = self.publish("-c", 4, "--requests", 50, "--topics", 10)
        self.assertEqual((done["requests"], done["records"], done["errors"]), (50, 50, 0))
        self.assertEqual(done["latency_us"]["count"], 50)
        records = [json.loads(line) for line in Acknowledging.lines]
        self.assertEqual(len(records), 50)
        self.assertEqual({record["topic"] for record in records},
                         {f"bench/load-{i}" for i in range(10)})
        self.assertTrue(all(record["data"]["timestamp"] > "2000" for record in records))

    def test_batches_go_as_lines(self):
        done, _ = self.publish("-c", 2, "--requests", 5, "--records", 1000, "--record-bytes", 100)
        self.assertEqual((done["requests"], done["records"]), (5, 5000))
        self.assertEqual(len([json.loads(line) for line in Acknowledging.lines]), 5000)

    def test_a_refusal_is_counted_and_said(self):
        done, run = self.publish("-c", 1, "--requests", 10, room=7)
        self.assertEqual((done["records"], done["errors"]), (7, 3))
        self.assertIn("3 refused, the first with: 503", run.stderr)

    def test_all_that_was_acknowledged_is_told_with_what_was_under_way_at_the_end(self):
        Acknowledging.room, Acknowledging.lines = 10**9, []
        with serving(Acknowledging) as port:
            run = tool("livetape-publish-load", port, "-c", 8, "--warm-up", 0.1, "--seconds", 0.2)
        self.assertEqual(run.returncode, 0, run.stderr)
        done = json.loads(run.stdout.splitlines()[-1])
        self.assertGreaterEqual(done["records_in_all"], done["records"])
        self.assertEqual(done["records_in_all"], len(Acknowledging.lines))

    def test_state_at_random_has_values_of_its_own(self):
        done, _ = self.publish("-c", 1, "--requests", 2, "--records", 100, "--topics", 20,
                               "--random-topics", "--state", "--acknowledgement", "")
        self.assertEqual((done["records"], done["errors"], done["busy"]), (200, 0, 0))
        states = [json.loads(line) for line in Acknowledging.lines]
        self.assertEqual({state["class"] for state in states}, {"state"})
        self.assertEqual(len({state["data"]["price"] for state in states}), 200)

    def test_a_rate_is_kept(self):
        done, _ = self.publish("-c", 8, "--requests", 20, "--rate", 100)
        self.assertEqual(done["requests"], 20)
        self.assertGreaterEqual(done["seconds"], 0.19)

    def test_nobody_listening_is_said(self):
        run = tool("livetape-publish-load", processes.free_port(), "--seconds", 1)
        self.assertEqual(run.returncode, 1)
        self.assertIn("Connection refused", run.stderr)


@unittest.skipUnless(PROGRAMS, "LIVETAPE_BENCH_PROGRAMS is not set")
class OrderLoadTest(unittest.TestCase):
    def place(self, *words):
        AcceptingOrders.orders = []
        with serving(AcceptingOrders) as port:
            run = tool("livetape-publish-load", port, "--warm-up", 0, "--seconds", 30,
                       "--order-symbols", "AAA,BBB", *words)
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout.splitlines()[-1]), run

    def test_every_account_buys_each_symbol_and_sells_it_again(self):
        done, _ = self.place("-c", 4, "--requests", 24, "--accounts", 3, "--run", "x")
        self.assertEqual((done["requests"], done["errors"]), (24, 0))
        orders = AcceptingOrders.orders
        self.assertEqual(len({order["client_order_id"] for _, order in orders}), 24)
        self.assertTrue(all(order["client_order_id"].startswith("x-") for _, order in orders))
        placed = collections.Counter((account, order["symbol"], order["side"])
                                     for account, order in orders)
        self.assertEqual(placed, {(f"bench-{i}", symbol, side): 2 for i in range(3)
                                  for symbol in ("AAA", "BBB") for side in ("buy", "sell")})

    def test_a_refusal_is_counted_and_said(self):
        done, run = self.place("-c", 1, "--requests", 8, "--accounts", 2, "--account", "poor")
        self.assertEqual((done["requests"], done["errors"]), (4, 4))
        self.assertIn('4 refused, the first with: 403 {"code":40310000}', run.stderr)


@unittest.skipUnless(PROGRAMS, "LIVETAPE_BENCH_PROGRAMS is not set")
class EquityTest(unittest.TestCase):
    def equity(self, stray="0"):
        ServedEquity.price, ServedEquity.ended, ServedEquity.stray = "1000", False, stray
        with serving(ServedEquity) as port:
            run = tool("livetape-equity", port, "--accounts", 3, "--rate", 50, "--warm-up", 0,
                       "--seconds", 0.5)
            with ServedEquity.changed:
                ServedEquity.ended = True
                ServedEquity.changed.notify_all()
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout.splitlines()[-1])

    def test_every_tick_is_seen_in_every_stream(self):
        done = self.equity()
        self.assertEqual((done["streams"], done["missing"], done["refused"]), (3, 0, 0))
        self.assertEqual((done["strange"], done["inconsistent"], done["closed"]), (0, 0, 0))
        self.assertGreater(done["latency_us"]["count"], 0)
        self.assertEqual(done["latency_us"]["count"] % 3, 0)

    def test_equity_that_is_not_its_parts_is_found(self):
        self.assertGreater(self.equity(stray="0.001")["inconsistent"], 0)


@unittest.skipUnless(PROGRAMS, "LIVETAPE_BENCH_PROGRAMS is not set")
class ResumeTest(unittest.TestCase):
    def resume(self, *words):
        with serving(ServedRecords) as port:
            return tool("livetape-resume", port, "--live", 2, "--resumers", 3, "--before", 0.2,
                        "--timeout", 5, *words)

    def test_all_catch_up_and_each_gets_every_record(self):
        run = self.resume("--behind", 30)
        self.assertEqual(run.returncode, 0, run.stderr)
        done = json.loads(run.stdout.splitlines()[-1])
        self.assertEqual((done["caught_up"], done["records"]), (3, 90))
        self.assertEqual((done["missed"], done["repeated"], done["live_missed"]), (0, 0, 0))
        self.assertEqual(done["catch_up_us"]["count"], 3)

    def test_a_record_left_out_is_found(self):
        ServedRecords.faulty = True
        try:
            done = json.loads(self.resume("--behind", 30).stdout.splitlines()[-1])
        finally:
            ServedRecords.faulty = False
        self.assertEqual((done["caught_up"], done["missed"]), (3, 3))

    def test_too_few_records_are_said(self):
        run = self.resume("--behind", 41)
        self.assertEqual(run.returncode, 1)
        self.assertIn("to be 41 behind, publish first", run.stderr)


@unittest.skipUnless(PROGRAMS, "LIVETAPE_BENCH_PROGRAMS is not set")
class ProgramsTest(unittest.TestCase):
    def load(self, *words):
        return subprocess.run([pathlib.Path(PROGRAMS) / "livetape-load", *map(str, words)],
                              capture_output=True, text=True, check=False, timeout=60)

    @contextlib.contextmanager
    def bare(self):
        port = processes.free_port()
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "log"
            process = processes.spawn(
                [pathlib.Path(PROGRAMS) / "livetape-bare", "--listen", f"127.0.0.1:{port}",
                 "--rate", 100], {processes.cores()[0]}, log=log)
            try:
                processes.wait_until_listening(process, port, "bare", log)
                yield port, process
            finally:
                processes.stop(process)

    def test_everything_sent_is_delivered_and_counted(self):
        with self.bare() as (port, server):
            run = self.load("--to", f"127.0.0.1:{port}", "--path", "/", "-n", 20, "--sources", 3,
                            "--server-pid", server.pid, "--settle", 0, "--warm-up", 0,
                            "--seconds", 30, "--events", 200)
        self.assertEqual(run.returncode, 0, run.stderr)
        done = json.loads(run.stdout.splitlines()[-1])
        self.assertGreaterEqual(done["deliveries"], 200)
        self.assertEqual(done["deliveries"] % 20, 0)
        self.assertEqual((done["lost"], done["repeated"], done["closed"]), (0, 0, 0))
        self.assertEqual(done["latency_us"]["count"], done["distinct_events"] * 20)
        self.assertGreater(done["server_us_per_delivery"], 0)
        # 170 bytes of event and 6 of chunk framing.
        self.assertEqual(done["bytes"], done["deliveries"] * 176)

    def test_what_was_received_in_all_is_told_after_quiet(self):
        with serving(ServedRecords) as port:
            run = self.load("--to", f"127.0.0.1:{port}", "--path", "/{}", "-n", 3, "--settle", 0,
                            "--warm-up", 0, "--seconds", 0.1, "--until-quiet", 5, "--records",
                            "--spin")
        self.assertEqual(run.returncode, 0, run.stderr)
        done = json.loads(run.stdout.splitlines()[-1])
        # Without a cursor the records 20 to 40 come.
        self.assertEqual((done["received"], done["lost"], done["repeated"]), (63, 0, 0))

    def test_nobody_listening_is_said(self):
        port = processes.free_port()
        run = self.load("--to", f"127.0.0.1:{port}", "--path", "/", "-n", 1, "--seconds", 0)
        self.assertEqual(run.returncode, 1)
        self.assertIn("Connection refused", run.stderr)

    def test_an_answer_that_is_no_stream_is_said(self):
        server = http.server.HTTPServer(("127.0.0.1", 0), NoStream)
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        try:
            run = self.load("--to", f"127.0.0.1:{server.server_port}", "--path", "/", "-n", 1,
                            "--seconds", 0)
        finally:
            thread.join()
            server.server_close()
        self.assertEqual(run.returncode, 1)
        self.assertIn("expected an answer 200, got 'HTTP/1.0 404", run.stderr)

    def test_wrong_usage_is_status_2(self):
        run = self.load("--to", "nowhere", "--path", "/", "-n", 1)
        self.assertEqual(run.returncode, 2)
        self.assertIn("expected such as 127.0.0.1:8000", run.stderr)

    def test_a_stop_signal_ends_it(self):
        with self.bare() as (port, _):
            process = subprocess.Popen(
                [pathlib.Path(PROGRAMS) / "livetape-load", "--to", f"127.0.0.1:{port}", "--path",
                 "/", "-n", "1", "--seconds", "60"], stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, text=True)
            self.assertIn("connected", process.stdout.readline())
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=10)
        self.assertEqual(process.returncode, 1)
        self.assertIn("stopped by a signal", errors)


if __name__ == "__main__":
    unittest.main()
