"""The scenario of risk: what its figures cost on one thread, in memory; and the words around it."""

from .figures import Figure, table
from .programs import number_reader, output_of

METHODS = "historical", "parametric"


def risk(servers, size, say):
    """Limits of 100 accounts with 50 positions, and Monte Carlo of 100,000 draws."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    program = servers.program("floor/livetape-risk-bench")
    runs = []
    for _ in range(size.floor_runs):
        runs.append(read_risk(output_of(program, {servers.server_core})))
        say(f"risk: {runs[-1]}")
    return {"runs": runs}


def read_risk(text):
    """The figures in what livetape-risk-bench prints."""
    number = number_reader(text, "livetape-risk-bench")
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
