"""What is said of targets that are not reached."""

import pathlib
import tempfile
import unittest

from . import unreached
from .figures import Figure, Verdicts

TEXT = """# Targets not reached

Intro.

## CPU, a ÷ b

It is the kernel's.

Two paragraphs.

## Another

Old.
"""


class Unreached(unittest.TestCase):
    def report(self, *values):
        verdicts = Verdicts()
        for what, value in values:
            verdicts.at_most(what, 1, Figure([value]))
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "bench").mkdir()
            (pathlib.Path(folder) / "bench" / "unreached.md").write_text(TEXT, encoding="utf-8")
            return unreached.report(pathlib.Path(folder), verdicts)

    def test_those_that_are_met_are_not_spoken_of(self):
        self.assertEqual(self.report(("CPU, a ÷ b", 0.5)), "")

    def test_each_missed_one_has_its_part(self):
        self.assertEqual(self.report(("CPU, a ÷ b", 2), ("Another", 1), ("new", 3)), """\
## Targets not reached

### CPU, a ÷ b

It is the kernel's.

Two paragraphs.

### new

Not looked into yet.
""")


if __name__ == "__main__":
    unittest.main()
