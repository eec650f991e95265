"""The scenario of risk: what its figures cost on one thread, in memory; and the words around it."""

import re
import subprocess

from . import processes
from .figures import Figure, table
from .processes import BenchError

METHODS = "historical", "parametric"


def risk(servers, size, say):
    """Limits of 100 accounts with 50 positions, and Monte Carlo of 100,000 draws."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    program = servers.program("floor/livetape-risk-bench")
    runs = []
    for _ in range(size.floor_runs):
        process = processes.spawn([program], {servers.server_core}, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
        try:
            said, _ = process.communicate(timeout=300)
        finally:
            processes.stop(process)
        if process.returncode != 0:
            raise BenchError(f"{program.name} failed: {said.strip()}")
        runs.append(read_risk(said))
        say(f"risk: {runs[-1]}")
    return {"runs": runs}


def read_risk(text):
    """The figures in what livetape-risk-bench prints."""

    def number(pattern):
        found = re.search(pattern, text, re.MULTILINE)
        if not found:
            raise BenchError(f"livetape-risk-bench does not tell {pattern!r}:\n{text}")
        return float(found.group(1))

    figures = {method: number(rf"^{method} .* ([\d.]+) % of a core") for method in METHODS}
    return figures | {"monte_carlo_ms": number(r"^monte carlo +([\d.]+) ms")}


def report(data, size, verdicts):
    text = "## Figures of risk, one thread, in memory\n\n"
    share = "value at risk of 100 accounts with 50 positions at 10 Hz, % of a core ({})"
    draws = "Monte Carlo with 100,000 draws, ms"
    if "missing" in data:
        for method in METHODS:
            verdicts.not_measured(share.format(method), "at most 5", data["missing"])
        verdicts.not_measured(draws, "at most 20", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    runs = data["runs"]
    shares = {method: Figure((run[method] for run in runs), 2) for method in METHODS}
    monte_carlo = Figure((run["monte_carlo_ms"] for run in runs), 2)
    for method, figure in shares.items():
        verdicts.at_most(share.format(method), 5, figure)
    verdicts.at_most(draws, 20, monte_carlo)
    text += ("All marks change between two looks at the limits; each account is valued and its "
             "252 returns are made again from the new weights. By the thread's processor time, the "
             f"best of five rounds; {len(runs)} runs.\n\n")
    rows = [(f"{method}, % of a core", figure) for method, figure in shares.items()]
    return text + table(["figure", "value"], [*rows, (draws, monte_carlo)])
