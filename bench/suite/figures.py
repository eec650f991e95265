"""Medians, spreads, and the judgement of a figure against its target."""

import statistics


class Figure:
    """Several measurements of one thing."""

    def __init__(self, values, digits=2, unit=""):
        self.values, self.digits, self.unit = list(values), digits, unit

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def median_text(self):
        return f"{self._text(self.median)}{self.unit}"

    def _text(self, value):
        return f"{value:,.{self.digits}f}"

    def __str__(self):
        text = self.median_text
        if len(self.values) > 1:
            text += f" ({self._text(min(self.values))} to {self._text(max(self.values))})"
        return text


class Verdicts:
    """The table of targets: what, target, measured, whether met."""

    def __init__(self):
        self.rows = []

    def at_most(self, what, limit, figure, limit_text=None):
        self._add(what, "at most " + (limit_text or f"{limit:g}"), figure, figure.median <= limit)

    def at_least(self, what, limit, figure, limit_text=None):
        self._add(what, "at least " + (limit_text or f"{limit:g}"), figure, figure.median >= limit)

    def equal(self, what, expected, tolerance, figure):
        self._add(what, f"{expected:g} (± {tolerance:g})", figure,
                  abs(figure.median - expected) <= tolerance)

    def not_measured(self, what, target, why):
        self.rows.append((what, target, f"not measured: {why}", "-"))

    def _add(self, what, target, figure, met):
        self.rows.append((what, target, str(figure), "yes" if met else "**no**"))

    def missed(self):
        return [row[0] for row in self.rows if row[3] == "**no**"]

    def all_met(self):
        return all(row[3] == "yes" for row in self.rows)

    def table(self):
        return table(["what", "target", "measured: median (least to most)", "met"], self.rows)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
