"""Scenarios of paper trading: the floor alone, orders, equity on the wire, starting with fills."""

import contextlib
import json
import sqlite3
import statistics
import time
import urllib.request

from . import disk, load
from .durable import commit_us
from .metrics import Metrics
from .processes import BenchError
from .programs import number_reader, output_of
from .symbols import symbols

PROBE = "PROBE"
# The kinds of orders that livetape-floor-bench measures, by the names it prints.
FLOOR_KINDS = "market orders", "resting limits", "many of them", "half and half"


def floor(servers, size, say):
    """The trading floor alone, on one thread, in memory."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    program = servers.program("floor/livetape-floor-bench")
    runs = []
    for _ in range(size.floor_runs):
        runs.append(read_floor(output_of(program, {servers.server_core})))
        say(f"floor: {min(runs[-1]['orders_per_s'].values()):,.0f} orders/s of the slowest kind, "
            f"{runs[-1]['name_bytes']} bytes for the name of an order")
    return {"runs": runs}


def read_floor(text):
    """The figures in what livetape-floor-bench prints."""
    number = number_reader(text, "livetape-floor-bench")
    return {"orders_per_s": {kind: number(rf"^{kind} +(\d+) orders/s") for kind in FLOOR_KINDS},
            "idle_tick_ns": number(r"^idle tick +([\d.]+) ns"),
            "name_bytes": number(r"^names +([\d.]+) bytes an order")}


def orders(servers, size, say):
    """Market orders over REST, each answered when it and its fill are durable."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    return {"runs": [orders_once(servers, size, say) for _ in range(size.order_runs)]}


def orders_once(servers, size, say):
    readings, names = [], symbols(size.order_symbols)

    def read_metrics():
        readings.append(Metrics.of(server))
        time.sleep(size.publish_seconds * 0.8)
        readings.append(Metrics.of(server))

    with servers.data_folder() as folder:
        sync_s = disk.sync_times(folder, size.syncs)
        with servers.livetape(source="none", data=folder) as server:
            quote(server, names)
            result = load.orders(servers, server, names, "all", connections=64, accounts=64,
                                 seconds=size.publish_seconds, on_measuring=read_metrics)
            if filled(server, "bench-0") == 0:
                raise BenchError("orders are accepted, but nothing is filled")
    before, after = readings
    commits, committed = (after.total(name) - before.total(name) for name in
                          ("livetape_tape_commit_seconds_count", "livetape_tape_records_total"))
    result["records_per_commit"] = committed / max(commits, 1)
    result["sync_us"] = statistics.median(sync_s) * 1e6
    result["commit_p50_us"] = commit_us(before, after, 0.5)
    result["commit_p99_us"] = commit_us(before, after, 0.99)
    say(f"livetape: {result['requests_per_s']:,.0f} orders/s, answer p99 "
        f"{result['latency_us']['p99'] / 1000:.1f} ms, {result['records_per_commit']:.0f} records "
        f"a commit, commit {result['commit_p50_us'] / 1000:.2f} ms, fdatasync "
        f"{result['sync_us'] / 1000:.2f} ms")
    return result


