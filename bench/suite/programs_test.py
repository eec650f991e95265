"""The load tool and the bare loop as they are run: real processes on loopback.

Needs LIVETAPE_BENCH_PROGRAMS, the folder of the built programs; skipped without it.
"""

import contextlib
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
                 "--rate", 100], processes.cores()[0], log=log)
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
