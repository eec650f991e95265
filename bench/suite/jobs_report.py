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


def beside_jobs(data, size, verdicts):
    text = "## Live data beside jobs\n\n"
    what, most = "market stream p99, all workers busy ÷ idle", 2
    if "missing" in data:
        verdicts.not_measured(what, f"at most {most}", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"

    def ms(side, name):
        return Figure((pair[side]["latency_us"][name] / 1000 for pair in data["pairs"]), 2, " ms")

    ratio = Figure(pair["busy"]["latency_us"]["p99"] / pair["idle"]["latency_us"]["p99"]
                   for pair in data["pairs"])
    verdicts.at_most(what, most, ratio)
    return text + (
        f"{size.beside_subscribers} subscribers of all {size.beside_symbols} symbols, "
        f"{size.beside_updates:,} updates a second, interval=0, the server on both cores with the "
        f"load tool on one of them; {len(data['pairs'])} pairs by turns. Busy: "
        f"{data['workers']} sweeps of backtests, each over all cores. From the time in an event to "
        "its arrival.\n\n") + table(
        ["", "p50", "p99"],
        [("nothing beside", ms("idle", "p50"), ms("idle", "p99")),
         ("all workers busy", ms("busy", "p50"), ms("busy", "p99")),
         ("p99, busy ÷ idle", "", ratio)])
