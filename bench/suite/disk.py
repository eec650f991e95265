"""What the disk itself needs to make bytes durable: the floor under each commit."""

import os
import time


def sync_times(folder, count, size=4096):
    """Seconds of `count` times fdatasync, each behind `size` bytes appended to a file in `folder`."""
    path = folder / "sync"
    data, times = b"x" * size, []
    file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:
        for _ in range(count):
            os.write(file, data)
            began = time.perf_counter()
            os.fdatasync(file)
            times.append(time.perf_counter() - began)
    finally:
        os.close(file)
        path.unlink()
    return times
