"""The publishing classes against a scripted server: every test runs blocking and with asyncio."""

import asyncio
import datetime
import decimal
import unittest

from support import ScriptedServer, answers, refuses
from livetape import AsyncBroadcaster, Broadcaster, LivetapeError


class Blocking:
    """Runs calls on a Broadcaster that notes its pauses instead of making them."""

    def __init__(self, url, **options):
        self.pauses = []
        self._broadcaster = Broadcaster(url, **options)
        self._broadcaster._pause = self.pauses.append

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._broadcaster.close()

    def call(self, name, *args, **named):
        return getattr(self._broadcaster, name)(*args, **named)


class Asyncio:
    """The same with an AsyncBroadcaster on a loop of its own."""

    def __init__(self, url, **options):
        self.pauses = []
        self._broadcaster = AsyncBroadcaster(url, **options)
        self._loop = asyncio.new_event_loop()
        self._broadcaster._pause = self._note

    async def _note(self, delay):
        self.pauses.append(delay)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._loop.run_until_complete(self._broadcaster.close())
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def call(self, name, *args, **named):
        return self._loop.run_until_complete(getattr(self._broadcaster, name)(*args, **named))


def resets(connection):
    connection.request()
    connection.reset()


class Calls:
    client = None  # Blocking or Asyncio

    def test_every_call_sends_what_the_api_names(self):
        with ScriptedServer(answers(*[{"id": "e-1", "ids": ["e-1"]}] * 7)) as server:
            with self.client(server.url, token="t0k") as client:
                self.assertEqual(
                    client.call("send_training_progress", "t1", 5, "running", epoch=3), "e-1"
                )
                client.call(
                    "send_backtest_progress", "b1", 1.5, "running", current_date="2026-01-02"
                )
                client.call("send_risk_alert", "drawdown", "high", "Too deep", threshold=0.1)
                self.assertIsNone(client.call("send_dashboard_update", "metrics", {"pnl": 1}))
                self.assertEqual(
                    client.call(
                        "send_user_event", "import.started", {"file_name": "a"}, user_id="alice"
                    ),
                    ["e-1"],
                )
                self.assertEqual(client.call("publish", "desk/notes", {"a": 1}), "e-1")
                client.call("publish", "desk/lamp", None, type="lamp", cls="state", key="k")
        self.assertEqual(
            [(r.method, r.path, r.json()) for r in server.requests],
            [
                (
                    "POST",
                    "/api/v1/sse/training",
                    {"task_id": "t1", "progress": 5, "status": "running", "epoch": 3},
                ),
                (
                    "POST",
                    "/api/v1/sse/backtest",
                    {
                        "backtest_id": "b1",
                        "progress": 1.5,
                        "status": "running",
                        "current_date": "2026-01-02",
                    },
                ),
                (
                    "POST",
                    "/api/v1/sse/alerts",
                    {
                        "alert_type": "drawdown",
                        "severity": "high",
                        "message": "Too deep",
                        "threshold": 0.1,
                    },
                ),
                (
                    "POST",
                    "/api/v1/sse/dashboard",
                    {"update_type": "metrics", "data": {"pnl": 1}, "account": "paper"},
                ),
                (
                    "POST",
                    "/api/v1/events",
                    {"user_id": "alice", "event": "import.started", "data": {"file_name": "a"}},
                ),
                (
                    "POST",
                    "/api/v1/publish",
                    {"topic": "desk/notes", "type": "message", "data": {"a": 1}, "class": "record"},
                ),
                (
                    "POST",
                    "/api/v1/publish",
                    {
                        "topic": "desk/lamp",
                        "type": "lamp",
                        "data": None,
                        "class": "state",
                        "key": "k",
                    },
                ),
            ],
        )
        for request in server.requests:
            self.assertEqual(request.headers["authorization"], "Bearer t0k")
            self.assertEqual(request.headers["content-type"], "application/json")
        keys = {request.headers["idempotency-key"] for request in server.requests}
        self.assertEqual(len(keys), 7)

    def test_one_connection_serves_all_calls(self):
        with ScriptedServer(answers({"ids": ["e-1"]}, {"ids": ["e-2"]})) as server:
            with self.client(server.url) as client:
                self.assertEqual(client.call("publish", "a/b", 1), "e-1")
                self.assertEqual(client.call("publish", "a/b", 2), "e-2")
        self.assertNotIn("authorization", server.requests[0].headers)

    def test_an_answer_in_chunks(self):
        def script(connection):
            connection.request()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for part in ('{"ids":', '["e-1"', "]}"):
                connection.chunk(part)
            connection.end_stream()
            connection.request()
            connection.answer(200, {"ids": ["e-2"]})

        with ScriptedServer(script) as server, self.client(server.url) as client:
            self.assertEqual(client.call("publish", "a/b", 1), "e-1")
            self.assertEqual(client.call("publish", "a/b", 1), "e-2")

    def test_unavailable_then_success_with_the_same_key(self):
        with ScriptedServer(
            refuses(503, Retry_After="2"), refuses(429), answers({"ids": ["e-1"]})
        ) as server:
            with self.client(server.url) as client:
                self.assertEqual(client.call("publish", "a/b", 1), "e-1")
                self.assertGreaterEqual(client.pauses[0], 2)
                self.assertLess(client.pauses[0], 2.2)
                self.assertLess(client.pauses[1], 0.3)
        self.assertEqual(len({r.headers["idempotency-key"] for r in server.requests}), 1)
        self.assertEqual(len({r.body for r in server.requests}), 1)

    def test_a_reset_is_tried_again_with_the_same_key(self):
        with ScriptedServer(resets, resets, answers({"id": "e-1"})) as server:
            with self.client(server.url) as client:
                self.assertEqual(client.call("send_training_progress", "t", 1, "running"), "e-1")
        self.assertEqual(len({r.headers["idempotency-key"] for r in server.requests}), 1)

    def test_an_answer_cut_off_is_tried_again(self):
        def cut(connection):
            connection.request()
            connection.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ids":')

        with ScriptedServer(cut, answers({"ids": ["e-1"]})) as server:
            with self.client(server.url) as client:
                self.assertEqual(client.call("publish", "a/b", 1), "e-1")

    def test_an_idle_connection_that_was_closed_costs_no_pause(self):
        def once(connection):
            connection.request()
            connection.answer(200, {"ids": ["e-1"]})

        with ScriptedServer(once, answers({"ids": ["e-2"]})) as server:
            with self.client(server.url, retries=0) as client:
                client.call("publish", "a/b", 1)
                self.assertEqual(client.call("publish", "a/b", 2), "e-2")
                self.assertEqual(client.pauses, [])

    def test_still_in_flight_counts_as_passing_only_after_a_loss(self):
        # 503: the disk took too long for this answer, and is still at the record.
        for first in (resets, refuses(502), refuses(503)):
            with ScriptedServer(first, refuses(409), answers({"ids": ["e-1"]})) as server:
                with self.client(server.url) as client:
                    self.assertEqual(client.call("publish", "a/b", 1), "e-1")
        with ScriptedServer(refuses(409, {"detail": "in flight"})) as server:
            with self.client(server.url) as client:
                with self.assertRaises(LivetapeError) as caught:
                    client.call("publish", "a/b", 1)
                self.assertEqual(caught.exception.status, 409)

    def test_tries_have_an_end(self):
        with ScriptedServer(*[refuses(503, {"detail": "disk full"})] * 3) as server:
            with self.client(server.url, retries=2) as client:
                with self.assertRaises(LivetapeError) as caught:
                    client.call("publish", "a/b", 1)
        self.assertEqual((caught.exception.status, caught.exception.detail), (503, "disk full"))
        self.assertEqual(len(server.requests), 3)

    def test_nobody_there(self):
        with ScriptedServer() as server:
            pass
        with self.client(server.url, retries=1) as client:
            with self.assertRaises(LivetapeError) as caught:
                client.call("publish", "a/b", 1)
            self.assertIsNone(caught.exception.status)
            self.assertEqual(len(client.pauses), 1)

    def test_a_silent_server_is_given_up(self):
        def silent(connection):
            connection.request()
            connection.wait_for_end()

        with ScriptedServer(silent) as server:
            with self.client(server.url, timeout=0.05, retries=0) as client:
                with self.assertRaises(LivetapeError) as caught:
                    client.call("publish", "a/b", 1)
        self.assertIsNone(caught.exception.status)

    def test_a_refusal_says_what_and_where(self):
        problem = {"status": 422, "detail": "progress must be 0 to 100", "field": "progress"}
        with ScriptedServer(refuses(422, problem)) as server:
            with self.client(server.url) as client:
                with self.assertRaises(LivetapeError) as caught:
                    client.call("send_training_progress", "t", 140, "running")
        error = caught.exception
        self.assertEqual((error.status, error.field), (422, "progress"))
        self.assertEqual(str(error), "422: progress must be 0 to 100")
        self.assertEqual(client.pauses, [])

    def test_a_refusal_before_the_whole_body(self):
        def early(connection):
            connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}")
            connection.request()

        with ScriptedServer(early) as server:
            with self.client(server.url, retries=0) as client:
                with self.assertRaises(LivetapeError) as caught:
                    client.call("publish", "a/b", "x" * 100)
        self.assertEqual(caught.exception.status, 413)

    def test_many_records_go_in_requests_that_the_server_takes(self):
        ids = [f"e-{i}" for i in range(10_001)]
        with ScriptedServer(answers({"ids": ids[:10_000]}, {"ids": ids[10_000:]})) as server:
            with self.client(server.url) as client:
                records = ({"topic": "a/b", "data": i} for i in range(10_001))
                self.assertEqual(client.call("publish_many", records), ids)
        self.assertEqual([r.body.count(b"\n") for r in server.requests], [10_000, 1])
        self.assertEqual(server.requests[0].headers["content-type"], "application/x-ndjson")
        self.assertEqual(server.requests[1].body, b'{"topic":"a/b","data":10000}\n')

    def test_big_records_go_in_smaller_requests(self):
        with ScriptedServer(answers(*[{"ids": [None] * 80}] * 2)) as server:
            with self.client(server.url) as client:
                client.call("publish_many", [{"topic": "a/b", "data": "x" * 50_000}] * 160)
        self.assertTrue(all(len(r.body) <= 4 << 20 for r in server.requests))

    def test_no_records_are_no_request(self):
        with ScriptedServer() as server, self.client(server.url) as client:
            self.assertEqual(client.call("publish_many", []), [])

    def test_a_failed_batch_names_what_was_kept(self):
        def script(connection):
            connection.request()
            connection.answer(200, {"ids": ["e-1"] * 10_000})
            connection.request()
            connection.answer(413, {"detail": "record 0 is too big"})

        with ScriptedServer(script) as server, self.client(server.url) as client:
            with self.assertRaises(LivetapeError) as caught:
                client.call("publish_many", [{"topic": "a/b", "data": 1}] * 10_001)
        self.assertEqual(len(caught.exception.committed), 10_000)

    def test_records_that_cannot_be_sent_name_what_was_kept(self):
        def records():
            yield from [{"topic": "a/b", "data": 1}] * 10_001
            raise KeyError("no more")

        nan = [{"topic": "a/b", "data": 1}] * 10_001 + [{"topic": "a/b", "data": float("nan")}]
        for wrong, kind in ((nan, ValueError), (records(), KeyError)):
            with ScriptedServer(answers({"ids": ["e-1"] * 10_000})) as server:
                with self.client(server.url) as client, self.assertRaises(kind) as caught:
                    client.call("publish_many", wrong)
            self.assertEqual(len(caught.exception.committed), 10_000)

    def test_values_of_the_trade(self):
        with ScriptedServer(answers({"ids": ["e-1"]})) as server:
            with self.client(server.url) as client:
                day = datetime.date(2026, 1, 2)
                client.call("publish", "a/b", {"d": day, "p": decimal.Decimal("1.10"), "g": "ü"})
                for wrong in (float("nan"), {1, 2}, object()):
                    with self.assertRaises((ValueError, TypeError)):
                        client.call("publish", "a/b", wrong)
        self.assertEqual(
            server.requests[0].json()["data"], {"d": "2026-01-02", "p": "1.10", "g": "ü"}
        )

    def test_a_user_event_goes_to_someone(self):
        with self.client("http://127.0.0.1:1") as client:
            for to in ({}, {"user_id": "a", "broadcast": True}):
                with self.assertRaises(ValueError):
                    client.call("send_user_event", "import.started", {}, **to)
            with self.assertRaises(TypeError):
                client.call("send_user_event", "import.started", {}, user_ids="alice")

    def test_a_token_cannot_add_fields(self):
        for token in ("a\r\nX: y", "a b", "", "\u20ac"):
            with self.assertRaises(ValueError) as caught:
                self.client("http://127.0.0.1:1", token=token)
            self.assertNotIn(token or " ", str(caught.exception).replace(" ", ""))

    def test_an_address_must_be_one(self):
        for url in ("localhost:8000", "ftp://a", "http://", "http://a/b c"):
            with self.assertRaises(ValueError):
                self.client(url)

    def test_a_base_url_may_have_a_path(self):
        with ScriptedServer(answers({"ids": ["e-1"]})) as server:
            with self.client(server.url + "/tape/") as client:
                client.call("publish", "a/b", 1)
        self.assertEqual(server.requests[0].path, "/tape/api/v1/publish")


class BlockingCalls(Calls, unittest.TestCase):
    client = Blocking


class AsyncioCalls(Calls, unittest.TestCase):
    client = Asyncio


if __name__ == "__main__":
    unittest.main()
