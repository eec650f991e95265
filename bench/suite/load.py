"""Runs the load tools against a server and gives back what they measured."""

import json
import subprocess

from . import processes
from .processes import BenchError


def run(servers, server, program, arguments, on_phase=None):
    """One run of a load tool; its last line of JSON. `on_phase` is called with the name of each
    phase before the last, when it begins."""
    command = [servers.program(program), "--to", server.endpoint, *arguments]
    process = processes.spawn(command, {servers.client_core}, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
    result = None
    try:
        for line in process.stdout:
            message = json.loads(line)
            if message["phase"] == "done":
                result = message
            elif on_phase:
                on_phase(message["phase"])
        errors = process.stderr.read()
        process.wait()
    finally:
        processes.stop(process)
        process.stdout.close()
        process.stderr.close()
    if process.returncode != 0 or result is None:
        raise BenchError(f"measuring {server.name} failed: {errors.strip()}")
    result["said"] = errors.strip()
    return result


def measure(servers, server, subscribers, seconds, warm_up=2.0, settle=1.0, on_measuring=None,
            several_topics=False, losses=None, spin=False):
    """What subscribers get. `on_measuring` is called at the start of the measurement. `losses`: the
    option that says how livetape-load is to look for losses, other than by the send times. `spin`: it never sleeps."""
    arguments = ["--path", server.path, "--subscribers", subscribers, "--sources", 8,
                 "--seconds", seconds, "--warm-up", warm_up, "--settle", settle]
    for pid in server.pids:
        arguments += ["--server-pid", pid]
    if several_topics:
        losses = "--several-topics"
    if losses:
        arguments.append(losses)
    if spin:
        arguments.append("--spin")
    result = run(servers, server, "livetape-load", arguments,
                 lambda phase: on_measuring() if phase == "measuring" and on_measuring else None)
    # One send() each costs more (with several topics a send carries many events): if not, the work
    # was done by a process that is not counted.
    if not losses and result["deliveries"] and result["server_us_per_delivery"] < 0.1:
        raise BenchError(f"{server.name} seems to deliver for free; processes {server.pids} are "
                         "not the ones that work")
    return result


def deliveries(servers, server, subscribers, seconds, warm_up, publishing, losses,
               spin=False):
    """What subscribers get while livetape-publish-load publishes as the words `publishing` say. They
    receive on after its end, so that `received` is all that came of what was `published`. `losses`:
    the option that says how livetape-load is to look for losses. `spin`: it never sleeps."""
    publishers = []
    log = servers.work / "publish.log"

    def start_publishing(phase):
        if phase == "connected":
            command = [servers.program("livetape-publish-load"), "--to", server.endpoint,
                       "--warm-up", warm_up, "--seconds", seconds + 1, *publishing]
            publishers.append(processes.spawn(command, {servers.client_core}, log=log))

    arguments = ["--path", server.path, "--subscribers", subscribers, "--sources", 8, "--seconds",
                 seconds, "--warm-up", warm_up, "--settle", 0, "--until-quiet", 30, losses]
    if spin:
        arguments.append("--spin")
    for pid in server.pids:
        arguments += ["--server-pid", pid]
    try:
        result = run(servers, server, "livetape-load", arguments, start_publishing)
        for publisher in publishers:
            publisher.wait(30)
    finally:
        for publisher in publishers:
            processes.stop(publisher)
    said = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    published = json.loads(said[-1]) if said else {}
    if published.get("phase") != "done" or published["errors"]:
        raise BenchError(f"the publisher did not end well:\n{processes.tail(log)}")
    return {**result, "published": published["records_in_all"],
            "published_per_s": published["records_per_s"],
            "published_until_us": published["ended_us"]}


def publish(servers, server, connections, seconds, records=1, record_bytes=150, warm_up=1.0,
            requests=None, on_measuring=None):
    """What is acknowledged to publishers, each with one request under way."""
    arguments = ["--connections", connections, "--seconds", seconds, "--warm-up", warm_up,
                 "--records", records, "--record-bytes", record_bytes]
    if requests is not None:
        arguments += ["--requests", requests]
    result = run(servers, server, "livetape-publish-load", arguments,
                 lambda _: on_measuring() if on_measuring else None)
    if result["errors"]:
        raise BenchError(f"{server.name} refused what was published: {result['said']}")
    return result


def orders(servers, server, symbols, series, connections=16, accounts=1, requests=None, seconds=600,
           on_measuring=None):
    """What is acknowledged of market orders in `symbols`, each connection with one under way. `series`
    begins their client order ids; no other call on the same data has the same."""
    arguments = ["--connections", connections, "--order-symbols", ",".join(symbols), "--run", series,
                 "--accounts", accounts, "--seconds", seconds,
                 "--warm-up", 1 if requests is None else 0]
    if requests is not None:
        arguments += ["--requests", requests]
    result = run(servers, server, "livetape-publish-load", arguments,
                 lambda _: on_measuring() if on_measuring else None)
    if result["errors"] or result["requests"] != (requests or result["requests"]):
        raise BenchError(f"{server.name} accepted {result['requests']} orders: {result['said']}")
    return result


def equity(servers, server, accounts, probe, rate, interval, seconds, on_measuring):
    """How long ticks of the symbol `probe`, of which each account holds 1, take to equity events."""
    arguments = ["--accounts", accounts, "--symbol", probe, "--rate", rate, "--interval", interval,
                 "--seconds", seconds]
    for pid in server.pids:
        arguments += ["--server-pid", pid]
    return run(servers, server, "livetape-equity", arguments, lambda _: on_measuring())


def resume(servers, server, live, resumers, behind, before, on_phase):
    """What it takes many to come back at once, while somebody publishes to `bench/live`. `on_phase`
    is called with "before" and "during" as they begin."""
    result = run(servers, server, "livetape-resume",
                 ["--live", live, "--resumers", resumers, "--behind", behind, "--before", before],
                 on_phase)
    if result["caught_up"] < resumers:
        raise BenchError(f"{resumers - result['caught_up']} of {resumers} did not catch up")
    return result
