"""A soak: as many subscribers as one process may have, for an hour, and whether its memory grows."""

import statistics
import threading
import time

from .figures import table
from .load import measure
from .processes import BenchError

EVERY_S = 10


def slope(samples):
    """Bytes a second, by least squares over (seconds, bytes)."""
    times, sizes = zip(*samples)
    return statistics.linear_regression(times, sizes).slope


def resident_bytes(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        for line in file:
            if line.startswith("Rss:"):
                return int(line.split()[1]) * 1024
    raise BenchError(f"process {pid} has no resident set")


class Watch:
    """Samples the resident set of a process while the load runs, and tells of it now and then."""

    def __init__(self, pid, say):
        self.pid, self.say = pid, say
        self.samples = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._began = time.monotonic()
        self._thread.start()

    def stop(self):
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self):
        while True:
            seconds = time.monotonic() - self._began
            self.samples.append((seconds, resident_bytes(self.pid)))
            if len(self.samples) % 30 == 1:
                self.say(f"{seconds:5.0f} s  {self.samples[-1][1] / 1024:,.0f} KiB resident")
            if self._end.wait(EVERY_S):
                return


def soak(servers, subscribers, minutes, say):
    """Samples of the resident set and what the subscribers got: one event a second to all.

    The symbol ticks 10,000 times a second, of which a window leaves one: queues of a fixed size are
    reserved at the start and become resident as they are first gone round. With one tick a second that
    takes hours and looks like growth.
    """
    if servers.missing("livetape"):
        raise BenchError(servers.missing("livetape"))
    with servers.livetape(path="/sse/AAPL?interval=1s", symbols=["AAPL"], rate=10_000) as server:
        watch = Watch(server.pids[0], say)
        try:
            result = measure(servers, server, subscribers, seconds=minutes * 60, warm_up=2, settle=1,
                             on_measuring=watch.start)
        finally:
            watch.stop()
    return {"samples": watch.samples, "load": result}


def verdict(samples, load, subscribers):
    """(Text, whether all is well): nothing lost, and in the second half of the time the memory has
    grown by no more than a hundredth."""
    half = samples[len(samples) // 2:]
    per_second = slope(half)
    growth = per_second * (half[-1][0] - half[0][0])
    marks = [samples[min(len(samples) - 1, round(part * (len(samples) - 1)))]
             for part in (0, 0.25, 0.5, 0.75, 1)]
    rows = [(f"{seconds:,.0f} s", f"{size / 1024:,.0f} KiB") for seconds, size in marks]
    lost = load["lost"] + load["closed"]
    text = table(["after", "resident"], rows)
    text += (f"\n{subscribers:,} subscribers, {load['deliveries']:,} deliveries, "
             f"{load['lost']:,} lost, {load['closed']:,} cut. Second half: "
             f"{per_second / 1024:+.2f} KiB/s, {growth / half[0][1]:+.2%}.\n")
    return text, lost == 0 and growth <= half[0][1] / 100
