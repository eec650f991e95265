"""The words around the figures of jobs."""

from .figures import Figure, table


def backtest(data, size, verdicts):
    text = "## Backtests: SMA cross through the trading floor\n\n"
    targets = (("short", "backtest, million bars/s, 1,047 bars again and again", 10),
               ("long", "backtest, million bars/s, one run of 10,000,000", 10),
               ("sweep", "sweep of 1,600 pairs, two threads ÷ one", 1.6))
    if "missing" in data:
        for _, what, least in targets:
            verdicts.not_measured(what, f"at least {least:g}", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    runs = data["runs"]
    figures = {kind: Figure(run[kind] for run in runs) for kind, _, _ in targets}
    for kind, what, least in targets:
        verdicts.at_least(what, least, figures[kind])
    text += ("Averages of 10 and 30 bars, long and short: the way of the price through each bar, "
             "orders, fills, the accounting identity, equity curve and all statistics. Bars are in "
             "memory. Rates are of one thread's processor time, the best of 7 rounds (short, each "
             "answer asserted) and of 3 (long); the sweep's is the median of 5 by time of day; "
             f"{len(runs)} runs of the program.\n\n")
    return text + table(["what", "measured"], [
        ("short runs, million bars/s", figures["short"]),
        ("one long run, million bars/s", figures["long"]),
        ("sweep on two threads ÷ one", figures["sweep"])])
