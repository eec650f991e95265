#!/usr/bin/env python3
"""clang-format over all C++, clang-tidy over every source; what `make lint` runs.

    tools/lint/lint.py [FILE.cc...]     all but the tests, or only these

A source that passed is looked at again only when it, a header of ours that it includes, its compiler
options or .clang-tidy have changed. passed.txt beside this file says which have: commit it with the
sources. To look at all again, delete it. Needs tools/setup build lint.
"""

import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "lint"
PASSED = Path(__file__).with_name("passed.txt")
# libstdc++ 12 calls a function of its own that newer standards deprecate (std::stable_sort).
TIDY = ["clang-tidy-19", "--quiet", "--extra-arg=-Wno-unknown-warning-option",
        "--extra-arg=-Wno-deprecated-declarations"]
# Options that say what code is made, and nothing of what is found in it. Clang does not know them all.
CODE_GENERATION = re.compile(r"-(O\d|g\d?|fPI[CE]|flto.*|fno-fat-lto-objects|mno-stv)")
# Where clang-tidy finds how each source is compiled.
DATABASE = BUILD / "database"


def cpp_files():
    found = [path for top in ("src", "bench") for path in (ROOT / top).rglob("*.*")]
    return sorted(str(path) for path in found if path.suffix in {".cc", ".h"})


def formatted():
    run = subprocess.run(
        ["clang-format-19", "--dry-run", "-Werror", *cpp_files()], cwd=ROOT, check=False
    )
    if run.returncode != 0:
        print("lint: the files above are not formatted; make format does it", file=sys.stderr)
    return run.returncode == 0


def configure():
    # As what is shipped, but that no precompiled header hides an include that is missing.
    run = subprocess.run(
        ["cmake", "--preset", "release", "-B", str(BUILD), "-DLIVETAPE_PRECOMPILE=OFF"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    if run.returncode != 0:
        sys.exit(run.stdout + run.stderr + f"lint: CMake could not configure {BUILD}")


def fingerprint(entry):
    """A hash of everything that the findings in a source depend on; None if it cannot be told."""
    command = shlex.split(entry["command"])
    while command and "ccache" in command[0]:
        command.pop(0)
    at = command.index("-o")
    del command[at : at + 2]
    run = subprocess.run(
        [*command, "-MM", "-MF", "-"], cwd=entry["directory"], capture_output=True, check=False
    )
    if run.returncode != 0:
        return None
    files = run.stdout.decode().replace("\\\n", " ").split(":", 1)[1].split()
    words = " ".join(word.replace(str(ROOT), "") for word in [*command, *TIDY])
    digest = hashlib.sha256(words.encode())
    for name in [*files, str(ROOT / ".clang-tidy")]:
        digest.update((Path(entry["directory"]) / name).read_bytes())
    return digest.hexdigest()[:32]


def tidy(entry, passed):
    """The findings in one source, empty if there are none, and the fingerprint with which it passed."""
    source = entry["file"]
    key = fingerprint(entry)
    if key is not None and passed.get(str(Path(source).relative_to(ROOT))) == key:
        return "", key
    run = subprocess.run([*TIDY, "-p", str(DATABASE), source], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode == 0:
        return "", key
    # What clang-tidy says of warnings that it did not show is no finding.
    words = re.sub(r"^\d+ warnings? (?:generated|treated as errors?)\.\n", "", run.stderr,
                   flags=re.MULTILINE)
    findings = f"{run.stdout}{words}" or f"{source}: clang-tidy ended with {run.returncode}\n"
    return findings, None


def read_passed():
    if not PASSED.is_file():
        return {}
    return dict(line.split() for line in PASSED.read_text().splitlines())


def write_passed(passed):
    there = {name: key for name, key in passed.items() if (ROOT / name).is_file()}
    PASSED.write_text("".join(f"{name} {key}\n" for name, key in sorted(there.items())))


def sources(wanted):
    entries = json.loads((BUILD / "compile_commands.json").read_text())
    tops = tuple(f"{ROOT}/{top}/" for top in ("src", "bench"))
    found = {entry["file"]: entry for entry in entries if entry["file"].startswith(tops)}
    for entry in found.values():
        words = shlex.split(entry["command"])
        entry["command"] = shlex.join(w for w in words if not CODE_GENERATION.fullmatch(w))
    DATABASE.mkdir(exist_ok=True)
    (DATABASE / "compile_commands.json").write_text(json.dumps(list(found.values())))
    if not wanted:
        return [entry for name, entry in found.items() if not name.endswith("_test.cc")]
    names = {str((Path.cwd() / name).resolve()) for name in wanted}
    return [entry for name, entry in found.items() if name in names]


def main():
    print("== clang-format", flush=True)
    good = formatted()
    print("== clang-tidy", flush=True)
    configure()
    entries = sources(sys.argv[1:])
    passed = read_passed()
    seen = set()  # a finding in a header comes with each source that includes it
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda entry: tidy(entry, passed), entries)
        for entry, (findings, key) in zip(entries, results):
            good = good and not findings
            name = str(Path(entry["file"]).relative_to(ROOT))
            if key is None:
                passed.pop(name, None)
            else:
                passed[name] = key
            for finding in re.split(r"\n(?=/)", findings):
                if finding.strip() and finding not in seen:
                    seen.add(finding)
                    print(finding.replace(f"{ROOT}/", "").rstrip(), flush=True)
    write_passed(passed)
    print(f"lint: {len(entries)} sources, {'no findings' if good else 'findings above'}")
    return 0 if good and entries else 1


if __name__ == "__main__":
    sys.exit(main())
