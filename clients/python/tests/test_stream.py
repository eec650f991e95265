"""The reading classes against a scripted server: every test runs blocking and with asyncio."""

import asyncio
import threading
import unittest

from support import ScriptedServer, broken, cursors, holding, refuses, stream_of
from livetape import AsyncEventStream, EventStream, Gap, LivetapeError

FAST = "retry: 1\n\n"
# So that a test that waits for what never comes ends.
DEADLINES = {"retries": 20, "heartbeat_timeout": 10}


class Blocking:
    def __init__(self, url, **options):
        self._stream = EventStream("/api/v1/sse/training", base_url=url, **{**DEADLINES, **options})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stream.close()

    def take(self, count):
        return [next(self._stream) for _ in range(count)]

    @property
    def last_event_id(self):
        return self._stream.last_event_id


class Asyncio:
    def __init__(self, url, **options):
        self._stream = AsyncEventStream(
            "/api/v1/sse/training", base_url=url, **{**DEADLINES, **options}
        )
        self._loop = asyncio.new_event_loop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._loop.run_until_complete(self._stream.close())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def take(self, count):
        async def run():
            return [await self._stream.__anext__() for _ in range(count)]

        return self._loop.run_until_complete(run())

    @property
    def last_event_id(self):
        return self._stream.last_event_id


