"""The words around the figures of the durable tape."""

import statistics

from .figures import Figure, table

FULL_SYNC = "`tape.sync=full`"


def best_batch(data):
    """(connections, runs) of the NDJSON runs with the highest median rate."""
    return max(data["batches"].items(),
               key=lambda item: statistics.median(run["records_per_s"] for run in item[1]))


def publish(data, size, verdicts):
    text = f"## Durable publishing, {FULL_SYNC}, one loop thread\n\n"
    single = "acknowledged records/s, one a request, 64 connections"
    batch = f"durable records/s, NDJSON of {size.batch_records:,} a request"
    if "missing" in data:
        verdicts.not_measured(single, "at least 30,000", data["missing"])
        verdicts.not_measured(batch, "at least 200,000", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    verdicts.at_least(single, 30_000, rate(data["single"]), "30,000")
    connections, runs = best_batch(data)
    verdicts.at_least(f"{batch}, {connections} connections", 200_000, rate(runs), "200,000")
    rows = [publish_row("1", 64, data["single"])]
    rows += [publish_row(f"{size.batch_records:,}", count, runs)
             for count, runs in data["batches"].items()]
    text += ("Each connection sends its next request when the answer to the last has come, which is "
             "after the commit. A single record is about 150 bytes of JSON, one of a batch about "
             "100. fdatasync is the machine's own time for 4 KiB appended to a file in the data "
             "folder, taken before each run; commit is the server's (/metrics).\n\n")
    return text + table(["records a request", "connections", "records/s", "answer p50",
                         "answer p99", "records a commit", "commit p50", "commit p99",
                         "fdatasync, median", "load tool, share of a core"], rows)


def rate(runs):
    return Figure((run["records_per_s"] for run in runs), 0)


def milliseconds(values):
    return Figure((value / 1000 for value in values), 2, " ms").median_text


def publish_row(records, connections, runs):
    return (records, connections, rate(runs),
            milliseconds(run["latency_us"]["p50"] for run in runs),
            milliseconds(run["latency_us"]["p99"] for run in runs),
            Figure((run["records_per_commit"] for run in runs), 0).median_text,
            milliseconds(run["commit_p50_us"] for run in runs),
            milliseconds(run["commit_p99_us"] for run in runs),
            milliseconds(run["sync_us"] for run in runs),
            Figure((run["load_cpu_s"] / run["seconds"] for run in runs)).median_text)


def slow_disk(data, size, verdicts):
    text = f"## A slow disk: each sync takes {size.slow_sync_ms} ms longer\n\n"
    what = f"records/s of 64 publishers ÷ of one, sync + {size.slow_sync_ms} ms"
    if "missing" in data:
        verdicts.not_measured(what, "at least 20", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    ratios = [pair["many"]["requests_per_s"] / pair["one"]["requests_per_s"]
              for pair in data["pairs"]]
    verdicts.at_least(what, 20, Figure(ratios, 1))
    rows = [(i + 1, f"{pair['many']['requests_per_s']:,.0f}", f"{pair['one']['requests_per_s']:,.0f}",
             f"{ratio:.1f}", milliseconds([pair["one"]["latency_us"]["p50"]]))
            for i, (pair, ratio) in enumerate(zip(data["pairs"], ratios))]
    return text + table(["pair", "64 publishers, records/s", "one, records/s", "ratio",
                         "answer to the one, p50"], rows)


def resume(data, size, verdicts):
    text = (f"## Resume of {size.resumers:,} at once, {size.resume_rate:,} records/s being "
            "published\n\n")
    caught_up = f"{size.resumers:,} resume {size.resume_behind:,} records: until all caught up"
    slower = "live p99 while they resume ÷ before"
    if "missing" in data:
        verdicts.not_measured(caught_up, "at most 2 s", data["missing"])
        verdicts.not_measured(slower, "at most 2", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    verdicts.at_most(caught_up, 2, seconds(data["memory"]), "2 s")
    verdicts.at_most(slower, 2, Figure(run["p99_ratio"] for run in data["memory"]))
    verdicts.equal("records missed or repeated, all resumes", 0, 0,
                   Figure([sum(faults(run) for name in ("memory", "disk") for run in data[name])],
                          0))
    text += (f"{size.resume_live} listen live all the while. Caught up means: received the record "
             "that was the newest when they came. Each one's records are checked to come once and "
             f"in order. With a ring of {size.small_ring:,} half of what they need is only on "
             "disk. A live record is sent after its commit, so its latency holds the disk's.\n\n")
    rows = [resume_row("in memory", data["memory"]),
            resume_row(f"`tape.ring={size.small_ring}`", data["disk"])]
    return text + table(["the records are", "records behind", "until all caught up",
                         "median of them", "live p50 before", "meanwhile", "live p99 before",
                         "meanwhile", "ratio", "commit p99 before", "meanwhile", "missed, repeated or closed"], rows)


def seconds(runs):
    return Figure((run["catch_up_us"]["max"] / 1e6 for run in runs), 3, " s")


def faults(run):
    return sum(run[name] for name in ("missed", "repeated", "closed", "live_missed",
                                      "live_repeated", "live_closed"))


def resume_row(name, runs):
    def live(phase, percentile):
        return milliseconds(run[f"{phase}_us"][percentile] for run in runs)

    return (f"{name} ({len(runs)} runs)", f"{runs[0]['behind']:,}", seconds(runs),
            Figure((run["catch_up_us"]["p50"] / 1e6 for run in runs), 3, " s").median_text,
            live("before", "p50"), live("during", "p50"), live("before", "p99"),
            live("during", "p99"), Figure(run["p99_ratio"] for run in runs),
            milliseconds(run["before_commit_p99_us"] for run in runs),
            milliseconds(run["during_commit_p99_us"] for run in runs),
            sum(faults(run) for run in runs))


def start(data, size, verdicts):
    text = f"## Start with {size.start_records:,} records on the tape\n\n"
    what = f"start to ready with {size.start_records:,} records"
    if "missing" in data:
        verdicts.not_measured(what, "at most 1 s", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    clean = Figure(data["clean_s"], 3, " s")
    verdicts.at_most(what, 1, clean, "1 s")
    return (text + "From the start of the process to a good answer of `/readyz`; the files are in "
            f"the page cache. {data['records']:,} records, {data['bytes'] / 2**20:,.0f} MiB.\n\n" +
            table(["the server before was", "time to ready", "runs"],
                  [("stopped", clean, len(data["clean_s"])),
                   ("killed after the last acknowledgement", Figure(data["killed_s"], 3, " s"),
                    len(data["killed_s"]))]))
