"""What is shared with other processes, and what must not be."""

import os
import pickle
import signal
import unittest

from support import ScriptedServer, answers
from livetape import Broadcaster, LivetapeError


def publishes(broadcaster, id):
    """The status of a child: a call that hangs ends it by SIGALRM."""
    signal.alarm(10)
    try:
        return 0 if broadcaster.publish("a/b", 2) == id else 1
    except BaseException:
        return 2


class Processes(unittest.TestCase):
    def test_a_forked_process_has_a_connection_of_its_own(self):
        def two_calls(connection):
            for id in ("e-1", "e-3"):
                connection.request()
                connection.answer(200, {"ids": [id]})

        both = []  # the parent's connection first, with a call under way when the child is born
        with ScriptedServer(two_calls, answers({"ids": ["e-2"]})) as server:
            with Broadcaster(server.url, retries=0) as broadcaster:
                both.append(broadcaster.publish("a/b", 1))
                with broadcaster._lock:  # as another thread of the parent may hold it
                    child = os.fork()
                    if child == 0:
                        os._exit(publishes(broadcaster, "e-2"))
                both.append(broadcaster.publish("a/b", 3))
            _, status = os.waitpid(child, 0)
        self.assertEqual(both, ["e-1", "e-3"])
        self.assertEqual(os.waitstatus_to_exitcode(status), 0)

    def test_an_error_travels_between_processes(self):
        error = LivetapeError(422, "progress is over 100", "progress")
        error.committed = ["e-1"]
        again = pickle.loads(pickle.dumps(error))
        self.assertEqual(str(again), str(error))
        self.assertEqual(
            (again.status, again.detail, again.field, again.committed),
            (422, "progress is over 100", "progress", ["e-1"]),
        )


if __name__ == "__main__":
    unittest.main()
