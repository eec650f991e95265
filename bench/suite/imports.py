"""The scenario of imports: a CSV file of minutes into a store, and what the report says of it."""

import os
import re
import shutil

from .figures import Figure, table
from .processes import BenchError
from .programs import output_of

# What livetape-import-bench measures, by the names it prints.
KINDS = {"parse": "read and checked, bars thrown away", "import": "into a new store",
         "again": "the same file once more", "gzip": "compressed, into a new store"}


def imports(servers, size, say):
    """A CSV file into a store, by the thread that reads and the one that writes."""
    if servers.missing("livetape"):
        return {"missing": servers.missing("livetape")}
    program = servers.program("jobs/livetape-import-bench")
    folder = servers.work / "import"
    runs = []
    for _ in range(size.import_runs):
        shutil.rmtree(folder, ignore_errors=True)
        try:
            said = output_of(program, os.sched_getaffinity(0), [str(folder), str(size.import_rows)],
                             timeout=600)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        runs.append(read_imports(said))
        say(f"import: {runs[-1]['import']['rows_per_s'] / 1e6:.2f} M rows/s, at most "
            f"{runs[-1]['import']['megabytes']:.0f} MB of memory")
    return {"runs": runs, "rows": size.import_rows}


def read_imports(text):
    """The figures in what livetape-import-bench prints."""
    read = {}
    for kind in KINDS:
        found = re.search(rf"^{kind}: ([\d.]+) M rows/s .*peak memory (\d+) MB", text, re.MULTILINE)
        if not found:
            raise BenchError(f"livetape-import-bench does not tell of {kind!r}:\n{text}")
        read[kind] = {"rows_per_s": float(found.group(1)) * 1e6,
                      "megabytes": float(found.group(2))}
    return read


def report(data, size, verdicts):
    del size
    text = "## Imports\n\n"
    what = "CSV rows/s parsed and stored"
    if "missing" in data:
        verdicts.not_measured(what, "at least 1,000,000", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    runs = data["runs"]
    verdicts.at_least(what, 1_000_000,
                      Figure((run["import"]["rows_per_s"] for run in runs), 0), "1,000,000")
    text += (f"A file of {data['rows']:,} minutes of one symbol; a second thread writes the store. "
             f"{len(runs)} runs. The memory is the most that the process has had by then.\n\n")
    rows = [(words, Figure((run[kind]["rows_per_s"] for run in runs), 0),
             Figure((run[kind]["megabytes"] for run in runs), 0, " MB"))
            for kind, words in KINDS.items()]
    return text + table(["import", "rows/s", "peak memory"], rows)
