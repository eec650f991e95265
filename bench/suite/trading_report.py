"""The words around the figures of paper trading."""

from .durable_report import FULL_SYNC, milliseconds
from .figures import Figure, table

WINDOW_MS, ALLOWED_MS = 50, 5


def floor(data, size, verdicts):
    text = "## The trading floor alone, one thread, in memory\n\n"
    rate = "orders/s accepted and matched by the floor, of the slowest kind"
    names = "bytes an order in the index of client order ids"
    if "missing" in data:
        verdicts.not_measured(rate, "at least 1,000,000", data["missing"])
        verdicts.not_measured(names, "at most 64", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    runs = data["runs"]
    verdicts.at_least(rate, 1_000_000,
                      Figure((min(run["orders_per_s"].values()) for run in runs), 0), "1,000,000")
    verdicts.at_most(names, 64, Figure((run["name_bytes"] for run in runs), 1))
    kinds = {"market orders": "market orders, filled at once",
             "resting limits": "limit orders that rest, 2,000 at a time, until ticks match them",
             "many of them": "the same, 20,000 at a time",
             "half and half": "half market orders, half limits"}
    rows = [(words, Figure((run["orders_per_s"][kind] for run in runs), 0))
            for kind, words in kinds.items()]
    text += ("1,000 accounts on 100 symbols; events are made and thrown away. Each run is the best "
             f"of five rounds of 160,000 orders, by the thread's processor time; {len(runs)} runs. "
             "The ticks that match resting orders are in their time. A tick that no order waits "
             "for, with 100,000 limits resting, takes "
             f"{Figure((run['idle_tick_ns'] for run in runs), 1, ' ns')}.\n\n")
    return text + table(["orders", "orders/s"], rows)


def orders(data, size, verdicts):
    text = f"## Orders over REST, {FULL_SYNC}, one loop thread\n\n"
    what = "durably acknowledged orders/s, 64 connections"
    if "missing" in data:
        verdicts.not_measured(what, "at least 10,000", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    runs = data["runs"]
    rate = Figure((run["requests_per_s"] for run in runs), 0)
    verdicts.at_least(what, 10_000, rate, "10,000")
    text += ("`POST /v2/orders` of market orders for 64 accounts on "
             f"{size.order_symbols} symbols, each with a `client_order_id` of its own; each fills "
             "at once, and the answer comes when order and fill are on disk. A commit's records "
             "are those of orders and fills.\n\n")
    row = (rate, milliseconds(run["latency_us"]["p50"] for run in runs),
           milliseconds(run["latency_us"]["p99"] for run in runs),
           Figure((run["records_per_commit"] for run in runs), 0).median_text,
           milliseconds(run["commit_p50_us"] for run in runs),
           milliseconds(run["commit_p99_us"] for run in runs),
           milliseconds(run["sync_us"] for run in runs),
           Figure((run["load_cpu_s"] / run["seconds"] for run in runs)).median_text)
    return text + table([f"orders/s ({len(runs)} runs)", "answer p50", "answer p99",
                         "records a commit", "commit p50", "commit p99", "fdatasync, median",
                         "load tool, share of a core"], [row])


def interval_ms(text):
    """Of "0", "250ms", "1s"."""
    if text.endswith("ms"):
        return int(text[:-2])
    return int(text[:-1]) * 1000 if text.endswith("s") else int(text)


def equity(data, size, verdicts):
    positions = size.equity_accounts * size.equity_positions
    text = (f"## Tick to equity: {positions:,} positions in {size.equity_accounts} accounts, "
            f"{size.window_updates:,} ticks/s over {size.window_symbols} symbols\n\n")
    faults = "ticks missing in a stream, equity that is not its parts"
    if "missing" in data:
        for interval in size.equity_intervals:
            verdicts.not_measured(*equity_target(interval), data["missing"])
        verdicts.not_measured(faults, "0 (± 0)", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    rows = []
    for interval, runs in data.items():
        p99 = Figure((run["latency_us"]["p99"] / 1000 for run in runs), 1, " ms")
        what, _ = equity_target(interval)
        limit = ALLOWED_MS + WINDOW_MS + interval_ms(interval)
        verdicts.at_most(what, limit, p99, f"{limit} ms")
        rows.append((f"`{interval}` ({len(runs)} runs)",
                     Figure((run["latency_us"]["p50"] / 1000 for run in runs), 1, " ms"), p99,
                     Figure((run["latency_us"]["max"] / 1000 for run in runs), 1, " ms"),
                     Figure((run["events_per_s"] for run in runs), 0),
                     Figure((run["events"] / run["streams"] for run in runs), 0).median_text,
                     f"{Figure(run['server_cpu_s'] / run['seconds'] for run in runs).median:.0%}",
                     sum(equity_faults(run) for run in runs)))
    verdicts.equal(faults, 0, 0, Figure([sum(equity_faults(run) for runs in data.values()
                                             for run in runs)], 0))
    text += ("A probe, of which every account holds one, ticks "
             f"{size.window_updates // size.window_symbols} times a second, each time at a price "
             "of its own; the other symbols are the synthetic source's, a quote and a trade each "
             "time. Measured from before the probe's tick is published over HTTP until each "
             "account's stream of `/api/events/equity` has shown its price or a later one. Equity "
             f"is computed once a window of {WINDOW_MS} ms, of which a tick waits for half on "
             "average. In each event equity must be cash and positions at the prices shown.\n\n")
    return text + table(["interval", "p50", "p99", "most", "market events/s", "events a stream",
                         "server CPU", "missing or wrong"], rows)


def equity_target(interval):
    limit = ALLOWED_MS + WINDOW_MS + interval_ms(interval)
    return f"p99 from a tick to equity on the wire, `interval={interval}`", f"at most {limit} ms"


def equity_faults(run):
    return sum(run[name] for name in ("missing", "strange", "inconsistent", "closed", "refused"))


def start_fills(data, size, verdicts):
    text = f"## Start with {size.start_fills:,} fills on the tape\n\n"
    what = f"start to ready with {size.start_fills:,} fills"
    if "missing" in data:
        verdicts.not_measured(what, "at most 2 s", data["missing"])
        verdicts.not_measured(what + ", after `kill -9`", "at most 2 s", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    clean, killed = Figure(data["clean_s"], 3, " s"), Figure(data["killed_s"], 3, " s")
    verdicts.at_most(what, 2, clean, "2 s")
    verdicts.at_most(what + ", after `kill -9`", 2, killed, "2 s")
    text += ("From the start of the process to a good answer of `/readyz`; the files are in the "
             f"page cache. At the end the tape has {data['records']:,} records in "
             f"{data['tape_bytes'] / 2**20:,.0f} MiB, `store.db` {data['orders']:,} orders "
             f"({data['named']:,} with a client order id, which the start reads) and "
             f"{data['fills']:,} fills in {data['store_bytes'] / 2**20:,.0f} MiB. Before each kill "
             "10,000 more orders are placed.\n\n")
    return text + table(["the server before was", "records the store had not taken",
                         "time to ready", "runs"],
                        [("stopped", 0, clean, len(data["clean_s"])),
                         ("killed after the last acknowledgement", Figure(data["behind"], 0),
                          killed, len(data["killed_s"]))])
