"""What the report makes of numbers."""

import unittest

from .figures import Figure, Verdicts, table
from .processes import BenchError
from .scenarios import messages_per_second, symbols


class FigureTest(unittest.TestCase):
    def test_says_median_and_spread(self):
        self.assertEqual(str(Figure([3, 1, 2], 1, " ms")), "2.0 ms (1.0 to 3.0)")

    def test_a_single_value_has_no_spread(self):
        self.assertEqual(str(Figure([10000], 0)), "10,000")


class VerdictsTest(unittest.TestCase):
    def test_judges_by_the_median(self):
        verdicts = Verdicts()
        verdicts.at_most("ratio", 1.25, Figure([1.0, 1.2, 9.0]))
        self.assertTrue(verdicts.all_met())
        verdicts.at_least("rate", 500_000, Figure([499_999]))
        self.assertFalse(verdicts.all_met())
        self.assertIn("**no**", verdicts.table())

    def test_what_was_not_measured_is_not_met(self):
        verdicts = Verdicts()
        verdicts.not_measured("ratio", "at most 1", "not installed")
        self.assertFalse(verdicts.all_met())

    def test_equal_allows_its_tolerance(self):
        verdicts = Verdicts()
        verdicts.equal("sends", 1, 0.03, Figure([1.02]))
        self.assertTrue(verdicts.all_met())
        verdicts.equal("lost", 0, 0, Figure([1]))
        self.assertFalse(verdicts.all_met())


class TextsTest(unittest.TestCase):
    def test_table(self):
        self.assertEqual(table(["a", "b"], [(1, "x")]), "| a | b |\n|---|---|\n| 1 | x |\n")

    def test_messages_per_second_is_found_on_either_side(self):
        self.assertEqual(messages_per_second("count 5\nmessages/s: 1,234,567\n"), 1234567)
        self.assertEqual(messages_per_second("41249 messages in 0.1 s, 412490 messages/s"), 412490)
        with self.assertRaises(BenchError):
            messages_per_second("count 5")

    def test_symbols_are_different(self):
        self.assertEqual(len(set(symbols(100))), 100)


if __name__ == "__main__":
    unittest.main()
