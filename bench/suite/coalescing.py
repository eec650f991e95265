"""The scenario of coalescing: more is published than could be sent one by one."""

from . import load
from .figures import Figure, table

RIVAL = "--path", "/publish", "--acknowledgement", ""


def coalescing(servers, size, say):
    """Single records as fast as they are answered, livetape and nchan by turns; then NDJSON at a
    rate, livetape on both cores."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    rival = servers.missing("nchan")
    pairs = [{"livetape": once(servers, size, say, "livetape"),
              "nchan": None if rival else once(servers, size, say, "nchan")}
             for _ in range(size.coalescing_pairs)]
    batches = [once(servers, size, say, "livetape", size.coalescing_batch)
               for _ in range(size.coalescing_runs)]
    return {"pairs": pairs, "batches": batches, "rival": rival}


def once(servers, size, say, name, records=1):
    """Deliveries while somebody publishes, and whether all that was acknowledged has come to all."""
    publishing = ["--connections", size.coalescing_connections, "--records", records, "--topics", 1,
                  "--rate", size.coalescing_batches_per_s if records > 1 else 0]
    if name == "nchan":
        publishing += RIVAL
    with start(servers, name, records) as server:
        result = load.deliveries(servers, server, size.coalescing_subscribers,
                                 size.coalescing_seconds, size.warm_up, publishing,
                                 "--several-topics" if name == "nchan" else "--records")
    result["not_delivered"] = (result["published"] * size.coalescing_subscribers -
                               result["received"])
    say(f"{name}: {records} a request: {result['deliveries_per_s']:,.0f} deliveries/s of "
        f"{result['published_per_s']:,.0f} records/s, {result['server_us_per_delivery']:.3f} us each, "
        f"p99 {result['latency_us']['p99'] / 1000:.0f} ms, not delivered {result['not_delivered']}, "
        f"missed {result['lost']}, repeated {result['repeated']}, closed {result['closed']}")
    return result


def start(servers, name, records):
    if name == "nchan":
        return servers.nchan(publishing=False)
    return servers.livetape(path="/api/v1/stream?topics=bench/load", source="none",
                            pinned=records == 1)


def report(data, size, verdicts):
    text = (f"## Coalescing: {size.coalescing_subscribers:,} subscribers, "
            f"{size.coalescing_connections} publishers\n\n")
    more = "deliveries/s ÷ nchan, single records as fast as they can"
    batch = f"deliveries/s, NDJSON of {size.coalescing_batch}"
    lost = "deliveries lost or repeated while publishers outrun"
    if "missing" in data:
        verdicts.not_measured(more, "at least 5", data["missing"])
        verdicts.not_measured(batch, "at least 1,000,000", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    singles = [pair["livetape"] for pair in data["pairs"]]
    rivals = [pair["nchan"] for pair in data["pairs"] if pair["nchan"]]
    if rivals:
        verdicts.at_least(more, 5, Figure(
            pair["livetape"]["deliveries_per_s"] / pair["nchan"]["deliveries_per_s"]
            for pair in data["pairs"]))
    else:
        verdicts.not_measured(more, "at least 5", data["rival"])
    verdicts.at_least(batch, 1_000_000, rate(data["batches"]), "1,000,000")
    verdicts.equal(lost, 0, 0, Figure([sum(map(faults, singles + data["batches"]))], 0))
    text += ("Single records: each connection sends its next when the last is answered; server on "
             "one core, load tool and publisher on the other, by turns. Batches: "
             f"{size.coalescing_batches_per_s} requests/s, because many more than can be delivered "
             "would be taken; server on both cores. Records are about 150 bytes of JSON. Afterwards "
             "each subscriber must have had each acknowledged record once, in order.\n\n")
    rows = [row("livetape, single records", singles)]
    rows += [row("nchan, single records", rivals)] if rivals else []
    rows += [row(f"livetape, NDJSON of {size.coalescing_batch}", data["batches"])]
    return text + table(["server", "deliveries/s", "records/s published", "events a chunk",
                         "server CPU per delivery", "p50", "p99",
                         "not delivered, repeated or closed", "load tool's own CPU"], rows)


def rate(runs):
    return Figure((run["deliveries_per_s"] for run in runs), 0)


def faults(run):
    return abs(run["not_delivered"]) + (run["lost"] or 0) + run["repeated"] + run["closed"]


def events_a_chunk(runs):
    if not all(run["chunks"] for run in runs):
        return "not chunked"
    return Figure((run["deliveries"] / run["chunks"] for run in runs), 1).median_text


def row(name, runs):
    def ms(percentile):
        if not runs[0]["latency_us"]["count"]:
            return "-"
        return Figure((run["latency_us"][percentile] / 1000 for run in runs), 0, " ms").median_text

    return (f"{name} ({len(runs)} runs)", rate(runs),
            Figure((run["published_per_s"] for run in runs), 0).median_text,
            events_a_chunk(runs),
            Figure((run["server_us_per_delivery"] for run in runs), 2, " µs"), ms("p50"), ms("p99"),
            sum(map(faults, runs)),
            Figure((run["load_us_per_delivery"] for run in runs), 2, " µs").median_text)
