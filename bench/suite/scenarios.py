"""What is measured, scenario by scenario. Each gives back plain values; report.py words them."""

import re
import subprocess
import time

from . import (coalescing, durable, imports, jobs, latency, overload, own_topics, page, risk,
               send_path, trading)
from .load import measure
from .metrics import Metrics
from .processes import BenchError
from .symbols import symbols


def fan_out(servers, size, say):
    """Many subscribers of one topic: livetape and another by turns, so that both see the same
    machine; then FastAPI with the few that it can carry."""

    def run(name, subscribers=size.subscribers):
        with getattr(servers, name)() as server:
            result = measure(servers, server, subscribers, size.seconds, size.warm_up, size.settle)
        say(f"{name}: {result['server_us_per_delivery']:.2f} us per delivery, "
            f"p99 {result['latency_us']['p99'] / 1000:.1f} ms, lost {result['lost']}, "
            f"{result['deliveries_per_s']:.0f} deliveries/s")
        return result

    def pairs(rival, count):
        if servers.missing(rival):
            return {"missing": servers.missing(rival)}
        # Without livetape the rival is still measured; the pairs then have one side.
        with_livetape = not servers.missing("livetape")
        return {"pairs": [{"livetape": run("livetape") if with_livetape else None,
                           rival: run(rival)} for _ in range(count)]}

    results = {"bare": pairs("bare", size.bare_pairs), "nchan": pairs("nchan", size.nchan_pairs)}
    if servers.missing("fastapi"):
        results["fastapi"] = {"missing": servers.missing("fastapi")}
    else:
        results["fastapi"] = {"runs": {
            kind: [run(name, size.fastapi_subscribers) for _ in range(size.fastapi_runs)]
            for kind, name in (("lean", "fastapi"), ("usual", "usual_fastapi"))}}
    return results


def idle(servers, size, say):
    """Subscribers to whom nothing is sent: time until all are connected, memory of each."""
    start = {
        "livetape": lambda: servers.livetape(source="none"),
        "nchan": lambda: servers.nchan(publishing=False),
        "bare": lambda: servers.bare(publishing=False),
        "fastapi": lambda: servers.fastapi(publishing=False),
    }
    results = {name: {"missing": servers.missing(name), "runs": []} for name in start}
    for _ in range(size.idle_runs):
        for name, server_of in start.items():
            if servers.missing(name):
                continue
            count = size.fastapi_subscribers if name == "fastapi" else size.subscribers
            with server_of() as server:
                result = measure(servers, server, count, seconds=0, settle=size.settle)
            say(f"{name}: {count} connected in {result['connect_s']:.3f} s, "
                f"{result['resident_per_subscriber']:.0f} bytes each")
            results[name]["runs"].append(result)
    return results


def windows(servers, size, say):
    """Far more updates than anybody wants to see, merged into windows of 100 ms."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}

    def run(subscribers):
        samples = []

        def sends():
            return Metrics.of(server).total("livetape_stream_sends_total")

        def sample_metrics():
            samples.append((time.monotonic(), sends()))
            time.sleep(size.window_seconds * 0.8)
            samples.append((time.monotonic(), sends()))

        with servers.livetape(path="/stream?interval=100ms", symbols=symbols(size.window_symbols),
                              rate=size.window_updates // size.window_symbols) as server:
            result = measure(servers, server, subscribers, size.window_seconds, size.warm_up,
                             size.settle, on_measuring=sample_metrics, several_topics=True)
        (start, sends_before), (end, sends_after) = samples
        result["sends_per_window"] = (sends_after - sends_before) / subscribers / (
            (end - start) / 0.1)
        result["cpu_share"] = result["server_cpu_s"] / result["seconds"]
        say(f"livetape: {subscribers} subscribers, "
            f"{result['sends_per_window']:.3f} sends per subscriber and window, "
            f"CPU {result['cpu_share']:.0%} of a core")
        return result

    return {"one": run(1), "many": run(size.window_subscribers)}


def replay(servers, size, say):
    """The recorded Binance feed as fast as possible."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    recording = (servers.bench.parent.parent / "shared" / "data" /
                 "binance_spot_btcusdt_20240808.gz")
    if not recording.exists():
        return {"missing": f"the recording {recording.name} is not beside the checkout"}
    rates = []
    for _ in range(2 if size.quick else 7):
        summary = subprocess.run(
            [servers.livetape_binary, "replay", recording, "--summary"],
            capture_output=True, text=True, check=False, timeout=300)
        if summary.returncode != 0:
            raise BenchError(f"livetape replay failed: {summary.stderr.strip()}")
        rates.append(messages_per_second(summary.stdout))
    say("livetape: " + ", ".join(f"{rate:,.0f}" for rate in rates) + " messages/s")
    return {"messages_per_s": rates}


def messages_per_second(summary):
    """From the line of the summary that names messages/s, whichever side the number is on."""
    for line in summary.splitlines():
        found = re.search(r"messages/s\W*([\d][\d,_.]*)", line) or re.search(
            r"([\d][\d,_.]*)\s*messages/s", line)
        if found:
            return float(found.group(1).replace(",", "").replace("_", ""))
    raise BenchError(f"the replay's summary names no messages/s:\n{summary}")


SCENARIOS = {"fan-out": fan_out, "send-path": send_path.send_path, "idle": idle, "coalescing": coalescing.coalescing,
             "latency": latency.latency, "own-topics": own_topics.own_topics,
             "overload": overload.overload, "windows": windows,
             "replay": replay, "publish": durable.publish, "slow-disk": durable.slow_disk,
             "resume": durable.resume, "start": durable.start,
             "floor": trading.floor, "risk": risk.risk, "orders": trading.orders,
             "equity": trading.equity, "start-fills": trading.start_fills,
             "import": imports.imports, "backtest": jobs.backtest,
             "beside-jobs": jobs.beside_jobs, "page": page.page}
