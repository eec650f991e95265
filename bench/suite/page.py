"""The scenario of the page: what the Market page costs a browser, and what the report says of it."""

import json
import os
import pathlib
import shutil

from .figures import Figure, table
from .processes import BenchError
from .programs import output_of

# What bench/page/market_page.mjs measures, by the names it gives: words, digits, unit.
FIGURES = {
    "first_price_ms": ("first price painted, after the navigation", 0, " ms"),
    "task_ms": ("main thread, per second", 0, " ms"),
    "script_ms": ("of which script", 0, " ms"),
    "style_ms": ("of which style", 0, " ms"),
    "layout_ms": ("of which layout", 0, " ms"),
    "missed_percent": ("frames missed", 2, " %"),
    "longest_frame_ms": ("longest frame", 0, " ms"),
    "heap_mib": ("heap at the end", 2, " MiB"),
    "heap_growth_mib": ("growth of the heap", 2, " MiB"),
}
TARGETS = (("first_price_ms", "first price painted, ms after the navigation", 1000),
           ("task_ms", "main thread of the Market page, ms of CPU a second", 350),
           ("missed_percent", "frames missed by the Market page, %", 2),
           ("heap_growth_mib", "growth of the Market page's heap, MiB", 2))


def page(servers, size, say):
    """The Market page in a Chromium of its own, with a server of its own, on all cores."""
    root = servers.bench.parent
    node = shutil.which("node")
    for needed, missing in (("Node", not node), ("Chromium", not shutil.which("chromium")),
                            ("tests/node_modules (tests/run makes it)",
                             not (root / "tests" / "node_modules").exists()),
                            ("livetape", servers.missing("livetape"))):
        if missing:
            return {"missing": f"{needed} is not there"}
    said = output_of(pathlib.Path(node), os.sched_getaffinity(0),
                     [str(root / "bench" / "page" / "market_page.mjs"), "--json",
                      "--seconds", str(size.page_seconds)],
                     timeout=size.page_seconds + 120)
    figures = read_page(said)
    say(f"page: {figures['task_ms']:.0f} ms/s, {figures['missed_percent']:.2f} % of frames missed")
    return {"figures": figures}


def read_page(text):
    """The figures in what market_page.mjs prints."""
    try:
        read = json.loads(text.strip().splitlines()[-1])
        return {name: float(read[name]) for name in [*FIGURES, "seconds"]}
    except (IndexError, KeyError, ValueError) as fault:
        raise BenchError(f"bench/page/market_page.mjs does not tell its figures:\n{text}") from fault


def report(data, size, verdicts):
    del size
    text = "## The Market page in a browser: 200 symbols, 2,000 updates/s\n\n"
    if "missing" in data:
        for _, what, limit in TARGETS:
            verdicts.not_measured(what, f"at most {limit:,}", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    figures = data["figures"]
    for name, what, limit in TARGETS:
        verdicts.at_most(what, limit, Figure([figures[name]], FIGURES[name][1]), f"{limit:,}")
    text += (f"{figures['seconds']:.0f} s in Chromium at 1440 by 900 without a graphics processor, "
             "which shares the machine with the server; heaps after a collection.\n\n")
    return text + table(["what", "measured"],
                        [(words, Figure([figures[name]], digits, unit))
                         for name, (words, digits, unit) in FIGURES.items()])
