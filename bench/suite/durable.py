"""Scenarios of the durable tape: publishing, a slow disk, resuming, starting."""

import contextlib
import statistics
import time

from . import disk, load, processes
from .metrics import Metrics, quantile
from .processes import BenchError


def publish(servers, size, say):
    """Durable publishing with full sync: single records over 64 connections, then NDJSON."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    singles = [publish_once(servers, size, say, 64) for _ in range(size.publish_runs)]
    batches = {connections: [publish_once(servers, size, say, connections, size.batch_records, 100)
                             for _ in range(size.publish_runs)]
               for connections in size.batch_connections}
    return {"single": singles, "batches": batches}


def publish_once(servers, size, say, connections, records=1, record_bytes=150):
    readings = []

    def read_metrics():
        readings.append(Metrics.of(server))
        time.sleep(size.publish_seconds * 0.8)
        readings.append(Metrics.of(server))

    with servers.data_folder() as folder:
        sync_s = disk.sync_times(folder, size.syncs)
        with servers.livetape(source="none", data=folder) as server:
            result = load.publish(servers, server, connections, size.publish_seconds, records,
                                  record_bytes, on_measuring=read_metrics)
    before, after = readings
    commits, committed = (after.total(name) - before.total(name) for name in
                          ("livetape_tape_commit_seconds_count", "livetape_tape_records_total"))
    result["sync_us"] = statistics.median(sync_s) * 1e6
    result["records_per_commit"] = committed / max(commits, 1)
    result["commit_p50_us"] = commit_us(before, after, 0.5)
    result["commit_p99_us"] = commit_us(before, after, 0.99)
    say(f"livetape: {connections} connections, {records} records a request: "
        f"{result['records_per_s']:,.0f} records/s, {result['records_per_commit']:.0f} a commit, "
        f"commit {result['commit_p50_us'] / 1000:.2f} ms, fdatasync "
        f"{result['sync_us'] / 1000:.2f} ms")
    return result


def commit_us(before, after, share):
    """A quantile of the commits between two readings, in microseconds."""
    return (quantile(before, after, "livetape_tape_commit_seconds", share) or 0) * 1e6


def slow_disk(servers, size, say):
    """What group commit brings: 64 publishers beside one, on a disk whose sync takes 5 ms."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    slowing = {"LD_PRELOAD": str(servers.program("tape/libslow_fsync.so")),
               "SLOW_FSYNC_MS": str(size.slow_sync_ms)}

    def rate(connections):
        with servers.livetape(source="none", environment=slowing) as server:
            result = load.publish(servers, server, connections, size.publish_seconds)
        if connections == 1 and result["latency_us"]["p50"] < size.slow_sync_ms * 1000:
            raise BenchError("the disk is not slow: the preloaded library does not work")
        return result

    pairs = []
    for _ in range(size.slow_pairs):
        pairs.append({"one": rate(1), "many": rate(64)})
        one, many = (pairs[-1][name]["requests_per_s"] for name in ("one", "many"))
        say(f"livetape: {many:,.0f} records/s of 64, {one:,.0f} of one: {many / one:.1f} times")
    return {"pairs": pairs, "sync_ms": size.slow_sync_ms}


def resume(servers, size, say):
    """Many come back at once while records are published and others listen live; first within
    the ring in memory, then with half of what they need only on disk."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}

    def once(behind, settings):
        readings = []
        with servers.livetape(source="none", settings=settings) as server:
            with publishing(servers, server, size.resume_rate, behind):
                result = load.resume(servers, server, size.resume_live, size.resumers, behind,
                                     size.resume_before,
                                     lambda _: readings.append(Metrics.of(server)))
                readings.append(Metrics.of(server))
        # A live record waits for its commit too: how much of its latency is the disk's.
        for i, phase in enumerate(("before", "during")):
            result[f"{phase}_commit_p99_us"] = commit_us(readings[i], readings[i + 1], 0.99)
        result["p99_ratio"] = result["during_us"]["p99"] / max(result["before_us"]["p99"], 1)
        say(f"livetape: {size.resumers} come back {behind} records behind, caught up within "
            f"{result['catch_up_us']['max'] / 1e6:.3f} s, live p99 "
            f"{result['before_us']['p99'] / 1000:.1f} -> {result['during_us']['p99'] / 1000:.1f} ms "
            f"(commit {result['before_commit_p99_us'] / 1000:.1f} -> "
            f"{result['during_commit_p99_us'] / 1000:.1f} ms), "
            f"missed {result['missed']}, repeated {result['repeated']}")
        return result

    return {"memory": [once(size.resume_behind, {}) for _ in range(size.resume_runs)],
            "disk": [once(2 * size.small_ring, {"tape.ring": size.small_ring})
                     for _ in range(size.resume_runs)]}


@contextlib.contextmanager
def publishing(servers, server, rate, records_first):
    """Publishes to bench/live all the while; entered once there are `records_first` and more."""
    log = servers.work / "publish.log"
    # So many connections that a slow commit does not hold up the next record.
    publisher = processes.spawn(
        [servers.program("livetape-publish-load"), "--to", server.endpoint, "--connections", 64,
         "--rate", rate, "--topic", "bench/live", "--topics", 1, "--seconds", 600],
        {servers.client_core}, log=log)
    try:
        deadline = time.monotonic() + 30
        while Metrics.of(server).total("livetape_tape_head") < records_first * 1.2:
            if publisher.poll() is not None or time.monotonic() > deadline:
                raise BenchError(f"nothing is published:\n{processes.tail(log)}")
            time.sleep(0.1)
        yield
        if publisher.poll() is not None:
            raise BenchError(f"the publisher ended during the measurement:\n{processes.tail(log)}")
    finally:
        processes.stop(publisher)


def start(servers, size, say):
    """Time from exec to the first good answer of /readyz, with many records on the tape."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    batch = min(10_000, size.start_records)
    with servers.data_folder() as folder:

        def fill(count, end):
            with servers.livetape(source="none", data=folder, end=end) as server:
                result = load.publish(servers, server, 2, 300, batch, 100, warm_up=0,
                                      requests=count // batch)
                head = int(Metrics.of(server).total("livetape_tape_head"))
            if result["records"] != count:
                raise BenchError(f"{result['records']} of {count} records were acknowledged")
            return head

        records = fill(size.start_records, "stop")
        clean = [servers.time_to_ready(folder) for _ in range(size.start_runs)]
        killed = []
        for _ in range(size.start_runs):
            fill(batch, "kill")
            killed.append(servers.time_to_ready(folder))
        bytes_on_disk = sum(path.stat().st_size for path in folder.iterdir())
    say(f"livetape: ready with {records:,} records after " +
        ", ".join(f"{seconds:.3f}" for seconds in clean) + " s; after kill -9 " +
        ", ".join(f"{seconds:.3f}" for seconds in killed) + " s")
    return {"records": records, "clean_s": clean, "killed_s": killed, "bytes": bytes_on_disk}