def quote(server, names, price=10):
    """A market in each symbol, which then waits for orders."""
    items = [{"topic": f"market/{name}", "data": {"price": price, "bid": price, "ask": price}}
             for name in names]
    request = urllib.request.Request(f"http://{server.endpoint}/api/v1/publish",
                                     json.dumps(items).encode(),
                                     {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10):
        pass


def status(server, account):
    url = f"http://{server.endpoint}/api/paper-trading/status?account={account}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def filled(server, account):
    return status(server, account)["trades_executed"]


def equity(servers, size, say):
    """From a tick to the equity events of all accounts that it concerns."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    return {interval: [equity_once(servers, size, say, interval) for _ in range(size.equity_runs)]
            for interval in size.equity_intervals}


def equity_once(servers, size, say, interval):
    readings = []
    # The probe is one symbol of all, and one position of each account.
    names = symbols(size.window_symbols - 1)
    accounts, each = size.equity_accounts, size.equity_positions
    rate = size.window_updates // size.window_symbols

    def read_metrics():
        readings.append((time.monotonic(), Metrics.of(server).total("livetape_floor_events_total")))

    with servers.livetape(symbols=names, rate=rate, settings={"paper.strategy": "none"}) as server:
        quote(server, [PROBE], 1000)
        wait_for_quotes(server, names)
        load.orders(servers, server, names, "other", accounts=accounts,
                    requests=accounts * (each - 1))
        load.orders(servers, server, [PROBE], "probe", accounts=accounts, requests=accounts)
        held = [len(status(server, f"bench-{i}")["positions"]) for i in range(accounts)]
        if held != [each] * accounts:
            raise BenchError(f"the accounts hold {held} positions, not {each} each")
        result = load.equity(servers, server, accounts, PROBE, rate, interval, size.equity_seconds,
                             read_metrics)
        read_metrics()
    (start, events_before), (end, events) = readings
    result["events_per_s"] = (events - events_before) / (end - start)
    result["positions"] = sum(held)
    say(f"livetape: interval={interval}: tick to equity p50 "
        f"{result['latency_us']['p50'] / 1000:.1f} ms, p99 "
        f"{result['latency_us']['p99'] / 1000:.1f} ms, {result['events_per_s']:,.0f} market events/s, "
        f"CPU {result['server_cpu_s'] / result['seconds']:.0%} of a core")
    if result["strange"] or result["inconsistent"] or result["closed"] or result["refused"]:
        say(result["said"])
    return result


def wait_for_quotes(server, names, deadline_s=20):
    """Returns when every symbol has a market."""
    deadline = time.monotonic() + deadline_s
    while True:
        with urllib.request.urlopen(f"http://{server.endpoint}/api/v1/quotes",
                                    timeout=10) as answer:
            quoted = {each["symbol"] for each in json.load(answer)["quotes"] if each["ask"]}
        if quoted.issuperset(names):
            return
        if time.monotonic() > deadline:
            raise BenchError(f"{len(set(names) - quoted)} symbols have no market")
        time.sleep(0.02)


def start_fills(servers, size, say):
    """Time to a good answer of /readyz with many fills on the tape and in the store."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    names = symbols(size.order_symbols)
    with servers.data_folder() as folder:

        def fill(count, run, end):
            # On all cores: how long this takes is not measured.
            with servers.livetape(source="none", data=folder, end=end, pinned=False) as server:
                quote(server, names)
                load.orders(servers, server, names, run, connections=256, accounts=100,
                            requests=count)

        fill(size.start_fills, "first", "stop")
        clean = [servers.time_to_ready(folder) for _ in range(size.start_runs)]
        killed, behind = [], []
        for i in range(size.start_runs):
            fill(min(10_000, size.start_fills), f"again-{i}", "kill")
            behind.append(contents(folder)["behind"])
            killed.append(servers.time_to_ready(folder))
        found = contents(folder)
    if found["fills"] < size.start_fills:
        raise BenchError(f"the store has {found['fills']} of {size.start_fills} fills")
    say(f"livetape: ready with {found['fills']:,} fills after " +
        ", ".join(f"{seconds:.3f}" for seconds in clean) + " s; after kill -9 " +
        ", ".join(f"{seconds:.3f}" for seconds in killed) + " s")
    return {**found, "clean_s": clean, "killed_s": killed, "behind": behind}


def contents(folder):
    """What the files of a data folder hold, whose server has ended."""

    def ask(name, query):
        with contextlib.closing(sqlite3.connect(f"file:{folder / name}?mode=ro",
                                                uri=True)) as database:
            return database.execute(query).fetchone()[0]

    head = ask("tape.db", "SELECT max(last_seq) FROM blocks")
    through = ask("store.db", "SELECT value FROM meta WHERE key = 'through'")
    return {"records": head, "behind": head - through,
            "fills": ask("store.db", "SELECT sum(fills) FROM fill_counts"),
            "orders": ask("store.db", "SELECT count(*) FROM orders"),
            "named": ask("store.db", "SELECT count(*) FROM orders WHERE client_id <> ''"),
            "store_bytes": (folder / "store.db").stat().st_size,
            "tape_bytes": (folder / "tape.db").stat().st_size}
