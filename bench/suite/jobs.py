"""Scenarios of jobs: backtests through the trading floor, and sweeps of them."""

import json
import time
import urllib.request

from .load import measure
from .processes import BenchError
from .programs import number_reader, output_of
from .symbols import symbols


def backtest(servers, size, say):
    """SMA cross through the whole floor on one thread; a sweep on one thread and on two."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    program = servers.program("jobs/livetape-backtest-bench")
    runs = []
    for _ in range(size.backtest_runs):
        runs.append(read_backtest(output_of(program, {servers.server_core, servers.client_core})))
        say(f"backtest: {runs[-1]['short']:.2f} M bars/s in short runs, {runs[-1]['long']:.2f} in "
            f"one long run; sweep {runs[-1]['sweep']:.2f} x on two threads")
    return {"runs": runs}


def read_backtest(text):
    """The figures in what livetape-backtest-bench prints."""
    number = number_reader(text, "livetape-backtest-bench")
    return {"short": number(r"^short runs +([\d.]+) million bars/s"),
            "long": number(r"^long run +([\d.]+) million bars/s"),
            "sweep": number(r"^sweep of \d+ pairs on two threads ([\d.]+) x")}


def ask(server, method, path, body=None):
    request = urllib.request.Request(f"http://{server.endpoint}{path}", method=method,
                                     data=None if body is None else body.encode())
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def wait_for(server, path, state):
    deadline = time.monotonic() + 120
    while (job := ask(server, "GET", path))["status"] != state:
        if job["status"] in ("failed", "cancelled") or time.monotonic() > deadline:
            raise BenchError(f"{path} is {job['status']}, not {state}: {job['message']}")
        time.sleep(0.05)


def keep_workers_busy(server, bars, count):
    """Imports a walk and starts so many sweeps over it; none ends before it is cancelled."""
    rows = ["timestamp,open,high,low,close,volume"]
    for minute in range(bars):
        price = 100 + minute % 17
        rows.append(f"{1_600_000_000 + 60 * minute},{price},{price},{price},{price},1")
    made = ask(server, "POST", "/api/v1/imports?symbol=WALK&timeframe=1m", "\n".join(rows))
    wait_for(server, f"/api/v1/imports/{made['import_id']}", "completed")
    sweep = {"strategy": "sma_cross", "symbols": ["WALK"], "timeframe": "1m",
             "params": {"fast": list(range(1, 101)), "slow": list(range(101, 201))}}
    for _ in range(count):
        made = ask(server, "POST", "/api/v1/backtests", json.dumps(sweep))
        wait_for(server, f"/api/v1/backtests/{made['backtest_id']}", "running")


def beside_jobs(servers, size, say):
    """What subscribers of all symbols wait for, with nothing beside and with every worker busy."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}

    def run(busy):
        settings = {"jobs.workers": size.beside_workers}
        with servers.livetape(path="/stream?interval=0", symbols=symbols(size.beside_symbols),
                              rate=size.beside_updates // size.beside_symbols, settings=settings,
                              pinned=False) as server:
            if busy:
                keep_workers_busy(server, size.beside_bars, size.beside_workers)
            result = measure(servers, server, size.beside_subscribers, size.beside_seconds,
                             size.warm_up, size.settle, several_topics=True)
            if busy and ask(server, "GET", "/api/v1/backtests?status=running"
                            )["total"] != size.beside_workers:
                raise BenchError("the sweeps ended before the measurement did")
        say(f"{'all workers busy' if busy else 'idle'}: p50 "
            f"{result['latency_us']['p50'] / 1000:.2f} ms, p99 "
            f"{result['latency_us']['p99'] / 1000:.2f} ms")
        return result

    return {"pairs": [{"idle": run(False), "busy": run(True)} for _ in range(size.beside_pairs)],
            "workers": size.beside_workers}
