"""Runs that are too long for the bench, kept by bench/keep as bench/long/NAME.txt: a head of
`Key: value` lines, an empty line, and what the command printed."""

import re

from .figures import table

NAME = re.compile(r"[a-z][a-z0-9-]*")


def write(root, name, head, output):
    folder = root / "bench" / "long"
    folder.mkdir(exist_ok=True)
    lines = [f"{key}: {value}" for key, value in head.items() if value]
    (folder / f"{name}.txt").write_text("\n".join(lines) + "\n\n" + output, encoding="utf-8")


def read(path):
    """The head of a kept run, and the last line of its output that says something."""
    head, _, output = path.read_text(encoding="utf-8").partition("\n\n")
    said = [line.strip() for line in output.splitlines() if line.strip()]
    return dict(line.split(": ", 1) for line in head.splitlines()), said[-1] if said else ""


def report(root):
    """The section of RESULTS.md, or nothing if none is kept."""
    rows = []
    for path in sorted((root / "bench" / "long").glob("*.txt")):
        head, said = read(path)
        rows.append((f"[{path.stem}](long/{path.name})", f"`{head['Command']}`", head["Commit"],
                     head["Begun"], head["Ended"], said.replace("|", "\\|")))
    if not rows:
        return ""
    return ("## Long runs, started by hand\n\nEach file has the machine, the commit and all that the "
            "run printed; `bench/keep` wrote it.\n\n" +
            table(["run", "command", "commit", "begun", "ended", "its last line"], rows))
