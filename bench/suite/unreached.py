"""Targets that a run has missed, with what their profile shows: bench/unreached.md has a part for each,
headed by the target's name as the table of targets has it."""

import re


def parts(text):
    """{heading: text} of the parts that begin with `## `."""
    found = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return {head.strip(): body.strip() for head, body in zip(found[1::2], found[2::2])}


def report(root, verdicts):
    """The section of RESULTS.md, or nothing if all targets are met."""
    missed = verdicts.missed()
    if not missed:
        return ""
    path = root / "bench" / "unreached.md"
    known = parts(path.read_text(encoding="utf-8")) if path.exists() else {}
    rows = [f"### {what}\n\n{known.get(what, 'Not looked into yet.')}\n" for what in missed]
    return "## Targets not reached\n\n" + "\n".join(rows)
