"""Every example of the README runs: against a server that says yes, and against the real one."""

import contextlib
import io
import json
import pathlib
import re
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import support  # noqa: F401  (puts the package on the path)
from real_server import needs_binary, RealServer

README = pathlib.Path(__file__).parent.parent / "README.md"
ADDRESS = "http://127.0.0.1:8000"


class Agreeable(BaseHTTPRequestHandler):
    """Answers as livetape does when all is well, but keeps nothing."""

    protocol_version = "HTTP/1.1"
    progress = {"task_id": "lstm-7", "progress": 45, "status": "running"}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if body.startswith(b"{") and json.loads(body.split(b"\n")[0]).get("progress") == 140:
            problem = {"detail": "progress must be between 0 and 100", "field": "progress"}
            return self._answer(422, "application/problem+json", problem)
        self._answer(200, "application/json", {"id": "e-1", "ids": ["e-1"]})

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        envelope = {
            "event": "training_progress",
            "topic": "jobs/training/lstm-7",
            "data": self.progress,
        }
        self.wfile.write(b"id: e-1\nevent: training_progress\ndata: ")
        self.wfile.write(json.dumps(envelope).encode() + b"\n\n")

    def _answer(self, status, kind, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def examples():
    return re.findall(r"^```python\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)


def run_all(case, url):
    """Runs the examples in order and gives what they print."""
    case.assertEqual(len(examples()), 6)
    said = io.StringIO()
    for number, example in enumerate(examples()):
        with case.subTest(example=number), contextlib.redirect_stdout(said):
            case.assertIn(ADDRESS, example)
            exec(compile(example.replace(ADDRESS, url), f"README example {number}", "exec"), {})
    return said.getvalue()


class Examples(unittest.TestCase):
    def test_run(self):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Agreeable)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            said = run_all(self, "http://127.0.0.1:%d" % server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
        self.assertIn("422 progress progress must be between 0 and 100\n", said)
        self.assertIn("e-1 lstm-7 45\n", said)

    @needs_binary
    def test_run_against_livetape(self):
        with RealServer() as server:
            said = run_all(self, server.url)
        self.assertIn("422 progress ", said)


if __name__ == "__main__":
    unittest.main()
