"""The scenario of topics of one's own: each subscriber has another one, beside all having the same."""

import statistics

from . import load
from .figures import Figure, table


def own_topics(servers, size, say):
    """As many deliveries a second of either kind, by turns."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    subscribers, batches = size.subscribers, size.own_rate // size.own_batch
    own = (["--topic", "bench/own", "--topics", subscribers, "--random-topics", "--records",
            size.own_batch, "--rate", batches, "--connections", 4],
           "/api/v1/stream?topics=bench/own-{}")
    shared = (["--topic", "bench/own", "--topics", 1, "--rate", size.own_rate / subscribers,
               "--connections", 4], "/api/v1/stream?topics=bench/own")

    def once(name, publishing, path):
        with servers.livetape(path=path, source="none") as server:
            result = load.deliveries(servers, server, subscribers, size.own_seconds, size.warm_up,
                                     publishing, "--several-topics", spin=True)
        result["expected"] = result["published"] * (1 if name == "own" else subscribers)
        say(f"livetape, {name}: {result['server_us_per_delivery']:.2f} us per delivery, "
            f"{result['deliveries_per_s']:,.0f} deliveries/s, {result['received']} of "
            f"{result['expected']} received")
        return result

    return {"pairs": [{"own": once("own", *own), "shared": once("shared", *shared)}
                      for _ in range(size.own_pairs)]}


def report(data, size, verdicts):
    text = (f"## Topics of one's own: {size.subscribers:,} subscribers, {size.own_rate:,} "
            "deliveries/s\n\n")
    what = "CPU per delivery, each subscriber's own topic ÷ one topic of all"
    lost = "deliveries lost or repeated, own topics"
    if "missing" in data:
        verdicts.not_measured(what, "at most 1.5", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    pairs = data["pairs"]
    ratio = Figure(pair["own"]["server_us_per_delivery"] / pair["shared"]["server_us_per_delivery"]
                   for pair in pairs)
    verdicts.at_most(what, 1.5, ratio)
    verdicts.equal(lost, 0, 0, Figure([sum(map(faults, pairs))], 0))
    rows = [(name, Figure((pair[kind]["server_us_per_delivery"] for pair in pairs), 2, " µs"),
             Figure((pair[kind]["deliveries_per_s"] for pair in pairs), 0),
             Figure((pair[kind]["load_us_per_delivery"] for pair in pairs), 2, " µs").median_text)
            for kind, name in (("own", "each its own"), ("shared", "one of all"))]
    return (text + f"Own topics: NDJSON of {size.own_batch} records to random users, "
            f"{size.own_rate // size.own_batch} times a second, durable. One of all: "
            f"{size.own_rate / size.subscribers:g} records a second. The load tool never sleeps: otherwise "
            "each send to a user would pay for waking it, which a burst to all does once. The server's whole CPU, with "
            f"receiving and committing the records; {len(pairs)} pairs by turns, "
            f"{statistics.median(ratio.values):.2f} times as much.\n\n" +
            table(["topic", "CPU per delivery", "deliveries/s", "load tool's own CPU"], rows))


def faults(pair):
    return sum(abs(run["expected"] - run["received"]) + run["closed"] for run in pair.values())
