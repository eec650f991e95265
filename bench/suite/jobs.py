"""Scenarios of jobs: backtests through the trading floor, and sweeps of them."""

import re
import subprocess

from . import processes
from .processes import BenchError


def backtest(servers, size, say):
    """SMA cross through the whole floor on one thread; a sweep on one thread and on two."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    program = servers.program("jobs/livetape-backtest-bench")
    runs = []
    for _ in range(size.backtest_runs):
        process = processes.spawn([program], {servers.server_core, servers.client_core},
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            said, _ = process.communicate(timeout=300)
        finally:
            processes.stop(process)
        if process.returncode != 0:
            raise BenchError(f"{program.name} failed: {said.strip()}")
        runs.append(read_backtest(said))
        say(f"backtest: {runs[-1]['short']:.2f} M bars/s in short runs, {runs[-1]['long']:.2f} in "
            f"one long run; sweep {runs[-1]['sweep']:.2f} x on two threads")
    return {"runs": runs}


def read_backtest(text):
    """The figures in what livetape-backtest-bench prints."""

    def number(pattern):
        found = re.search(pattern, text, re.MULTILINE)
        if not found:
            raise BenchError(f"livetape-backtest-bench does not tell {pattern!r}:\n{text}")
        return float(found.group(1))

    return {"short": number(r"^short runs +([\d.]+) million bars/s"),
            "long": number(r"^long run +([\d.]+) million bars/s"),
            "sweep": number(r"^sweep of \d+ pairs on two threads ([\d.]+) x")}