class Reading:
    client = None

    def test_events_as_they_come(self):
        pieces = (
            FAST,
            "id: e-1\nevent: tra",
            "ining_progress\nda",
            'ta: {"a":',
            "1}\n",
            "\ndata: x\n\n",
        )
        with (
            ScriptedServer(holding(*pieces)) as server,
            self.client(server.url, token="t") as client,
        ):
            first, second = client.take(2)
            self.assertEqual((first.id, first.event), ("e-1", "training_progress"))
            self.assertEqual(first.json(), {"a": 1})
            self.assertEqual((second.id, second.event, second.data), (None, "message", "x"))
            self.assertEqual(client.last_event_id, "e-1")
        request = server.requests[0]
        self.assertEqual((request.method, request.path), ("GET", "/api/v1/sse/training"))
        self.assertEqual(request.headers["accept"], "text/event-stream")
        self.assertEqual(request.headers["authorization"], "Bearer t")
        self.assertNotIn("last-event-id", request.headers)

    def test_a_clean_end_is_resumed(self):
        with ScriptedServer(
            stream_of(FAST, "id: e-1\ndata: a\n\n", "id: e-2\ndata: b\n\n"),
            holding("id: e-3\ndata: c\n\n"),
        ) as server:
            with self.client(server.url) as client:
                self.assertEqual([e.data for e in client.take(3)], ["a", "b", "c"])
        self.assertEqual(cursors(server), [None, "e-2"])

    def test_a_broken_stream_is_resumed_without_its_half_event(self):
        with ScriptedServer(
            broken(FAST, "id: e-1\ndata: a\n\n", "id: e-2\ndata: b\n"),
            holding("id: e-2\ndata: b\n\n"),
        ) as server:
            with self.client(server.url) as client:
                self.assertEqual([e.data for e in client.take(2)], ["a", "b"])
        self.assertEqual(cursors(server)[-1], "e-1")

    def test_the_cursor_of_an_earlier_run(self):
        with ScriptedServer(holding("data: a\n\n")) as server:
            with self.client(server.url, last_event_id="e-41") as client:
                client.take(1)
                self.assertEqual(client.last_event_id, "e-41")
        self.assertEqual(cursors(server), ["e-41"])

    def test_quiet_streams_keep_a_fresh_cursor(self):
        with ScriptedServer(
            stream_of(FAST + 'id: e-7\nevent: ping\ndata: {"event":"ping","data":{}}\n\n'),
            holding("data: a\n\n"),
        ) as server:
            with self.client(server.url) as client:
                self.assertEqual(client.take(1)[0].data, "a")
        self.assertEqual(cursors(server), [None, "e-7"])

    def test_a_gap_is_an_event(self):
        gap = '{"reason":"expired","requested":"e-1","resumed_at":"e-90","missed":null}'
        with ScriptedServer(holding(f"id: e-90\nevent: gap\ndata: {gap}\n\n")) as server:
            with self.client(server.url, last_event_id="e-1") as client:
                (event,) = client.take(1)
                self.assertIsInstance(event, Gap)
                self.assertEqual((event.reason, event.resumed_at), ("expired", "e-90"))
                self.assertEqual(client.last_event_id, "e-90")

    def test_a_drain_is_quiet(self):
        with ScriptedServer(
            stream_of("id: e-1\ndata: a\n\n", 'event: drain\ndata: {"after_ms":5}\n\n' + FAST),
            holding("id: e-2\ndata: b\n\n"),
        ) as server:
            with self.client(server.url) as client:
                self.assertEqual([e.data for e in client.take(2)], ["a", "b"])

    def test_control_events_on_request(self):
        pieces = 'event: hello\ndata: {}\n\nevent: slow\ndata: {"skipped":3}\n\ndata: a\n\n'
        with ScriptedServer(holding(pieces)) as server, self.client(server.url) as client:
            self.assertEqual([e.event for e in client.take(1)], ["message"])
        with ScriptedServer(holding(pieces)) as server:
            with self.client(server.url, control=True) as client:
                self.assertEqual([e.event for e in client.take(3)], ["hello", "slow", "message"])

    def test_final_refusals(self):
        for status in (400, 401, 403, 404, 405, 421, 422):
            with ScriptedServer(refuses(status, {"detail": "no"})) as server:
                with self.client(server.url) as client, self.assertRaises(LivetapeError) as caught:
                    client.take(1)
            self.assertEqual((caught.exception.status, caught.exception.detail), (status, "no"))

    def test_passing_refusals(self):
        with ScriptedServer(
            stream_of(FAST), refuses(503), refuses(429, Retry_After="0"), holding("data: a\n\n")
        ) as server:
            with self.client(server.url) as client:
                self.assertEqual(client.take(1)[0].data, "a")

    def test_failures_in_a_row_have_an_end_if_asked(self):
        with ScriptedServer(stream_of(FAST + "data: a\n\n"), *[refuses(503)] * 3) as server:
            with self.client(server.url, retries=2) as client:
                client.take(1)
                with self.assertRaises(LivetapeError) as caught:
                    client.take(1)
        self.assertEqual(caught.exception.status, 503)

    def test_nobody_there(self):
        with ScriptedServer() as server:
            pass
        with (
            self.client(server.url, retries=0) as client,
            self.assertRaises(LivetapeError) as caught,
        ):
            client.take(1)
        self.assertIsNone(caught.exception.status)

    def test_after_an_error_it_goes_on(self):
        with ScriptedServer(
            refuses(401, {}),
            stream_of(FAST + "id: e-1\ndata: a\n\n"),
            refuses(401, {}),
            holding("data: b\n\n"),
        ) as server:
            with self.client(server.url) as client:
                with self.assertRaises(LivetapeError):
                    client.take(1)
                self.assertEqual(client.take(1)[0].data, "a")
                with self.assertRaises(LivetapeError):
                    client.take(1)
                self.assertEqual(client.take(1)[0].data, "b")
        self.assertEqual(cursors(server), [None, None, "e-1", "e-1"])

    def test_after_an_event_too_large_it_goes_on(self):
        with ScriptedServer(
            holding(FAST + "id: e-1\ndata: a\n\n" + "data: " + "x" * 200), holding("data: b\n\n")
        ) as server:
            with self.client(server.url, event_bytes_max=100) as client:
                with self.assertRaises(LivetapeError):
                    client.take(2)
                self.assertEqual(client.take(1)[0].data, "b")

    def test_a_page_is_no_stream(self):
        with ScriptedServer(refuses(200, {}, Content_Type="text/html")) as server:
            with self.client(server.url) as client, self.assertRaises(LivetapeError):
                client.take(1)

    def test_no_content_ends_it(self):
        with ScriptedServer(refuses(204)) as server, self.client(server.url) as client:
            with self.assertRaises((StopIteration, StopAsyncIteration, RuntimeError)):
                client.take(1)

    def test_a_silent_stream_is_resumed(self):
        with ScriptedServer(
            holding(FAST + "id: e-1\ndata: a\n\n"), holding("data: b\n\n")
        ) as server:
            with self.client(server.url, heartbeat_timeout=1) as client:
                self.assertEqual([e.data for e in client.take(2)], ["a", "b"])
        self.assertEqual(cursors(server), [None, "e-1"])

    def test_an_expired_token_is_final(self):
        auth = 'event: auth\ndata: {"reason":"expired"}\n\n'
        with (
            ScriptedServer(stream_of(auth)) as server,
            self.client(server.url, token="t") as client,
        ):
            with self.assertRaises(LivetapeError) as caught:
                client.take(1)
        self.assertEqual((caught.exception.status, caught.exception.detail), (401, "token expired"))

    def test_a_fresh_token_goes_on(self):
        auth = FAST + 'event: auth\ndata: {"reason":"expired"}\n\n'
        tokens = iter(("t1", "t2"))
        with ScriptedServer(stream_of(auth), holding("data: a\n\n")) as server:
            with self.client(server.url, token=lambda: next(tokens)) as client:
                self.assertEqual(client.take(1)[0].data, "a")
        sent = [request.headers["authorization"] for request in server.requests]
        self.assertEqual(sent, ["Bearer t1", "Bearer t2"])

    def test_parameters_go_into_the_query(self):
        with ScriptedServer(holding("data: a\n\n")) as server:
            with self.client(server.url, params={"topics": "a/*,b/**", "named": False}) as client:
                client.take(1)
        path = server.requests[0].path
        self.assertEqual(path, "/api/v1/sse/training?topics=a%2F%2A%2Cb%2F%2A%2A&named=false")

    def test_a_stream_without_chunks(self):
        def script(connection):
            connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n")

        with ScriptedServer(script) as server, self.client(server.url) as client:
            self.assertEqual(client.take(1)[0].data, "a")


class BlockingReading(Reading, unittest.TestCase):
    client = Blocking

    def test_close_from_another_thread_ends_the_iteration(self):
        with ScriptedServer(holding("data: a\n\n")) as server:
            stream = EventStream(server.url + "/s")
            got = []
            first = threading.Event()

            def read():
                for event in stream:
                    got.append(event.data)
                    first.set()

            reader = threading.Thread(target=read)
            reader.start()
            self.assertTrue(first.wait(10))
            stream.close()
            reader.join(10)
            self.assertFalse(reader.is_alive())
        self.assertEqual(got, ["a"])


class AsyncioReading(Reading, unittest.TestCase):
    client = Asyncio


if __name__ == "__main__":
    unittest.main()
