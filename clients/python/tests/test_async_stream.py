"""AsyncEventStream, where it is not as EventStream: deadlines, other tasks."""

import asyncio
import threading
import unittest

from support import ScriptedServer, cursors, holding, refuses, stream_of
from livetape import AsyncEventStream
from livetape._async_http import AsyncResponse, HttpError


class AsyncReading(unittest.TestCase):
    def test_close_from_another_task_ends_the_iteration(self):
        async def run(url):
            stream = AsyncEventStream(url + "/s")
            got = []
            first = asyncio.Event()

            async def read():
                async for event in stream:
                    got.append(event.data)
                    first.set()

            reader = asyncio.ensure_future(read())
            await asyncio.wait_for(first.wait(), 10)
            await stream.close()
            await asyncio.wait_for(reader, 10)
            return got

        with ScriptedServer(holding("data: a\n\n")) as server:
            self.assertEqual(asyncio.run(run(server.url)), ["a"])

    def test_close_ends_the_wait_for_the_next_try(self):
        async def run(url):
            stream = AsyncEventStream(url + "/s")
            async with stream:
                reader = asyncio.ensure_future(stream.__anext__())
                while stream._rest is None:
                    await asyncio.sleep(0.001)
            with self.assertRaises(StopAsyncIteration):
                await asyncio.wait_for(reader, 10)

        # The server names a pause of five minutes.
        with ScriptedServer(stream_of("retry: 300000\n\n")) as server:
            asyncio.run(run(server.url))

    def test_a_chunk_without_a_size_breaks_the_connection(self):
        for size in (b"-5", b"+5", b"0x5", b"5_0", b"", b"x"):

            async def run(line):
                reader = asyncio.StreamReader()
                reader.feed_data(line + b"\r\nhello\r\n")
                head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                return await asyncio.wait_for(AsyncResponse(reader, head).read_some(), 10)

            with self.assertRaises(HttpError, msg=size):
                asyncio.run(run(size))

    def test_waiting_with_a_deadline_loses_nothing(self):
        waited = threading.Event()

        def script(connection):
            connection.request()
            connection.begin_stream()
            connection.chunk("id: e-1\ndata: a\n\n")
            waited.wait(10)
            connection.chunk("id: e-2\ndata: b\n\n")
            connection.wait_for_end()

        async def run(url):
            async with AsyncEventStream(url + "/s") as stream:
                first = await stream.__anext__()
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(stream.__anext__(), 0.05)
                waited.set()
                while not stream._more.done():
                    await asyncio.sleep(0.001)
                self.assertEqual(stream.last_event_id, "e-1", "b has not been handed out")
                second = await stream.__anext__()
                self.assertEqual(stream.last_event_id, "e-2")
                return [first.data, second.data]

        with ScriptedServer(script) as server:
            self.assertEqual(asyncio.run(run(server.url)), ["a", "b"])
        self.assertEqual(cursors(server), [None], "on one connection")

    def test_waiting_with_a_deadline_does_not_hurry_the_next_try(self):
        async def run(url):
            async with AsyncEventStream(url + "/s") as stream:
                for _ in range(5):
                    with self.assertRaises(asyncio.TimeoutError):
                        await asyncio.wait_for(stream.__anext__(), 0.02)

        with ScriptedServer(refuses(503, {}, Retry_After="60")) as server:
            asyncio.run(run(server.url))
        self.assertEqual(len(server.requests), 1)


if __name__ == "__main__":
    unittest.main()
