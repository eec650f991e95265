"""Runs a bench program that prints its figures as text, and reads them."""

import re
import subprocess

from . import processes
from .processes import BenchError


def output_of(program, cores, arguments=(), timeout=300):
    """All that it prints, once it has ended well."""
    process = processes.spawn([program, *arguments], cores, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
    try:
        said, _ = process.communicate(timeout=timeout)
    finally:
        processes.stop(process)
    if process.returncode != 0:
        raise BenchError(f"{program.name} failed: {said.strip()}")
    return said


def number_reader(text, name):
    """A function from a pattern with one group to the number that it finds in what `name` printed."""

    def number(pattern):
        found = re.search(pattern, text, re.MULTILINE)
        if not found:
            raise BenchError(f"{name} does not tell {pattern!r}:\n{text}")
        return float(found.group(1))

    return number
