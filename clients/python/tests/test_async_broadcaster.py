"""AsyncBroadcaster, where it is not as Broadcaster: cancelled calls, tasks, loops."""

import asyncio
import gc
import unittest
import warnings

from support import ScriptedServer, answers
from livetape import AsyncBroadcaster


class AsyncCalls(unittest.TestCase):
    def test_a_cancelled_call_leaves_nothing_to_the_next(self):
        def half(connection):
            connection.request()
            connection.send('HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"ids"')
            connection.wait_for_end()

        async def run(url):
            async with AsyncBroadcaster(url) as broadcaster:
                task = asyncio.ensure_future(broadcaster.publish("a/b", 1))
                while not server.requests:
                    await asyncio.sleep(0.001)
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task
                return await broadcaster.publish("a/b", 2)

        with ScriptedServer(half, answers({"ids": ["e-2"]})) as server:
            self.assertEqual(asyncio.run(run(server.url)), "e-2")

    def test_each_run_has_a_connection_of_its_own(self):
        with ScriptedServer(*[answers({"ids": ["e-1"]})] * 3) as server:
            broadcaster = AsyncBroadcaster(server.url, retries=0)
            with warnings.catch_warnings():
                # A connection whose loop is over can only be left to the collector.
                warnings.simplefilter("ignore", ResourceWarning)
                for _ in range(3):
                    self.assertEqual(asyncio.run(broadcaster.publish("a/b", 1)), "e-1")
                asyncio.run(broadcaster.close())
                gc.collect()

    def test_tasks_share_one_connection(self):
        async def run(url):
            async with AsyncBroadcaster(url) as broadcaster:
                return await asyncio.gather(*(broadcaster.publish("a/b", i) for i in range(20)))

        with ScriptedServer(answers(*[{"ids": [f"e-{i}"]} for i in range(20)])) as server:
            self.assertEqual(asyncio.run(run(server.url)), [f"e-{i}" for i in range(20)])
        self.assertEqual([r.json()["data"] for r in server.requests], list(range(20)))


if __name__ == "__main__":
    unittest.main()
