"""The real binary, $LIVETAPE_BINARY, as a child process with a data folder of its own."""

import os
import re
import signal
import subprocess
import tempfile
import threading
import unittest

import support

BINARY = os.environ.get("LIVETAPE_BINARY")
READY = re.compile(r"^livetape: listening on (http://\S+)$")

needs_binary = unittest.skipUnless(BINARY, "LIVETAPE_BINARY names no binary to test against")


class RealServer:
    """Started by `with`, stopped by its end. `stop()` and `start()` make a restart between."""

    def __init__(self, *args):
        self._args = args
        self._folder = tempfile.TemporaryDirectory(prefix="livetape-python-")
        self._process = None
        self._port = 0

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            self._folder.cleanup()

    @property
    def folder(self):
        return self._folder.name

    def start(self):
        command = [BINARY, "serve", "--port", str(self._port), "--data-dir", self._folder.name]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("LIVETAPE_")}
        self._process = subprocess.Popen(
            [*command, *self._args],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        deadline = threading.Timer(support.DEADLINE_S, self._process.kill)
        deadline.start()
        try:
            for line in self._process.stdout:
                ready = READY.match(line.rstrip("\n"))
                if ready:
                    self.url = ready.group(1)
                    self._port = int(self.url.rpartition(":")[2])
                    return
        finally:
            deadline.cancel()
        status = self._process.wait()
        self._process.stdout.close()
        raise AssertionError(f"{' '.join(command)} ended with {status} before it listened")

    def stop(self, how=signal.SIGTERM):
        """SIGKILL is a crash."""
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(support.DEADLINE_S + 10)
        finally:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()
            self._process = None

    def token(self, subject, scope):
        """Made by `livetape token` with the server's own key."""
        made = subprocess.run(
            [BINARY, "token", "--data-dir", self._folder.name, "--sub", subject]
            + ["--scope", scope, "--ttl", "1h"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return made.stdout.strip()
