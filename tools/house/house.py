#!/usr/bin/env python3
"""Checks the rules of the house (rules.py) over a source tree.

    python3 tools/house/house.py [ROOT]

Prints one line a fault, `path:line: rule: what is wrong and what is right`, and exits 1 if there is
any. Warnings do not count.
"""

import os
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

import cpp  # noqa: E402
import rules  # noqa: E402

CPP = {".cc", ".h"}
SIZED = CPP | {".ts", ".mjs", ".py", ".css", ".cmake", ".sh"}


class Findings:
    def __init__(self):
        self.faults = []
        self.warnings = []

    def fault(self, path, line, rule, message):
        self.faults.append(f"{path}:{line}: {rule}: {message}")

    def warn(self, path, line, rule, message):
        self.warnings.append(f"{path}:{line}: warning: {rule}: {message}")


def walk(root, findings):
    """Paths of all files, relative, with forward slashes; reports folders that hold none."""
    files = []
    for folder, names, leaves in os.walk(root):
        names[:] = sorted(name for name in names if name not in rules.SKIPPED_FOLDERS)
        here = Path(folder).relative_to(root)
        if not names and not leaves and here != Path("."):
            findings.fault(here.as_posix(), 1, "empty folder", "remove it, or fill it")
        files += [(here / leaf).as_posix() for leaf in sorted(leaves)]
    return files


def src_folder(path):
    """"hub" for src/hub/shard.cc; None for what is in no folder of src/."""
    parts = path.split("/")
    return parts[1] if parts[0] == "src" and len(parts) > 2 else None


def check_includes(path, source, findings):
    folder = src_folder(path)
    allowed = rules.INCLUDES.get(folder, [])
    for line, kind, header in cpp.includes(source):
        if kind == '"':
            check_own_include(path, line, folder, allowed, header, findings)
        else:
            check_library(path, line, folder, header, findings)


def check_own_include(path, line, folder, allowed, header, findings):
    target = header.split("/")[0]
    if "/" not in header or ".." in header:
        findings.fault(path, line, "include", f'"{header}": write the path from src/')
    elif "*" in allowed or target == folder:
        if target not in rules.INCLUDES and header not in rules.GENERATED:
            findings.fault(path, line, "include", f'"{header}": there is no folder src/{target}')
    elif target not in allowed:
        names = ", ".join(allowed) or "nothing of ours"
        findings.fault(
            path, line, "include", f'"{header}": {folder} may include {names}, not {target}'
        )


def check_library(path, line, folder, header, findings):
    for library in rules.LIBRARIES:
        if not header.startswith(library["header"]):
            continue
        if folder not in library["folders"]:
            names = ", ".join(library["folders"])
            findings.fault(path, line, "library", f"<{header}> belongs into {names} only")
        elif library.get("source_only") and path.endswith(".h"):
            findings.fault(path, line, "library", f"<{header}> belongs into .cc files only")
        return


def check_sizes(path, source, findings):
    if path in rules.MADE_FILES:
        return
    lines = source.count("\n")
    if lines > rules.FILE_LINES_MAX:
        findings.fault(
            path, lines, "size", f"{lines} lines, at most {rules.FILE_LINES_MAX}: split it"
        )
    elif lines > rules.FILE_LINES_WARN:
        findings.warn(
            path, lines, "size", f"{lines} lines, more than {rules.FILE_LINES_WARN}: why?"
        )


def check_functions(path, source, findings):
    for line, count, text in cpp.functions(source):
        if count > rules.FUNCTION_LINES_MAX:
            findings.fault(
                path,
                line,
                "function",
                f"{text.split()[-1] if text else 'this'} has {count} lines, at most "
                f"{rules.FUNCTION_LINES_MAX}: split it",
            )


def check_banned(path, source, findings):
    code = cpp.without_comments_and_texts(source)
    for ban in rules.BANNED:
        if not path.startswith(tuple(ban["where"])) or path.startswith(tuple(ban["but"])):
            continue
        for match in re.finditer(ban["pattern"], code):
            what = match.group().rstrip("( \t")
            line = cpp.line_of(code, match.start())
            findings.fault(path, line, ban["rule"], f"{what} is not used here: {ban['why']}")


def check_names(path, findings):
    folder = src_folder(path)
    name = path.rsplit("/", 1)[-1]
    if path.startswith("src/") and folder is None and name != "CMakeLists.txt":
        findings.fault(path, 1, "place", "files of src/ stand in its folders")
    if folder is not None and folder not in rules.INCLUDES:
        findings.fault(
            path, 1, "place", f"src/{folder} is not in the table of folders (tools/house/rules.py)"
        )
    cases = False
    if folder is not None and path.count("/") > 2:
        room = "/".join(path.split("/")[2:-1])
        cases = room in rules.CASES.get(folder, [])
        if not cases and room not in rules.ROOMS.get(folder, []):
            findings.fault(
                path, 1, "place", f"src/{folder} has no folder {room} (tools/house/rules.py)"
            )
    if cases:
        if name != "README.md" and not re.fullmatch(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*\.txt", name):
            findings.fault(path, 1, "name", "cases are called snake_case.txt, beside a README.md")
    elif folder is not None and name != "CMakeLists.txt":
        if not re.fullmatch(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*\.(?:cc|h)", name):
            findings.fault(path, 1, "name", "files are called snake_case.cc or snake_case.h")
        elif re.search(r"(?:^|_)(?:manager|helpers?|utils?|impl|data|misc|common)(?:_|\.)", name):
            findings.fault(path, 1, "name", "say what it is in the field's words")


def check_header(path, source, findings):
    code = cpp.without_comments(source).strip()
    if not code.startswith("#pragma once"):
        findings.fault(path, 1, "header", "headers begin with #pragma once")


def check_words(path, source, findings):
    for pattern in rules.WORDS:
        for match in re.finditer(pattern, source):
            line = cpp.line_of(source, match.start())
            findings.fault(
                path, line, "word", f"{match.group()} belongs to one machine or registry, not here"
            )


def check_file(path, data, findings):
    check_names(path, findings)
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError:
        return  # a recording, a picture
    check_words(path, source, findings)
    suffix = os.path.splitext(path)[1]
    if suffix in SIZED:
        check_sizes(path, source, findings)
    if suffix in CPP | {".ts", ".mjs"}:
        check_banned(path, source, findings)
    if suffix not in CPP:
        return
    check_functions(path, source, findings)
    if suffix == ".h":
        check_header(path, source, findings)
    if src_folder(path) is not None:
        check_includes(path, source, findings)


def check(root):
    findings = Findings()
    files = walk(root, findings)
    for path in files:
        check_file(path, (Path(root) / path).read_bytes(), findings)
    return files, findings


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    files, findings = check(root)
    for line in findings.warnings + findings.faults:
        print(line)
    print(
        f"house: {len(files)} files, {len(findings.faults)} faults, "
        f"{len(findings.warnings)} warnings"
    )
    return 1 if findings.faults or not files else 0


if __name__ == "__main__":
    sys.exit(main())
