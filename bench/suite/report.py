"""The words around the figures: RESULTS.md."""

import datetime
import os
import pathlib
import platform
import re
import statistics
import subprocess

from . import (coalescing, durable_report, imports, jobs_report, latency, long_runs, overload,
               own_topics, page, risk, send_path, trading_report, unreached)
from .figures import Figure, Verdicts, table


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"^model name\s*:\s*(.+)$", file.read(), re.MULTILINE)
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory_kib = int(re.search(r"^MemTotal:\s*(\d+)", file.read(), re.MULTILINE).group(1))
    return (f"{os.cpu_count()} cores, {model.group(1) if model else platform.machine()}, "
            f"{memory_kib / 2**20:.0f} GiB, Linux {platform.release()}")


def commit(root):
    def git(*words):
        answer = subprocess.run(["git", "-C", root, *words], capture_output=True, text=True,
                                check=False)
        return answer.stdout.strip()
    changed = " with uncommitted changes" if git("status", "--porcelain") else ""
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + changed


def cpu(result):
    return result["server_us_per_delivery"]


def p99(result):
    return result["latency_us"]["p99"]


def ms(results, percentile):
    return Figure((r["latency_us"][percentile] / 1000 for r in results), 1, " ms")


def cost(results):
    return Figure(map(cpu, results), 2, " µs")


def fan_out(data, size, verdicts):
    text = (f"## Fan-out: {size.subscribers:,} subscribers of one topic, {size.rate} events/s of "
            f"{size.event_bytes} bytes\n\n"
            "A pair is livetape and the other one after the other, each started afresh. CPU is the "
            "server's own process accounting per delivery; latency is from the time inside the "
            "event to the subscriber's read.\n\n")
    rows, livetape = [], []
    for rival in "bare", "nchan":
        pairs = data[rival].get("pairs", [])
        sides = {name: [pair[name] for pair in pairs if pair[name]]
                 for name in ("livetape", rival)}
        livetape += sides["livetape"]
        rows += [fan_out_row(f"{name} ({len(runs)} runs beside {rival})"
                             if name == "livetape" else f"{rival} ({len(runs)} runs)", runs)
                 for name, runs in sides.items() if runs]
    for kind, runs in data["fastapi"].get("runs", {}).items():
        rows.append(fan_out_row(f"FastAPI {kind}, {runs[0]['subscribers']} subscribers "
                                f"({len(runs)} runs)", runs))
    text += table(["server", "CPU per delivery", "p50", "p99", "p99.9", "deliveries/s",
                   "bytes each, framed", "lost / repeated", "load tool's own CPU"], rows) + "\n"
    text += pair_table(data)
    judge_fan_out(data, livetape, verdicts)
    return text.rstrip() + "\n"


def fan_out_row(name, runs):
    return (name, cost(runs), ms(runs, "p50"), ms(runs, "p99"), ms(runs, "p999"),
            Figure((r["deliveries_per_s"] for r in runs), 0),
            Figure((r["bytes"] / r["deliveries"] for r in runs), 0).median_text,
            f"{sum(r['lost'] for r in runs)} / {sum(r['repeated'] for r in runs)}",
            Figure((r["load_us_per_delivery"] for r in runs), 2, " µs"))


def complete_pairs(data, rival):
    return [pair for pair in data[rival].get("pairs", []) if pair["livetape"]]


def ratios(data, rival, value_of):
    return Figure(value_of(pair["livetape"]) / value_of(pair[rival])
                  for pair in complete_pairs(data, rival))


def pair_table(data):
    text = ""
    for rival in "bare", "nchan":
        pairs = complete_pairs(data, rival)
        if not pairs:
            continue
        rows = [(i + 1, f"{cpu(p['livetape']):.2f}", f"{cpu(p[rival]):.2f}",
                 f"{cpu(p['livetape']) / cpu(p[rival]):.2f}",
                 f"{p99(p['livetape']) / p99(p[rival]):.2f}")
                for i, p in enumerate(pairs)]
        text += table(["pair", "livetape µs", f"{rival} µs", "CPU ratio", "p99 ratio"], rows) + "\n"
    return text


def judge_fan_out(data, livetape, verdicts):
    for what, limit, rival, value_of in (
            ("CPU per delivery ÷ bare send loop", 1.15, "bare", cpu),
            ("CPU per delivery ÷ nchan", 0.55, "nchan", cpu),
            ("p99 latency ÷ nchan", 0.6, "nchan", p99)):
        if complete_pairs(data, rival):
            verdicts.at_most(what, limit, ratios(data, rival, value_of))
        else:
            verdicts.not_measured(what, f"at most {limit}", data[rival].get("missing", "no livetape"))
    judge_fastapi(data["fastapi"], livetape, verdicts)
    if livetape:
        verdicts.equal("deliveries lost, all fan-out runs", 0, 0,
                       Figure([sum(r["lost"] + r["closed"] for r in livetape)], 0))


def judge_fastapi(data, livetape, verdicts):
    ours = statistics.median(map(cpu, livetape)) if livetape else None
    for kind in "usual", "lean":
        what = f"CPU per delivery ÷ FastAPI, {kind}"
        if ours and data.get("runs"):
            verdicts.at_most(what, 0.06, Figure((ours / cpu(run) for run in data["runs"][kind]), 3))
        else:
            verdicts.not_measured(what, "at most 0.06", data.get("missing", "no livetape"))


