"""The scenario of latency: from a tick of the market to the sockets of those who want each one."""

from .figures import Figure, table
from .load import measure

# (name, what, path, subscribers, targets of p50 and p99 in microseconds)
KINDS = (("one", "10 subscribers of one symbol each", "/stream?interval=0&symbols=S{}", 10, 100, 1_000),
         ("all", "100 subscribers of all symbols", "/stream?interval=0", 100, 1_000, 5_000))


def latency(servers, size, say):
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    results = {name: [] for name, *_ in KINDS}
    for _ in range(size.latency_runs):
        for name, what, path, subscribers, _, _ in KINDS:
            results[name].append(once(servers, size, say, what, path, subscribers))
    return results


def once(servers, size, say, what, path, subscribers):
    names = [f"S{i}" for i in range(size.window_symbols)]
    with servers.livetape(path=path, symbols=names,
                          rate=size.window_updates // size.window_symbols) as server:
        result = measure(servers, server, subscribers, size.latency_seconds, size.warm_up / 2,
                         size.settle / 2, several_topics=True, spin=True)
    result["cpu_share"] = result["server_cpu_s"] / result["seconds"]
    say(f"livetape: {what}: p50 {result['latency_us']['p50']} us, "
        f"p99 {result['latency_us']['p99']} us, {result['deliveries_per_s']:,.0f} deliveries/s, "
        f"CPU {result['cpu_share']:.0%} of a core")
    return result


def report(data, size, verdicts):
    text = (f"## Tick to socket: {size.window_updates:,} ticks/s over {size.window_symbols} symbols, "
            "`interval=0`\n\n")
    rows = []
    for name, what, _, _, *limits in KINDS:
        for percentile, limit in zip(("p50", "p99"), limits):
            target = f"tick to socket, {what}, {percentile}"
            if "missing" in data:
                verdicts.not_measured(target, f"at most {limit:,} µs", data["missing"])
            else:
                verdicts.at_most(target, limit, micros(data[name], percentile), f"{limit:,} µs")
        if "missing" not in data:
            rows.append((f"{what} ({len(data[name])} runs)", *(
                micros(data[name], percentile) for percentile in ("p50", "p99", "p999", "max")),
                Figure((run["deliveries_per_s"] for run in data[name]), 0).median_text,
                f"{Figure((run['cpu_share'] for run in data[name])).median:.0%}",
                sum(run["slow_events"] + run["closed"] for run in data[name])))
    if "missing" in data:
        return text + f"Not measured: {data['missing']}.\n"
    text += ("From the time in the event, which is when the tick was due, until the subscriber has "
             "read it; so it holds the source's sleep, floor, hub, sends and the load tool's turn. "
             "The load tool never sleeps: its own waking is not in it.\n\n")
    return text + table(["subscribers", "p50", "p99", "p99.9", "most", "deliveries/s",
                         "server CPU", "slow or cut"], rows)


def micros(runs, percentile):
    return Figure((run["latency_us"][percentile] for run in runs), 0, " µs")
