#!/usr/bin/env python3
"""A strategy of your own for `livetape backtest`, with the standard library alone.

    livetape backtest --csv GOOG=goog.csv --exec 'python3 sma_cross.py' \
        --param fast=10 --param slow=30 --param short=true

Each line that comes in is JSON: first the start, then the bars of one moment after the other. Each
is answered with one line: what this strategy wants at the next open. It does what the built-in
sma_cross does, for any number of symbols.
"""

import json
import sys
from collections import deque
from decimal import Decimal


class SmaCross:
    """Long when the fast average of closes crosses the slow one upwards; flat, or short, when it
    crosses it downwards."""

    def __init__(self, fast, slow, below):
        self.fast, self.slow, self.below = fast, slow, below
        self.closes = deque(maxlen=slow)
        self.side = 0  # of the fast average, at the bar before: 1 above, -1 below

    def wish(self, close):
        self.closes.append(close)
        if len(self.closes) < self.slow:
            return None
        # The averages, compared without dividing: exact.
        fast = sum(list(self.closes)[-self.fast:]) * self.slow
        slow = sum(self.closes) * self.fast
        before, self.side = self.side, (fast > slow) - (fast < slow)
        if before * self.side >= 0:
            return None
        return "long" if self.side > 0 else self.below


def answer(value):
    print(json.dumps(value), flush=True)


def main():
    start = json.loads(sys.stdin.readline())
    params = start["params"]
    fast, slow = int(params.get("fast", 10)), int(params.get("slow", 30))
    below = "short" if params.get("short") == "true" else "flat"
    strategies = {s: SmaCross(fast, slow, below) for s in start["request"]["symbols"]}
    answer({"warm_up": slow})

    for line in sys.stdin:
        # Decimals, because a float would round prices.
        moment = json.loads(line, parse_float=Decimal)
        wishes = []
        for bar in moment["bars"]:
            target = strategies[bar["symbol"]].wish(bar["close"])
            if target:
                wishes.append({"symbol": bar["symbol"], "target": target,
                               "parts": len(strategies)})
        answer(wishes)


if __name__ == "__main__":
    main()
