"""The scenario of the send path alone: what of a delivery's CPU goes to hand bytes to the socket, of
livetape and of the bare loop, by the profiles of both."""

import re
import shutil
import subprocess

from .figures import Figure, table
from .load import measure
from .processes import BenchError

WHAT = "CPU per delivery on the send path, livetape ÷ bare send loop, by profile"
# A sample belongs to the send path if one of these is anywhere on its stack.
FRAMES = re.compile(r"\b(__send|__libc_send|__sys_sendto|__x64_sys_sendto|"
                    r"StreamTable::Broadcast|BareServer::Broadcast|Shard::RunSlices?)\b")


def share_of_send_path(script):
    """The share of samples on the send path, from what `perf script -F ip,sym` prints: a block of
    lines for each sample."""
    samples = [sample for sample in script.split("\n\n") if sample.strip()]
    if not samples:
        raise BenchError("perf has taken no sample")
    return sum(bool(FRAMES.search(sample)) for sample in samples) / len(samples)


def send_path(servers, size, say):
    """Fan-out as in its own scenario, by turns, each under perf."""
    missing = servers.missing("livetape") or (
        None if shutil.which("perf") else "perf is not installed (Debian package linux-perf)")
    if missing:
        return {"missing": missing}

    def once(name):
        profile = servers.work / f"{name}.perf"
        running = []
        with getattr(servers, name)() as server:
            command = ["perf", "record", "-q", "-e", "cpu-clock", "-F", "997", "-g", "-o", profile,
                       "-p", ",".join(map(str, server.pids)), "--", "sleep",
                       str(max(1, size.seconds - 1))]
            result = measure(servers, server, size.subscribers, size.seconds, size.warm_up,
                             size.settle, on_measuring=lambda: running.append(subprocess.Popen(
                                 [str(word) for word in command], stderr=subprocess.PIPE, text=True)))
            _, errors = running[0].communicate(timeout=60)
        if running[0].returncode != 0:
            raise BenchError(f"perf record failed: {errors.strip()}")
        script = subprocess.run(["perf", "script", "-i", profile, "-F", "ip,sym"], text=True,
                                capture_output=True, check=True, timeout=120).stdout
        share = share_of_send_path(script)
        say(f"{name}: {result['server_us_per_delivery']:.2f} us per delivery, {share:.1%} of it on "
            "the send path")
        return {"us": result["server_us_per_delivery"], "share": share}

    return {"pairs": [{name: once(name) for name in ("livetape", "bare")}
                      for _ in range(size.send_path_pairs)]}


def report(data, size, verdicts):
    text = "## The send path alone, by profile\n\n"
    if "missing" in data:
        verdicts.not_measured(WHAT, "at most 1.05", data["missing"])
        return text + f"Not measured: {data['missing']}.\n"
    pairs = data["pairs"]
    cost = {name: [pair[name]["us"] * pair[name]["share"] for pair in pairs]
            for name in ("livetape", "bare")}
    verdicts.at_most(WHAT, 1.05, Figure(ours / theirs for ours, theirs in
                                        zip(cost["livetape"], cost["bare"])))
    rows = [(name, Figure((pair[name]["us"] for pair in pairs), 2, " µs"),
             Figure((100 * pair[name]["share"] for pair in pairs), 1, " %"),
             Figure(cost[name], 2, " µs")) for name in cost]
    return (text + f"Fan-out as above, {len(pairs)} pairs by turns, each under `perf record` (997 "
            "samples a second). A sample is on the send path if send(), the table of streams or the "
            "hub's loop over a cohort's members is on its stack.\n\n" +
            table(["server", "CPU per delivery", "of it on the send path", "that is"], rows))