def idle(data, size, verdicts):
    rows = [(f"{name} ({len(d['runs'])} runs)", d["runs"][0]["subscribers"],
             Figure((r["connect_s"] for r in d["runs"]), 3, " s"),
             Figure((r["resident_per_subscriber"] for r in d["runs"]), 0))
            for name, d in data.items() if d["runs"]]
    text = ("## Idle subscribers\n\nConnected means that the first byte of the stream's body has "
            "come. Memory is the growth of the server's resident set; kernel buffers are not in it "
            "(nginx makes its connection table at start, which is not in it either).\n\n" +
            table(["server", "subscribers", "time to connect all", "resident bytes each"], rows))
    if not data["livetape"]["runs"]:
        verdicts.not_measured("resident bytes per idle subscriber", "at most 1,024",
                              data["livetape"]["missing"])
    else:
        runs = data["livetape"]["runs"]
        verdicts.at_most("resident bytes per idle subscriber", 1024,
                         Figure((r["resident_per_subscriber"] for r in runs), 0), "1,024")
        if data["nchan"]["runs"]:
            verdicts.at_most("time to connect all ÷ nchan", 1, Figure(
                ours["connect_s"] / theirs["connect_s"]
                for ours, theirs in zip(runs, data["nchan"]["runs"])))
    return text


def windows(data, size, verdicts):
    text = (f"## Windows: {size.window_updates:,} updates/s over {size.window_symbols} symbols, "
            "`interval=100ms`\n\n")
    if "missing" in data:
        verdicts.not_measured("sends per subscriber and window", "1", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    rows = [(r["subscribers"], f"{r['sends_per_window']:.3f}",
             f"{r['chunks'] / r['subscribers'] / (r['seconds'] * 10):.3f}", f"{r['cpu_share']:.0%}",
             f"{r['deliveries_per_s']:,.0f}", f"{r['latency_us']['p50'] / 1000:.1f} ms",
             f"{r['latency_us']['p99'] / 1000:.1f} ms", r["slow_events"] + r["closed"])
            for r in (data["one"], data["many"])]
    many = data["many"]
    verdicts.equal("sends per subscriber and window", 1, 0.03,
                   Figure([many["sends_per_window"]], 3))
    verdicts.at_most("CPU of the server with windows, share of one core", 0.5,
                     Figure([many["cpu_share"]]))
    verdicts.equal("slow or cut subscribers in the windows run", 0, 0,
                   Figure([many["slow_events"] + many["closed"]], 0))
    return text + table(["subscribers", "sends per subscriber and window (/metrics)",
                         "chunks received per subscriber and window", "server CPU",
                         "events delivered/s", "p50", "p99", "slow or cut"], rows)


def replay(data, size, verdicts):
    text = "## Replay of the recorded Binance feed, as fast as possible\n\n"
    if "missing" in data:
        verdicts.not_measured("replay, messages/s", "at least 500,000", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    figure = Figure(data["messages_per_s"], 0)
    verdicts.at_least("replay, messages/s", 500_000, figure, "500,000")
    return text + f"{figure} messages/s, {len(figure.values)} runs.\n"


SECTIONS = {"fan-out": fan_out, "send-path": send_path.report, "idle": idle, "coalescing": coalescing.report,
            "latency": latency.report, "own-topics": own_topics.report,
            "overload": overload.report,
            "windows": windows, "replay": replay,
            "publish": durable_report.publish, "slow-disk": durable_report.slow_disk,
            "resume": durable_report.resume, "start": durable_report.start,
            "floor": trading_report.floor, "risk": risk.report, "orders": trading_report.orders,
            "equity": trading_report.equity, "start-fills": trading_report.start_fills,
            "import": imports.report, "backtest": jobs_report.backtest,
            "beside-jobs": jobs_report.beside_jobs, "page": page.report}


def raw_output(said):
    return ("## Raw output\n\nWhat the run printed, a line for each run of a server.\n\n```\n" +
            "\n".join(said) + "\n```\n") if said else ""


def write(path, root, command, servers, size, results, load_before, said=()):
    """Writes the results. `load_before`: the machine's load average before the run; `said`: the lines
    that it printed. Gives back whether every target that was measured is met."""
    verdicts = Verdicts()
    sections = [SECTIONS[name](data, size, verdicts) for name, data in results.items()]
    kind = ("A quick smoke: few subscribers, short; its figures mean nothing.\n\n"
            if size.quick else "")
    rivals = "; ".join(f"{name}: {servers.version(name)}" for name in ("nchan", "fastapi"))
    text = (
        "# Results of the bench\n\n" + kind +
        "Written by `make bench`; read bench/README.md for what is measured and how.\n\n"
        f"- Machine: {machine()}\n- Commit: {commit(root)}\n"
        f"- Date: {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC\n"
        f"- Command: `{command}`\n- Others: {rivals}\n"
        f"- Load average before the run: {load_before:.2f}\n"
        f"- Server on core {servers.server_core}, clients and publisher on core "
        f"{servers.client_core}; every livetape keeps a durable tape, `tape.sync=full`\n\n## Targets\n\n" + verdicts.table() + "\n" + "\n".join(
            filter(None, [unreached.report(pathlib.Path(root), verdicts), *sections,
                          long_runs.report(pathlib.Path(root)), raw_output(said)])))
    path.write_text(text.rstrip() + "\n", encoding="utf-8")
    return verdicts.all_met()
