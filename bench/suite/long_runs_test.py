"""Kept runs and their section of RESULTS.md."""

import pathlib
import tempfile
import unittest

from . import long_runs

HEAD = {"Command": "bench/soak --minutes 2", "Machine": "2 cores", "Commit": "abc",
        "Begun": "2026-01-02 03:04 UTC", "Ended": "after 2.0 minutes with exit status 0", "Note": ""}


class LongRuns(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "bench").mkdir()

    def test_what_was_kept_is_read_again(self):
        long_runs.write(self.root, "soak", HEAD, "begins\n\nall held: a | b\n\n")
        head, said = long_runs.read(self.root / "bench" / "long" / "soak.txt")
        self.assertEqual(head, {key: value for key, value in HEAD.items() if value})
        self.assertEqual(said, "all held: a | b")

    def test_the_section_has_a_row_for_each(self):
        self.assertEqual(long_runs.report(self.root), "")
        long_runs.write(self.root, "soak", HEAD, "all held: a | b\n")
        long_runs.write(self.root, "chaos", HEAD, "")
        rows = [line for line in long_runs.report(self.root).splitlines() if line.startswith("| [")]
        self.assertEqual(rows, [
            "| [chaos](long/chaos.txt) | `bench/soak --minutes 2` | abc | 2026-01-02 03:04 UTC | "
            "after 2.0 minutes with exit status 0 |  |",
            "| [soak](long/soak.txt) | `bench/soak --minutes 2` | abc | 2026-01-02 03:04 UTC | "
            "after 2.0 minutes with exit status 0 | all held: a \\| b |"])


if __name__ == "__main__":
    unittest.main()
