"""Processes of one run: started with raised limits, pinned to a core, stopped by their own id."""

import contextlib
import os
import resource
import signal
import socket
import subprocess
import time

STOP_S = 10


class BenchError(Exception):
    """Something outside of the bench is not as it must be; the message says what."""


def raise_open_files():
    """Lets this process and its children open as many files as the system allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cores():
    """(core of the server, core of the clients); the same one where there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


def spawn(command, cores, log=None, cwd=None, **options):
    """Starts `command` on these `cores`, in its own process group, its output in the file `log`."""
    # Its own group: Ctrl-C reaches only the bench, which then stops what it started in order.
    with contextlib.ExitStack() as stack:
        if log is not None:
            out = stack.enter_context(open(log, "wb"))
            options.setdefault("stdout", out)
            options.setdefault("stderr", out)
        try:
            process = subprocess.Popen(
                [str(word) for word in command], cwd=cwd, stdin=subprocess.DEVNULL,
                start_new_session=True, preexec_fn=lambda: os.sched_setaffinity(0, cores),
                **options)
        except OSError as error:
            raise BenchError(f"cannot start {command[0]}: {error}") from error
    return process


def stop(process):
    """Ends a process and its children: asked first, after STOP_S seconds by force."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            for pid in children(process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.kill()
            process.wait()


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except FileNotFoundError:
        return []


def wait_until_listening(process, port, name, log, deadline_s=20):
    """Returns when 127.0.0.1:port accepts; raises with the log's end if the process has ended."""
    deadline = time.monotonic() + deadline_s
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            pass
        if process.poll() is not None:
            raise BenchError(
                f"{name} ended at start with status {process.returncode}:\n{tail(log)}")
        if time.monotonic() > deadline:
            raise BenchError(
                f"{name} does not listen on port {port} after {deadline_s} s:\n{tail(log)}")
        time.sleep(0.02)


def wait_for_children(process, count, name, deadline_s=20):
    """The ids of the children, once there are `count`: a server may listen before it forks its
    workers, and whoever is missed here would work for free."""
    deadline = time.monotonic() + deadline_s
    while len(pids := children(process.pid)) < count:
        if time.monotonic() > deadline:
            raise BenchError(f"{name} has {len(pids)} of {count} workers after {deadline_s} s")
        time.sleep(0.02)
    return pids


def tail(path, size=2000):
    with open(path, "rb") as file:
        return file.read()[-size:].decode(errors="replace").strip()
