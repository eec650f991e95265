"""Runs livetape-load against a server and gives back what it measured."""

import json
import subprocess

from . import processes
from .processes import BenchError


def measure(servers, server, subscribers, seconds, warm_up=2.0, settle=1.0, on_measuring=None,
            several_topics=False):
    """One run of the load tool; its last line of JSON. `on_measuring` is called at the start."""
    command = [servers.program("livetape-load"), "--to", server.endpoint, "--path", server.path,
               "--subscribers", subscribers, "--sources", 8, "--seconds", seconds,
               "--warm-up", warm_up, "--settle", settle]
    for pid in server.pids:
        command += ["--server-pid", pid]
    if several_topics:
        command.append("--several-topics")
    process = processes.spawn(command, servers.client_core, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
    result = None
    try:
        for line in process.stdout:
            message = json.loads(line)
            if message["phase"] == "measuring" and on_measuring:
                on_measuring()
            if message["phase"] == "done":
                result = message
        errors = process.stderr.read()
        process.wait()
    finally:
        processes.stop(process)
        process.stdout.close()
        process.stderr.close()
    if process.returncode != 0 or result is None:
        raise BenchError(f"measuring {server.name} failed: {errors.strip()}")
    # One send() each costs more (with several topics a send carries many events): if not, the work
    # was done by a process that is not counted.
    if not several_topics and result["deliveries"] and result["server_us_per_delivery"] < 0.1:
        raise BenchError(f"{server.name} seems to deliver for free; processes {server.pids} are "
                         "not the ones that work")
    return result
