"""The scenario of overload: publishers that outrun the server and its disk, and what screens show."""

import contextlib
import json
import time

from . import load, processes
from .figures import Figure, table
from .processes import BenchError

WINDOW_MS = 100
# A window, and what sending it to all takes.
CONVERGED_MS = WINDOW_MS + 50


def overload(servers, size, say):
    """State and records are published as fast as they are answered, on a disk whose syncs are slow."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    return {"runs": [once(servers, size, say) for _ in range(size.overload_runs)]}


def once(servers, size, say):
    slowing = {"LD_PRELOAD": str(servers.program("tape/libslow_fsync.so")),
               "SLOW_FSYNC_MS": str(size.overload_sync_ms)}
    path = f"/api/v1/stream?topics=bench/*&interval={WINDOW_MS}ms"
    state = ["--state", "--topics", size.overload_keys, "--random-topics", "--records", 1000,
             "--connections", size.overload_connections, "--overload"]
    with servers.livetape(path=path, source="none", environment=slowing) as server:
        with records_beside(servers, size, server) as records:
            result = load.deliveries(servers, server, size.overload_subscribers,
                                     size.overload_seconds, size.warm_up, state, "--states")
        after = load.measure(servers, server, 1, seconds=0.5, warm_up=0, settle=0,
                             losses="--states")
    result["records"] = records
    result["converged_ms"] = (result["last_us"] - result["published_until_us"]) / 1000
    # Who comes now is shown what all the others show.
    result["wrong_screens"] = result["screens"] - 1 + (result["screen"] != after["screen"])
    say(f"livetape: {result['published_per_s']:,.0f} values of state/s and "
        f"{records['records_per_s']:,.0f} records/s acknowledged, {records['busy']} requests of "
        f"{records['busy'] + records['requests']} told to come again, answers within "
        f"{records['latency_us']['max'] / 1000:.0f} ms; converged {result['converged_ms']:.0f} ms "
        f"after, {result['screens']} different screens, closed {result['closed']}")
    return result


@contextlib.contextmanager
def records_beside(servers, size, server):
    """Records that nobody listens to are published; gives what came of it, at the end."""
    log, found = servers.work / "records.log", {}
    seconds = size.overload_seconds + size.warm_up
    publisher = processes.spawn(
        [servers.program("livetape-publish-load"), "--to", server.endpoint, "--topic", "log/load",
         "--connections", size.overload_connections * 4, "--records", 1000, "--warm-up", 0,
         "--seconds", seconds, "--overload"], {servers.client_core}, log=log)
    try:
        time.sleep(0.2)
        yield found
        publisher.wait(30)
    finally:
        processes.stop(publisher)
    said = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    found.update(json.loads(said[-1]) if said else {})
    if found.get("phase") != "done" or found["errors"]:
        raise BenchError(f"the publisher of records did not end well:\n{processes.tail(log)}")


def report(data, size, verdicts):
    text = (f"## Overload: publishers that outrun the server, syncs {size.overload_sync_ms} ms longer"
            "\n\n")
    told = "requests told to come again (503 with Retry-After) under overload"
    converged = f"after overload: until all screens have converged, window of {WINDOW_MS} ms"
    wrong = "after overload: screens that differ, subscribers cut"
    if "missing" in data:
        for what in told, converged, wrong:
            verdicts.not_measured(what, "-", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    runs = data["runs"]
    verdicts.at_least(told, 1, Figure((run["records"]["busy"] for run in runs), 0))
    verdicts.at_most(converged, CONVERGED_MS, Figure((run["converged_ms"] for run in runs), 0, " ms"),
                     f"{CONVERGED_MS} ms")
    verdicts.equal(wrong, 0, 0,
                   Figure([sum(run["wrong_screens"] + run["closed"] for run in runs)], 0))
    text += (f"{size.overload_subscribers} subscribers of {size.overload_keys} keys of state, which "
             f"{size.overload_connections} connections publish, 1,000 a request, as fast as they are "
             f"answered; beside them {size.overload_connections * 4} connections publish records, "
             "1,000 a request. Nobody obeys Retry-After. Converged: the last event that anybody gets, "
             "after the last answer to who publishes state.\n\n")
    rows = [(i + 1, f"{run['published_per_s']:,.0f}", f"{run['records']['records_per_s']:,.0f}",
             f"{run['records']['latency_us']['p50'] / 1000:.0f} ms",
             f"{run['records']['latency_us']['max'] / 1000:.0f} ms", run["records"]["busy"],
             f"{run['converged_ms']:.0f} ms", run["screens"], run["closed"])
            for i, run in enumerate(runs)]
    return text + table(["run", "state/s acknowledged", "records/s acknowledged",
                         "their answers, p50", "most", "503 with Retry-After", "converged after",
                         "different screens", "cut"], rows)
