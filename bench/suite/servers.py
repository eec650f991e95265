"""The servers that are measured. Each is a context: started on a free port, stopped at its end."""

import contextlib
import getpass
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from . import processes
from .processes import BenchError

NCHAN_MODULE = pathlib.Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
# Debian's, whose packages python3-fastapi and python3-uvicorn belong to.
PYTHON = "/usr/bin/python3"


class Server:
    """A running server: where it listens, what a subscriber asks for, whose cost it is."""

    def __init__(self, name, port, path, pids):
        self.name, self.port, self.path, self.pids = name, port, path, pids

    @property
    def endpoint(self):
        return f"127.0.0.1:{self.port}"


class Servers:
    """Starts the servers of one bench; `build` holds the programs, `work` takes logs and files."""

    def __init__(self, build, work, bench, rate, event_bytes):
        self.build, self.work, self.bench = build, work, bench
        self.rate, self.event_bytes = rate, event_bytes
        self.server_core, self.client_core = processes.cores()

    def program(self, name):
        path = self.build / "bench" / name
        if not path.exists():
            raise BenchError(f"{path} is missing; build it with `make build`")
        return path

    @property
    def livetape_binary(self):
        return self.build / "livetape"

    def missing(self, name):
        """Why the server `name` cannot be measured here; None when it can."""
        if name == "livetape" and not self.livetape_binary.exists():
            return f"{self.livetape_binary} is missing (`make build`)"
        if name == "nchan":
            if not shutil.which("nginx", path="/usr/sbin:/usr/bin"):
                return "nginx is not installed (Debian package nginx)"
            if not NCHAN_MODULE.exists():
                return "nginx's nchan module is not installed (Debian package libnginx-mod-nchan)"
        if name == "fastapi":
            probe = subprocess.run([PYTHON, "-c", "import fastapi, uvicorn"], check=False,
                                   capture_output=True)
            if probe.returncode != 0:
                return "FastAPI is not installed (Debian packages python3-fastapi python3-uvicorn)"
        return None

    def version(self, name):
        if self.missing(name):
            return "not installed"
        if name == "nchan":
            packages = "nginx", "libnginx-mod-nchan"
        elif name == "fastapi":
            packages = "python3-fastapi", "python3-uvicorn"
        else:
            return "this commit"
        query = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *packages],
                               capture_output=True, text=True, check=False)
        return ", ".join(query.stdout.split("\n")).strip(", ")

    @contextlib.contextmanager
    def _running(self, name, command, port, path, workers=0, environment=None, end="stop",
                 cores=None):
        log = self.work / f"{name}.log"
        process = processes.spawn(command, cores or {self.server_core}, log=log, cwd=self.work,
                                  env={**os.environ, **(environment or {})})
        try:
            processes.wait_until_listening(process, port, name, log)
            pids = [process.pid, *processes.wait_for_children(process, workers, name)]
            try:
                yield Server(name, port, path, pids)
            except BenchError as error:
                # What the clients saw is the symptom; the server's log may name the cause.
                raise BenchError(f"{error}\n{name}'s log ends with:\n"
                                 f"{processes.tail(log)}") from error
            if process.poll() is not None:
                raise BenchError(f"{name} ended during the measurement with status "
                                 f"{process.returncode}:\n{processes.tail(log)}")
            if end == "kill":
                process.kill()
        finally:
            processes.stop(process)

    @contextlib.contextmanager
    def data_folder(self):
        """A fresh folder on the disk of the work folder, removed at the end."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="data-", dir=self.work))
        try:
            yield folder
        finally:
            shutil.rmtree(folder)

    @contextlib.contextmanager
    def livetape(self, path="/stream?interval=0", symbols=None, rate=None, source="synthetic",
                 data=None, settings=None, environment=None, end="stop", pinned=True):
        """`serve` with one loop thread; one symbol, whose name fills the event, unless given. Its
        data goes to the folder `data`, else to one of its own. `end` may be "kill". Not `pinned` it
        has the clients' core, too."""
        port = processes.free_port()
        if symbols is None:
            symbols = [self.symbol_for_event_size()]
        symbol_list = ", ".join(f'"{symbol}"' for symbol in symbols)
        market = {"market.symbols": f"[{symbol_list}]",
                  "market.rate": self.rate if rate is None else rate}
        cores = None if pinned else {self.server_core, self.client_core}
        with self.data_folder() if data is None else contextlib.nullcontext(data) as folder:
            command = self.livetape_command(port, folder, source, {**market, **(settings or {})})
            with self._running("livetape", command, port, path, environment=environment,
                               end=end, cores=cores) as server:
                yield server

    def livetape_command(self, port, folder, source, settings):
        command = [self.livetape_binary, "serve", "--port", port, "--source", source,
                   "--data-dir", folder]
        ours = {"server.threads": 1, "limits.streams_per_address": 0, "log.requests": "false"}
        for key, value in {**ours, **settings}.items():
            command += ["--set", f"{key}={value}"]
        return command

    def time_to_ready(self, folder, deadline_s=60):
        """Seconds from starting livetape on the data in `folder` to a good answer of /readyz."""
        port = processes.free_port()
        command = self.livetape_command(port, folder, "none", {})
        log = self.work / "livetape.log"
        began = time.monotonic()
        process = processes.spawn(command, {self.server_core}, log=log, cwd=self.work)
        try:
            while time.monotonic() < began + deadline_s and process.poll() is None:
                try:
                    url = f"http://127.0.0.1:{port}/readyz"
                    with urllib.request.urlopen(url, timeout=deadline_s):
                        return time.monotonic() - began
                except urllib.error.URLError:  # it does not listen yet, or is not ready
                    time.sleep(0.001)
            raise BenchError(f"livetape is not ready after {deadline_s} s:\n{processes.tail(log)}")
        finally:
            processes.stop(process)

    def symbol_for_event_size(self):
        around = ('data: {"asset":"","price":187.34,"change":1.27,'
                  '"timestamp":"2026-11-20T15:04:05.123456Z"}\n\n')
        return "A" * max(1, min(128, self.event_bytes - len(around)))

    def bare(self, publishing=True):
        """The bare loop of send(), in its own process."""
        port = processes.free_port()
        rate = self.rate if publishing else 0.001
        command = [self.program("livetape-bare"), "--listen", f"127.0.0.1:{port}",
                   "--rate", rate, "--event-bytes", self.event_bytes]
        return self._running("bare", command, port, "/")

    @contextlib.contextmanager
    def nchan(self, subscribers=20000, publishing=True):
        """nginx with one worker and nchan; its publisher runs on the clients' core."""
        port = processes.free_port()
        folder = self.work / "nginx"
        folder.mkdir(exist_ok=True)
        template = (self.bench / "rivals" / "nginx.conf").read_text(encoding="utf-8")
        config = folder / "nginx.conf"
        config.write_text(
            template.replace("@MODULE@", str(NCHAN_MODULE)).replace("@FOLDER@", str(folder))
            .replace("@PORT@", str(port)).replace("@USER@", getpass.getuser())
            .replace("@CONNECTIONS@", str(subscribers + 500)), encoding="utf-8")
        nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
        command = [nginx, "-p", folder, "-c", config, "-e", folder / "error.log"]
        with self._running("nchan", command, port, "/stream", workers=1) as server:
            if not publishing:
                yield server
                return
            publisher = processes.spawn(
                [self.program("livetape-publish"), "--to", server.endpoint, "--path", "/publish",
                 "--rate", self.rate, "--event-bytes", self.event_bytes, "--seconds", 600],
                {self.client_core}, log=self.work / "publish.log")
            try:
                yield server
                if publisher.poll() is not None:
                    raise BenchError("the publisher ended during the measurement:\n" +
                                     processes.tail(self.work / "publish.log"))
            finally:
                processes.stop(publisher)

    def fastapi(self, publishing=True, kind="lean"):
        """One uvicorn process that makes its events itself."""
        port = processes.free_port()
        rate = self.rate if publishing else 0.001
        command = [PYTHON, self.bench / "rivals" / "fastapi_server.py", port, rate,
                   self.event_bytes, kind]
        return self._running("fastapi", command, port, "/stream")

    def usual_fastapi(self):
        return self.fastapi(kind="usual")
